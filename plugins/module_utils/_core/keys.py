# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""RSA private and public keys: make, read, write, compare.

Qlik Sense takes RS256, RS384 and RS512 only (help page "JWT authentication"), so every key here
is an RSA key. A key that cannot be used gives one sentence that says what to do about it.
"""

from __future__ import annotations

import dataclasses
import typing as t

from . import pem
from .errors import InvalidInput
from .text import decode, is_vault

try:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
except ImportError:  # the shell reports it, see _deps.py
    pass

if t.TYPE_CHECKING:
    from cryptography import x509

    PublicKey = t.Any  # whatever a certificate may hold: RSA, EC, Ed25519 …

#: Below this, libraries and auditors call an RSA key weak (NIST SP 800-131A); Qlik's own is 2048.
WEAK_BELOW_BITS = 2048

_WANTED = "an RSA private key in PEM format"


class UnusableKey(InvalidInput):
    """A private key that cannot be used.

    ``reason`` is one of ``empty vault certificate public_key not_pem damaged passphrase_missing
    passphrase_wrong unsupported not_rsa``. Only ``not_rsa`` means that it could be read.
    """

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message, reason=reason)
        self.reason = reason


@dataclasses.dataclass(frozen=True)
class LoadedKey:
    """A private key that was read; ``encrypted`` tells whether its text needs a passphrase."""

    key: rsa.RSAPrivateKey = dataclasses.field(repr=False)
    encrypted: bool


def generate(size: int) -> rsa.RSAPrivateKey:
    """A new RSA key of ``size`` bits, from the operating system's randomness."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def load(
    content: t.Union[str, bytes], *, passphrase: t.Optional[str] = None, name: str = "private key"
) -> LoadedKey:
    """The first private key of ``content``: PKCS#1 or PKCS#8, encrypted or not.

    ``name`` begins the error's sentence ("The ``name`` …"). A ``passphrase`` for a key that needs
    none is no error here: it may come from the environment. Raises ``UnusableKey``.
    """
    text = decode(content) if isinstance(content, bytes) else content
    block = _private_block(text, name)
    return LoadedKey(key=_open(block, passphrase, name), encrypted=block.is_encrypted)


def load_block(block: pem.Block, *, passphrase: t.Optional[str], name: str) -> LoadedKey:
    """The private key of one PEM block; see ``load``."""
    if block.fault is not None:
        raise UnusableKey(f"The {name} {block.fault}; give the whole file.", reason="damaged")
    return LoadedKey(key=_open(block, passphrase, name), encrypted=block.is_encrypted)


def dump(key: rsa.RSAPrivateKey, *, passphrase: t.Optional[str] = None) -> bytes:
    """PKCS#8 in PEM, encrypted when a passphrase is given."""
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode("utf-8"))
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    )


def public_der(public_key: PublicKey) -> bytes:
    """SubjectPublicKeyInfo: what two public keys are compared by."""
    der: bytes = public_key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return der


def public_pem(public_key: PublicKey) -> str:
    """``-----BEGIN PUBLIC KEY-----`` …, as ``openssl x509 -pubkey`` writes it."""
    return pem.write("PUBLIC KEY", public_der(public_key))


def load_public(text: str) -> t.Optional[PublicKey]:
    """The first bare public key of ``text``; None when it holds none that can be read."""
    for block in pem.split(text):
        if block.label in pem.PUBLIC_KEY_LABELS and block.fault is None:
            try:
                return serialization.load_pem_public_key(block.text.encode("ascii"))
            except (ValueError, UnsupportedAlgorithm):
                return None
    return None


def fingerprint(der: bytes) -> str:
    """SHA-256 of ``der`` as ``AA:BB:…``, as ``openssl x509 -fingerprint -sha256`` writes it."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(der)
    return ":".join(f"{byte:02X}" for byte in digest.finalize())


def matches(key: rsa.RSAPrivateKey, certificate: x509.Certificate) -> bool:
    """Whether ``certificate`` holds the public key of ``key``."""
    try:
        return public_der(certificate.public_key()) == public_der(key.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return False


def _private_block(text: str, name: str) -> pem.Block:
    if not text.strip("\ufeff \t\r\n"):
        raise UnusableKey(f"The {name} is empty; give {_WANTED}.", reason="empty")
    if is_vault(text):
        raise UnusableKey(
            f"The {name} is still encrypted by ansible-vault; give its content with "
            "lookup('ansible.builtin.unvault', path).",
            reason="vault",
        )
    blocks = pem.split(text)
    for block in blocks:
        if block.is_private_key:
            return block
    labels = {block.label for block in blocks}
    if labels & set(pem.CERTIFICATE_LABELS):
        raise UnusableKey(
            f"The {name} is a certificate without a private key; give {_WANTED}.",
            reason="certificate",
        )
    if labels & set(pem.PUBLIC_KEY_LABELS):
        raise UnusableKey(
            f"The {name} is a public key; give the private key that belongs to it.",
            reason="public_key",
        )
    raise UnusableKey(
        f"The {name} holds no -----BEGIN PRIVATE KEY----- block; give {_WANTED}.",
        reason="not_pem",
    )


def _open(block: pem.Block, passphrase: t.Optional[str], name: str) -> rsa.RSAPrivateKey:
    if block.fault is not None:
        raise UnusableKey(f"The {name} {block.fault}; give the whole file.", reason="damaged")
    if block.is_encrypted and not passphrase:
        raise UnusableKey(
            f"The {name} is encrypted, and no passphrase was given.", reason="passphrase_missing"
        )
    secret = passphrase.encode("utf-8") if passphrase and block.is_encrypted else None
    try:
        key = serialization.load_pem_private_key(block.text.encode("ascii"), secret)
    # The library's own words are left out: they differ from release to release.
    except UnsupportedAlgorithm:
        raise UnusableKey(
            f"The {name} is of a kind, or encrypted in a way, that the cryptography library does "
            "not read; convert it with openssl pkcs8 -topk8.",
            reason="unsupported",
        ) from None
    except (ValueError, TypeError):
        if block.is_encrypted:
            raise UnusableKey(
                f"The {name} cannot be decrypted: the passphrase is wrong, or the file is damaged.",
                reason="passphrase_wrong",
            ) from None
        raise UnusableKey(
            f"The {name} cannot be read: its content is damaged, or no private key.",
            reason="damaged",
        ) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise UnusableKey(
            f"The {name} is not an RSA key; Qlik Sense checks RS256, RS384 and RS512 only, so "
            "give an RSA key.",
            reason="not_rsa",
        )
    return key

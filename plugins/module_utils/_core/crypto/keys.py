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

from ..errors import InvalidInput
from . import containers, der, pem, pem_input

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

#: More than any library accepts.
_MOST_BITS = 16384

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
    """A private key that was read; ``encrypted`` is true if its text needs a passphrase."""

    key: rsa.RSAPrivateKey = dataclasses.field(repr=False)
    encrypted: bool


def generate(size: int) -> rsa.RSAPrivateKey:
    """A new RSA key of ``size`` bits, from the operating system's randomness."""
    return rsa.generate_private_key(public_exponent=65537, key_size=size)


def load(
    content: t.Union[str, bytes], *, passphrase: t.Optional[str] = None, name: str = "private key"
) -> LoadedKey:
    """The first private key of ``content``: PKCS#1 or PKCS#8, encrypted or not.

    ``name`` begins the error's sentence ("The ``name`` …"). A ``passphrase`` for an unencrypted
    key is ignored, because it may come from the environment. Raises ``UnusableKey``.
    """
    block = _private_block(content, name)
    return LoadedKey(key=_open(block, passphrase, name), encrypted=block.is_encrypted)


def load_block(block: pem.Block, *, passphrase: t.Optional[str], name: str) -> LoadedKey:
    """The private key of one PEM block; see ``load``."""
    if block.fault is not None:
        raise UnusableKey(f"The {name} {block.fault}. Use the whole file.", reason="damaged")
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


def load_public(found: t.Union[str, t.Sequence[pem.Block]]) -> t.Optional[PublicKey]:
    """The first bare public key of a text or of its blocks; None when none can be read."""
    for block in pem.split(found) if isinstance(found, str) else found:
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


def _private_block(content: t.Union[str, bytes], name: str) -> pem.Block:
    blocks = pem_input.blocks(content)
    for block in blocks:
        if block.is_private_key:
            return block
    other = containers.of_blocks(blocks) if blocks else containers.of_content(content)
    if other == "is empty":
        raise UnusableKey(f"The {name} is empty. Use {_WANTED}.", reason="empty")
    if other is not None:
        is_vault = "ansible-vault" in other
        raise UnusableKey(f"The {name} {other}.", reason="vault" if is_vault else "not_pem")
    labels = {block.label for block in blocks}
    if labels & set(pem.CERTIFICATE_LABELS):
        raise UnusableKey(
            f"The {name} is a certificate without a private key. Use {_WANTED}.",
            reason="certificate",
        )
    if labels & set(pem.PUBLIC_KEY_LABELS):
        raise UnusableKey(
            f"The {name} is a public key. Use the private key that belongs to it.",
            reason="public_key",
        )
    raise UnusableKey(
        f"The {name} holds no -----BEGIN PRIVATE KEY----- block. Use {_WANTED}.",
        reason="not_pem",
    )


def _open(block: pem.Block, passphrase: t.Optional[str], name: str) -> rsa.RSAPrivateKey:
    if block.fault is not None:
        raise UnusableKey(f"The {name} {block.fault}. Use the whole file.", reason="damaged")
    other = containers.of_blocks([block])
    if other is not None:
        raise UnusableKey(f"The {name} {other}.", reason="not_pem")
    if block.is_encrypted and not passphrase:
        raise UnusableKey(
            f"The {name} is encrypted, and no passphrase was given.", reason="passphrase_missing"
        )
    secret = passphrase.encode("utf-8") if passphrase and block.is_encrypted else None
    if not block.is_encrypted and der.is_other_key(block.der):
        raise _not_rsa(name)
    try:
        key = _loaded(block, secret)
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
        raise _unreadable(block, name) from None
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _not_rsa(name)
    return key


def _not_rsa(name: str) -> UnusableKey:
    return UnusableKey(
        f"The {name} is not an RSA key; Qlik Sense checks RS256, RS384 and RS512 only, so "
        "use an RSA key.",
        reason="not_rsa",
    )


def _loaded(block: pem.Block, secret: t.Optional[bytes]) -> t.Any:
    """The key of any kind. Which kind an old encrypted key is, only its label says: try them."""
    if not block.is_encrypted or block.label.startswith("ENCRYPTED "):
        return serialization.load_der_private_key(block.der, secret)
    rest = block.text.split("\n", 1)[1].rsplit("-----END ", 1)[0]
    for label in ("RSA PRIVATE KEY", "EC PRIVATE KEY", "DSA PRIVATE KEY"):
        text = f"-----BEGIN {label}-----\n{rest}-----END {label}-----\n"
        try:
            return serialization.load_pem_private_key(text.encode("ascii"), secret)
        except (ValueError, TypeError):
            continue
    raise ValueError("the passphrase is wrong")


def _unreadable(block: pem.Block, name: str) -> UnusableKey:
    """Why a key that is not encrypted was rejected, as far as its numbers prove it."""
    numbers = der.rsa_numbers(block.der)
    if numbers is None:
        return UnusableKey(
            f"The {name} cannot be read: its content was changed, or is not a private key.",
            reason="damaged",
        )
    bits = numbers[1].bit_length()
    if 1024 <= bits <= _MOST_BITS and not _belong_together(numbers):
        return UnusableKey(
            f"The {name} is damaged: its numbers do not belong together. Copy it again.",
            reason="damaged",
        )
    return UnusableKey(
        f"The {name} is an RSA key of {bits} bits with values that the cryptography library does "
        "not accept. Use a key of 2048 bits or more.",
        reason="unsupported",
    )


def _belong_together(numbers: t.Sequence[int]) -> bool:
    """Whether the numbers of an RSA key fit each other (RFC 8017, 3.2)."""
    modulus, exponent, private, one, other, rest_one, rest_other, inverse = numbers[1:9]
    return (
        one > 1
        and other > 1
        and max(map(int.bit_length, numbers)) <= _MOST_BITS
        and one * other == modulus
        and (exponent * private - 1) % (one - 1) == 0
        and (exponent * private - 1) % (other - 1) == 0
        and rest_one == private % (one - 1)
        and rest_other == private % (other - 1)
        and (inverse * other) % one == 1
    )

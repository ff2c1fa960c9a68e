# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads the key and certificate of a source: PEM bundle or PKCS#12 container.

A bundle may hold more than one certificate: Windows exports the chain too, and the community
article of 2017 ends with a public key and a certificate in one file. The certificate that belongs
to the private key is used, or the first one if the bundle has no key.
"""

from __future__ import annotations

import contextlib
import dataclasses
import typing as t

from ..crypto import certificates, containers, der, keys, pem, pem_input
from ..errors import InvalidInput
from ..text import decode, is_vault

try:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.hazmat.primitives.serialization import pkcs12
except ImportError:  # the shell reports it, see _deps.py
    pass

if t.TYPE_CHECKING:
    from cryptography import x509


@dataclasses.dataclass(frozen=True)
class Material:
    """What was found. ``public_key`` is that of the key, else of the certificate, else the bare
    one; ``matches`` is None when there is nothing to compare.
    """

    key: t.Optional[rsa.RSAPrivateKey] = dataclasses.field(repr=False)
    certificate: t.Optional[x509.Certificate]
    public_key: keys.PublicKey
    matches: t.Optional[bool]
    notes: t.Tuple[str, ...] = ()


def from_pem(data: bytes, *, passphrase: t.Optional[str], name: str) -> Material:
    """Read a PEM bundle in any order, with any text around the blocks, or one thing in DER.

    Raises ``UnusableKey`` for a key that cannot be used and ``InvalidInput`` for the rest.
    """
    blocks = pem_input.blocks(data)
    private = [block for block in blocks if block.is_private_key]
    found = [
        certificates.parse_der(block.der, name=f"certificate in the {name}")
        for block in blocks
        if block.label in pem.CERTIFICATE_LABELS and _intact(block, name)
    ]
    bare = keys.load_public(blocks)
    if not private and not found and bare is None:
        other = containers.of_blocks(blocks, pkcs12=containers.SOURCE_PKCS12)
        if other is not None:
            raise InvalidInput(f"The {name} {other}.")
        if not blocks:
            keys.load(data, name=name)  # has the sentence for what this is instead
        raise InvalidInput(
            f"The {name} holds no private key, no certificate and no public key; "
            f"{pem_input.why_not_a_certificate(data)}"
        )
    loaded = [keys.load_block(block, passphrase=passphrase, name=name) for block in private]
    return _pair([item.key for item in loaded], found, bare, name)


def from_pkcs12(data: bytes, *, passphrase: t.Optional[str], name: str) -> Material:
    """Read a PKCS#12 container, the old 3DES and RC2 ones that Windows exports included.

    In base64 as well. Raises ``UnusableKey`` and ``InvalidInput``.
    """
    data = _pkcs12(data, name)
    container = _open_pkcs12(data, passphrase, name)
    key = container.key
    if key is not None and not isinstance(key, rsa.RSAPrivateKey):
        raise keys.UnusableKey(
            f"The private key in the {name} is not an RSA key; Qlik Sense checks RS256, RS384 and "
            "RS512 only, so give an RSA key.",
            reason="not_rsa",
        )
    found = [item.certificate for item in (container.cert, *container.additional_certs) if item]
    if key is None and not found:
        raise InvalidInput(f"The {name} is an empty PKCS#12 container; export it with its key.")
    return _pair([key] if key is not None else [], found, None, name)


def _pkcs12(data: bytes, name: str) -> bytes:
    """The container in ``data``; raises ``InvalidInput`` for what is another one."""
    blocks = pem_input.blocks(data)
    for block in blocks:
        if block.label == "PKCS12" and block.fault is None:
            return block.der
    if is_vault(decode(data[:64])):
        raise InvalidInput(
            f"The {name} is still encrypted by ansible-vault. Use its content with "
            "lookup('ansible.builtin.unvault', path) | b64encode."
        )
    other = containers.of_blocks(blocks) if blocks else containers.of_content(data)
    if other is not None:
        raise InvalidInput(f"The {name} {other}.")
    if blocks:
        binary = der.stated_length(data) is not None
        what = f"a {blocks[0].label} in DER" if binary else "PEM text"
        raise InvalidInput(f"The {name} is {what}, not PKCS#12. Set source: pem.")
    if data[:1] != b"\x30":
        raise InvalidInput(
            f"The {name} is not a whole PKCS#12 container, neither binary nor in base64. Use the "
            "file itself as src_path."
        )
    return data


def _open_pkcs12(
    data: bytes, passphrase: t.Optional[str], name: str
) -> pkcs12.PKCS12KeyAndCertificates:
    """A missing and an empty passphrase are two spellings of none: try both."""
    spellings: t.List[t.Optional[bytes]] = [None, b""]
    if passphrase:
        spellings = [passphrase.encode("utf-8")]
    for spelling in spellings:
        try:
            return pkcs12.load_pkcs12(data, spelling)
        except (ValueError, TypeError):
            continue
        except UnsupportedAlgorithm:
            raise InvalidInput(
                f"The {name} is encrypted in a way that the cryptography library does not read; "
                "export it again with AES256-SHA256."
            ) from None
    why = "the passphrase is wrong" if passphrase else "it needs a passphrase"
    raise InvalidInput(
        f"The {name} cannot be opened: {why}, or it is not an intact PKCS#12 container."
    )


def _intact(block: pem.Block, name: str) -> bool:
    if block.fault is not None:
        raise InvalidInput(f"The certificate in the {name} {block.fault}. Use the whole file.")
    return True


def _pair(
    private: t.Sequence[rsa.RSAPrivateKey],
    found: t.Sequence[x509.Certificate],
    bare: keys.PublicKey,
    name: str,
) -> Material:
    """Choose the key and the certificate that belong together."""
    pairs = _pairs(private, found)
    key: t.Optional[rsa.RSAPrivateKey] = private[0] if private else None
    certificate: t.Optional[x509.Certificate] = found[0] if found else None
    if pairs:
        key, certificate = pairs[0]
    public_key = bare
    if key is not None:
        public_key = key.public_key()
    elif certificate is not None:
        public_key = certificate.public_key()
    return Material(
        key=key,
        certificate=certificate,
        public_key=public_key,
        matches=_matches(key, certificate, bare),
        notes=tuple(_notes(key, certificate, bare, name)),
    )


def _pairs(
    private: t.Sequence[rsa.RSAPrivateKey], found: t.Sequence[x509.Certificate]
) -> t.List[t.Tuple[rsa.RSAPrivateKey, x509.Certificate]]:
    """The first key that has a certificate, with its first one: at most one pair.

    By their public keys, as a bundle may hold a thousand of each.
    """
    held: t.Dict[bytes, x509.Certificate] = {}
    for item in found:
        with contextlib.suppress(ValueError, UnsupportedAlgorithm):
            held.setdefault(keys.public_der(item.public_key()), item)
    ders = ((key, keys.public_der(key.public_key())) for key in private)
    return [(key, held[der]) for key, der in ders if der in held][:1]


def _matches(
    key: t.Optional[rsa.RSAPrivateKey],
    certificate: t.Optional[x509.Certificate],
    bare: keys.PublicKey,
) -> t.Optional[bool]:
    if certificate is None:
        return None
    if key is not None:
        return keys.matches(key, certificate)
    if bare is not None:
        return keys.public_der(bare) == keys.public_der(certificate.public_key())
    return None


def _notes(
    key: t.Optional[rsa.RSAPrivateKey],
    certificate: t.Optional[x509.Certificate],
    bare: keys.PublicKey,
    name: str,
) -> t.Iterator[str]:
    if bare is not None and _matches(None, certificate, bare) is False:
        yield f"The bare public key in the {name} does not belong to the certificate beside it."
    if certificate is None and key is None:
        yield f"The {name} is a bare public key; Qlik Sense expects a certificate that holds it."

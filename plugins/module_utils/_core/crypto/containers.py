# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Names what a file is if it is not PEM: PKCS#12, PKCS#7, JWK, PuTTY, HTML, and how to convert it.

Each answer is the end of a sentence ("The file …"), followed by what to do.
"""

from __future__ import annotations

import json
import re
import typing as t

from ..text import decode, is_vault
from . import der
from .pem import Block

SPLIT_PKCS12 = (
    "Split it with qlikops.sense.qlik_keypair (source: pkcs12, src_path, private_key_path, "
    "certificate_path), and use the files that it writes"
)
SOURCE_PKCS12 = "Set source: pkcs12"

_PKCS12 = "is a PKCS#12 container (.pfx, .p12)"
_PKCS7 = (
    "is a PKCS#7 container (.p7b), which holds certificates but not a private key. Convert it with "
    "openssl pkcs7 -print_certs (add -inform DER if the file is binary)"
)
_OPENSSH = (
    "is a private key in OpenSSH format. Convert a copy of it with ssh-keygen -p -m PEM -f COPY"
)
_SSH_PUBLIC = "is an SSH public key. Use the private key or the certificate that belongs to it"
_XML = (
    "is an RSA key in the XML format of .NET. Convert it in PowerShell 7.3 or newer with "
    "$rsa = [Security.Cryptography.RSA]::Create(); "
    "$rsa.FromXmlString((Get-Content FILE -Raw)); $rsa.ExportPkcs8PrivateKeyPem()"
)
_WEB_PAGE = (
    "is a web page, perhaps a login page that was saved instead of the download. Download the "
    "file again"
)
_OPENPGP = (
    "is an OpenPGP key or message, which holds nothing that Qlik Sense can use. Use a key or "
    "certificate in PEM format"
)
_KEYSTORE = (
    "is a Java keystore (.jks). Convert it with keytool -importkeystore -srckeystore FILE "
    "-destkeystore key.pfx -deststoretype PKCS12, and read that file with "
    "qlikops.sense.qlik_keypair (source: pkcs12)"
)

#: How binary files begin.
_BINARY = (
    (b"\xfe\xed\xfe\xed", _KEYSTORE),
    (b"\xce\xce\xce\xce", _KEYSTORE),
    (
        b"\x1e\xf1\xb5\xb0",
        "is a private key in Microsoft's PVK format. Convert it with openssl rsa -inform PVK",
    ),
    (b"PK\x03\x04", "is a ZIP archive. Unpack it, and use the file in it"),
)
#: How text begins.
_TEXT = (
    (
        re.compile(r"PuTTY-User-Key-File-\d"),
        "is a PuTTY key (.ppk). Convert it with puttygen FILE -O private-openssh -o key.pem",
    ),
    (re.compile(r"-----BEGIN OPENSSH PRIVATE KEY-----"), _OPENSSH),
    (re.compile(r"(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S{1,40}) AAAA"), _SSH_PUBLIC),
    (re.compile(r"---- BEGIN SSH2 PUBLIC KEY ----"), _SSH_PUBLIC),
    (
        re.compile(r"(<\?xml[^>]{0,200}\?>\s{0,9})?<RSAKeyValue\b"),
        _XML,
    ),
    (
        re.compile(r"-----BEGIN PGP "),
        _OPENPGP,
    ),
    (
        re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]*\Z"),
        "is a token (JWT). Use a key or certificate in PEM format",
    ),
    (
        re.compile(r"<(!DOCTYPE html|html)\b", re.IGNORECASE),
        _WEB_PAGE,
    ),
)
#: A single line without spaces that could be a file's name.
_PATH = re.compile(
    r"(~?/|[A-Za-z]:[\\/]|\.{1,2}/)[^\n]{1,300}\Z|[\w./\\-]{1,200}\.(pem|crt|cer|key|pfx|p12)\Z"
)

#: By the label of a PEM block, or of DER with that structure.
_LABELS = {
    "PKCS7": _PKCS7,
    "CMS": _PKCS7,
    "PKCS #7 SIGNED DATA": _PKCS7,
    "OPENSSH PRIVATE KEY": _OPENSSH,
    "X509 CRL": "is a certificate revocation list. Use a certificate in PEM format",
    "CERTIFICATE REQUEST": "is a certificate request. Have it signed, and use the certificate",
    "NEW CERTIFICATE REQUEST": "is a certificate request. Have it signed, and use the certificate",
    "TRUSTED CERTIFICATE": (
        "is a certificate in OpenSSL's TRUSTED format, which says what the certificate may be used "
        "for. Convert it with openssl x509"
    ),
}


def of_blocks(blocks: t.Iterable[Block], *, pkcs12: str = SPLIT_PKCS12) -> t.Optional[str]:
    """The container that one of ``blocks`` is; ``pkcs12`` is what to do with a PKCS#12 one."""
    for block in blocks:
        if block.label == "PKCS12":
            return f"{_PKCS12}. {pkcs12}"
        if block.label in _LABELS:
            return _LABELS[block.label]
        if block.label.startswith("PGP "):
            return _OPENPGP
    return None


def of_content(content: t.Union[str, bytes]) -> t.Optional[str]:
    """The format of ``content``, which has no PEM block; None if the format is not known."""
    if isinstance(content, bytes):
        what = _of_binary(content)
        if what is not None:
            return what
        content = decode(content)
    text = content.strip("\ufeff\0 \t\r\n")
    if not text:
        return "is empty"
    if is_vault(text):
        return (
            "is still encrypted by ansible-vault. Use its content with "
            "lookup('ansible.builtin.unvault', path)"
        )
    known = next((what for pattern, what in _TEXT if pattern.match(text)), None)
    if known is not None:
        return known
    if text[0] in "{[" and _is_jwk(text):
        return (
            "is a JSON Web Key (JWK). Convert it to PEM, for example with "
            "step crypto key format --pem FILE"
        )
    if _PATH.match(text):
        return "looks like the path of a file. Use a path as the option that ends in _path"
    return None


def _of_binary(data: bytes) -> t.Optional[str]:
    """By its first bytes; DER that ends too early included, which is not ASCII in the second."""
    for beginning, what in _BINARY:
        if data.startswith(beginning):
            return what
    length = der.stated_length(data)
    if length is None or data[1] < 0x82 or length <= len(data) or b"-----BEGIN" in data:
        return None
    return (
        f"is binary data (DER) that ends too early: it states {length} bytes and has {len(data)}. "
        "Copy it again"
    )


def _is_jwk(text: str) -> bool:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return False
    if isinstance(value, dict) and isinstance(value.get("keys"), list):
        value = value["keys"]
    first = value[0] if isinstance(value, list) and value else value
    return isinstance(first, dict) and isinstance(first.get("kty"), str)

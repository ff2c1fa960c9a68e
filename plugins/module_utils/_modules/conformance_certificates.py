# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The shape of the site's own certificates, from the files that the options name."""

from __future__ import annotations

import contextlib
import typing as t

from .._connection import site_tls
from .._core.crypto import certificates
from .._core.errors import QlikError
from .._core.text import decode

try:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import ExtensionOID
except ImportError:  # the module reports it
    pass

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

_PKCS1, _PKCS8 = "-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"


def certificate_facts(module: AnsibleModule) -> t.Dict[str, t.Union[bool, int, str]]:
    """Sizes, formats and extensions; nothing of the certificates themselves."""
    tls = site_tls(module)
    found: t.Dict[str, t.Union[bool, int, str]] = {}
    if tls.ca:
        # The transport explains a file that cannot be read.
        with contextlib.suppress(QlikError):
            found.update(_of_authority(certificates.read(tls.ca.read(), name="authority")))
    key = tls.client_key or tls.client_cert
    given = key.read() if key else ""
    text = given if isinstance(given, str) else decode(given)
    for name, begin in (("pkcs1", _PKCS1), ("pkcs8", _PKCS8)):
        if begin in text:
            found["client_key_form"] = name
    return found


def _of_authority(certificate: x509.Certificate) -> t.Dict[str, t.Union[bool, int, str]]:
    public_key = certificate.public_key()
    bits = public_key.key_size if isinstance(public_key, rsa.RSAPublicKey) else 0
    return {
        "authority_key_usage": any(
            item.oid == ExtensionOID.KEY_USAGE for item in certificate.extensions
        ),
        "authority_key_bits": bits,
    }

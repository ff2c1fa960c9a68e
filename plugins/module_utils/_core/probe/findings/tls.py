# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The certificate that the proxy shows."""

from __future__ import annotations

from ..evidence import Evidence
from .base import ERROR, Result, finding
from .network import unreached

_FIELD = "Proxies > Security > SSL browser certificate thumbprint"


@finding(
    "tls_untrusted",
    ERROR,
    summary="The certificate that {host}:{port} shows cannot be traced back to a trusted "
    "authority.",
    remedy="Give the authority of the proxy's certificate as url_ca_path; for the certificate "
    "that Qlik Sense makes itself that is the site's root.pem.",
    field=_FIELD,
    option="qlik_jwt_probe.url_ca_path",
)
def tls_untrusted(e: Evidence) -> Result:
    """The certificate is self-signed, or an authority signed it that the machine does not know,
    that may not sign certificates, or that has the same name but another key. The evidence
    names which of them. The certificate that Qlik Sense makes at installation is signed by the
    site itself. `ca_path` is for the repository only; browsers and the probe meet another
    certificate at the proxy, hence `url_ca_path`."""
    return unreached(e, "tls_untrusted")


@finding(
    "tls_hostname_mismatch",
    ERROR,
    summary="The certificate that {host}:{port} shows is for another name.",
    remedy="Use the name in the certificate as host in url, or give the proxy a certificate for "
    "{host}. Where the name cannot be used, url_tls_server_name tells which one to expect.",
    field=_FIELD,
    option="qlik_jwt_probe.url_tls_server_name",
)
def tls_hostname_mismatch(e: Evidence) -> Result:
    """Qlik's own certificates often hold the short host name only, and `url` the full one, or a
    load balancer's."""
    return unreached(e, "tls_hostname")


@finding(
    "tls_expired",
    ERROR,
    summary="The certificate that {host}:{port} shows is not valid now.",
    remedy="Renew the certificate and set its thumbprint, or mend the clock of the machine where "
    "the task runs.",
    field=_FIELD,
)
def tls_expired(e: Evidence) -> Result:
    """The certificate has run out, or begins in the future, or one of the clocks is wrong."""
    return unreached(e, "tls_expired")


@finding(
    "tls_purpose",
    ERROR,
    summary="The certificate that {host}:{port} shows is not for servers.",
    remedy="Give the proxy a certificate with the extended key usage serverAuth, and set its "
    "thumbprint.",
    field=_FIELD,
)
def tls_purpose(e: Evidence) -> Result:
    """The extended key usage of the certificate lacks serverAuth, for example because it was
    issued for clients or for signing. The authority is not the cause."""
    return unreached(e, "tls_purpose")


@finding(
    "tls_weak",
    ERROR,
    summary="The certificate that {host}:{port} shows has a key or a signature that is too weak.",
    remedy="Give the proxy a certificate with an RSA key of 2048 bits or more, signed with "
    "SHA-256, and set its thumbprint.",
    field=_FIELD,
)
def tls_weak(e: Evidence) -> Result:
    """The key has fewer than 2048 bits, or the certificate was signed with SHA-1 or MD5, and the
    security level of OpenSSL on the machine where the task runs does not accept that. The
    certificate of an authority in the chain may also be the cause."""
    return unreached(e, "tls_weak")

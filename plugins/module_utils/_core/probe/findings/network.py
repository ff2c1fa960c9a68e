# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the connection and the server certificate."""

from __future__ import annotations

import typing as t

from ...ports import UNAVAILABLE
from ..engine import NO_REPOSITORY
from ..evidence import Evidence
from ..responses import QLIK_ONLY, ResponseSummary
from .base import ERROR, INFO, Found, Result, finding

#: Seconds from which a login counts as slow: warm ones take half a second (measured by others).
SLOW_S = 10.0

_QLIK_REJECTS_WITH = (400, 401, 403, 500)

_CERTIFICATE = "Proxies > Security > SSL browser certificate thumbprint"


@finding(
    "dns_unresolved",
    ERROR,
    summary="The name {host} cannot be resolved on the machine where the task runs.",
    remedy="Correct the host in url, or the DNS of that machine.",
    option="qlik_jwt_probe.url",
)
def dns_unresolved(e: Evidence) -> Result:
    """The name is misspelled, or only known in a network other than that of the machine where
    the task runs."""
    return unreached(e, "dns")


@finding(
    "tcp_refused",
    ERROR,
    summary="No connection to {host}:{port} could be made.",
    remedy="Start the Qlik Sense Proxy Service, open the port in the firewall, or correct url. "
    "Set wait to bridge the restart of a proxy.",
    option="qlik_jwt_probe.url",
)
def tcp_refused(e: Evidence) -> Result:
    """Nothing listens on that port: the proxy service is stopped or restarting, the port is
    another one, or a firewall rejects connections. A web proxy in the environment that does not
    lead to the site causes the same finding. Set `use_proxy: false` to bypass it."""
    return None if e.settings.url.startswith("http:") and http_is_off(e) else connection_refused(e)


@finding(
    "tcp_timeout",
    ERROR,
    summary="{host}:{port} does not answer to a connection.",
    remedy="Let the firewall pass the port from the machine where the task runs, or correct url.",
    option="qlik_jwt_probe.url",
)
def tcp_timeout(e: Evidence) -> Result:
    """A firewall drops the packets, or the host is down."""
    unsent = e.fault is not None and not e.fault.sent
    return unreached(e, "timeout") if unsent else None


@finding(
    "tls_untrusted",
    ERROR,
    summary="The certificate that {host}:{port} shows cannot be traced back to a trusted "
    "authority.",
    remedy="Set url_ca_path to the certificate of the authority that signed the proxy's "
    "certificate. If Qlik Sense created that certificate, use the site's root.pem.",
    field=_CERTIFICATE,
    option="qlik_jwt_probe.url_ca_path",
)
def tls_untrusted(e: Evidence) -> Result:
    """The certificate is self-signed. Or it was signed by an authority that the machine does
    not know, that is not allowed to sign certificates, or that has the same name but another
    key. The evidence names which of them. The certificate that Qlik Sense creates at
    installation is signed by the site itself. `ca_path` is for the repository only. The proxy
    shows another certificate to browsers and to the probe, hence `url_ca_path`."""
    return unreached(e, "tls_untrusted")


@finding(
    "tls_hostname_mismatch",
    ERROR,
    summary="The certificate that {host}:{port} shows is for another name.",
    remedy="Use the name in the certificate as host in url, or install a certificate for {host} "
    "on the proxy. If you cannot use that name in url, set url_tls_server_name to it.",
    field=_CERTIFICATE,
    option="qlik_jwt_probe.url_tls_server_name",
)
def tls_hostname_mismatch(e: Evidence) -> Result:
    """Qlik's own certificates often contain the short host name only, while `url` has the full
    name, or that of a load balancer."""
    return unreached(e, "tls_hostname")


@finding(
    "tls_expired",
    ERROR,
    summary="The certificate that {host}:{port} shows is not valid now.",
    remedy="Renew the certificate and set its thumbprint, or correct the clock of the machine "
    "where the task runs.",
    field=_CERTIFICATE,
)
def tls_expired(e: Evidence) -> Result:
    """The certificate has expired or is not valid yet, or one of the clocks is wrong."""
    return unreached(e, "tls_expired")


@finding(
    "tls_purpose",
    ERROR,
    summary="The certificate that {host}:{port} shows is not for servers.",
    remedy="Install a certificate with the extended key usage serverAuth on the proxy, and set "
    "its thumbprint.",
    field=_CERTIFICATE,
)
def tls_purpose(e: Evidence) -> Result:
    """The extended key usage of the certificate lacks serverAuth, for example because it was
    issued for clients or for signing. The authority is not the cause."""
    return unreached(e, "tls_purpose")


@finding(
    "tls_weak",
    ERROR,
    summary="The certificate that {host}:{port} shows has a key or a signature that is too weak.",
    remedy="Install a certificate with an RSA key of 2048 bits or more, signed with SHA-256, on "
    "the proxy, and set its thumbprint.",
    field=_CERTIFICATE,
)
def tls_weak(e: Evidence) -> Result:
    """The key has fewer than 2048 bits, or the certificate was signed with SHA-1 or MD5, and the
    security level of OpenSSL on the machine where the task runs does not accept that. The
    certificate of an authority in the chain may also be the cause."""
    return unreached(e, "tls_weak")


@finding(
    "not_qlik",
    ERROR,
    summary="What answers at {url} does not behave like a Qlik Sense proxy.",
    remedy="Correct host and port in url: browsers use the proxy's port 443, not the repository's "
    "4242. A web server or firewall in front of the proxy must forward every path.",
    option="qlik_jwt_probe.url",
)
def not_qlik(e: Evidence) -> Result:
    """The port belongs to something else: the repository (4242), another web server, or a
    firewall or web server that responds instead of the proxy."""
    # No TLS, a server that requests a client certificate, or responses that Qlik's proxies do not
    # send. A response that is the same for every prefix and is not Qlik's own page comes from
    # another server, except a bare 400: Qlik's proxies also reject tokens with it.
    found = unreached(e, "tls", "tls_client", "oversized")
    if found is not None:
        return Found({"url": e.settings.url, **found.evidence})
    if _serves_anything(e) and e.baseline is not None:
        return Found({"url": e.settings.url, **e.baseline.evidence()})
    if e.baseline is None or e.rejection is None or e.baseline.kind in QLIK_ONLY:
        return None
    if e.rejection.kind in QLIK_ONLY or e.rejection.status in UNAVAILABLE:
        return None
    same = e.rejection.same_as(e.baseline) and e.rejection.status != 400
    if same or e.rejection.status not in _QLIK_REJECTS_WITH:
        return Found({"url": e.settings.url, **e.rejection.evidence()})
    return None


@finding(
    "proxy_unavailable",
    ERROR,
    summary="The proxy at {url} can be reached, but is not ready.",
    remedy="Check whether the Qlik Sense Proxy and Repository Services run. After a change, a "
    "proxy restarts for up to half a minute: set wait.",
    option="qlik_jwt_probe.wait",
)
def proxy_unavailable(e: Evidence) -> Result:
    """The proxy is starting, has lost the repository, or hangs. Proxies may restart after each
    change to a virtual proxy or a proxy service."""
    place = {"url": e.settings.url}
    if e.fault is not None:
        hangs = e.fault.kind == "timeout" and e.fault.sent
        if hangs or e.fault.kind == "reset":
            return Found({**place, "cause": e.fault.message})
        return None
    for summary in (e.baseline, e.rejection):
        if summary is not None and summary.status in UNAVAILABLE:
            return Found({**place, **summary.evidence()})
    # Only the engine's WebSocket reports that the proxy has lost the repository.
    talk = e.talk_ended(NO_REPOSITORY)
    return Found({**place, **talk.evidence()}) if talk else None


@finding(
    "slow_start",
    INFO,
    summary="The proxy needed {seconds} s until the login was answered.",
    remedy="A proxy that was idle or has just restarted is slow once. If it stays slow, look at "
    "the load of the node.",
)
def slow_start(e: Evidence) -> Result:
    """The first request after a pause opens connections to other services. Values from 15 to 21
    seconds have been measured."""
    answers: t.Tuple[t.Optional[ResponseSummary], ...] = (
        e.baseline,
        e.login.response if e.login else None,
    )
    slowest = max((summary.seconds for summary in answers if summary), default=0.0) + e.waited
    return Found({"seconds": round(slowest)}) if slowest >= SLOW_S else None


def unreached(e: Evidence, *kinds: str) -> Result:
    """The place and the cause, if the proxy sent no answer because of a fault of these kinds."""
    if e.fault is None or e.fault.kind not in kinds:
        return None
    place = {"host": e.settings.host, "port": e.settings.port}
    return Found({**place, "cause": e.fault.message})


def connection_refused(e: Evidence) -> Result:
    """The place and the cause, if no connection could be made."""
    return unreached(e, "refused", "proxy")


def http_is_off(e: Evidence) -> bool:
    """Whether no proxy service that could be meant takes plain HTTP, as the repository says."""
    if e.view is None:
        return False
    services = e.view.links or e.view.proxy_services
    return not any(service["settings"].get("allowHttp") for service in services)


def _serves_anything(e: Evidence) -> bool:
    """Whether the login looked good, but so did a prefix that cannot exist, and no cookie came."""
    login = e.login
    if login is None or not login.accepted or login.cookie_name or e.baseline is None:
        return False
    return login.response is not None and login.response.same_as(e.baseline)

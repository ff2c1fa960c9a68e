# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about the way to the two servers. Each looks at the evidence and proves one code."""

from __future__ import annotations

import typing as t

from ..engine import NO_REPOSITORY
from ..evidence import Evidence, RepositoryFault
from ..evidence_builder import UNAVAILABLE
from ..responses import NO_WAY_IN, Seen
from ..sending import UNCHECKED_HOST, withheld
from .base import Found

Result = t.Optional[Found]

#: Seconds from which a login counts as slow: warm ones take half a second (measured by others).
SLOW_S = 10.0

_REPOSITORY_FIRST = (
    "Let the probe read the repository, and it names the cause: see the finding about the "
    "repository."
)

_QLIK_REFUSES_WITH = (400, 401, 403, 500)


def dns_unresolved(e: Evidence) -> Result:
    return _fault(e, "dns")


def tcp_refused(e: Evidence) -> Result:
    return None if e.settings.url.startswith("http:") and _http_is_off(e) else _refused(e)


def http_not_allowed(e: Evidence) -> Result:
    found = _refused(e)
    if found is None or e.settings.secure or not _http_is_off(e):
        return None
    return Found({"url": e.settings.url, "allow_http": False})


def tcp_timeout(e: Evidence) -> Result:
    unsent = e.fault is not None and not e.fault.sent
    return _fault(e, "timeout") if unsent else None


def tls_untrusted(e: Evidence) -> Result:
    return _fault(e, "tls_untrusted")


def tls_hostname_mismatch(e: Evidence) -> Result:
    return _fault(e, "tls_hostname")


def tls_expired(e: Evidence) -> Result:
    return _fault(e, "tls_expired")


def tls_purpose(e: Evidence) -> Result:
    return _fault(e, "tls_purpose")


def tls_weak(e: Evidence) -> Result:
    return _fault(e, "tls_weak")


def not_qlik(e: Evidence) -> Result:
    """No TLS at all, a server that asks for a client certificate, or answers unlike Qlik's.

    An answer that is the same for every prefix and is not Qlik's own page comes from something
    else; only a bare 400 is left to ``not_routed``, for Qlik's tokens are refused by that as well.
    """
    found = _fault(e, "tls", "tls_client", "oversized")
    if found is not None:
        return Found({"url": e.settings.url, **found.evidence})
    if _serves_anything(e) and e.baseline is not None:
        return Found({"url": e.settings.url, **e.baseline.evidence()})
    if e.baseline is None or e.refusal is None or e.baseline.kind in _QLIK_ONLY:
        return None
    if e.refusal.kind in _QLIK_ONLY or e.refusal.status in UNAVAILABLE:
        return None
    same = e.refusal.same_as(e.baseline) and e.refusal.status != 400
    if same or e.refusal.status not in _QLIK_REFUSES_WITH:
        return Found({"url": e.settings.url, **e.refusal.evidence()})
    return None


def proxy_unavailable(e: Evidence) -> Result:
    """It listens, but drops the connection, hangs, or says that it is not ready."""
    place = {"url": e.settings.url}
    if e.fault is not None:
        hangs = e.fault.kind == "timeout" and e.fault.sent
        if hangs or e.fault.kind == "reset":
            return Found({**place, "cause": e.fault.message})
        return None
    for seen in (e.baseline, e.refusal):
        if seen is not None and seen.status in UNAVAILABLE:
            return Found({**place, **seen.evidence()})
    # Only the engine's WebSocket tells that the proxy has lost the repository.
    talk = e.talk_ended(NO_REPOSITORY)
    return Found({**place, **talk.evidence()}) if talk else None


def read_it_first(e: Evidence) -> t.Optional[str]:
    """The remedy where the repository was asked in vain; None where it was not asked."""
    return _REPOSITORY_FIRST if e.repository_fault is not None else None


def slow_start(e: Evidence) -> Result:
    answers: t.Tuple[t.Optional[Seen], ...] = (e.baseline, e.login.seen if e.login else None)
    slowest = max((seen.seconds for seen in answers if seen), default=0.0) + e.waited
    return Found({"seconds": round(slowest)}) if slowest >= SLOW_S else None


def repository_unreachable(e: Evidence) -> Result:
    fault = e.repository_fault
    return _unread(e, fault) if fault and not fault.forbidden else None


def repository_forbidden(e: Evidence) -> Result:
    fault = e.repository_fault
    return _unread(e, fault) if fault and fault.forbidden else None


#: Answers that only a Qlik proxy gives.
_QLIK_ONLY = ("header_incorrect", "login_redirect", "inactive", *NO_WAY_IN)


def _serves_anything(e: Evidence) -> bool:
    """Whether the login looked good, but so did a prefix that cannot exist, and no cookie came."""
    login = e.login
    if login is None or not login.accepted or login.cookie_name or e.baseline is None:
        return False
    return login.seen is not None and login.seen.same_as(e.baseline)


def _unread(e: Evidence, fault: RepositoryFault) -> Found:
    """An error where no token was sent because nothing tells whether the host is the site's."""
    if withheld(e) != UNCHECKED_HOST:
        effect = "the cause of a rejected login cannot be proven"
        return Found({"effect": effect, "cause": fault.message})
    effect = f"it is not known whether {e.settings.host} belongs to the site, and no token was sent"
    return Found({"effect": effect, "cause": fault.message}, "error")


def _fault(e: Evidence, *kinds: str) -> Result:
    if e.fault is None or e.fault.kind not in kinds:
        return None
    place = {"host": e.settings.host, "port": e.settings.port}
    return Found({**place, "cause": e.fault.message})


def _refused(e: Evidence) -> Result:
    return _fault(e, "refused", "proxy")


def _http_is_off(e: Evidence) -> bool:
    """Whether no proxy service that could be meant takes plain HTTP, as the repository says."""
    if e.view is None:
        return False
    services = e.view.links or e.view.proxy_services
    return not any(service["settings"].get("allowHttp") for service in services)

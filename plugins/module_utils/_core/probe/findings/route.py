# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules about the way from an address to a virtual proxy."""

from __future__ import annotations

import typing as t

from ..evidence import Evidence
from ..hosts import LENIENT, LISTED, NO, admission
from ..sending import FOREIGN_HOST, withheld
from ..view import View, host_name, node_name
from .base import Found
from .network import read_it_first

Result = t.Optional[Found]


def prefix_unknown(e: Evidence) -> Result:
    if e.view is None or e.view.candidates:
        return None
    known = sorted(str(item.get("prefix") or "(default)") for item in e.view.served)
    return Found({"prefix": e.settings.prefix, "known_prefixes": known})


def duplicate_prefix(e: Evidence) -> Result:
    if e.view is None or len(e.view.candidates) < 2:
        return None
    ids = sorted(str(item["id"]) for item in e.view.candidates)
    return Found({"prefix": e.settings.prefix, "count": len(ids), "ids": ids})


def not_linked(e: Evidence) -> Result:
    """Linked to no proxy service, or not to the one that the address leads to.

    Where the address is a load balancer's, the answer tells: when all else is right and still no
    virtual proxy answers, the proxy that was asked is one that the virtual proxy is not linked to.
    """
    view = _judged(e)
    if view is None:
        return None
    asked = view.service_of(e.settings.host)
    if not view.links:
        where = "any proxy service"
    elif asked is not None and asked not in view.links:
        where = f"the proxy service of {node_name(asked)}"
    elif _only_links_are_left(e, view):
        where = f"the proxy service that answers {e.settings.host}:{e.settings.port}"
    else:
        return None
    return Found({"prefix": e.settings.prefix, "where": where, "linked_to": _names(view)})


def not_linked_to_central(e: Evidence) -> Result:
    """Matters on a site with several proxies only, and with a prefix only."""
    view = _judged(e)
    if view is None or view.central_proxy_id is None or not view.links or not e.settings.prefix:
        return None
    if any(service["id"] == view.central_proxy_id for service in view.links):
        return None
    return Found({"prefix": e.settings.prefix, "linked_to": _names(view)})


def host_not_allowed(e: Evidence) -> Result:
    """Not a host that may receive a token, or proven by the allow list and a refusal; from outside
    only where a 403 comes whatever token is sent."""
    if e.admitted:
        return None
    evidence: t.Dict[str, t.Any] = {"prefix": e.settings.prefix, "host": e.settings.host}
    if e.view is not None and withheld(e) == FOREIGN_HOST:
        return Found(
            {
                **evidence,
                "why": _NOT_SENT,
                "host_allow_list": e.view.items("websocketCrossOriginWhiteList"),
                "nodes": sorted(filter(None, map(host_name, e.view.proxy_services))),
            }
        )
    evidence["why"] = "the proxy rejects requests for this name"
    view = _judged(e)
    if view is None:
        before_token = e.tokenless is not None and e.tokenless.status == 403
        if e.view is None and before_token and e.refusal is not None and e.routed:
            return Found({**evidence, **e.refusal.evidence()})
        return None
    verdict = admission(view, e.settings.host)
    refused = e.refusal is not None and (e.routed is False or e.refusal.status == 403)
    if refused and (verdict == NO or (verdict == LENIENT and view.links)):
        if e.refusal is not None and e.refusal.kind == "inactive":
            return None
        return Found({**evidence, "host_allow_list": view.items("websocketCrossOriginWhiteList")})
    return None


def method_not_jwt(e: Evidence) -> Result:
    """From outside it shows when a request with a token is sent to a login page: JWT has none."""
    view = _judged(e)
    if view is not None:
        method = (view.virtual_proxy or {}).get("authenticationMethod")
        found = {"prefix": e.settings.prefix, "authentication_method": _METHODS.get(method, method)}
        return None if view.is_jwt else Found(found)
    if e.view is not None or e.refusal is None or e.routed is False:
        return None
    if e.refusal.kind not in ("login_redirect", "login_form"):
        return None
    return Found({"prefix": e.settings.prefix, **e.refusal.evidence()})


def session_cookie_conflict(e: Evidence) -> Result:
    view = _judged(e)
    if view is None:
        return None
    name = view.text("sessionCookieHeaderName")
    others = sorted(
        str(item.get("prefix") or "(default)")
        for item in view.served
        if item["id"] != (view.virtual_proxy or {}).get("id")
        and str(item.get("sessionCookieHeaderName") or "").lower() == name.lower()
    )
    return Found({"cookie_name": name, "other_prefixes": others}) if name and others else None


def redirect_uri_ignored(e: Evidence) -> Result:
    view = _judged(e)
    uri = view.text("authenticationModuleRedirectUri") if view and view.is_jwt else ""
    return Found({"authentication_module_redirect_uri": uri}) if uri else None


def not_routed(e: Evidence) -> Result:
    if e.routed is not False or e.refusal is None:
        return None
    place = {"place": e.settings.place, "host": e.settings.host}
    found = {**place, **e.refusal.evidence()}
    return Found(found, remedy=_NOT_THIS_SITE if e.compared else read_it_first(e))


_NOT_THIS_SITE = (
    "The repository was compared: the prefix exists, is linked, and {host} is allowed. If the "
    "virtual proxy was changed less than a minute ago, give wait. Else check that {host} leads to "
    "a proxy of this very site."
)

_NOT_SENT = (
    "it is not a node of the site, does not match the host allow list, and is not in "
    "trusted_hosts, so no token was sent"
)

_METHODS: t.Dict[t.Any, str] = dict(
    enumerate(("ticket", "header_static", "header_dynamic", "saml", "jwt", "oidc"))
)


def _judged(e: Evidence) -> t.Optional[View]:
    """The repository's view, when it has a virtual proxy to judge."""
    return e.view if e.view is not None and e.view.virtual_proxy is not None else None


def _only_links_are_left(e: Evidence, view: View) -> bool:
    """Whether a page for no virtual proxy can only come from a proxy without the link."""
    partly = len(view.links) < len(view.proxy_services)
    listed = admission(view, e.settings.host) == LISTED
    return e.routed is False and partly and listed and not_linked_to_central(e) is None


def _names(view: View) -> t.List[str]:
    return sorted(node_name(service) for service in view.links)

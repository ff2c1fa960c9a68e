# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about prefix, links and host allow list."""

from __future__ import annotations

import typing as t

from ..evidence import Evidence
from ..hosts import LENIENT, LISTED, NO, admission
from ..sending import FOREIGN_HOST, withheld
from ..view import View, host_name, node_name
from .base import ERROR, Found, Result, finding
from .network import connection_refused, http_is_off
from .repository import read_it_first

_LINKS = "Virtual proxies > Associated items > Proxies"

_NOT_THIS_SITE = (
    "The repository was compared: the prefix exists, is linked, and {host} is allowed. If the "
    "virtual proxy was changed less than a minute ago, set wait. Otherwise check that {host} leads "
    "to a proxy of this site."
)

_NOT_SENT = (
    "it is not a node of the site, does not match the host allow list, and is not in "
    "trusted_hosts, so no token was sent"
)


@finding(
    "prefix_unknown",
    ERROR,
    summary="The site has no virtual proxy with the prefix '{prefix}'.",
    remedy="Create the virtual proxy, or correct the prefix.",
    field="Virtual proxies > Identification > Prefix",
    option="qlik_virtual_proxy.prefix",
    rejects=True,
)
def prefix_unknown(e: Evidence) -> Result:
    """The prefix is misspelled, or no virtual proxy was created for it. The evidence lists the
    prefixes that are served."""
    if e.view is None or e.view.candidates:
        return None
    known = sorted(str(item.get("prefix") or "(default)") for item in e.view.served)
    return Found({"prefix": e.settings.prefix, "known_prefixes": known})


@finding(
    "not_linked",
    ERROR,
    summary="The virtual proxy '{prefix}' is not linked to {where}, so it is not served there.",
    remedy="Link the virtual proxy to the proxy service, always also to that of the central node.",
    field=_LINKS,
    option="qlik_virtual_proxy.proxies",
    rejects=True,
    audit=True,
)
def not_linked(e: Evidence) -> Result:
    """A virtual proxy is served only by the proxy services that it is linked to. Creating a
    virtual proxy does not link it."""
    # Linked to no proxy service, or not to the one that the address leads to. Behind a load
    # balancer, the response decides: if everything else is right and no virtual proxy answers, the
    # proxy that received the request has no link.
    view = e.known_view
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


@finding(
    "not_linked_to_central",
    ERROR,
    summary="The virtual proxy '{prefix}' is not linked to the proxy service of the central node; "
    "on a site with several nodes every proxy then rejects it.",
    remedy="Link the virtual proxy to the proxy service of the central node as well.",
    field=_LINKS,
    option="qlik_virtual_proxy.proxies",
    rejects=True,
    audit=True,
)
def not_linked_to_central(e: Evidence) -> Result:
    """On a site with several nodes, all proxies reject a prefix that the central node's proxy
    does not serve, even if they serve it themselves. This does not happen on a site with one
    node."""
    # Only on a site with several proxies, and only with a prefix.
    view = e.known_view
    if view is None or view.central_proxy_id is None or not view.links or not e.settings.prefix:
        return None
    if any(service["id"] == view.central_proxy_id for service in view.links):
        return None
    return Found({"prefix": e.settings.prefix, "linked_to": _names(view)})


@finding(
    "host_not_allowed",
    ERROR,
    summary="The host name {host} is not allowed for the virtual proxy '{prefix}': {why}.",
    remedy="If {host} leads to this site, add it to the host allow list: the name alone, as "
    "clients write it in the URL, without scheme, port, or path. If the release does not check "
    "host names, add {host} to trusted_hosts instead.",
    field="Virtual proxies > Advanced > Host allow list",
    option="qlik_virtual_proxy.host_allow_list",
    rejects=True,
)
def host_not_allowed(e: Evidence) -> Result:
    """Since autumn 2019, proxies compare the host name in each request with the host allow
    list. The list contains host names as clients write them. Addresses of clients have no
    effect in it, contrary to some guides.

    The probe also makes this comparison itself, because a token sent to a wrong host lets that
    host log in as its user. If the repository can be read, the token is sent only to:

    - a node of the site that has a proxy service, by its host name in the repository
    - a host that matches the host allow list of the virtual proxy. An entry also matches the
      names below it: `example.com` matches `qlik.example.com`, but not `evilexample.com`. This
      does not apply to entries without a dot. Entries with a wildcard match nothing.
    - a host in `trusted_hosts`, by its full name

    For any other host, no login is tried, and `why` in the evidence says so. Case and a dot at
    the end of a name make no difference. Ports are not compared. The host in `url` is compared,
    regardless of `url_tls_server_name`. Use `trusted_hosts` for releases before autumn 2019,
    which do not check host names. List only hosts that you would give the signing key to.
    """
    # The host may not receive a token, or the allow list and a rejection prove it. Without the
    # repository, only a 403 for a request without a token proves it.
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
    view = e.known_view
    if view is None:
        before_token = e.tokenless is not None and e.tokenless.status == 403
        if e.view is None and before_token and e.rejection is not None and e.routed:
            return Found({**evidence, **e.rejection.evidence()})
        return None
    verdict = admission(view, e.settings.host)
    rejected = e.rejection is not None and (e.routed is False or e.rejection.status == 403)
    if rejected and (verdict == NO or (verdict == LENIENT and view.links)):
        if e.rejection is not None and e.rejection.kind == "inactive":
            return None
        return Found({**evidence, "host_allow_list": view.items("websocketCrossOriginWhiteList")})
    return None


@finding(
    "http_not_allowed",
    ERROR,
    summary="url begins with http://, and the proxy service does not allow plain HTTP.",
    remedy="Use https://, or allow HTTP on the proxy service if the token may travel unencrypted.",
    field="Proxies > Ports > Allow HTTP",
    option="qlik_proxy_service.allow_http",
    rejects=True,
)
def http_not_allowed(e: Evidence) -> Result:
    """Plain HTTP is disabled by default. The proxy then does not listen on its HTTP port."""
    found = connection_refused(e)
    if found is None or e.settings.secure or not http_is_off(e):
        return None
    return Found({"url": e.settings.url, "allow_http": False})


@finding(
    "not_routed",
    ERROR,
    summary="No virtual proxy answers {place}: the response is the same as for a prefix that does "
    "not exist.",
    remedy="Check that the prefix exists, that its virtual proxy is linked to this proxy and to "
    "the central one, and that the host allow list contains {host}. Set host and "
    "client_cert_path, and the probe reports which of them it is.",
    field="Virtual proxies",
    option="qlik_jwt_probe.host",
    rejects=True,
    last_resort=True,
)
def not_routed(e: Evidence) -> Result:
    """Four causes have the same response: the prefix does not exist, it is not linked to this
    proxy, it is not linked to the central one, or the host name is not allowed. The response
    does not show which one it is.

    If the repository was compared and nothing there explains the response, the finding has
    another remedy: the virtual proxy may have been changed a moment ago, or the host leads to
    another site.
    """
    if e.routed is not False or e.rejection is None:
        return None
    place = {"place": e.settings.place, "host": e.settings.host}
    found = {**place, **e.rejection.evidence()}
    return Found(found, remedy=_NOT_THIS_SITE if e.compared else read_it_first(e))


def _only_links_are_left(e: Evidence, view: View) -> bool:
    """Whether a page for no virtual proxy can only come from a proxy without the link."""
    partly = len(view.links) < len(view.proxy_services)
    listed = admission(view, e.settings.host) == LISTED
    return e.routed is False and partly and listed and not_linked_to_central(e) is None


def _names(view: View) -> t.List[str]:
    return sorted(node_name(service) for service in view.links)

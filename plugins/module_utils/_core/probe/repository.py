# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads the repository for the probe.

Every failure becomes a ``RepositoryFault``: the probe then continues without the repository.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..crypto.claim_names import is_constant
from ..entity.reader import PROXY_SERVICE, USER, VIRTUAL_PROXY, read, whole
from ..errors import AccessDenied, InvalidInput, QlikError, SiteIncomplete
from ..proxy_service import plan as proxy_service
from ..qrs.filters import any_of, equals, is_id
from ..site.reader import read_proxy_services, with_nodes
from ..user import plan as user
from ..virtual_proxy import convert as virtual_proxy
from ..virtual_proxy.site import Site
from .certificate_view import view_certificate
from .evidence import Name, RepositoryFault
from .view import View, central_proxy_id

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs

#: Values of ``serviceType`` and ``serviceState`` in a ServiceStatus.
_ENGINE, _RUNNING = 3, 2
#: Kinds of access passes that are allocated to users by name. The passes of the other kinds belong
#: to everybody whom a rule admits.
_ALLOCATIONS = ("professionalaccesstype", "analyzeraccesstype", "useraccesstype")

T = t.TypeVar("T")


def read_view(qrs: Qrs, prefix: str) -> t.Union[View, RepositoryFault]:
    """The virtual proxy with that prefix, who serves it, and its certificate."""

    def view() -> View:
        # Prefixes are lower case on every release since 3.0, whatever users write.
        names = list(dict.fromkeys((prefix, prefix.lower())))
        found = read(qrs, VIRTUAL_PROXY, any_of(*(equals("prefix", n) for n in names)))
        same = [i for i in found if (i.get("prefix") or "").lower() == prefix.lower()]
        site = Site(read_proxy_services(qrs), virtual_proxies=same)
        site.reject_gaps(names)
        for item in same:
            whole(VIRTUAL_PROXY, item, virtual_proxy.SHAPE)
        for item in site.proxy_services:
            whole(PROXY_SERVICE, item, proxy_service.SHAPE)
        known = View(tuple(same), tuple(site.proxy_services), _central_proxy_id(qrs, site))
        text = known.text("jwtPublicKeyCertificate")
        return dataclasses.replace(known, certificate=view_certificate(text) if same else None)

    return _guarded(view)


def with_user(qrs: Qrs, view: View, name: Name) -> t.Union[View, RepositoryFault]:
    """The same view with the user of that name, when both parts of the name are known."""
    directory, user_id = name
    if directory is None or user_id is None:
        return view

    def completed() -> View:
        condition = f"{equals('userDirectory', directory)} and {equals('userId', user_id)}"
        found = [
            item for item in read(qrs, USER, condition) if _is_called(item, directory, user_id)
        ]
        known = whole(USER, found[0], user.SHAPE) if found else None
        return dataclasses.replace(view, user=known, user_read=True)

    return _guarded(completed)


def engines_run(qrs: Qrs, view: View) -> t.Optional[bool]:
    """Whether an engine runs on a load balancing node; None if that cannot be read."""
    wanted = {item.get("id") for item in view.items("loadBalancingServerNodes")}
    try:
        nodes = [n for n in qrs.entities("servernodeconfiguration") if n["id"] in wanted]
        states = {
            item["serverNodeConfiguration"]["id"]: item["serviceState"]
            for item in qrs.entities("servicestatus")
            if item["serviceType"] == _ENGINE
        }
        enabled = [node["id"] for node in nodes if node["engineEnabled"]]
    except (QlikError, KeyError, TypeError):
        return None
    if {node["id"] for node in nodes} != wanted or not all(i in states for i in enabled):
        return None
    return any(states[i] == _RUNNING for i in enabled)


def pass_allocated(qrs: Qrs, view: View) -> t.Optional[bool]:
    """True if an access pass that can be used is allocated to the user; None if none is seen.

    None proves nothing. The user's pass may come from a rule, and a list may be empty because
    rights are missing.
    """
    user_id = view.user.get("id") if view.user else None
    if not user_id:
        return None
    for kind in _ALLOCATIONS:
        try:
            found = qrs.entities(f"license/{kind}", f"user.{is_id(user_id)}")
        except QlikError:
            continue
        if any(_is_usable(item, user_id) for item in found):
            return True
    return None


def _is_usable(allocation: Entity, user_id: str) -> bool:
    """Whether an allocation is this user's and counts: the license covers no excess one."""
    holder = allocation.get("user")
    if not isinstance(holder, dict) or holder.get("id") != user_id:
        return False
    return allocation.get("quarantined") is False and not allocation.get("excess")


def user_name(view: t.Optional[View], claims: t.Mapping[str, t.Any], names: Name) -> Name:
    """Directory and id that the token names.

    The claims' names come from the virtual proxy, else from ``names`` (directory claim, id claim).
    A part is None if it is unknown.
    """
    if view is not None and view.virtual_proxy is not None:
        names = (view.text("jwtAttributeUserDirectory"), view.text("jwtAttributeUserId"))
    return _value(claims, names[0]), _value(claims, names[1])


def named_user(
    view: t.Optional[View], claims: t.Mapping[str, t.Any], names: Name, given: Name
) -> Name:
    """Directory and id of the user that the options name (``given``), part by part.

    Where they name none, and the virtual proxy has a constant, the claim that usually holds that
    part counts: a token that names one user must not open the session of another one. A part is
    None when neither names it.
    """
    constants = [
        view is not None and is_constant(view.text(name))
        for name in ("jwtAttributeUserDirectory", "jwtAttributeUserId")
    ]
    directory, user_id = (
        part or (_value(claims, claim) if constant else None)
        for part, claim, constant in zip(given, names, constants)
    )
    return directory, user_id


def claim_value(claims: t.Mapping[str, t.Any], name: str) -> str:
    """The value of an attribute: a name in square brackets is a constant, others name a claim.
    "" if the claim is missing or not a single text."""
    if is_constant(name):
        return name[1:-1]
    value = claims.get(name)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return str(value)


def _value(claims: t.Mapping[str, t.Any], name: t.Optional[str]) -> t.Optional[str]:
    return claim_value(claims, name) or None if name else None


def _central_proxy_id(qrs: Qrs, site: Site) -> t.Optional[str]:
    """The central node's proxy service; the rule about it matters only where there are several."""
    if len(site.proxy_services) < 2:
        return None
    return central_proxy_id(with_nodes(qrs, site))


def _is_called(user: Entity, directory: str, user_id: str) -> bool:
    # Filters may or may not look at case, so the answer is compared again.
    wanted = (directory.casefold(), user_id.casefold())
    found = (user.get("userDirectory") or "", user.get("userId") or "")
    return (found[0].casefold(), found[1].casefold()) == wanted


def _guarded(read: t.Callable[[], View]) -> t.Union[View, RepositoryFault]:
    try:
        return read()
    except InvalidInput:
        # An option that cannot be right, such as an unreadable client certificate.
        raise
    except (AccessDenied, SiteIncomplete) as error:
        return RepositoryFault(error.message, forbidden=True)
    except QlikError as error:
        return RepositoryFault(error.message, forbidden=False)

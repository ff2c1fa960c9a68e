# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans one virtual proxy: desired state and current state into what has to be written."""

from __future__ import annotations

import typing as t

from ..entity.fields import check_values
from ..entity.reconcile import CREATE, DELETE, UPDATE
from ..errors import InvalidInput
from ..site.nodes import ALL, CENTRAL
from . import convert as vp
from .fields import BY_OPTION
from .references import defined
from .validate import (
    check_claims,
    check_known,
    check_method,
    check_new_prefix,
    check_spelling,
    check_twin,
)

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from ..site.nodes import Node
    from .desired import Wish
    from .site import Site

NONE = "none"


class LinkChange(t.NamedTuple):
    """One proxy service that starts, or ceases, to serve the virtual proxy."""

    service_id: str
    name: str
    link: bool


class Plan(t.NamedTuple):
    """What is to be done for one virtual proxy.

    ``entity`` is what is sent by POST or PUT. ``before`` and ``after`` are in the options'
    vocabulary, ``options`` names those that change. ``serving`` are the proxy services that serve
    it now, name by id: a write to the virtual proxy restarts them. ``not_kept`` are properties
    that the server has already set back after a write, so they are not written again.
    """

    prefix: str
    action: str
    present: t.Optional[Entity] = None
    entity: t.Optional[Entity] = None
    links: t.Tuple[LinkChange, ...] = ()
    before: t.Mapping[str, t.Any] = {}
    after: t.Mapping[str, t.Any] = {}
    options: t.Tuple[str, ...] = ()
    serving: t.Mapping[str, str] = {}
    not_kept: t.Tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything has to be written."""
        return self.action != NONE or bool(self.links)

    @property
    def restarted(self) -> t.List[str]:
        """The names of the proxy services that its writes restart."""
        noticed = self.serving.values() if self.action in (UPDATE, DELETE) else ()
        return sorted({*noticed, *(link.name for link in self.links)})


def plan_present(site: Site, wish: Wish) -> Plan:
    """The plan for a virtual proxy that must exist with the options of ``wish``.

    Other options are not changed. Raises ``NodesNeeded`` or ``DefinitionsNeeded`` if the plan
    depends on data that was not read yet, and ``InvalidInput`` for options that are not valid.
    """
    prefix = wish.prefix
    present = site.virtual_proxy(prefix)
    if present is None:
        return _creation(site, prefix, wish.options)
    wanted = _appended(present, wish)
    fields = vp.differences(present, wanted)
    check_values(fields, wanted, present)
    nodes = _wanted_nodes(site, wanted)
    if nodes is not None and not vp.nodes_differ(present, nodes):
        nodes = None
    links = _links(site, present, wanted.get("proxies"), only=not wish.adds("proxies"))
    _be_sure_of_central(site, wanted, nodes is not None, bool(links))
    options = [field.option for field in fields] + ([vp.NODES_OPTION] if nodes is not None else [])
    entity = defined(vp.changed(present, fields, wanted, nodes), site.definitions)
    if options:
        check_method(present, wanted, entity)
        check_claims(options, entity)
    before = vp.describe(present, site.nodes, site.proxies)
    after = vp.describe(entity, site.nodes, site.proxies) if options else dict(before)
    after["proxies"] = names_after(site, before["proxies"], links)
    return Plan(
        prefix,
        UPDATE if options else NONE,
        present=present,
        entity=entity if options else None,
        links=links,
        before=before,
        after=after,
        options=tuple(options) + (("proxies",) if links else ()),
        serving=serving(site, present),
    )


def plan_absent(site: Site, prefix: str) -> Plan:
    """The plan for a virtual proxy that must not exist."""
    present = site.virtual_proxy(prefix)
    if present is None:
        check_twin(site, prefix)
        if prefix:
            check_spelling(prefix)
        return Plan(prefix, NONE)
    if present.get("defaultVirtualProxy") or prefix == "":
        raise InvalidInput(
            "prefix: the default virtual proxy cannot be removed; it serves every address without "
            "a prefix.",
            option="prefix",
        )
    before = vp.describe(present, site.nodes, site.proxies)
    return Plan(
        prefix,
        DELETE,
        present=present,
        before=before,
        options=tuple(before),
        serving=serving(site, present),
    )


def serving(site: Site, present: Entity) -> t.Dict[str, str]:
    """The proxy services that serve a virtual proxy, name by id."""
    services = (service["id"] for service in site.proxies.linked(present["id"]))
    return {service_id: site.proxies.name(service_id) for service_id in services}


def _creation(site: Site, prefix: str, asked: vp.Options) -> Plan:
    check_new_prefix(site, prefix)
    wanted = {
        "session_cookie_header_name": vp.default_cookie_name(prefix),
        **vp.CREATION_DEFAULTS,
        **asked,
    }
    fields = [BY_OPTION[option] for option in wanted if option in BY_OPTION]
    check_known(site, fields)
    check_values(fields, wanted, {})
    site.nodes.need_all()
    nodes = site.nodes.select(vp.NODES_OPTION, wanted[vp.NODES_OPTION])
    services = site.proxies.select(wanted.get("proxies", vp.PROXIES_DEFAULT))
    entity = defined(vp.changed({"prefix": prefix}, fields, wanted, nodes), site.definitions)
    check_method(None, wanted, entity)
    check_claims(wanted, entity)
    links = tuple(LinkChange(s["id"], site.proxies.name(s["id"]), True) for s in services)
    after = vp.describe(entity, site.nodes, site.proxies)
    after["proxies"] = names_after(site, [], links)
    return Plan(prefix, CREATE, entity=entity, links=links, after=after, options=tuple(after))


def _appended(present: Entity, wish: Wish) -> vp.Options:
    """The wanted options, with lists that are added to what is there as the whole list."""
    wanted = dict(wish.options)
    for option in wish.modes:
        field = BY_OPTION.get(option)
        if field and wish.adds(option) and option in wanted and field.property in present:
            there = field.kind.read(present[field.property])
            wanted[option] = there + [
                name for name in wanted[option] if not field.kind.same([*there, name], there)
            ]
    return wanted


def _wanted_nodes(site: Site, wanted: vp.Options) -> t.Optional[t.List[Node]]:
    if vp.NODES_OPTION not in wanted:
        return None
    return site.nodes.select(vp.NODES_OPTION, wanted[vp.NODES_OPTION])


def _links(
    site: Site, present: Entity, selectors: t.Optional[t.Sequence[str]], *, only: bool
) -> t.Tuple[LinkChange, ...]:
    if selectors is None:
        return ()
    wanted = {service["id"] for service in site.proxies.select(selectors)}
    changes = link_changes(site, present, wanted, only=only)
    if present.get("defaultVirtualProxy") and not all(change.link for change in changes):
        raise InvalidInput(
            "proxies: the default virtual proxy stays linked to every proxy service; leave the "
            "option out for it.",
            option="proxies",
        )
    return changes


def link_changes(
    site: Site, present: t.Optional[Entity], wanted: t.Set[str], *, only: bool
) -> t.Tuple[LinkChange, ...]:
    """What links the virtual proxy to the proxy services with these ids; ``only`` to no others."""
    linked = {i["id"] for i in site.proxies.linked(present["id"])} if present else set()
    gone = linked - wanted if only else set()
    return tuple(
        LinkChange(service["id"], site.proxies.name(service["id"]), service["id"] in wanted)
        for service in site.proxies
        if service["id"] in (wanted - linked) | gone
    )


def _be_sure_of_central(site: Site, wanted: vp.Options, nodes: bool, links: bool) -> None:
    """Require the list of nodes before a write that depends on which node is central.

    If only one proxy service was read, its node counts as the central one. That is sufficient to
    find that nothing has to be done, but not for a write.
    """
    selectors = (wanted.get(vp.NODES_OPTION) or []) if nodes else []
    selectors = selectors + ((wanted.get("proxies") or []) if links else [])
    if CENTRAL in selectors or ALL in selectors:
        site.nodes.need_all()


def names_after(site: Site, before: t.Sequence[str], links: t.Sequence[LinkChange]) -> t.List[str]:
    """The nodes whose proxy service serves it in the end, in the order of a later reading."""
    serving = (set(before) | {link.name for link in links}) - {k.name for k in links if not k.link}
    names = (site.proxies.name(service["id"]) for service in site.proxies)
    return [name for name in names if name in serving]

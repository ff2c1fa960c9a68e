# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Read, plan, apply one virtual proxy; and again while another administrator is faster."""

from __future__ import annotations

import dataclasses
import typing as t

from .apply import KIND, Progress, apply
from .errors import QlikError
from .nodes import NodesNeeded
from .persist import edited_elsewhere, persist
from .plan import CREATE, DELETE, Plan, plan_absent, plan_present
from .site import Site, read_site, with_nodes
from .virtual_proxy import (
    NODES_OPTION,
    NODES_PROPERTY,
    PROXIES_DEFAULT,
    Options,
    default_cookie_name,
    node_ids,
)
from .virtual_proxy_fields import BY_OPTION

if t.TYPE_CHECKING:
    from .persist import Clock
    from .qrs import Entity, Qrs


@dataclasses.dataclass(frozen=True)
class Wish:
    """What the user wants of one virtual proxy; ``options`` holds only what was given."""

    prefix: str
    options: Options
    absent: bool = False
    proxies_mode: str = "append"
    allow_list_mode: str = "replace"
    allow_restart: bool = True

    def plan(self, site: Site) -> Plan:
        """The plan for this wish on ``site``."""
        if self.absent:
            return plan_absent(site, self.prefix)
        return plan_present(
            site, self.prefix, self.options, self.proxies_mode, self.allow_list_mode
        )

    def once_created(self) -> Wish:
        """The same wish when the virtual proxy has just been created: a new one is linked."""
        options = {"proxies": PROXIES_DEFAULT, **self.options}
        return dataclasses.replace(self, options=options)

    @property
    def cookie_name(self) -> t.Optional[str]:
        """The cookie name to look for among the other virtual proxies."""
        if self.absent:
            return None
        return self.options.get("session_cookie_header_name") or default_cookie_name(self.prefix)


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What was there (``site``, ``plan``) and what was done; nothing in check mode."""

    site: Site
    plan: Plan
    progress: Progress

    @property
    def entity(self) -> t.Optional[Entity]:
        """The virtual proxy in the end, or as it would be; None when there is none."""
        if self.plan.action == DELETE:
            return None
        return self.progress.entity or self.plan.entity or self.plan.present

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarted, or would."""
        return self.progress.restarts if self.progress.done else self.plan.restarts


def converge(
    qrs: Qrs, wish: Wish, clock: Clock, *, check: bool, approve: t.Callable[[Plan], None]
) -> Outcome:
    """Bring the site to ``wish``, or with ``check`` only find out what that would take.

    ``approve`` sees the plan before anything is written, and raises what speaks against it.
    """
    site, plan = _plan(qrs, wish)
    _respect_sessions(wish, plan)
    approve(plan)
    first = Outcome(site, plan, Progress())
    if plan.changes and not check:
        try:
            _persist(qrs, wish, clock, first)
        except QlikError as error:
            raise _told(qrs, first, error) from None
    return first


def _persist(qrs: Qrs, wish: Wish, clock: Clock, first: Outcome) -> None:
    """Carry the first plan out, or after a conflict or a lost answer what is left of it."""
    if first.plan.action == CREATE:
        wish = wish.once_created()

    def renew() -> t.Optional[t.Tuple[Site, Plan]]:
        site, plan = _plan(qrs, wish)
        _refuse_rival(first.plan, plan)
        if plan.action == CREATE:
            # The request may still be under way: sent twice, it could create two.
            for lost in first.progress.lost.values():
                raise lost
        if not plan.changes:
            first.progress.entity = site.virtual_proxy(wish.prefix)
            first.progress.note("found the change done, though its answer was lost")
            return None
        return site, plan

    persist(
        (first.site, first.plan),
        write=lambda read: apply(qrs, read[0], read[1], first.progress),
        renew=renew,
        record=first.progress,
        clock=clock,
    )


def _told(qrs: Qrs, first: Outcome, error: QlikError) -> QlikError:
    """``error``, saying what was done before; a virtual proxy half made is taken away again."""
    progress = first.progress
    if progress.created is not None and _removed(qrs, progress.created):
        error.message += (
            f" The virtual proxy '{first.plan.prefix}', created just before, was removed again: "
            "nothing of it is left."
        )
    elif progress.done:
        error.message += (
            f" Before that, this run {'; '.join(progress.done)}. Run again to finish"
            f"{', with the option proxies' if progress.created else ''}."
        )
    error.details["done"] = list(progress.done)
    return error


def _removed(qrs: Qrs, entity_id: str) -> bool:
    try:
        qrs.delete(KIND, entity_id)
    except QlikError:
        return False
    return True


def _plan(qrs: Qrs, wish: Wish) -> t.Tuple[Site, Plan]:
    site = read_site(qrs, wish.prefix, wish.cookie_name)
    try:
        return site, wish.plan(site)
    except NodesNeeded:
        site = with_nodes(qrs, site)
        return site, wish.plan(site)


def _respect_sessions(wish: Wish, plan: Plan) -> None:
    if plan.changes and plan.restarts and not wish.allow_restart:
        raise QlikError(
            "Changing the virtual proxy '{}' ({}) restarts the proxy service on {} and ends its "
            "sessions, and allow_restart is false. Nothing was written. Run it in a maintenance "
            "window with allow_restart true.".format(
                plan.prefix, ", ".join(plan.options), ", ".join(sorted(plan.restarts))
            ),
            proxies_restarted=plan.restarts,
        )


def _refuse_rival(first: Plan, again: Plan) -> None:
    """Stop when somebody else changed, to another value, what is being changed here."""
    if first.present is None or again.present is None:
        return
    for option in again.options:
        if option not in first.options or option == "proxies":
            continue
        if _stored(first.present, option) != _stored(again.present, option):
            raise edited_elsewhere(option, f"the virtual proxy '{again.prefix}'", again.present)


def _stored(entity: Entity, option: str) -> t.Any:
    if option == NODES_OPTION:
        return sorted(node_ids(entity)) if NODES_PROPERTY in entity else []
    field = BY_OPTION[option]
    return field.kind.read(entity.get(field.property))

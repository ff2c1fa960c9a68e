# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Orders writes so that no two virtual proxies have the same session cookie name at any time.

With the same name, each would end the other's sessions. So what takes the name of another one is
written after that one has gone or has got another name.
"""

from __future__ import annotations

import typing as t

from ..entity.reconcile import CREATE, DELETE, UPDATE
from ..errors import InvalidInput
from .fields import BY_OPTION
from .plan import Plan
from .site import prefix_of

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .site import Site

_FIELD = BY_OPTION["session_cookie_header_name"]


def in_turn(site: Site, plans: t.Sequence[Plan]) -> t.Tuple[t.FrozenSet[str], t.Tuple[Plan, ...]]:
    """The prefixes of those that have to be deleted first, and what is written, in its order.

    Rejects a cookie name that another virtual proxy keeps.
    """
    gone = {plan.present["id"] for plan in plans if plan.present and plan.action == DELETE}
    leaving = {plan.prefix for plan in plans if _gets_another(plan)}
    users: t.Dict[str, t.List[Entity]] = {}
    for item in site.everyone.values():
        users.setdefault(_name(item), []).append(item)
    first = set()
    waits: t.Dict[str, t.Dict[str, Entity]] = {}
    for plan in plans:
        if plan.action not in (CREATE, UPDATE) or _FIELD.option not in plan.options:
            continue
        entity = t.cast("Entity", plan.entity)
        for other in users.setdefault(_name(entity), []):
            prefix = prefix_of(other)
            if other.get("id") in gone:
                first.add(prefix)
            elif prefix in leaving and "id" in other and prefix != plan.prefix:
                waits.setdefault(plan.prefix, {})[prefix] = other
            elif prefix != plan.prefix:
                raise _used(plan, other, alone=len(plans) == 1)
        users[_name(entity)].append(_as_planned(plan))
    return frozenset(first), _ordered(plans, waits)


def _ordered(
    plans: t.Sequence[Plan], waits: t.Mapping[str, t.Mapping[str, Entity]]
) -> t.Tuple[Plan, ...]:
    """Those that create or change, each after those whose name it takes."""
    left = [plan for plan in plans if plan.action in (CREATE, UPDATE)]
    written: t.List[Plan] = []
    while left:
        open_ones = {plan.prefix for plan in left}
        ready = [plan for plan in left if open_ones.isdisjoint(waits.get(plan.prefix, ()))]
        if not ready:
            # They exchange their names, and neither can be first.
            plan = next(plan for plan in left if plan.prefix in waits)
            raise _used(plan, next(iter(waits[plan.prefix].values())), alone=False)
        written += ready
        left = [plan for plan in left if plan not in ready]
    return tuple(written)


def _gets_another(plan: Plan) -> bool:
    both = plan.action == UPDATE and plan.present and plan.entity
    return bool(both) and _name(plan.present or {}) != _name(plan.entity or {})


def _as_planned(plan: Plan) -> Entity:
    """The virtual proxy with the name that it gets, not with one that it has and leaves."""
    return {key: value for key, value in (plan.entity or {}).items() if key != "id"}


def _name(entity: Entity) -> str:
    return (entity.get(_FIELD.property) or "").lower()


def _used(plan: Plan, other: Entity, *, alone: bool) -> InvalidInput:
    fault = (
        "session_cookie_header_name: '{}' is already used by the virtual proxy with the prefix "
        "'{}' ({}). Each virtual proxy needs a name of its own, for example "
        "'X-Qlik-Session-{}'.".format(
            (plan.entity or {})[_FIELD.property],
            prefix_of(other),
            other.get("description") or "",
            plan.prefix,
        )
    )
    return InvalidInput(
        fault if alone else f"virtual proxy '{plan.prefix}': {fault}", option=_FIELD.option
    )

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Warnings beside the plan, and changes to the virtual proxy that the run itself uses."""

from __future__ import annotations

import typing as t

from .._auth import api_prefix
from .._core.entity.reconcile import CREATE, DELETE
from .._core.errors import InvalidInput
from .._core.masking import holds_key
from .._core.virtual_proxy.content import OWN
from .._core.virtual_proxy.convert import dropped
from .._core.virtual_proxy.resource import entity_of
from .._runtime import warn

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.entity.reconcile import Outcome
    from .._core.qrs.client import Entity
    from .._core.virtual_proxy.plan import Plan
    from .._core.virtual_proxy.site_plan import SitePlan
    from .._core.virtual_proxy.snapshot import Snapshot

_DEAD = (
    "no proxy service serves the virtual proxy '{}', so logins to it are not possible. Set the "
    "option proxies, for example to 'central'."
)


def warn_of_outcome(
    module: AnsibleModule, outcome: Outcome[SitePlan], restored: t.Mapping[str, Snapshot]
) -> None:
    """Say what will hardly be wanted; ``restored`` are those that were put back, by prefix."""
    for plan in outcome.plan.plans:
        if plan.prefix in restored:
            _warn_of_loss(module, outcome, plan, restored[plan.prefix])
        elif entity_of(outcome, plan) and not plan.after.get("proxies"):
            warn(module, _DEAD.format(plan.prefix))
        warn_of_key(module, plan.present)


def _warn_of_loss(
    module: AnsibleModule, outcome: Outcome[SitePlan], plan: Plan, snapshot: Snapshot
) -> None:
    """Say what a ``before`` cannot bring back."""
    whose = f"virtual proxy '{plan.prefix}'"
    if plan.action == CREATE and snapshot.left_out:
        warn(
            module,
            f"the {whose} is re-created without its {', '.join(snapshot.left_out)}, which "
            "contained a secret and was therefore not saved. Set it in QMC, Virtual proxies.",
        )
    entity = entity_of(outcome, plan) or {}
    lost = [name for name, value in (snapshot.entity or {}).items() if value and name not in entity]
    lost = [name for name in lost if name not in OWN and name not in snapshot.left_out]
    lost += [n for n in dropped(plan.entity or {}, entity) if n in plan.options and n not in lost]
    if lost:
        warn(
            module,
            f"the {whose} had {', '.join(lost)}, which this server does not store: compare with "
            "QMC, Virtual proxies.",
        )
    if plan.not_kept:
        warn(
            module,
            f"the {whose} had other values in {', '.join(plan.not_kept)}. They were not written, "
            "because the user of this task wrote the virtual proxy last, so this server does not "
            "keep them. Set them in QMC, Virtual proxies.",
        )


def spare_way_in(module: AnsibleModule, plan: SitePlan) -> None:
    """Reject or warn of a change of the virtual proxy that this run logs in through."""
    way_in = api_prefix(module.params)
    for each in plan.plans:
        if way_in is None or each.prefix != way_in.lower() or not each.changes:
            continue
        if each.action == DELETE or (each.serving and not each.after.get("proxies")):
            raise InvalidInput(
                f"This run itself logs in through the virtual proxy '{each.prefix}' (api_prefix), "
                "so it is neither removed nor unlinked. Nothing was written. Use the client "
                "certificate, or another virtual proxy, to remove or unlink it.",
                option="api_prefix",
            )
        warn(
            module,
            f"this run reaches the repository through the virtual proxy '{each.prefix}' "
            f"(api_prefix) and changes it: {', '.join(each.options)}. A mistake there locks it "
            "out.",
        )


def warn_of_key(module: AnsibleModule, entity: t.Optional[Entity]) -> None:
    """Say that a private key lies open on the site, where one was pasted as JWT certificate."""
    if entity and holds_key(entity.get("jwtPublicKeyCertificate")):
        warn(
            module,
            f"the virtual proxy '{entity.get('prefix') or ''}' held a private key in the field JWT "
            "certificate, where every administrator can read it: make a new key pair, and trust "
            "the old one nowhere.",
        )


def warn_of_omissions(module: AnsibleModule, prefix: str, options: t.Sequence[str]) -> None:
    """Name the options that are not returned, because an export without them is incomplete."""
    if options:
        warn(
            module,
            f"virtual proxy '{prefix}': {', '.join(options)} not returned, because the value "
            "contains a secret or is unknown to this collection. See QMC, Virtual proxies.",
        )

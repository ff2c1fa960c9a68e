# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of ``qlik_virtual_proxy`` and ``qlik_virtual_proxies``: from options to a result."""

from __future__ import annotations

import collections
import typing as t

from .._auth import windows_user
from .._connection import connect
from .._core.errors import InvalidInput
from .._core.masking import redacted
from .._core.text import control_character
from .._core.virtual_proxy.convert import describe
from .._core.virtual_proxy.desired import Job, Prune, Wish
from .._core.virtual_proxy.resource import VirtualProxies, entity_of
from .._core.virtual_proxy.snapshot import taken
from .._core.virtual_proxy.validate import advice
from .._runtime import require, warn
from .reconciled import reconciled
from .virtual_proxy_options import (
    reject_beside_restore,
    restoring,
    single_spec,
    virtual_proxies_spec,
    wish_of,
)
from .virtual_proxy_warnings import spare_way_in, warn_of_outcome

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.entity.reconcile import Outcome
    from .._core.virtual_proxy.plan import Plan
    from .._core.virtual_proxy.site_plan import SitePlan


def run_virtual_proxy(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring one virtual proxy to the module's options, or in check mode say what that takes."""
    job = Job((_wish(module.params),), user=windows_user(module.params))
    resource = VirtualProxies(connect(module), job)
    outcome, result = reconciled(module, resource, _result_of_one, _approval(module, resource.job))
    return _ended(module, resource, outcome, result)


def _result_of_one(outcome: Outcome[SitePlan]) -> t.Dict[str, t.Any]:
    (plan,) = outcome.plan.plans
    result = {
        **_one(outcome, plan),
        "before": taken(outcome.plan.site, plan),
        "proxies_restarted": outcome.restarts,
    }
    if plan.changes:
        from .virtual_proxy_result import rendered

        result["diff"] = rendered(plan)
    return result


def run_virtual_proxies(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring a list of virtual proxies to what the module's options say, or say what that takes."""
    resource = VirtualProxies(connect(module), _job(module.params))
    outcome, result = reconciled(module, resource, _result_of_many, _approval(module, resource.job))
    return _ended(module, resource, outcome, result)


def _result_of_many(outcome: Outcome[SitePlan]) -> t.Dict[str, t.Any]:
    shown = outcome.plan.plans[: len(outcome.plan.job.wishes)]
    result: t.Dict[str, t.Any] = {
        "changed": bool(outcome.plan.changes),
        "virtual_proxies": [{"prefix": plan.prefix, **_one(outcome, plan)} for plan in shown],
        "before": [taken(outcome.plan.site, plan) for plan in outcome.plan.plans if plan.changes],
        "pruned": list(outcome.plan.pruned),
        "proxies_restarted": outcome.restarts,
    }
    if outcome.plan.changes:
        from .virtual_proxy_result import rendered

        result["diff"] = [rendered(plan) for plan in outcome.plan.plans if plan.changes]
    return result


def _wish(params: t.Mapping[str, t.Any]) -> Wish:
    if params["restore"] is None:
        return wish_of(params)
    reject_beside_restore(params, single_spec())
    return restoring(params["restore"], allow_restart=params["allow_restart"])


def _job(params: t.Mapping[str, t.Any]) -> Job:
    restore = params["restore"]
    named = "virtual_proxies" if restore is None else "restore"
    if restore is None:
        wishes = tuple(wish_of(entry) for entry in params["virtual_proxies"])
    else:
        reject_beside_restore(params, virtual_proxies_spec())
        wishes = tuple(restoring(before, allow_restart=True) for before in restore)
    counts = collections.Counter(wish.prefix for wish in wishes)
    twice = next((prefix for prefix, count in counts.items() if count > 1), None)
    if twice is not None:
        raise InvalidInput(
            f"{named}: the prefix '{twice}' is there {counts[twice]} times. Leave one of them.",
            option=named,
        )
    tag, prune = params["prune_tag"], None
    if tag is not None:
        if not tag.strip() or len(tag) > 255:
            raise InvalidInput(
                "prune_tag is not a valid name of a tag. Set 1 to 255 characters.",
                option="prune_tag",
            )
        odd = control_character(tag)
        if odd:
            raise InvalidInput(f"prune_tag {odd}", option="prune_tag")
        wishes = tuple(wish.tagged(tag) for wish in wishes)
    if params["prune"]:
        if all(wish.absent for wish in wishes):
            raise InvalidInput(
                "virtual_proxies: with prune, a list without an entry of state present would "
                f"remove every virtual proxy with the tag '{tag}'. Nothing was sent. Remove "
                "them by name, with state absent.",
                option="virtual_proxies",
            )
        prune = Prune(tag, params["prune_limit"])
    return Job(wishes, prune, params["allow_restart"], windows_user(params))


def _ending(module: AnsibleModule, outcome: Outcome[SitePlan]) -> t.Dict[str, t.Any]:
    """In check mode: the number of sessions that the restarts would end, if known."""
    asked = module.check_mode and module.params["auth"] == "certificate"
    if not asked or not outcome.restarts:
        return {}
    from .sessions_ending import sessions_ending

    return {"sessions_ending": sessions_ending(module, outcome.plan.site, outcome.restarts)}


def _approval(module: AnsibleModule, job: Job) -> t.Callable[[Outcome[SitePlan]], None]:
    """What looks at a plan before it is carried out; warns of the wishes themselves right away."""
    alone = len(job.wishes) == 1
    for wish in job.wishes:
        for sentence in advice(wish.options):
            warn(module, sentence if alone else f"virtual proxy '{wish.prefix}': {sentence}")

    def approve(first: Outcome[SitePlan]) -> None:
        # A run that changes nothing needs no cryptography, and does not import it.
        require(module, "cryptography")
        from .virtual_proxy_result import reject_unusable_certificate

        spare_way_in(module, first.plan)
        for each in first.plan.plans:
            if each.prefix not in job.snapshots:
                whose = "" if alone else f" of the virtual proxy '{each.prefix}'"
                reject_unusable_certificate(each, whose)

    return approve


def _ended(
    module: AnsibleModule,
    resource: VirtualProxies,
    outcome: Outcome[SitePlan],
    result: t.Dict[str, t.Any],
) -> t.Dict[str, t.Any]:
    """The result of a task that came to its end, with what users are warned of."""
    warn_of_outcome(module, outcome, resource.job.snapshots)
    ending = redacted(_ending(module, outcome))
    return {**result, **ending, "requests": resource.qrs.requests}


def _one(outcome: Outcome[SitePlan], plan: Plan) -> t.Dict[str, t.Any]:
    """What became of one virtual proxy."""
    entity = entity_of(outcome, plan)
    links = plan.after.get("proxies", []) if entity else []
    described = None
    if entity:
        options = describe(entity, outcome.plan.site.nodes, outcome.plan.site.proxies)
        described = {**options, "proxies": links}
    return {
        "changed": plan.changes,
        "virtual_proxy": described,
        "id": entity.get("id") if entity else None,
        "links": links,
    }

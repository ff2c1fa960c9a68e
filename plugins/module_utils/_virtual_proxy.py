# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of ``qlik_virtual_proxy`` and ``qlik_virtual_proxies``: from options to a result."""

from __future__ import annotations

import collections
import typing as t

from ._clock import CLOCK
from ._core.converge import Outcome, converge
from ._core.errors import InvalidInput
from ._core.plan import DELETE
from ._core.redact import holds_key, redacted
from ._core.virtual_proxy import describe
from ._core.virtual_proxy_rules import advice
from ._core.wish import Job, Prune
from ._deps import require
from ._qrs_connection import connect
from ._virtual_proxy_options import wish_of
from ._way_in import api_prefix

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from ._core.plan import Plan
    from ._core.qrs import Entity, Qrs
    from ._core.site_plan import SitePlan

_DEAD = (
    "no proxy service serves the virtual proxy '{}', so nobody can get in there: give the option "
    "proxies, for example 'central'."
)


def run_virtual_proxy(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring one virtual proxy to the module's options, or in check mode say what that takes."""
    qrs = connect(module)
    outcome = _converged(module, qrs, Job((wish_of(module.params),)))
    (plan,) = outcome.plan.plans
    result = {**_one(outcome, plan), "proxies_restarted": outcome.restarts}
    if plan.changes:
        from ._virtual_proxy_result import rendered

        result["diff"] = rendered(plan)
    return {**redacted(result), "requests": qrs.requests}


def run_virtual_proxies(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring a list of virtual proxies to what the module's options say, or say what that takes."""
    job = _job(module.params)
    qrs = connect(module)
    outcome = _converged(module, qrs, job)
    shown = len(job.wishes)
    result: t.Dict[str, t.Any] = {
        "changed": outcome.plan.changes,
        "virtual_proxies": [_brief(outcome, plan) for plan in outcome.plan.plans[:shown]],
        "pruned": list(outcome.plan.pruned),
        "proxies_restarted": outcome.restarts,
    }
    if outcome.plan.changes:
        from ._virtual_proxy_result import rendered

        result["diff"] = [rendered(plan) for plan in outcome.plan.plans if plan.changes]
    return {**redacted(result), "requests": qrs.requests}


def _job(params: t.Mapping[str, t.Any]) -> Job:
    wishes = tuple(wish_of(entry) for entry in params["virtual_proxies"])
    counts = collections.Counter(wish.prefix for wish in wishes)
    twice = next((prefix for prefix, count in counts.items() if count > 1), None)
    if twice is not None:
        raise InvalidInput(
            f"virtual_proxies: the prefix '{twice}' is there {counts[twice]} times. Leave one of "
            "them.",
            option="virtual_proxies",
        )
    tag, prune = params["prune_tag"], None
    if tag is not None:
        if not tag.strip() or len(tag) > 255:
            raise InvalidInput(
                "prune_tag is no name of a tag: give 1 to 255 characters.", option="prune_tag"
            )
        wishes = tuple(wish.tagged(tag) for wish in wishes)
    if params["prune"]:
        if all(wish.absent for wish in wishes):
            raise InvalidInput(
                "virtual_proxies: with prune, a list without a virtual proxy that shall be present "
                f"would remove every one with the tag '{tag}'. Nothing was sent. Remove them by "
                "name, with state absent.",
                option="virtual_proxies",
            )
        prune = Prune(tag, params["prune_limit"])
    return Job(wishes, prune, params["allow_restart"])


def _converged(module: AnsibleModule, qrs: Qrs, job: Job) -> Outcome:
    alone = len(job.wishes) == 1
    for wish in job.wishes:
        for sentence in advice(wish.options):
            module.warn(sentence if alone else f"virtual proxy '{wish.prefix}': {sentence}")

    def approve(plan: SitePlan) -> None:
        if plan.changes:
            _spare_way_in(module, plan)
            # A run that changes nothing needs no cryptography, and does not import it.
            require(module, "cryptography")
            from ._virtual_proxy_result import refuse_unusable_certificate

            for each in plan.plans:
                whose = "" if alone else f" of the virtual proxy '{each.prefix}'"
                refuse_unusable_certificate(each, whose)

    outcome = converge(qrs, job, CLOCK, check=module.check_mode, approve=approve)
    for plan in outcome.plan.plans:
        if outcome.entity(plan) and not plan.after.get("proxies"):
            module.warn(_DEAD.format(plan.prefix))
        warn_of_key(module, plan.present)
    return outcome


def _spare_way_in(module: AnsibleModule, plan: SitePlan) -> None:
    """Whoever comes through a virtual proxy can lock themselves out by changing that very one."""
    way_in = api_prefix(module.params)
    for each in plan.plans:
        if way_in is None or each.prefix != way_in.lower() or not each.changes:
            continue
        if each.action == DELETE or (each.serving and not each.after.get("proxies")):
            raise InvalidInput(
                f"The virtual proxy '{each.prefix}' is the way in that this run itself uses "
                "(api_prefix), so it is neither removed nor unlinked. Nothing was written. Use the "
                "client certificate, or another virtual proxy, for that.",
                option="api_prefix",
            )
        module.warn(
            f"this run reaches the repository through the virtual proxy '{each.prefix}' "
            f"(api_prefix) and changes it: {', '.join(each.options)}. A mistake there locks it out."
        )


def warn_of_key(module: AnsibleModule, entity: t.Optional[Entity]) -> None:
    """Say that a private key lies open on the site, where one was pasted as JWT certificate."""
    if entity and holds_key(entity.get("jwtPublicKeyCertificate")):
        module.warn(
            f"the virtual proxy '{entity.get('prefix') or ''}' held a private key in the field JWT "
            "certificate, where every administrator can read it: make a new key pair, and trust "
            "the old one nowhere."
        )


def _one(outcome: Outcome, plan: Plan) -> t.Dict[str, t.Any]:
    """What became of one virtual proxy."""
    entity = outcome.entity(plan)
    links = plan.after.get("proxies", []) if entity else []
    described = None
    if entity:
        options = describe(entity, outcome.site.nodes, outcome.site.proxies)
        described = {**options, "proxies": links}
    return {
        "changed": plan.changes,
        "virtual_proxy": described,
        "id": entity.get("id") if entity else None,
        "before": {"entity": plan.present, "proxies": list(plan.serving)},
        "links": links,
    }


def _brief(outcome: Outcome, plan: Plan) -> t.Dict[str, t.Any]:
    """The same in a list of many: what was there before only where that is not there any more."""
    one = {"prefix": plan.prefix, **_one(outcome, plan)}
    return one if plan.changes else {**one, "before": None}

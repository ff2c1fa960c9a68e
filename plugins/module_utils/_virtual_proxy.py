# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module ``qlik_virtual_proxy``: options into a wish, an outcome into a result."""

from __future__ import annotations

import typing as t

from ._clock import CLOCK
from ._core.converge import Outcome, Wish, converge
from ._core.redact import holds_key, redacted
from ._core.site import Site
from ._core.virtual_proxy import describe
from ._core.virtual_proxy_rules import advice
from ._deps import require
from ._qrs_connection import connect
from ._virtual_proxy_options import given_options

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from ._core.plan import Plan
    from ._core.qrs import Entity


def run_virtual_proxy(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring one virtual proxy to the module's options, or in check mode say what that takes."""
    params = module.params
    wish = Wish(
        prefix=params["prefix"],
        options=given_options(params),
        absent=params["state"] == "absent",
        proxies_mode=params["proxies_mode"],
        allow_list_mode=params["host_allow_list_mode"],
        allow_restart=params["allow_restart"],
    )
    for sentence in advice(wish.options):
        module.warn(sentence)
    qrs = connect(module)

    def approve(plan: Plan) -> None:
        if plan.changes:
            # A run that changes nothing needs no cryptography, and does not import it.
            require(module, "cryptography")
            from ._virtual_proxy_result import refuse_unusable_certificate

            refuse_unusable_certificate(plan)

    outcome = converge(qrs, wish, CLOCK, check=module.check_mode, approve=approve)
    result = _result(outcome)
    if outcome.entity and not result["links"]:
        module.warn(
            f"no proxy service serves the virtual proxy '{wish.prefix}', so nobody can get in "
            "there: give the option proxies, for example 'central'."
        )
    warn_of_key(module, outcome.plan.present)
    return {**redacted(result), "requests": qrs.requests}


def warn_of_key(module: AnsibleModule, entity: t.Optional[Entity]) -> None:
    """Say that a private key lies open on the site, where one was pasted as JWT certificate."""
    if entity and holds_key(entity.get("jwtPublicKeyCertificate")):
        module.warn(
            f"the virtual proxy '{entity.get('prefix') or ''}' held a private key in the field JWT "
            "certificate, where every administrator can read it: make a new key pair, and trust "
            "the old one nowhere."
        )


def _result(outcome: Outcome) -> t.Dict[str, t.Any]:
    plan, entity = outcome.plan, outcome.entity
    result: t.Dict[str, t.Any] = {
        "changed": plan.changes,
        "virtual_proxy": None,
        "id": entity.get("id") if entity else None,
        "before": _before(outcome.site, outcome),
        "links": plan.after.get("proxies", []) if entity else [],
        "proxies_restarted": outcome.restarts,
    }
    if entity:
        options = describe(entity, outcome.site.nodes, outcome.site.proxies)
        result["virtual_proxy"] = {**options, "proxies": result["links"]}
    if plan.changes:
        from ._virtual_proxy_result import rendered

        result["diff"] = rendered(plan)
    return result


def _before(site: Site, outcome: Outcome) -> t.Dict[str, t.Any]:
    present = outcome.plan.present
    if present is None:
        return {"entity": None, "proxies": []}
    return {"entity": present, "proxies": [s["id"] for s in site.proxies.linked(present["id"])]}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module ``qlik_user``: options to settings, outcome to result."""

from __future__ import annotations

import typing as t

from .._auth import JWT, acting_user
from .._connection import connect
from .._core.entity.fields import spec_of
from .._core.user.fields import FIELDS, SHOWN
from .._core.user.plan import UserName, UserPlan, describe, is_named_in
from .._core.user.resource import User, entity_of
from .reconciled import reconciled

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.entity.fields import Options
    from .._core.entity.reconcile import Outcome


#: Options whose masked texts are rejected only where they differ from what the site has.
COMPARED = frozenset(field.option for field in FIELDS)


def user_spec() -> t.Dict[str, t.Any]:
    """The options of one user as Ansible declares them."""
    return {
        "directory": {"type": "str", "required": True},
        "id": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **spec_of(FIELDS),
    }


def run_user(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring one user to the module's options, or in check mode say what that takes."""
    params = module.params
    names = [field.option for field in FIELDS]
    name = UserName(params["directory"], params["id"])
    options = {name: params[name] for name in names if params[name] is not None}
    qrs = connect(module)
    user = User(qrs, name, options, acting=_acting(params), absent=params["state"] == "absent")
    dummy, result = reconciled(module, user, _result)
    return {**result, "requests": qrs.requests}


def _acting(params: t.Mapping[str, t.Any]) -> UserName:
    """The user that the repository acts as. A run must not remove or deactivate this user.

    If only a proxy knows the user or its directory, the managed user counts as the acting one
    unless the options name another user.
    """
    managed = UserName(params["directory"], params["id"])
    if params["auth"] == JWT:
        return managed if is_named_in(params["api_token"] or "", managed) else UserName("", "")
    directory, user_id = acting_user(params)
    return UserName(directory or managed.directory, user_id)


def _result(outcome: Outcome[UserPlan]) -> t.Dict[str, t.Any]:
    plan, entity = outcome.plan, entity_of(outcome)
    result: t.Dict[str, t.Any] = {
        "changed": bool(plan.changes),
        "user": None,
        "id": entity.get("id") if entity else None,
        "before": {"entity": plan.present},
    }
    if entity:
        shown = {name: entity[key] for name, key in SHOWN.items() if key in entity}
        result["user"] = {**describe(entity), **shown}
    if plan.changes:
        header = f"user {plan.name}"
        result["diff"] = {
            "before_header": header,
            "after_header": header,
            "before": _changing(plan, plan.before),
            "after": _changing(plan, plan.after),
        }
    return result


def _changing(plan: UserPlan, options: Options) -> Options:
    return {name: options[name] for name in plan.options if name in options}

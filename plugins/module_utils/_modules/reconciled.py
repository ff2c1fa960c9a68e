# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Runs the engine of ``_core/entity/reconcile`` for a module."""

from __future__ import annotations

import typing as t

from .._core.entity.reconcile import Outcome, P, Resource, reconcile
from .._core.errors import QlikError
from .._core.masking import redacted
from .._runtime import CLOCK, reject_damaged

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def reconciled(
    module: AnsibleModule,
    resource: Resource[P],
    result: t.Callable[[Outcome[P]], t.Mapping[str, t.Any]],
    approve: t.Callable[[Outcome[P]], None] = lambda dummy: None,
) -> t.Tuple[Outcome[P], t.Dict[str, t.Any]]:
    """What came of a task, and its ``result`` without secrets.

    Nothing is written when Ansible would mask a part of the result: ``before`` could not be
    restored then. ``approve`` may raise more that speaks against a change. A task that failed in
    the middle returns ``before`` too, so that it can be undone.
    """
    planned: t.List[Outcome[P]] = []

    def approved(first: Outcome[P]) -> None:
        if first.plan.changes:
            approve(first)
            reject_damaged(module, redacted(result(first)))
            planned.append(first)

    try:
        outcome = reconcile(resource, CLOCK, check=module.check_mode, approve=approved)
    except QlikError as error:
        if planned:
            error.result["before"] = redacted(result(planned[0]))["before"]
        raise
    return outcome, redacted(result(outcome))

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens to one request, or from one request on."""

from __future__ import annotations

import dataclasses
import typing as t

from crash.operations import Operation

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]

#: Seconds after which a run gives up waiting, and those after which the site acts or hangs up.
TIMEOUT, LATER = 1, 1.4
#: Seconds that a busy repository asks for.
RETRY_AFTER = 7
_FOR_GOOD = {"times": 10_000}

EMPTY_LIST = "empty list"
#: Faults of one request, then those of that request and of all that follow.
FAULTS: dict[str, Json] = {
    "reset before": {"action": "reset_before"},
    "reset after": {"action": "reset_after"},
    "500": {"action": "status", "status": 500},
    "503": {"action": "status", "status": 503},
    "429": {"action": "status", "status": 429, "headers": {"Retry-After": str(RETRY_AFTER)}},
    "400": {"action": "status", "status": 400, "body": "no"},
    "401": {"action": "status", "status": 401},
    "403": {"action": "status", "status": 403, "body": "Forbidden"},
    "404": {"action": "status", "status": 404},
    "409": {"action": "status", "status": 409, "body": "Conflict"},
    EMPTY_LIST: {"action": "status", "status": 200, "body": "[]"},
    "list of rubbish": {"action": "status", "status": 200, "body": "[1]"},
    "no answer": {"action": "hang", "seconds": LATER},
    "acts too late": {"action": "delay", "seconds": LATER},
    "truncated": {"action": "truncate"},
    "web page": {"action": "html"},
    "down from then on": {"action": "reset_before", **_FOR_GOOD},
    "deaf from then on": {"action": "reset_after", **_FOR_GOOD},
    "busy from then on": {"action": "status", "status": 503, **_FOR_GOOD},
    "refusing from then on": {"action": "status", "status": 403, **_FOR_GOOD},
}
#: What another administrator does at that moment.
EDIT, RIVAL_EDIT = "edit of others", "edit of the same"
RIVAL_CREATION, RIVAL_DELETION = "same creation", "same deletion"
#: What another administrator leaves behind.
THEIR_LINK, THEIR_SETTINGS, THEIR_TIMEOUT = "theirs", {"maxHeaderLines": 777}, 99

SLOW = ("no answer", "acts too late")


@dataclasses.dataclass(frozen=True)
class Fault:
    """One kind of fault at the request of that number, counted from 1."""

    kind: str
    number: int

    @property
    def edits(self) -> bool:
        """Whether another administrator edits what is nobody else's business."""
        return self.kind == EDIT

    @property
    def rivals(self) -> bool:
        """Whether another administrator wants something else of the same."""
        return self.kind in (RIVAL_EDIT, RIVAL_CREATION, RIVAL_DELETION)

    def is_believed(self, operation: Operation) -> bool:
        """Whether a run has to take the false answer for the truth."""
        return (self.kind, self.number) == (EMPTY_LIST, 1) and operation.believes_empty_list

    @property
    def timeout(self) -> int:
        """The option ``timeout`` for the run."""
        return TIMEOUT if self.kind in SLOW else 20

    def order(self, site: Simulator, operation: Operation) -> None:
        """Have it happen."""
        for order in self._orders(site, operation):
            site.fault(port="qrs", nth=self.number, **order)

    def _orders(self, site: Simulator, operation: Operation) -> list[Json]:
        if self.kind == EDIT:
            return _edits(site, operation)
        if self.kind == RIVAL_EDIT:
            kind, where, change = t.cast(t.Any, operation.rival)
            return [{"action": "edit_between", "type": kind, "where": where, "change": change}]
        if self.kind == RIVAL_CREATION:
            kind, entity = t.cast(t.Any, operation.rival_creates)
            return [{"action": "create_between", "type": kind, "entity": entity}]
        if self.kind == RIVAL_DELETION:
            return _deletions(operation)
        return [FAULTS[self.kind]]


def kinds(operation: Operation) -> list[str]:
    """Every kind of fault that an operation can meet."""
    rivals = [RIVAL_EDIT] if operation.rival else []
    rivals += [RIVAL_CREATION] if operation.rival_creates else []
    rivals += [RIVAL_DELETION] if _deletions(operation) else []
    return [*FAULTS, EDIT, *rivals]


def quick_one(operation: Operation, number: int) -> Fault:
    """One fault for the request of that number, another one for the next."""
    quick = [kind for kind in kinds(operation) if kind not in SLOW]
    # The step has no factor in common with their number, so that all of them have their turn.
    return Fault(quick[number * 13 % len(quick)], number)


def _deletions(operation: Operation) -> list[Json]:
    """Another administrator deletes, at the same moment, what has to go."""
    gone = [p for p, wanted in operation.goal.virtual_proxies.items() if wanted is None]
    wheres = [("virtualproxyconfig", {"prefix": prefix}) for prefix in gone]
    if operation.goal.touches_user and operation.goal.user is None:
        wheres.append(("user", {"userId": operation.users[0]["userId"]}))
    return [{"action": "delete_between", "type": kind, "where": where} for kind, where in wheres]


def _edits(site: Simulator, operation: Operation) -> list[Json]:
    """A setting and a link of the central proxy service, and a field of what stays."""
    theirs = site.entity("virtualproxyconfig", prefix=THEIR_LINK)["id"]
    orders: list[Json] = [
        {
            "action": "edit_between",
            "type": "proxyservice",
            "id": site.node()["proxy_id"],
            "change": {"settings": THEIR_SETTINGS},
            "link": [theirs],
        }
    ]
    orders += [
        {
            "action": "edit_between",
            "type": "virtualproxyconfig",
            "where": {"prefix": prefix},
            "change": {"sessionInactivityTimeout": THEIR_TIMEOUT},
        }
        for prefix in edited(operation)
    ]
    if operation.users and operation.goal.user is not None:
        where = {"userId": operation.users[0]["userId"]}
        change = {"inactive": True}
        orders.append({"action": "edit_between", "type": "user", "where": where, "change": change})
    return orders


def edited(operation: Operation) -> list[str]:
    """The virtual proxies that another administrator edits: present before and after."""
    before = [item["prefix"] for item in operation.present]
    return ["other", *(p for p in before if operation.goal.virtual_proxies.get(p) is not None)]

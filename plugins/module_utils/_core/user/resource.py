# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A user as a resource of the engine; the only file that reads and writes users.

This is the one place of the collection that writes users.
"""

from __future__ import annotations

import typing as t

from ..entity.reader import USER, created, read, updated, whole
from ..entity.reconcile import CREATE, DELETE, UPDATE, Outcome, Resource
from ..errors import AccessDenied, AnswerError, QlikError, SiteIncomplete
from ..qrs.filters import all_of, any_of, equals
from .fields import BY_OPTION
from .plan import (
    SHAPE,
    UserName,
    UserPlan,
    lost_options,
    named,
    plan_absent,
    plan_present,
    reject_lockout,
)

if t.TYPE_CHECKING:
    from ..entity.fields import Options
    from ..entity.retry import Journal
    from ..qrs.client import Entity, Qrs


class User(Resource[UserPlan]):
    """One user; ``acting`` is the user that the repository acts as."""

    fields = BY_OPTION

    def __init__(
        self,
        qrs: Qrs,
        name: UserName,
        options: Options,
        *,
        acting: UserName,
        absent: bool = False,
    ) -> None:
        name.check()
        reject_lockout(name, acting, options, absent)
        self._qrs = qrs
        self._name = name
        self._options = options
        self._absent = absent

    def plan(self) -> UserPlan:
        """One request, and a second one where no user was found."""
        present = read_user(self._qrs, self._name)
        if self._absent:
            return plan_absent(self._name, present)
        return plan_present(self._name, present, self._options)

    def writer(self) -> t.Callable[[UserPlan, Journal], None]:
        """One write."""
        return self._write

    def _write(self, plan: UserPlan, journal: Journal) -> None:
        from ..entity.retry import Step

        key = str(plan.name)
        if plan.deletes:
            with journal.step(Step(DELETE, key, f"deleted the user {plan.name}")):
                self._qrs.delete(USER, t.cast("Entity", plan.present)["id"])
            return
        entity = t.cast("Entity", plan.entity)
        verb = "created" if plan.creates else "changed"
        action = CREATE if plan.creates else UPDATE
        step = Step(action, key, f"{verb} the user {plan.name}", creates=plan.creates)
        try:
            with journal.step(step):
                if plan.creates:
                    answer = created(USER, self._qrs.create(USER, entity), SHAPE)
                else:
                    answer = updated(USER, entity, self._qrs.update(USER, entity), SHAPE)
        except AnswerError as error:
            raise _explained(error, plan) from None
        journal.entities[key] = answer
        lost = lost_options(plan, answer)
        if lost:
            raise QlikError(
                f"The repository took the user {plan.name}, but its answer does not carry "
                f"{', '.join(lost)} as it was sent.{_connector(plan)}",
                options=lost,
            )


def entity_of(outcome: Outcome[UserPlan]) -> t.Optional[Entity]:
    """The user in the end, or as it would be; None when there is none."""
    plan = outcome.plan
    if plan.deletes:
        return None
    return outcome.written(str(plan.name)) or plan.entity or plan.present


def read_user(qrs: Qrs, name: UserName) -> t.Optional[Entity]:
    """The user of that name; None when the site has none.

    Qlik does not document whether filters are case-sensitive, so the filter has the usual
    spellings, and the answer is compared again. An empty answer may also mean missing rights:
    then the number of users is 0, too, although every site has some.
    """
    condition = all_of(
        _in_any_case("userDirectory", name.directory), _in_any_case("userId", name.id)
    )
    found = [item for item in read(qrs, USER, condition) if name.is_that_of(item)]
    exact = [item for item in found if named(item) == name]
    if len(exact or found) > 1:
        raise QlikError(
            f"The site has {len(found)} users called {name} but for upper and lower case "
            f"({', '.join(str(named(item)) for item in found)}). Write directory and id as the one "
            "that is meant has them."
        )
    if found:
        return whole(USER, (exact or found)[0], SHAPE)
    if qrs.count(USER) < 1:
        raise SiteIncomplete(
            f"The repository shows no user at all, so whether {name} exists cannot be known: the "
            "user that the repository acts as lacks rights to read users. Use an administrator, "
            "such as INTERNAL\\sa_api."
        )
    return None


def _in_any_case(path: str, value: str) -> str:
    spellings = dict.fromkeys((value, value.upper(), value.lower()))
    return any_of(*(equals(path, spelling) for spelling in spellings))


def _explained(error: AnswerError, plan: UserPlan) -> AnswerError:
    """``error`` with the likely cause."""
    if error.status == 400 and plan.creates:
        error.message += (
            f" Perhaps the site has the user {plan.name} in other upper and lower case, or the "
            "user that the repository acts as may not see it: compare with QMC, Users."
        )
    elif error.status == 400 or isinstance(error, AccessDenied):
        error.message += _connector(plan)
    return error


def _connector(plan: UserPlan) -> str:
    connector = (plan.present or {}).get("userDirectoryConnectorName")
    if not connector:
        return ""
    return (
        f" The user comes from the directory connector '{connector}', which may own what was to be "
        "changed: change it there, or leave the option out."
    )

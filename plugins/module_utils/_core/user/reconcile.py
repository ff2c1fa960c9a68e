# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Read, plan, apply one user; and again while somebody else is faster.

This is the one place of the collection that writes users.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.reader import USER, create, read, update, whole
from ..entity.reconcile import Journal, edited_elsewhere, persist, say_done
from ..errors import AccessRefused, AnswerError, QlikError, SiteIncomplete
from ..masking import redacted
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
    refuse_lockout,
)

if t.TYPE_CHECKING:
    from ..entity.fields import Options
    from ..ports import Clock
    from ..qrs.client import Entity, Qrs


@dataclasses.dataclass(frozen=True)
class UserWish:
    """What is wanted of one user; ``acting`` is the user that the repository acts as."""

    name: UserName
    options: Options
    acting: UserName
    absent: bool = False

    def plan(self, present: t.Optional[Entity]) -> UserPlan:
        """The plan for this wish, when that is what there is."""
        if self.absent:
            return plan_absent(self.name, present)
        return plan_present(self.name, present, self.options)


@dataclasses.dataclass
class UserOutcome:
    """What was there (``plan``) and what was done: nothing in check mode."""

    plan: UserPlan
    journal: Journal = dataclasses.field(default_factory=Journal)
    written: t.Optional[Entity] = None

    @property
    def before(self) -> t.Dict[str, t.Any]:
        """The user as it was, whole and without a secret."""
        return {"entity": redacted(self.plan.present)}

    @property
    def entity(self) -> t.Optional[Entity]:
        """The user in the end, or as it would be; None when there is none."""
        if self.plan.deletes:
            return None
        return self.written or self.plan.entity or self.plan.present


def converge_user(
    qrs: Qrs,
    wish: UserWish,
    clock: Clock,
    *,
    check: bool,
    approve: t.Callable[[UserOutcome], None],
) -> UserOutcome:
    """Bring the user to ``wish``, or with ``check`` only find out what that takes.

    ``approve`` sees what is planned before anything is written, and raises to prevent that.
    """
    wish.name.check()
    refuse_lockout(wish.name, wish.acting, wish.options, wish.absent)
    outcome = UserOutcome(wish.plan(read_user(qrs, wish.name)))
    if outcome.plan.changes:
        approve(outcome)
    if outcome.plan.changes and not check:
        try:
            _persist(qrs, wish, clock, outcome)
        except QlikError as error:
            error.result["before"] = outcome.before
            raise say_done(error, outcome.journal.done) from None
    return outcome


def read_user(qrs: Qrs, name: UserName) -> t.Optional[Entity]:
    """The user of that name; None when the site has none.

    Whether filters look at case is not documented, so the usual spellings are all asked for, and
    the answer is compared again. An empty answer may also mean that rights to read are missing:
    that is told by the number of users, for every site has some.
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


def _persist(qrs: Qrs, wish: UserWish, clock: Clock, outcome: UserOutcome) -> None:
    def renew() -> t.Optional[UserPlan]:
        present = read_user(qrs, wish.name)
        plan = wish.plan(present)
        _refuse_rival(outcome.plan, plan)
        if plan.creates:
            # The request may still be under way.
            for lost in outcome.journal.lost.values():
                raise lost
        if plan.changes:
            return plan
        outcome.written = present
        outcome.journal.note(f"found the user {wish.name} as wanted")
        return None

    persist(
        outcome.plan,
        write=lambda plan: _write(qrs, plan, outcome),
        renew=renew,
        record=outcome.journal,
        clock=clock,
    )


def _write(qrs: Qrs, plan: UserPlan, outcome: UserOutcome) -> None:
    if plan.deletes:
        qrs.delete(USER, t.cast("Entity", plan.present)["id"])
        outcome.journal.note(f"deleted the user {plan.name}")
        return
    entity = t.cast("Entity", plan.entity)
    try:
        write = create if plan.creates else update
        answer = write(qrs, USER, entity, SHAPE)
    except AnswerError as error:
        raise _explained(error, plan) from None
    outcome.written = answer
    verb = "created" if plan.creates else "changed"
    outcome.journal.note(f"{verb} the user {plan.name}")
    lost = lost_options(plan, answer)
    if lost:
        raise QlikError(
            f"The repository took the user {plan.name}, but its answer does not carry "
            f"{', '.join(lost)} as it was sent.{_connector(plan)}",
            options=lost,
        )


def _explained(error: AnswerError, plan: UserPlan) -> AnswerError:
    """``error`` with what is likely behind a refusal."""
    if error.status == 400 and plan.creates:
        error.message += (
            f" Perhaps the site has the user {plan.name} in other upper and lower case, or the "
            "user that the repository acts as may not see it: compare with QMC, Users."
        )
    elif error.status == 400 or isinstance(error, AccessRefused):
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


def _refuse_rival(first: UserPlan, again: UserPlan) -> None:
    """Stop when somebody else changed, to another value, what is being changed here."""
    if first.present is None or again.present is None or again.deletes:
        return
    for option in again.options:
        field = BY_OPTION[option]
        values = [
            field.kind.read(entity.get(field.property)) for entity in (first.present, again.present)
        ]
        if option in first.options and not field.kind.same(*values):
            raise edited_elsewhere(option, f"the user {again.name}", again.present)

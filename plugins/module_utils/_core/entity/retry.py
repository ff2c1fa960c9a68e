# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Carries a plan out, and plans again while another administrator is faster.

The repository locks optimistically: a write with an older ``modifiedDate`` than the stored one is
answered with 409 (Qlik developer help, Updating an entity and handling PUT request conflict
responses). The answer to that is to read and plan again, as long as a difference remains.
"""

from __future__ import annotations

import typing as t

from ..errors import (
    AnswerError,
    Conflict,
    EditedElsewhere,
    NotFound,
    QlikError,
    SiteIncomplete,
    TransportError,
)

if t.TYPE_CHECKING:
    from ..ports import Clock
    from ..qrs.client import Entity
    from .journal import Journal
    from .reconcile import Outcome, P, Resource

#: Seconds of pauses for other writers before one write. What a slow repository takes to answer does
#: not count: each conflict means that another writer was served, and there may be twenty of them.
_PATIENCE = 30.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


def carry_out(resource: Resource[P], outcome: Outcome[P], clock: Clock) -> None:
    """Carry the plan of ``outcome`` out, or after a conflict or a lost answer what is left of it.

    Raises what speaks against another attempt.
    """
    journal = t.cast("Journal", outcome.journal)
    write, plan = resource.writer(), outcome.plan
    resource = resource.later(plan)
    done, paused, pause = -1, 0.0, _FIRST_PAUSE
    while True:
        unclear = None
        try:
            write(plan, journal)
            return
        except (TransportError, AnswerError) as error:
            if len(journal.done) > done:
                done, paused, pause = len(journal.done), 0.0, _FIRST_PAUSE
            if isinstance(error, Conflict) or _is_gone(error):
                if paused >= _PATIENCE:
                    raise
            else:
                # A lost answer does not tell whether the write was done. That is read, once.
                if not _is_unclear(error):
                    raise
                journal.lose(error)
                unclear = error
        length = pause * (0.5 + clock.chance())
        clock.sleep(length)
        paused += length
        pause = min(pause * 2, _LONGEST_PAUSE)
        try:
            plan = resource.plan()
        except (TransportError, AnswerError, SiteIncomplete) as error:
            raise _unsettled(unclear, error) if unclear else error from None
        _refuse_rivals(resource, outcome.plan, plan)
        journal.settle(resource, plan)
        if not plan.changes:
            return


def _refuse_rivals(resource: Resource[P], first: P, again: P) -> None:
    """Stop when somebody else changed, to another value, what is being changed here."""
    known = {change.key: change for change in first.changes}
    for change in again.changes:
        earlier = known.get(change.key)
        if earlier is None or earlier.present is None or change.present is None:
            continue
        for option in change.own:
            if option in earlier.options and not resource.same(
                option, earlier.present, change.present
            ):
                raise _edited_elsewhere(option, change.name, change.present)


def _is_unclear(error: QlikError) -> bool:
    if isinstance(error, AnswerError):
        return error.status >= 500 or error.status < 300
    return isinstance(error, TransportError)


def _is_gone(error: QlikError) -> bool:
    """Whether somebody else deleted what was to be deleted."""
    return isinstance(error, NotFound) and error.details.get("method") == "DELETE"


def _unsettled(lost: QlikError, error: QlikError) -> QlikError:
    """``lost`` is that of a write; ``error`` kept it from being read whether it was done."""
    if not isinstance(lost, TransportError):
        lost.message += (
            " Whether {method} {path} was carried out is not known: run again, the next run reads "
            "before it writes.".format(**lost.details)
        )
    lost.message += f" Reading it failed as well: {error.message}"
    return lost


def _edited_elsewhere(option: str, name: str, entity: Entity) -> EditedElsewhere:
    """The error for a change of ``option`` that somebody else made to another value meanwhile."""
    return EditedElsewhere(
        "{} of {} was changed by {} at {}, while this run was about to change it too. Nothing was "
        "overwritten: agree on a value, then run again.".format(
            option,
            name,
            entity.get("modifiedByUserName") or "somebody else",
            entity.get("modifiedDate") or "the same moment",
        ),
        option=option,
    )

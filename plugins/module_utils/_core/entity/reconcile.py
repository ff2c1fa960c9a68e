# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Carry a plan out, and plan again while another administrator is faster.

The repository locks optimistically: a write with an older ``modifiedDate`` than the stored one is
answered with 409 (Qlik developer help, Updating an entity and handling PUT request conflict
responses). The answer to that is to read and to plan anew, for as long as a difference remains.
"""

from __future__ import annotations

import dataclasses
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

P = t.TypeVar("P")

#: Seconds of pauses for other writers before one write. What a slow repository takes to answer does
#: not count: each conflict means that another writer was served, and there may be twenty of them.
_PATIENCE = 30.0
_FIRST_PAUSE = 0.1
_LONGEST_PAUSE = 2.0


@dataclasses.dataclass
class Journal:
    """What was written so far, over every attempt at the same task.

    ``writing`` names what is being written; ``lost`` holds the errors of writes whose answer was
    lost.
    """

    done: t.List[str] = dataclasses.field(default_factory=list)
    restarts: t.Dict[str, int] = dataclasses.field(default_factory=dict)
    writing: str = ""
    lost: t.Dict[str, QlikError] = dataclasses.field(default_factory=dict)

    def note(self, what: str, *restarted: str) -> None:
        """Remember that ``what`` was done, and which proxy services restart for it."""
        self.done.append(what)
        for name in restarted:
            self.restarts[name] = self.restarts.get(name, 0) + 1

    def lose(self, error: QlikError) -> None:
        """Remember that the answer was lost to the write under way; raises a second loss of it."""
        if self.writing in self.lost:
            raise error
        self.lost[self.writing] = error


class Record(t.Protocol):
    """What ``persist`` asks of a journal."""

    @property
    def done(self) -> t.Sequence[str]:
        """What was written, in words."""

    def lose(self, error: QlikError) -> None:
        """Remember that the answer was lost to the write under way; raises a second loss of it."""


def persist(
    plan: P,
    *,
    write: t.Callable[[P], None],
    renew: t.Callable[[], t.Optional[P]],
    record: Record,
    clock: Clock,
) -> None:
    """Carry ``plan`` out, or after a conflict or a lost answer what is left of it.

    ``renew`` reads and plans anew, and returns None when nothing is left to do; it raises what
    speaks against another attempt.
    """
    done, paused, pause = -1, 0.0, _FIRST_PAUSE
    while True:
        unclear = None
        try:
            write(plan)
            return
        except (TransportError, AnswerError) as error:
            if len(record.done) > done:
                done, paused, pause = len(record.done), 0.0, _FIRST_PAUSE
            if isinstance(error, Conflict) or _is_gone(error):
                if paused >= _PATIENCE:
                    raise
            else:
                # A lost answer does not tell whether the write was done. That is read, once.
                if not _is_unclear(error):
                    raise
                record.lose(error)
                unclear = error
        length = pause * (0.5 + clock.chance())
        clock.sleep(length)
        paused += length
        pause = min(pause * 2, _LONGEST_PAUSE)
        try:
            renewed = renew()
        except (TransportError, AnswerError, SiteIncomplete) as error:
            raise _unsettled(unclear, error) if unclear else error from None
        if renewed is None:
            return
        plan = renewed


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


def edited_elsewhere(option: str, what: str, entity: Entity) -> EditedElsewhere:
    """The error for a change of ``option`` that somebody else made to another value meanwhile."""
    return EditedElsewhere(
        "{} of {} was changed by {} at {}, while this run was about to change it too. Nothing was "
        "overwritten: agree on a value, then run again.".format(
            option,
            what,
            entity.get("modifiedByUserName") or "somebody else",
            entity.get("modifiedDate") or "the same moment",
        ),
        option=option,
    )


def say_done(error: QlikError, done: t.Sequence[str]) -> QlikError:
    """``error``, saying what was done before it."""
    if done:
        error.message += f" Before that, this run {'; '.join(done)}. Run again to finish."
    error.details["done"] = list(done)
    return error

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""One run: asks the questions of a level in their order, and removes what it created."""

from __future__ import annotations

import dataclasses
import typing as t

from ..errors import InvalidInput, QlikError, TransportError
from . import (
    login_changes,
    login_entry,
    login_sessions,
    login_sockets,
    login_tokens,
    read_requests,
    read_site,
    write_entities,
    write_values,
)
from .links import linked_ids
from .question import LEVELS, LOGIN, QUESTIONS, READ, Question, Value
from .reserved import KINDS, VIRTUAL_PROXY
from .wire import Unanswered

if t.TYPE_CHECKING:
    from .bench import Bench

#: Each registers its questions.
FAMILIES = (
    read_requests,
    read_site,
    write_entities,
    write_values,
    login_entry,
    login_sockets,
    login_sessions,
    login_tokens,
    login_changes,
)


@dataclasses.dataclass(frozen=True)
class Answer:
    """The answer to one question: ``observed``, or the reason why there is none."""

    question: Question
    observed: t.Optional[Value] = None
    reason: str = ""


@dataclasses.dataclass
class Run:
    """What a run has found out so far. ``left`` are kinds of entities that may be left behind."""

    level: str
    answers: t.List[Answer] = dataclasses.field(default_factory=list)
    seconds: t.Dict[str, float] = dataclasses.field(default_factory=dict)
    created: t.List[str] = dataclasses.field(default_factory=list)
    left: t.List[str] = dataclasses.field(default_factory=list)
    wrote: bool = False


def questions(level: str) -> t.List[Question]:
    """The questions up to a level, in the order in which they are asked."""
    wanted = LEVELS[: LEVELS.index(level) + 1]
    names = [family.__name__ for family in FAMILIES]
    return sorted(
        (item for item in QUESTIONS.values() if item.level in wanted),
        key=lambda item: names.index(item.family),
    )


def examine(site: Bench, run: Run, *, check_mode: bool, allow_restart: bool) -> None:
    """Ask the questions of ``run.level`` and add the answers to ``run``.

    Raises ``QlikError`` if the repository cannot be reached, or if a reserved name is taken. In
    check mode, only questions of the level read are asked.
    """
    dummy = site.ports.qrs.get("about")
    is_writing = run.level != READ
    if is_writing:
        run.created = list(KINDS)
        left_over = site.reserved.survey()
        if run.level == LOGIN and site.read_rights() == "all":
            site.logins.check_node()
        _check_restart(site, left_over[VIRTUAL_PROXY], allow_restart)
    run.wrote = is_writing and not check_mode
    try:
        if run.wrote:
            _clean(site, run)
            if run.left:
                raise QlikError("What an earlier run created could not be removed.")
        for item in questions(run.level):
            _ask(site, run, item, skip=check_mode and item.level != READ)
    finally:
        if run.wrote:
            _end(site, run)


def _end(site: Bench, run: Run) -> None:
    """End the sessions and remove what was created, even if the first is interrupted."""
    try:
        site.logins.end()
    finally:
        _clean(site, run)


def _clean(site: Bench, run: Run) -> None:
    """Remove what exists of the check's own. If it is interrupted, all of it may be left."""
    run.left = list(KINDS)
    run.left = site.reserved.remove()


def _ask(site: Bench, run: Run, item: Question, *, skip: bool) -> None:
    started = site.ports.tools.timer()
    if skip:
        run.answers.append(Answer(item, reason="check_mode"))
    else:
        run.answers.append(_answer(site, item))
    spent = site.ports.tools.timer() - started
    run.seconds[item.group] = run.seconds.get(item.group, 0.0) + spent


def _answer(site: Bench, item: Question) -> Answer:
    try:
        observed = item.observe(site)
    except Unanswered as error:
        return Answer(item, reason=error.reason)
    except TransportError:
        return Answer(item, reason="no_answer")
    except QlikError:
        return Answer(item, reason="set_up")
    if observed is None:
        return Answer(item, reason="needs_other_site")
    return Answer(item, observed=item.closed(observed))


def _check_restart(site: Bench, found: t.Sequence[t.Any], allow_restart: bool) -> None:
    """Removing a virtual proxy that is still linked restarts proxies."""
    ids = {entity["id"] for entity in found}
    if not ids or allow_restart:
        return
    if any(ids & set(linked_ids(service)) for service in site.services()):
        raise InvalidInput(
            "allow_restart: an interrupted run left a virtual proxy that a proxy service serves. "
            "Removing it restarts that proxy and ends its sessions. Nothing was written. Set "
            "allow_restart to true.",
            option="allow_restart",
        )

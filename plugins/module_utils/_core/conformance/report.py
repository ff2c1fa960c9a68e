# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A run as its result: words, numbers and status codes only."""

from __future__ import annotations

import typing as t

from .question import YES
from .wire import REASONS

if t.TYPE_CHECKING:
    from .run import Answer, Run

Json = t.Dict[str, t.Any]

SCHEMA_VERSION = 1

AS_ASSUMED, DIFFERS, NOTED, NOT_ASKED = "as_assumed", "differs", "noted", "not_asked"
STATES = (AS_ASSUMED, DIFFERS, NOTED, NOT_ASKED)


def report(run: Run) -> Json:
    """The content of conformance.json."""
    answers = [_answer(item) for item in run.answers]
    return {
        "schema_version": SCHEMA_VERSION,
        "level": run.level,
        "complete": bool(answers)
        and all(a["reason"] in (None, "needs_other_site") for a in answers),
        "left": list(run.left),
        "summary": {state: sum(a["state"] == state for a in answers) for state in STATES},
        "groups": _groups(run, answers),
        "answers": answers,
    }


def progress(found: t.Mapping[str, t.Any]) -> t.List[str]:
    """One line per group of questions, then one per answer that differs."""
    lines = [
        f"{group['name']}: {group['asked']} answered, {group['differs']} different, "
        f"{group['not_asked']} not answered, {group['seconds']} s"
        for group in found["groups"]
    ]
    for answer in found["answers"]:
        if answer["state"] == DIFFERS:
            expected = " or ".join(str(value) for value in answer["assumed"])
            lines.append(
                f"{answer['id']}: {answer['observed']}, expected {expected}. Collection copes: "
                f"{answer['copes']}. {answer['effect']}"
            )
    return lines


def _answer(answer: Answer) -> Json:
    item = answer.question
    shown: Json = {
        "id": item.id,
        "level": item.level,
        "group": item.group,
        "question": item.about,
        "sent": item.sent,
        "assumed": item.expected,
        "mark": item.mark,
    }
    if answer.observed is None:
        why = {"reason": answer.reason, "effect": REASONS[answer.reason].capitalize() + "."}
        return {**shown, "observed": None, "state": NOT_ASKED, "copes": None, **why}
    effect = item.effect(answer.observed)
    state = DIFFERS
    if item.is_assumed(answer.observed):
        state = AS_ASSUMED if item.expected else NOTED
    copes = effect.copes if state == DIFFERS else YES
    return {
        **shown,
        "observed": answer.observed,
        "state": state,
        "copes": copes,
        "reason": None,
        "effect": effect.text,
    }


def _groups(run: Run, answers: t.Sequence[Json]) -> t.List[Json]:
    groups = []
    for name in dict.fromkeys(answer["group"] for answer in answers):
        states = [answer["state"] for answer in answers if answer["group"] == name]
        groups.append(
            {
                "name": name,
                "asked": len(states) - states.count(NOT_ASKED),
                "differs": states.count(DIFFERS),
                "not_asked": states.count(NOT_ASKED),
                "seconds": round(run.seconds.get(name, 0.0)),
            }
        )
    return groups

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX demands of a survey and of an answer to it, written from its source.

``awx/api/views/__init__.py`` (JobTemplateSurveySpec) and ``awx/main/models/mixins.py``
(SurveyJobTemplateMixin). Each function yields a sentence for each thing that AWX would refuse.
"""

from __future__ import annotations

import typing as t
from collections.abc import Iterator

from awx.definitions import Json

TYPES: dict[str, t.Any] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (float, int),
}
CHOOSING = ("multiplechoice", "multiselect")


def faults(survey: Json) -> Iterator[str]:
    """Everything that AWX would refuse in a survey."""
    for key, kind in (("name", str), ("description", str), ("spec", list)):
        if not isinstance(survey.get(key), kind):
            yield f"{key} is missing, or no {kind.__name__}"
    questions = survey.get("spec") or []
    if not questions:
        yield "spec asks nothing"
    named = [question.get("variable") for question in questions]
    yield from (f"{one} is asked twice" for one in sorted({n for n in named if named.count(n) > 1}))
    for question in questions:
        yield from (f"{question.get('variable')}: {what}" for what in of_question(question))


def of_question(question: Json) -> Iterator[str]:
    """What is wrong with a question."""
    for key in ("type", "question_name", "variable"):
        if not isinstance(question.get(key), str):
            yield f"{key} is missing, or no text"
    if not isinstance(question.get("required"), bool):
        yield "required is missing, or no boolean"
    if question.get("type") not in TYPES:
        yield f"type {question.get('type')} is unknown"
        return
    for key in ("min", "max"):
        if not isinstance(question.get(key), (int, type(None))):
            yield f"{key} is no integer"
    default = question.get("default", "")
    if default != "" and not isinstance(default, TYPES[question["type"]]):
        yield f"default is no {question['type']}"
    elif question["type"] in CHOOSING:
        yield from of_choices(question)


def of_choices(question: Json) -> Iterator[str]:
    """What is wrong with the choices and the default among them."""
    offered = choices(question)
    if not offered:
        yield "choices are missing"
    chosen = [line for line in str(question.get("default", "")).splitlines() if line.strip()]
    if question["type"] == "multiplechoice" and len(chosen) > 1:
        yield "default is more than one choice"
    yield from (f"default {one} is no choice" for one in chosen if one not in offered)


def choices(question: Json) -> list[str]:
    """What can be chosen, given as a list or as lines."""
    given = question.get("choices", [])
    return (
        [line for line in given.splitlines() if line.strip()] if isinstance(given, str) else given
    )


def of_answer(question: Json, answer: object) -> Iterator[str]:
    """What is wrong with an answer that was sent."""
    kind = question["type"]
    if kind == "multiselect":
        if not isinstance(answer, list):
            yield f"{answer!r} is no list"
            return
        yield from (f"{one} is no choice" for one in answer if one not in choices(question))
    elif kind == "multiplechoice":
        if answer not in choices(question):
            yield f"{answer!r} is no choice"
    elif (
        not _is_number(answer, int)
        if kind == "integer"
        else not _is_number(answer, int, float)
        if kind == "float"
        else not isinstance(answer, str)
    ):
        yield f"{answer!r} is no {kind}"
    else:
        size = len(answer) if isinstance(answer, str) else t.cast(float, answer)
        if question.get("min") not in ("", None) and size < question["min"]:
            yield f"{answer!r} is too small"
        if question.get("max") not in ("", None) and size > question["max"]:
            yield f"{answer!r} is too large"


def _is_number(answer: object, *kinds: type) -> bool:
    """Whether it is of one of these kinds; a boolean is none, though Python calls it an integer."""
    return isinstance(answer, kinds) and not isinstance(answer, bool)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/conformance.md and the schema agree with the registry of questions."""

from __future__ import annotations

import json
import re

from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.question import (
    COPES,
    LEVELS,
    LOGIN,
    MARKS,
    STATUS,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.report import STATES
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.run import questions
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.wire import REASONS
from tools.checkout import ROOT
from tools.conformance_page import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")
SCHEMA = json.loads((ROOT / "docs" / "conformance.schema.json").read_text(encoding="utf-8"))
QUESTIONS = questions(LOGIN)


def test_the_generated_part_is_up_to_date() -> None:
    assert page(TEXT) == TEXT, "run make pages"


def test_every_question_is_complete() -> None:
    for item in QUESTIONS:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", item.id)
        assert item.about.endswith("?"), item.id
        assert item.why.endswith("."), item.id
        assert item.mark in MARKS, item.id
        assert item.level in LEVELS, item.id
        assert item.sent, item.id


def test_assumed_answers_and_effects_are_answers_that_a_question_allows() -> None:
    for item in QUESTIONS:
        for value in (*item.assumed, *item.effects):
            assert item.closed(value) == value, item.id
        assert not set(item.assumed) & set(item.effects) or item.kind != STATUS, item.id


def test_texts_of_effects_are_sentences() -> None:
    for item in QUESTIONS:
        for effect in (*item.effects.values(), item.otherwise):
            assert effect.copes in COPES
            assert effect.text.endswith("."), item.id


def test_the_schema_lists_what_a_result_can_hold() -> None:
    answer = SCHEMA["properties"]["answers"]["items"]["properties"]
    assert answer["reason"]["enum"] == [*REASONS, None]
    assert answer["copes"]["enum"] == [*COPES, None]
    assert answer["mark"]["enum"] == [*MARKS]
    assert answer["state"]["enum"] == [*STATES]
    assert SCHEMA["$defs"]["level"]["enum"] == [*LEVELS]


def test_no_text_is_taken_for_html() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", TEXT, flags=re.DOTALL)
    assert re.findall(r"<\w+>", prose) == []

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/findings.md agrees with the registry of findings."""

from __future__ import annotations

import re

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import RULES
from tools.findings_page import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def test_the_generated_parts_are_up_to_date() -> None:
    assert page(TEXT) == TEXT, "run make pages"


def test_every_code_has_one_section() -> None:
    assert sorted(re.findall(r"^### (\w+)$", TEXT, re.MULTILINE)) == sorted(RULES)


def test_no_text_is_taken_for_html_or_a_quotation() -> None:
    prose = re.sub(r"```.*?```|`[^`]*`|<!--.*?-->", "", TEXT, flags=re.DOTALL)
    assert re.findall(r"<\w+>|^>.*", prose, re.MULTILINE) == []


def test_answers_to_readers_name_codes_that_exist() -> None:
    answers = TEXT.partition("## Questions that readers")[2]
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)`", answers))
    assert {"redirect_uri_ignored", "stale_session_cookie", "not_routed"} <= named <= set(RULES)

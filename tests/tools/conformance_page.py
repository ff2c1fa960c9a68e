# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the questions in docs/conformance.md from the registry: ``make pages``."""

from __future__ import annotations

from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.question import (
    LOGIN,
    MARKS,
    Question,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.run import questions
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "conformance.md"

_BEGIN, _END = (f"<!-- {word} generated questions: see make pages -->" for word in ("begin", "end"))
_COPES = {"yes": "", "setting": "Needs a setting. ", "no": "**Not supported.** ", "unknown": ""}


def page(text: str) -> str:
    """``text`` with new questions."""
    before, rest = text.split(_BEGIN)
    dummy, after = rest.split(_END)
    return f"{before}{_BEGIN}\n\n{sections()}\n\n{_END}{after}"


def sections() -> str:
    """A section for each level and group, with a part for each question."""
    parts: list[str] = []
    title = ""
    for item in questions(LOGIN):
        if title != f"### Level {item.level}: {item.group}":
            title = f"### Level {item.level}: {item.group}"
            parts.append(title)
        parts.append(_part(item))
    return "\n\n".join(parts)


def _part(item: Question) -> str:
    expected = " or ".join(f"`{_shown(value)}`" for value in item.expected) or "any answer"
    lines = [
        f"#### {item.id}",
        "",
        f"{item.about} {item.why}",
        "",
        f"- Sent: {_code(item.sent)}",
        f"- Assumed: {expected} ({MARKS[item.mark]})",
    ]
    for value, effect in item.effects.items():
        lines.append(f"- If `{_shown(value)}`: {_COPES[effect.copes]}{effect.text}")
    return "\n".join(lines)


def _code(text: str) -> str:
    """Requests in code, so that names in angle brackets are not taken for HTML."""
    return f"`{text}`"


def _shown(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

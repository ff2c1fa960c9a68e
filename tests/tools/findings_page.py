# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the generated parts of docs/findings.md from the registry: ``make pages``.

The generated parts are between two comments each. The rest of the page is written by hand.
"""

from __future__ import annotations

import inspect
import re
import textwrap

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.base import (
    RULES,
    Rule,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.findings.order import ORDER
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.result import FAMILIES
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "findings.md"

_WIDTH = 120


def page(text: str) -> str:
    """``text`` with new generated parts."""
    return _replaced(_replaced(text, "order", order()), "findings", findings())


def order() -> str:
    """The order of precedence as a numbered list."""
    return "\n".join(
        _wrapped(
            f"{number}. {layer.question}{' ' if layer.question.endswith('?') else ': '}"
            f"{', '.join(f'`{code}`' for code in layer.codes)}. {layer.note}",
            indent="   ",
        )
        for number, layer in enumerate(ORDER, 1)
    )


def findings() -> str:
    """A section for each code, by family."""
    parts = []
    for family in FAMILIES:
        name = family.__name__.rpartition(".")[2]
        parts.append(f"## {name.replace('_', ' ').capitalize()}")
        parts += [section(rule) for rule in RULES.values() if rule.family == name]
    return "\n\n".join(parts)


def section(rule: Rule) -> str:
    """The section of one code."""
    places = f"**QMC:** {rule.field}. " if rule.field else ""
    places += f"**Option:** `{rule.option}`." if rule.option else ""
    parts = [
        f"### {rule.code}",
        f"```text\n{rule.code}: {_named(rule.summary)}\n```",
        _text(f"**Level:** {rule.level}. **Cause:** {inspect.getdoc(rule.check)}"),
        _text(f"**Remedy:** {_as_code(_named(rule.remedy))}"),
        # On one line: a line that began with > would be a quotation.
        places.strip(),
    ]
    return "\n\n".join(filter(None, parts))


def _named(template: str) -> str:
    """The template with its evidence as the page names it."""
    return re.sub(r"\{(\w+)\}", r"<\1>", template)


def _as_code(text: str) -> str:
    """Outside code, a name in angle brackets would be taken for HTML."""
    return re.sub(r"<\w+>", r"`\g<0>`", text)


def _text(text: str) -> str:
    """Paragraphs and lists, wrapped."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        items = re.split(r"\n(?=- )", paragraph)
        paragraphs.append("\n".join(_wrapped(item, "  " * (item[:2] == "- ")) for item in items))
    return "\n\n".join(paragraphs)


def _wrapped(text: str, indent: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()),
        _WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _replaced(text: str, name: str, generated: str) -> str:
    begin, end = (f"<!-- {word} generated {name}: see make pages -->" for word in ("begin", "end"))
    before, rest = text.split(begin)
    dummy, after = rest.split(end)
    return f"{before}{begin}\n\n{generated}\n\n{end}{after}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""docs/messages.md quotes messages as the collection prints them."""

from __future__ import annotations

import ast
import re
import typing as t
from collections.abc import Iterator

import pytest
import yaml

from meta.source import PLUGINS, checkout_files, parse, python_files
from tools.checkout import ROOT

PAGE = ROOT / "docs" / "messages.md"
QUOTED = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


class Loader(yaml.SafeLoader):
    """Reads tasks, whose tags don't matter here."""


Loader.add_multi_constructor("!", lambda loader, tag, node: str(node.value))


def texts(value: t.Any) -> Iterator[str]:
    """All texts in what a YAML file contains."""
    if isinstance(value, dict):
        for item in value.items():
            yield from texts(list(item))
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    else:
        yield str(value)


@pytest.fixture(scope="module")
def printed() -> str:
    """The texts of plugins, roles, and playbooks."""
    found = [
        str(node.value)
        for path in python_files(PLUGINS)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Constant)
    ]
    for path in checkout_files(".yml"):
        if path.relative_to(ROOT).parts[0] in ("roles", "playbooks"):
            found += texts(yaml.load(path.read_text(encoding="utf-8"), Loader))
    return "\n".join(" ".join(text.split()) for text in found)


@pytest.mark.parametrize("message", QUOTED)
def test_the_collection_prints_the_message(printed: str, message: str) -> None:
    assert message in printed


def test_no_message_is_listed_twice() -> None:
    assert len(QUOTED) == len({*QUOTED}) > 20

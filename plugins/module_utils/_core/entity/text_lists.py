# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads lists that are given as text: commas, lines, YAML, JSON.

It reads simple lists in YAML itself: nodes may lack PyYAML, and YAML would turn names such as
``on`` into other values.
"""

from __future__ import annotations

import json
import re
import typing as t

#: An IPv6 address in brackets, which is not a list.
_ADDRESS = re.compile(r"\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]")

_QUOTED = r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'"""
#: An entry of a list in brackets, up to its comma or the end.
_IN_BRACKETS = re.compile(rf"\s*(?:({_QUOTED})\s*|([^\s,\[\]{{}}\"'][^,\[\]{{}}]*))(?:,|$)")


def entries(text: str, *, commas: bool = True) -> t.Optional[t.List[str]]:
    """The entries of a text: one per line, separated by commas, or a list in YAML or JSON.

    None for a text that begins like a list and is not one. ``commas`` is false for a text in which
    a comma belongs to the entry.
    """
    stripped = text.strip()
    if stripped.startswith("[") and not _ADDRESS.match(stripped):
        return _in_brackets(stripped)
    if stripped == "-" or re.match(r"-\s|---\s", stripped):
        return _in_lines(stripped)
    found = re.split(r"[,\r\n]" if commas else r"[\r\n]", text)
    return [entry.strip() for entry in found if entry.strip()]


def is_list(text: str) -> bool:
    """Whether a text is a list of quoted texts in YAML or JSON, and so not one entry."""
    return bool(re.match(r"\s*\[\s*[\"']", text)) and entries(text) is not None


def _in_brackets(text: str) -> t.Optional[t.List[str]]:
    try:
        return _texts(json.loads(text))
    except (ValueError, RecursionError):
        pass
    if not text.endswith("]"):
        return None
    found: t.List[t.Optional[str]] = []
    inner, position = text[1:-1].rstrip(), 0
    while position < len(inner):
        entry = _IN_BRACKETS.match(inner, position)
        if entry is None:
            return None
        found.append(_scalar(entry.group(1) or entry.group(2)))
        position = entry.end()
    return _all(found)


def _in_lines(text: str) -> t.Optional[t.List[str]]:
    found: t.List[t.Optional[str]] = []
    for line in re.split(r"[\r\n]+", text):
        stripped = line.strip()
        if not stripped or stripped[0] == "#" or stripped == "---":
            continue
        if stripped[0] != "-" or (not stripped[1:2].isspace() and stripped != "-"):
            return None
        found.append(_of_line(stripped[1:].strip()))
    return _all(found)


def _of_line(text: str) -> t.Optional[str]:
    """The entry after a hyphen; None for anything but a text."""
    quoted = re.match(_QUOTED, text)
    if quoted is not None:
        rest = text[quoted.end() :].strip()
        return None if rest and rest[0] != "#" else _scalar(quoted.group())
    plain = re.split(r"(?:^|\s)#", text, maxsplit=1)[0].strip()
    if plain[:1] in ("{", '"', "'") or plain[:2] == "- ":
        return None
    if plain[:1] == "[" and not _ADDRESS.fullmatch(plain):
        return None
    return _scalar(plain)


def _all(found: t.Iterable[t.Optional[str]]) -> t.Optional[t.List[str]]:
    texts: t.List[str] = []
    for entry in found:
        if entry is None:
            return None
        if entry:
            texts.append(entry)
    return texts


def _scalar(text: str) -> t.Optional[str]:
    """The value of one entry; None for a mapping and for a wrong escape sequence."""
    if text[:1] == '"':
        try:
            return str(json.loads(text)).strip()
        except ValueError:
            return None
    if text[:1] == "'":
        return text[1:-1].replace("''", "'").strip()
    return None if re.search(r":(?:\s|$)", text) else " ".join(text.split())


def _texts(parsed: t.Any) -> t.Optional[t.List[str]]:
    """The entries of a list in JSON, as text; lists in it are flattened."""
    if isinstance(parsed, dict):
        return None
    if not isinstance(parsed, list):
        text = "" if parsed is None else str(parsed).strip()
        return [text] if text else []
    found: t.List[str] = []
    for item in parsed:
        texts = _texts(item)
        if texts is None:
            return None
        found += texts
    return found

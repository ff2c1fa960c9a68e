# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A YAML file of variables whose texts Ansible never evaluates.

Ansible treats a text in a variables file as a Jinja template if the text contains a delimiter or
begins with ``#jinja2:``. Such a text gets the tag ``!unsafe``, also as the key of a mapping. Only
texts of a few harmless characters are written without quotes; all others are double-quoted, and
characters that are invisible, break lines or change the direction of writing are escaped.
"""

from __future__ import annotations

import hashlib
import json
import re
import typing as t

from ..errors import InvalidInput

_PLAIN = re.compile(r"[A-Za-z](?:[\w ./@+(),-]*[\w./@+(),-])?", re.ASCII)
#: Words that YAML 1.1 reads as a boolean or as nothing.
_WORDS = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_LONG = 100

_HEAD = """\
# Written by the role qlikops.sense.jwt_export, which doesn't replace this file after you edit it.
# SHA-256 of the lines below: {}
"""
_HEADED = re.compile(re.escape(_HEAD).replace(r"\{\}", "([0-9a-f]{64})"))


def variables_file(variables: t.Mapping[str, t.Any]) -> str:
    """The text of the file. The first lines show whether the file was edited afterwards."""
    body = "---\n" + "".join(line + "\n" for line in _block(variables))
    return _HEAD.format(_digest(body)) + body


def is_unedited(text: str) -> bool:
    """Whether a text is a file as :func:`variables_file` wrote it; line ends don't count."""
    text = text.replace("\r\n", "\n")
    head = _HEADED.match(text)
    return head is not None and head.group(1) == _digest(text[head.end() :])


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode("utf-8")).hexdigest()


def _block(value: t.Any) -> t.Iterator[str]:
    """The lines of a mapping or list that is not empty."""
    if isinstance(value, t.Mapping):
        for key, item in value.items():
            name = _text(str(key))
            if len(name) > _LONG:
                # Longer keys are not possible in the short form.
                yield f"? {name}"
                name = ""
            yield from _entry(f"{name}:", item, "  ")
    else:
        for item in value:
            yield from _entry("-", item, "")


def _entry(start: str, item: t.Any, indent: str) -> t.Iterator[str]:
    if isinstance(item, str) and _is_literal(item):
        yield f"{start} |"
        yield from (f"  {line}" for line in item.splitlines())
    elif not item or not isinstance(item, (t.Mapping, list, tuple)):
        yield f"{start} {_scalar(item)}"
    elif start == "-":
        first, *others = _block(item)
        yield f"- {first}"
        yield from (f"  {line}" for line in others)
    else:
        yield start
        yield from (f"{indent}{line}" for line in _block(item))


def _scalar(value: t.Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, t.Mapping):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    return json.dumps(value)


def _is_literal(text: str) -> bool:
    """Whether a text of several lines, such as a certificate, can be written as it is."""
    lines = text.split("\n")
    return (
        len(lines) > 2
        and lines[-1] == ""
        and all(re.fullmatch(r"[!-~](?:[ -~]*[!-~])?", line) for line in lines[:-1])
        and not _is_template(text)
    )


def _is_template(text: str) -> bool:
    # Every delimiter contains a brace, unless the override line replaces the delimiters.
    return "{" in text or text.startswith("#jinja2:")


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    quoted = '"' + "".join(map(_character, text)) + '"'
    return f"!unsafe {quoted}" if _is_template(text) else quoted


def _character(character: str) -> str:
    if character in '"\\':
        return "\\" + character
    if character.isprintable():
        return character
    if character == "\n":
        return "\\n"
    number = ord(character)
    if 0xD800 <= number <= 0xDFFF:
        raise InvalidInput(
            "A text of the site contains half of a surrogate pair, which no file can hold. Enter "
            "the text again in QMC."
        )
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"

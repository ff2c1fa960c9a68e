# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the tables of variables in the READMEs of the roles: ``make pages``.

The source is the argument spec. A default that depends on other settings is a paragraph of the
description that begins with "Default"; it fills the column, too. The type ``raw`` accepts the texts
that job templates pass, and the empty answers. Its type in the table is taken from the description.
"""

from __future__ import annotations

import re
import typing as t
from pathlib import Path

import yaml

from tools.checkout import ROOT
from tools.links import REPOSITORY, current, ref

_BEGIN, _END = (f"<!-- {word} generated variables: see make pages -->" for word in ("begin", "end"))

_TYPES = {"str": "string", "int": "integer", "bool": "boolean", "dict": "dictionary"}
_ELEMENTS = {"str": "strings", "dict": "dictionaries"}

#: What a variable of the type ``raw`` contains, by its description.
_RAW = {
    r"Whether ": "boolean",
    r"(Number|Minimum number|Maximum number|Port|Size|Timeout)\b": "integer",
    r"(List|.*\blist) of (mappings|virtual proxies|`before`)": "list of dictionaries",
    r".*\bmapping\b": "dictionary",
    r"Mode ": "string",
}

Spec = dict[str, t.Any]


def pages() -> list[Path]:
    """The READMEs of all roles."""
    return sorted(ROOT.glob("roles/*/README.md"))


def page(path: Path) -> str:
    """A README with a new table."""
    before, rest = path.read_text(encoding="utf-8").split(_BEGIN)
    dummy, after = rest.split(_END)
    return f"{before}{_BEGIN}\n\n{tables(entry_points(path.parent))}\n\n{_END}{after}"


def entry_points(role: Path) -> dict[str, Spec]:
    """What the argument specs of a role document."""
    text = (role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    specs: dict[str, Spec] = yaml.safe_load(text)["argument_specs"]
    return specs


def tables(specs: dict[str, Spec]) -> str:
    """The variables, and the entry points that users may include beside the main one."""
    # The connection has no entry point of its own.
    main = specs.get("main", specs.get("variables", {}))
    parts = [variables(main["options"]) if main.get("options") else "None."]
    others = [(name, spec) for name, spec in specs.items() if spec is not main]
    public = [(name, spec) for name, spec in others if not is_private(spec)]
    if public:
        rows = [f"| `{name}.yml` | {_purpose(spec)} |" for name, spec in public]
        head = "Your own tasks can include these entry points with `tasks_from`:"
        parts += [head, "\n".join(["| entry point | purpose |", "| --- | --- |", *rows])]
        parts += [
            f"Variables of `{name}.yml`:\n\n{variables(spec['options'])}"
            for name, spec in public
            if spec.get("options")
        ]
    return "\n\n".join(parts)


def variables(options: dict[str, Spec]) -> str:
    """A table of options."""
    rows = [
        "| {} |".format(" | ".join((f"`{name}`", kind(spec), default(spec), meaning(spec))))
        for name, spec in options.items()
        if not _paragraphs(spec)[0].startswith("Private.")
    ]
    return "\n".join(
        ["| variable | type | default | description |", "| --- | --- | --- | --- |", *rows]
    )


def is_private(spec: Spec) -> bool:
    """Whether only other roles of the collection use an entry point."""
    return "private" in " ".join(_paragraphs(spec)).lower()


def kind(spec: Spec) -> str:
    """The type of a variable, and whether it is required."""
    name: str = spec["type"]
    if name == "raw":
        text = markdown(" ".join(_paragraphs(spec)))
        found = [kind for start, kind in _RAW.items() if re.match(start, text)]
        if not found:
            raise ValueError(f"describe the type of this variable as one of {[*_RAW]}: {text}")
        name = found[0]
    elif name == "list":
        name = f"list of {_ELEMENTS[spec.get('elements', 'str')]}"
    return _TYPES.get(name, name) + (", required" if spec.get("required") else "")


def default(spec: Spec) -> str:
    """The default of a variable."""
    if "default" in spec:
        value = spec["default"]
        return f"`{value if isinstance(value, str) else yaml.safe_dump(value).splitlines()[0]}`"
    found = [text for text in _paragraphs(spec) if _is_default(text)]
    text = " ".join(re.sub(r"^Default:? (.*)\.$", r"\1", text) for text in found)
    return _cell(re.sub(r"^\d+", r"V(\g<0>)", text))


def meaning(spec: Spec) -> str:
    """The description of a variable."""
    text = _cell(" ".join(text for text in _paragraphs(spec) if not _is_default(text)))
    choices = [f"`{choice}`" for choice in spec.get("choices", []) if choice not in ("", None)]
    return text + (f" Choices: {', '.join(choices)}." if choices else "")


def markdown(text: str) -> str:
    """A text with Ansible's markup in Markdown."""
    text = re.sub(r"\bR\(([^,)]*), ?([^)]*)\)", _reference, text)
    text = re.sub(r"\bP\(([^#)]*)#\w+\)", r"`\1`", text)
    text = re.sub(
        r"\bO\(((?:\\.|[^\\)])*)\)", lambda m: f"`{_value(m[1]).replace('=', ': ')}`", text
    )
    text = re.sub(r"\b(?:RV|[VE])\(((?:\\.|[^\\)])*)\)", lambda m: f"`{_value(m[1])}`", text)
    # In the older markup, a backslash is only a backslash.
    text = re.sub(r"\b[CM]\(([^)]*)\)", r"`\1`", text)
    text = re.sub(r"\bI\(([^)]*)\)", r"*\1*", text)
    return re.sub(r"\bU\(([^)]*)\)", r"<\1>", text)


def _value(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _reference(found: re.Match[str]) -> str:
    guide = found[2].rpartition(".")[2]
    return f"[{found[1]}]({REPOSITORY}/blob/{ref(current())}/docs/{guide}.md)"


def _purpose(spec: Spec) -> str:
    return _cell(" ".join([f"{spec['short_description']}.", *_paragraphs(spec)]))


def _is_default(text: str) -> bool:
    return text.startswith("Default")


def _paragraphs(spec: Spec) -> list[str]:
    found = spec["description"]
    return [found] if isinstance(found, str) else list(found)


def _cell(text: str) -> str:
    return markdown(" ".join(text.split())).replace("|", "\\|")


if __name__ == "__main__":
    for file in pages():
        file.write_text(page(file), encoding="utf-8")

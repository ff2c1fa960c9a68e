# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Words that Ansible's documentation does not use, in texts that people read.

    python -m tools.word_list [FILE …]

Checks documentation, option texts, messages, task names, comments, and docstrings. Prints each
place with the word to use instead. The exit status is 1 if there are more places than
``EXCEPTIONS`` allows.
"""

from __future__ import annotations

import collections
import re
import sys
import typing as t

from tools.checkout import ROOT, files

_SUFFIXES = (".md", ".py", ".yml", ".yaml", ".j2")
_FOLDERS = ("changelogs", "docs", "examples", "extensions", "playbooks", "plugins", "roles")
#: Texts of others, and releases that were published.
_OTHERS = ("CODE_OF_CONDUCT.md", "LICENSES/", "changelogs/changelog.yaml")


class Term(t.NamedTuple):
    """What to look for, and what to write instead."""

    pattern: re.Pattern[str]
    instead: str


def _term(pattern: str, instead: str) -> Term:
    return Term(re.compile(pattern, re.IGNORECASE), instead)


TERMS = {
    "shall": _term(r"\bshall\b", "must, will; the desired state"),
    "stand": _term(r"\bstands?\b(?! for\b)", "is in, is documented in"),
    "nobody": _term(r"\b(?:nobody|somebody|anybody|whoever)\b", "the passive; another user"),
    "is no": _term(
        r"(?<!\bthere )\b(?:is|are|was|were)\s+no\s+(?!longer\b|more\b|other\b)\w", "is not a"
    ),
    "for it": _term(
        r",\s+for\s+(?:it|this|that|they|nobody|nothing|the|every|some|there)\b", "because"
    ),
    "mend": _term(r"\bmend(?:s|ed|ing)?\b", "fix"),
    "foretell": _term(r"\bforet(?:ell|ells|old)\b", "predict; report in check mode"),
    "in order": _term(r"\b(?:bring|brings|brought)\b.{0,40}\bin order\b", "ensure"),
    "hand over": _term(
        r"\bhand(?:s|ed|ing)?\s+(?:it\s+|them\s+|that\s+)?(?:over|back)\b",
        "pass, return, export, restore",
    ),
    "lay": _term(r"\b(?:lay|lays|laid)\b(?!out)", "copy, create"),
    "anew": _term(r"\banew\b", "again; re-created"),
    "refuse": _term(
        r'(?<!connection )(?<!connections )(?!(?<=")refused")'
        r"\brefus(?:e|es|ed|al|als|ing)\b(?! (?:the )?connection)",
        "reject; fails if; is not valid",
    ),
    "tell": _term(r"\b(?:tells?|told)\b", "report, print, show"),
    "without it": _term(r"\b(?-i:W)ithout\s+(?:it|any|both)\b,", "Default: …; if it is not set, …"),
    "go on": _term(r"\bgo(?:es|ing)?\s+on\b", "continue"),
    "what counts": _term(r"\bwhat counts\b|\bcounts without\b", "the name of the thing"),
    "take for": _term(r"\btak(?:e|es|en|ing) \w{0,12} ?for\b", "treat as, interpret as"),
    "in step": _term(r"\bin step\b(?! \d)", "together, synchronized"),
    "left alone": _term(r"\b(?:left|leaves?\s+(?:it|them))\s+alone\b", "is not changed"),
    "check-mode": _term(r"\bcheck-mode\b", "check mode"),
    "British spelling": _term(
        r"\b(?:behaviour|licence|recognis|organis|summaris|normalis)", "American spelling"
    ),
}

_OLDER = "older texts: lower the number with each one that is rewritten"

#: Prefix of the path and term: the number of places, and why they may stay.
EXCEPTIONS: dict[tuple[str, str], tuple[int, str]] = {
    ("plugins/module_utils/_core/errors.py", "refuse"): (1, "a kind of connection error"),
    ("tests/windows_node/README.md", "refuse"): (3, "names of settings and of a kind of task"),
    ("plugins/plugin_utils/", "for it"): (2, _OLDER),
    ("plugins/plugin_utils/", "is no"): (2, _OLDER),
    ("plugins/plugin_utils/", "refuse"): (1, _OLDER),
    ("plugins/plugin_utils/", "shall"): (1, _OLDER),
    ("plugins/plugin_utils/", "tell"): (7, _OLDER),
    ("plugins/plugin_utils/", "without it"): (1, _OLDER),
    ("roles/jwt_rotate_key/", "go on"): (2, _OLDER),
    ("roles/jwt_rotate_key/", "left alone"): (2, _OLDER),
    ("roles/jwt_rotate_key/", "mend"): (3, _OLDER),
}


class Place(t.NamedTuple):
    """A word in a file."""

    name: str
    line: int
    term: str
    word: str


def checked() -> list[str]:
    """The files with texts that people read, relative to the checkout."""
    return [
        name
        for name in files()
        if name.endswith(_SUFFIXES)
        and (name.endswith(".md") or name.startswith(tuple(f"{folder}/" for folder in _FOLDERS)))
        and not name.startswith(_OTHERS)
    ]


def places(name: str, text: str) -> t.Iterator[Place]:
    """Every word of the list in the text of a file."""
    for term, (pattern, _instead) in TERMS.items():
        for found in pattern.finditer(text):
            yield Place(name, text.count("\n", 0, found.start()) + 1, term, found[0])


def not_allowed(found: t.Iterable[Place]) -> list[Place]:
    """The places without those that the exceptions allow."""
    groups: dict[tuple[str, str], list[Place]] = collections.defaultdict(list)
    for place in found:
        groups[_exception(place)].append(place)
    allowed = {key: number for key, (number, _reason) in EXCEPTIONS.items()}
    over = [group for key, group in groups.items() if len(group) > allowed.get(key, 0)]
    return sorted(place for group in over for place in group)


def _exception(place: Place) -> tuple[str, str]:
    """The exception that is about the place, or a key of its own."""
    keys = [key for key in EXCEPTIONS if key[1] == place.term and place.name.startswith(key[0])]
    return max(keys, default=(place.name, place.term))


def main(names: t.Sequence[str]) -> int:
    """Print the places that are not allowed; 1 if there are any."""
    found: list[Place] = []
    for name in names or checked():
        found += places(name, (ROOT / name).read_text(encoding="utf-8"))
    wrong = not_allowed(found)
    for place in wrong:
        word = " ".join(place.word.split())
        print(f"{place.name}:{place.line}: '{word}': use {TERMS[place.term].instead}")
    print(f"{len(wrong)} words to replace, {len(found) - len(wrong)} justified exceptions")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

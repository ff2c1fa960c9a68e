# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The word list finds what it names, and nothing else."""

from __future__ import annotations

import pytest

from tools import word_list

BAD = {
    "shall": "The file shall exist.",
    "stand": "It stands in the README.",
    "nobody": "Somebody else changed it.",
    "is no": "'x' is\nno host name.",
    "for it": "It fails, for it has no key.",
    "mend": "Mend the file.",
    "foretell": "Check mode foretells the change.",
    "in order": "Bring the key pair in order.",
    "hand over": "It hands it over.",
    "lay": "The role lays files.",
    "anew": "It is made anew.",
    "refuse": "The value was refused.",
    "tell": "The result tells the cause.",
    "without it": "Without it, RS256 counts.",
    "go on": "The run goes on.",
    "what counts": "What counts is the last one.",
    "take for": "It is taken for a prefix.",
    "in step": "Keep them in step.",
    "left alone": "The file is left alone.",
    "check-mode": "A check-mode run.",
    "British spelling": "Its behaviour.",
}

GOOD = """\
A description that stands for others. There is no key. It is no longer used. The layout of the keys.
connection refused, Connections refused, the host refused the connection, kind="refused",
refuse connections, the copies of step 3 and in step 3, a role that works without it, if needed.
"""


def test_each_term_has_an_example() -> None:
    assert {*BAD} == {*word_list.TERMS}


@pytest.mark.parametrize("term", BAD)
def test_finds_a_term_with_its_line(term: str) -> None:
    (place,) = word_list.places("a.md", f"# Title\n\n{BAD[term]}\n")
    assert (place.name, place.line, place.term) == ("a.md", 3, term)


def test_accepts_the_terms_of_the_field() -> None:
    assert [*word_list.places("a.md", GOOD)] == []


def test_an_exception_allows_a_number_of_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_list, "EXCEPTIONS", {("plugins/", "mend"): (2, "a name")})
    first, second = (word_list.Place(f"plugins/{x}.py", 1, "mend", "mend") for x in "ab")
    elsewhere = word_list.Place("docs/a.md", 1, "mend", "mend")
    other = word_list.Place("plugins/a.py", 1, "anew", "anew")
    assert word_list.not_allowed([first, second]) == []
    assert word_list.not_allowed([first, second, second]) == [first, second, second]
    assert word_list.not_allowed([first, elsewhere, other]) == [elsewhere, other]


def test_checks_the_texts_of_the_product_only() -> None:
    checked = word_list.checked()
    assert {"README.md", "tests/README.md", "plugins/modules/qlik_user.py"} <= {*checked}
    assert not [name for name in checked if name.startswith(("LICENSES", "tests/unit"))]


def test_each_exception_is_about_a_term() -> None:
    assert {term for _prefix, term in word_list.EXCEPTIONS} <= {*word_list.TERMS}

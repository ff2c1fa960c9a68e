# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A variables file as Ansible reads it: the same data, and no text in it is a template."""

from __future__ import annotations

import inspect
import typing as t

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.variables.file import (
    is_unedited,
    variables_file,
)
from playbooks.hostile import ODD, texts
from support import tls_server as ca

EVALUATED = [
    "{{ 7*7 }}", "{% if true %}x{% endif %}", "{# gone #}", "a {{ 7*7 }} b", " {{ 7*7 }}",
    "#jinja2:variable_start_string:'[%', variable_end_string:'%]'\n[% 7*7 %]",
]  # fmt: skip
#: Not every release evaluates these.
SOMETIMES = ["#jinja2:line_statement_prefix:'%'\n% if true\nx\n% endif\n", *texts("unit")]
every_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    [*EVALUATED, *ODD, *SOMETIMES, "k" * 1100, "{{ 7*7 }}" * 150]
)
values = st.recursive(
    every_text | st.booleans() | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(every_text, inner, max_size=3),
    max_leaves=12,
)


class Read(t.NamedTuple):
    """A variable as it is in the file, and as a task gets it."""

    stored: t.Any
    used: t.Any


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> t.Callable[[str], Read]:
    """Read the variable ``found`` as Ansible does."""
    path = tmp_path_factory.mktemp("host_vars") / "site.yml"
    trusting = {"trusted_as_template": True}
    known = inspect.signature(DataLoader().load_from_file).parameters
    options: t.Any = {name: value for name, value in trusting.items() if name in known}

    def read(text: str) -> Read:
        path.write_bytes(text.encode("utf-8"))
        # A new one for each file: the releases differ in how to switch its cache off.
        loader = DataLoader()
        variables = loader.load_from_file(str(path), **options)
        templar = Templar(loader=loader, variables=variables)
        user = templar.template(trust("{{ found }}"))
        return Read(templar.template(variables["found"]), user)

    return read


def trust(template: str) -> str:
    """A text of a playbook; newer releases mark it."""
    try:
        from ansible.template import trust_as_template
    except ImportError:
        return template
    return trust_as_template(template)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(found=values)
@example(found={text: text for text in [*EVALUATED, *ODD]})
@example(found=[*EVALUATED, *SOMETIMES, *ODD])
def test_ansible_reads_the_same_and_evaluates_nothing(
    read: t.Callable[[str], Read], found: t.Any
) -> None:
    # In a list, older releases keep the types of numbers.
    text = variables_file({"found": [found]})
    assert read(text) == ([found], [found])
    assert is_unedited(text)
    assert is_unedited(text.replace("\n", "\r\n"))


@pytest.mark.parametrize("text", EVALUATED)
def test_without_the_tag_ansible_would_evaluate_these(
    read: t.Callable[[str], Read], text: str
) -> None:
    """So the test above proves something."""
    assert read(variables_file({"found": text}).replace("!unsafe ", "")).stored != text


def test_a_file_for_readers() -> None:
    certificate = ca.certificate("one")
    found = {
        "definitions": [
            {
                "prefix": "portal",
                "description": "Grüße (Süd), \u202e{{ x }}",
                "jwt_certificate": certificate,
                "tags": ["by hand", "on", "1e3"],
                "headers": {"X-One": "a: b", "{{ x }}": ""},
                "secure_attribute_https": False,
                "proxies": [],
            }
        ]
    }
    head, body = variables_file(found).split("---\n", 1)
    assert [line[:1] for line in head.splitlines()] == ["#", "#"]
    indented = "".join(f"      {line}\n" for line in certificate.splitlines())
    assert body == (
        "definitions:\n"
        "  - prefix: portal\n"
        '    description: !unsafe "Grüße (Süd), \\u202E{{ x }}"\n'
        "    jwt_certificate: |\n"
        f"{indented}"
        "    tags:\n"
        "      - by hand\n"
        '      - "on"\n'
        '      - "1e3"\n'
        "    headers:\n"
        '      X-One: "a: b"\n'
        '      !unsafe "{{ x }}": ""\n'
        "    secure_attribute_https: false\n"
        "    proxies: []\n"
    )


def test_what_is_edited_is_recognized() -> None:
    text = variables_file({"found": ["a"]})
    for edited in ("", text + "# mine\n", text.replace("- a", "- b"), text[1:], "---\nfound: x\n"):
        assert not is_unedited(edited)


def test_half_a_character_is_named() -> None:
    with pytest.raises(InvalidInput, match="surrogate pair"):
        variables_file({"found": "\ud83d"})

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of switches, and how values are read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import qlik_simulator
from qlik_simulator.switch_table import SWITCHES
from qlik_simulator.switches import SwitchError, Switches, parse


def test_defaults_are_allowed_values() -> None:
    for switch in SWITCHES:
        for release in ("current", "classic"):
            preset = switch.preset(release)
            assert parse(switch.name, preset) == preset
            assert parse(switch.name, str(preset)) == preset


@pytest.mark.parametrize(
    ("release", "expected"),
    [
        ("current", [400, "empty", 500, "required"]),
        ("classic", [401, "page", 401, "absent"]),
    ],
)
def test_a_release_presets_four_switches(release: str, expected: list[object]) -> None:
    names = ["bad_token_status", "bad_token_body", "unknown_cookie", "csrf"]
    switches = Switches(release)
    assert [getattr(switches, name) for name in names] == expected
    others = [s.name for s in SWITCHES if s.name not in names]
    assert all(getattr(switches, n) == getattr(Switches("current"), n) for n in others)


def test_a_switch_can_be_set_on_top_of_a_release() -> None:
    switches = Switches("classic", {"csrf": "required"})
    assert (switches.csrf, switches.bad_token_status) == ("required", 401)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("own_name_allowed", "false", False),
        ("own_name_allowed", True, True),
        ("host_check", False, "off"),
        ("max_sessions", "2", 2),
        ("restart_seconds", 0.25, 0.25),
        ("clock_offset_s", "-3600", -3600),
        ("ws_bearer", "403", 403),
    ],
)
def test_values_of_the_command_line(name: str, text: object, value: object) -> None:
    parsed = parse(name, text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("csrf", "maybe"),
        ("no_such_switch", 1),
        ("max_sessions", "many"),
        ("max_sessions", -1),
        ("max_sessions", "nan"),
        ("xrfkey_status", True),
        ("clock_skew_s", True),
    ],
)
def test_wrong_values_are_refused(name: str, value: object) -> None:
    switches = Switches()
    before = switches.as_dict()
    with pytest.raises(SwitchError):
        switches.update({"restart_seconds": 9, name: value})
    assert switches.as_dict() == before


def test_unknown_release_and_attribute() -> None:
    with pytest.raises(SwitchError):
        Switches("next")
    name = "no_such_switch"
    with pytest.raises(AttributeError):
        getattr(Switches(), name)


def test_every_switch_is_looked_at_somewhere() -> None:
    package = Path(str(qlik_simulator.__file__)).parent
    texts = [f.read_text() for f in package.rglob("*.py") if not f.name.startswith("switch")]
    code = "\n".join(texts)
    unused = [s.name for s in SWITCHES if not re.search(rf"\bswitches\.{s.name}\b", code)]
    assert unused == []


def test_the_readme_lists_every_switch_with_default_values_and_mark() -> None:
    readme = Path(str(qlik_simulator.__file__)).parents[1] / "README.md"
    rows = [line for line in readme.read_text().splitlines() if line.startswith("|")]
    for switch in SWITCHES:
        (row,) = [r for r in rows if re.match(rf"\| (● )?`{switch.name}` \|", r)]
        dummy, name, default, others, mark, *_rest = (cell.strip() for cell in row.split("|"))
        assert ("●" in name) == (switch.classic is not None)
        assert default.split(" ")[0] == str(switch.default)
        assert mark == f"[{switch.mark}]"
        assert {*others.split(", "), str(switch.default)} >= {str(v) for v in switch.allowed}

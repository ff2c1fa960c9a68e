# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The steps of a rotation: each state, method, phase, and fault, on a site in memory."""

from __future__ import annotations

import itertools
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import rotation_state as machine
from unit.plugin_utils.rotation_world import FIRST, World

Json = dict[str, t.Any]
KINDS = ("before", "after", "killed")
#: Where the key is: in files, in files with a copy in a vault, in a vault with files, and without.
PLACES: dict[str, Json] = {
    "files": {},
    "files, stored": {"is_stored": True},
    "vault and files": {"is_vault": True, "is_stored": True},
    "vault": {"is_vault": True, "is_stored": True, "has_files": False},
}
places = pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
SECONDS = {"portal-next": "key 2", "report-next": "key 2"}
CANDIDATE = {"key": "key 1", "certificate": "key 1", "next": "key 2", "next_certificate": "key 2"}
PROMOTED = {"key": "key 2", "certificate": "key 1", "next": "key 2", "next_certificate": "key 2"}


def steps(world: World, *, predicts: bool = False) -> str:
    settings = world.settings()
    found = machine.state(settings, world.found())
    return " ".join(machine.steps(settings, found, predicts=predicts))


ALL = "verify_old create ready change verify_new proven promote"
TABLE: list[tuple[str, World, str, str]] = [
    ("replace", World(), ALL, "create ready change proven"),
    (
        "forced",
        World(is_forced=True),
        ALL.removeprefix("verify_old "),
        "create ready change proven",
    ),
    (
        "stored",
        World(is_stored=True),
        ALL.replace("change", "store change"),
        "create ready change proven",
    ),
    (
        "a candidate that nothing trusts",
        World(files=dict(CANDIDATE)),
        ALL,
        "create ready change proven",
    ),
    (
        "a candidate that one trusts",
        World(files=dict(CANDIDATE), site={"portal": "key 2", "report": "key 1"}),
        ALL.removeprefix("verify_old "),
        "create ready change proven",
    ),
    (
        "killed while the files were replaced",
        World(files=dict(PROMOTED), site=dict.fromkeys(FIRST, "key 2")),
        "promote",
        "",
    ),
    (
        "vault",
        World(is_vault=True, is_stored=True, has_files=False),
        ALL.replace("change", "store change"),
        "create ready change proven",
    ),
    (
        "the vault has a newer key",
        World(is_vault=True, is_stored=True, has_files=False, vault="key 2"),
        "ready change verify_new proven promote",
        "ready change proven",
    ),
    (
        "the copy of the vault is old",
        World(is_vault=True, is_stored=True, vault="key 2", site=dict.fromkeys(FIRST, "key 2")),
        "promote",
        "",
    ),
    (
        "begin",
        World(method="begin"),
        "verify_old create ready change verify_new",
        "create ready change",
    ),
    (
        "begin again",
        World(method="begin", files=dict(CANDIDATE), site={"portal": "key 1", **SECONDS}),
        "create ready change verify_new",
        "create ready change",
    ),
    ("finish without a beginning", World(method="finish"), "", ""),
    (
        "finish",
        World(
            method="finish",
            files=dict(CANDIDATE),
            site={"portal": "key 1", "report": "key 1", **SECONDS},
        ),
        "verify_new proven remove_first removed promote",
        "proven remove_first removed",
    ),
    (
        "finish after the removal",
        World(method="finish", files=dict(CANDIDATE), site=dict(SECONDS)),
        "verify_new proven removed promote",
        "proven removed",
    ),
    (
        "finish while the files were replaced",
        World(method="finish", files=dict(PROMOTED), site=dict(SECONDS)),
        "promote",
        "",
    ),
]


@pytest.mark.parametrize(
    ("world", "expected", "predicted"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_steps(world: World, expected: str, predicted: str) -> None:
    assert steps(world) == expected
    assert steps(world, predicts=True) == predicted


def test_check_mode_and_finish_have_no_way_back() -> None:
    for world, predicts in ((World(), True), (World(method="finish"), False)):
        settings = world.settings()
        found = machine.state(settings, world.found())
        assert machine.steps_back(settings, found, predicts=predicts) == []


@places
@pytest.mark.parametrize("method", ["replace", "begin"])
@pytest.mark.parametrize("is_forced", [False, True])
def test_steps_back(place: Json, method: str, is_forced: bool) -> None:
    world = World(method=method, is_forced=is_forced, **(place if method == "replace" else {}))
    settings = world.settings()
    found = machine.steps_back(settings, machine.state(settings, world.found()))
    assert ("read_old" in found) == (method == "replace" and not world.is_vault)
    assert ("restore" in found) == (method == "replace")
    assert ("remove_second" in found) == (method == "begin")
    assert ("store_old" in found) == (method == "replace" and world.is_stored)
    assert ("verify_old" in found) != is_forced
    assert ("remove_new" in found) != world.is_vault
    assert found[-1] in ("remove_new", "verify_old", "store_old")


def every_site_key_exists(world: World) -> None:
    """What a rotation of files never does: to lose a key that a virtual proxy trusts."""
    if not world.is_vault:
        assert set(world.site.values()) <= set(world.files.values())


def in_force(world: World, prefixes: t.Iterable[str]) -> None:
    """All of them trust the one key in its place, and nothing is left to do."""
    key = world.vault if world.is_vault else world.files["key"]
    assert {world.site[prefix] for prefix in prefixes} == {key}
    assert world.files.keys() <= {"key", "certificate", "previous"}
    assert {world.files.get(name, key) for name in ("key", "certificate")} == {key}
    if world.is_stored:
        assert world.vault == key


def finished(world: World, prefixes: t.Iterable[str] = FIRST) -> None:
    """The next run finishes, whatever became of this one."""
    world.fault = world.second_fault = None
    world.rejects_new_key = False
    assert world.run() == "rotated"
    in_force(world, prefixes)


def replacing(place: Json, **more: t.Any) -> World:
    return World(watch=every_site_key_exists, **place, **more)


def actions_of(place: Json, **more: t.Any) -> int:
    """The number of actions of a run without a fault."""
    world = replacing(place, **more)
    world.run()
    return world.actions


@places
@pytest.mark.parametrize("keeps", [False, True])
def test_replaces_the_key(place: Json, keeps: bool) -> None:
    world = replacing(place, keeps=keeps)
    assert world.run() == "rotated"
    in_force(world, FIRST)
    assert set(world.site.values()) == {"key 2"}
    assert world.files.get("previous") == ("key 1" if keeps else None)


@places
@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_every_action(place: Json, kind: str) -> None:
    for number in range(1, actions_of(place) + 1):
        world = replacing(place, fault=(number, kind))
        ended = world.run()
        expected = {"killed"} if kind == "killed" else {"rolled back", "not promoted"}
        assert ended in expected
        if ended == "rolled back":
            in_force(world, FIRST)
            assert set(world.site.values()) == {"key 1"}
        finished(world)


@places
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", ["before", "after"])
def test_a_second_fault_on_the_way_back(place: Json, first: str, kind: str) -> None:
    for number in range(1, actions_of(place) + 1):
        for later in range(number + 1, number + 12):
            world = replacing(place, fault=(number, first), second_fault=(later, kind))
            world.run()
            finished(world)


@places
def test_a_new_key_that_the_site_rejects(place: Json) -> None:
    world = replacing(place, rejects_new_key=True)
    assert world.run() == "rolled back"
    in_force(world, FIRST)
    assert set(world.site.values()) == {"key 1"}
    finished(world)


@places
def test_rejected_after_an_interrupted_run(place: Json) -> None:
    """The files have the way back. A vault has none any more, and the run says so."""
    for number in range(1, actions_of(place) + 1):
        world = replacing(place, fault=(number, "killed"))
        world.run()
        world.fault, world.rejects_new_key = None, True
        ended = world.run()
        if not world.is_vault:
            assert ended in ("rolled back", "rotated")
        finished(world)


def overlap(**more: t.Any) -> World:
    return World(method="begin", watch=every_site_key_exists, **more)


def finish_overlap(world: World) -> None:
    world.fault = world.second_fault = None
    world.rejects_new_key = False
    world.method = "finish"
    assert world.run() == "rotated"
    assert sorted(world.site) == sorted(SECONDS)
    in_force(world, SECONDS)


def test_an_overlap_keeps_the_first_ones_until_it_is_finished() -> None:
    world = overlap()
    assert world.run() == "rotated"
    assert world.site == {"portal": "key 1", "report": "key 1", **SECONDS}
    before = world.actions
    assert world.run() == "rotated"
    assert world.actions <= before
    finish_overlap(world)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("second", [None, *range(1, 8)])
def test_a_fault_at_every_action_of_an_overlap(kind: str, second: int | None) -> None:
    world = overlap()
    world.run()
    for number in range(1, world.actions + 1):
        later = (number + second, "killed") if second else None
        world = overlap(fault=(number, kind), second_fault=later)
        ended = world.run()
        assert {world.site[prefix] for prefix in FIRST} == {"key 1"}
        if ended == "rolled back":
            assert sorted(world.site) == sorted(FIRST)
            assert world.files == {"key": "key 1", "certificate": "key 1"}
        world.fault = world.second_fault = None
        assert world.run() == "rotated"
        finish_overlap(world)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fault_at_every_action_of_the_second_phase(kind: str) -> None:
    for number in itertools.count(1):
        world = overlap()
        world.run()
        world.method, world.fault = "finish", (number, kind)
        ended = world.run()
        if ended == "rotated":
            break
        finish_overlap(world)
    assert number > 5


def test_a_key_that_an_earlier_overlap_uses_is_not_removed() -> None:
    world = overlap()
    world.run()
    world.rejects_new_key = True
    assert world.run() == "rolled back"
    assert world.site == {"portal": "key 1", "report": "key 1", **SECONDS}
    assert world.files["next"] == "key 2"


def test_what_the_state_says_of_others() -> None:
    world = World(files=dict(CANDIDATE))
    world.site = {
        "portal": "key 1",
        "report": "key 9",
        "stranger": "key 1",
        "unreadable": "",
        "beside": "key 2",
    }
    found = machine.state(world.settings(), world.found())
    assert found["targets"] == ["portal"]
    assert found["on_other"] == ["report"]
    assert found["strangers"] == ["stranger", "unreadable"]
    assert found["beside_on_next"] == ["beside"]
    assert found["on_unknown"] == ["report", "unreadable"]
    assert found["restarting"] == ["Central"]


def test_a_newer_key_on_the_site_than_in_the_vault() -> None:
    world = World(is_vault=True, is_stored=True, vault="key 1", site=dict.fromkeys(FIRST, "key 2"))
    found = world.found()
    found["old_secret"]["not_before"] = "2026-01-02T00:00:00Z"
    for name, dates in (
        (["portal"], ("2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z")),
        ([], ("2026-01-02T00:00:00Z", None)),
    ):
        for one, date in zip(found["site"]["judgements"], dates, strict=True):
            one["certificate"]["not_before"] = date
        assert machine.state(world.settings(), found)["newer"] == name

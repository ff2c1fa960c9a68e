# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_user against the simulated repository: requests, refusals, names, rights."""

from __future__ import annotations

import typing as t

import pytest

from modules.user_case import COUNT, GET, POST, WHO, exists, seed, stored
from support.case import DATES, Case, Json, without
from support.simulator import Simulator


@pytest.fixture
def case(site: Simulator) -> Case:
    return Case("qlik_user", site)


def test_requests(case: Case) -> None:
    wanted = {**WHO, "name": "Test", "roles": ["ContentAdmin"], "inactive": False}
    assert case.done(**wanted)["requests"] == 3
    # An empty answer is not taken for absence: the second request asks whether any user shows.
    assert case.log() == [GET, COUNT, POST]
    case.site.clear_requests()
    assert case.done(**wanted)["changed"] is False
    assert case.log() == [GET]
    case.site.clear_requests()
    assert case.done(**{**wanted, "name": "Other"})["requests"] == 2
    path = f"/qrs/user/{stored(case.site)['id']}"
    assert case.log() == [GET, f"PUT {path}"]
    case.site.clear_requests()
    assert case.done(**WHO, state="absent")["requests"] == 2
    assert case.log() == [GET, f"DELETE {path}"]
    case.site.clear_requests()
    assert case.done(**WHO, state="absent")["changed"] is False
    assert case.log() == [GET, COUNT]


@pytest.mark.parametrize("flags", ["optional", "required"])
@pytest.mark.parametrize(
    "options", [{}, {"name": "Ä 'x' \\ &"}, {"roles": ["A", "B", "A"]}, {"inactive": True}]
)
def test_creation(case: Case, flags: str, options: Json) -> None:
    case.site.switch(user_flags=flags)
    others = case.site.entities("user")
    predicted = case.run(check=True, **WHO, **options)
    assert case.site.entities("user") == others
    result = case.done(**WHO, **options)
    user = stored(case.site)
    assert (user["userDirectory"], user["userId"]) == ("PORTAL", "login_test")
    assert user["name"] == options.get("name", "")
    assert user["roles"] == list(dict.fromkeys(options.get("roles", [])))
    assert user["inactive"] is options.get("inactive", False)
    assert user["blacklisted"] is user["removedExternally"] is False
    assert predicted["changed"] is result["changed"] is True
    assert predicted["diff"] == result["diff"]
    assert (predicted["id"], result["id"]) == (None, user["id"])
    assert predicted["user"].items() <= result["user"].items()
    assert result["before"] == {"entity": None}
    assert [u for u in case.site.entities("user") if u["userId"] != "login_test"] == others
    assert case.done(**WHO, **options)["changed"] is False


@pytest.mark.parametrize(
    ("options", "name", "value"),
    [
        ({"name": "After"}, "name", "After"),
        ({"name": ""}, "name", ""),
        ({"roles": ["RootAdmin", "AuditAdmin"]}, "roles", ["RootAdmin", "AuditAdmin"]),
        ({"roles": []}, "roles", []),
        ({"inactive": True}, "inactive", True),
    ],
)
def test_change_leaves_the_rest_alone(case: Case, options: Json, name: str, value: t.Any) -> None:
    before = seed(case.site)
    everybody = case.site.entities("user")
    predicted = case.run(check=True, **WHO, **options)
    assert stored(case.site) == before
    result = case.done(**WHO, **options)
    for key in ("changed", "diff", "user", "before", "id"):
        assert predicted[key] == result[key], key
    after = stored(case.site)
    assert after[name] == value
    assert without(after, name, *DATES) == without(before, name, *DATES)
    assert result["before"]["entity"]["unknownToUs"] == {"keep": ["me"]}
    assert result["diff"]["before"] == {name: before[name]}
    assert result["diff"]["after"] == {name: value}
    assert result["user"]["blacklisted"] is True
    now = case.site.entities("user")
    assert [u for u in now if u["id"] != after["id"]] == [
        u for u in everybody if u["id"] != after["id"]
    ]
    assert case.done(**WHO, **options)["changed"] is False


def test_order_of_roles_is_no_change(case: Case) -> None:
    seed(case.site, roles=["A", "B"])
    assert case.done(**WHO, roles=["B", "A", "B"])["changed"] is False
    # Whether the server tells roles apart by case is not known, so a new spelling is written.
    assert case.done(**WHO, roles=["a", "B"])["changed"] is True


def test_deletion(case: Case) -> None:
    before = seed(case.site)
    predicted = case.run(check=True, **WHO, state="absent")
    assert stored(case.site) == before
    # The other options do not matter then.
    result = case.done(**WHO, state="absent", name="x", inactive=True)
    for key in ("changed", "diff", "user", "before", "id"):
        assert predicted[key] == result[key], key
    assert (result["user"], result["id"]) == (None, None)
    assert result["diff"]["after"] == {}
    assert not exists(case.site)


@pytest.mark.parametrize("filters", ["insensitive", "sensitive"])
@pytest.mark.parametrize(
    ("directory", "user_id"),
    [("PORTAL", "login_test"), ("portal", "LOGIN_TEST"), ("Portal", "Login_Test")],
)
def test_case_makes_no_difference(case: Case, filters: str, directory: str, user_id: str) -> None:
    case.site.switch(filter_case=filters)
    seed(case.site)
    result = case.done(directory=directory, id=user_id, name="After")
    assert result["changed"] is True
    assert (result["user"]["directory"], result["user"]["id"]) == ("PORTAL", "login_test")
    assert stored(case.site)["name"] == "After"
    assert case.done(directory=directory, id=user_id, state="absent")["changed"] is True
    assert not exists(case.site)


def test_spelling_that_a_filter_misses_is_not_created_twice(case: Case) -> None:
    case.site.switch(filter_case="sensitive")
    seed(case.site, userId="Login_Test")
    result = case.run(**WHO)
    assert result["failed"]
    assert "upper and lower case" in result["msg"]
    assert case.done(**{**WHO, "id": "Login_Test"})["changed"] is False


def test_users_that_differ_in_case_are_not_guessed_between(case: Case) -> None:
    users = [{"userDirectory": "PORTAL", "userId": name} for name in ("Login_Test", "LOGIN_TEST")]
    case.site.seed(user=users)
    message = case.rejected(**WHO, name="x")
    assert "2 users" in message
    assert "PORTAL\\LOGIN_TEST" in message
    # Spelt as one of them, it is that one.
    case.done(directory="PORTAL", id="LOGIN_TEST", state="absent")
    assert [u["userId"] for u in case.site.entities("user", userDirectory="PORTAL")] == [
        "Login_Test"
    ]


@pytest.mark.parametrize("name", ["o'neil", "back\\slash", "a b", "Jürgen", "x&y=#1+2%", '"q"'])
def test_odd_names(case: Case, name: str) -> None:
    who = {"directory": name, "id": name}
    assert case.done(**who, name=name)["changed"] is True
    assert case.done(**who, name=name)["changed"] is False
    assert case.site.entity("user", userId=name)["userDirectory"] == name
    assert case.done(**who, state="absent")["changed"] is True
    assert case.site.entities("user", userId=name) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"directory": ""}, ["directory", "1 to 255"]),
        ({"id": ""}, ["id", "1 to 255"]),
        ({"id": "x" * 256}, ["id", "1 to 255"]),
        ({"id": " x"}, ["id", "spaces"]),
        ({"name": "x" * 512}, ["name", "512", "511"]),
        ({"roles": ["RootAdmin", " "]}, ["roles", "empty entry"]),
        ({"name": "fine", "roles": [""]}, ["roles", "empty entry"]),
        ({"directory": "INTERNAL", "id": "sa_repository", "state": "absent"}, ["sa_repository"]),
        ({"directory": "internal", "id": "SA_API", "state": "absent"}, ["SA_API", "deleted"]),
        ({"directory": "INTERNAL", "id": "whoever", "state": "absent"}, ["INTERNAL\\whoever"]),
        ({"directory": "INTERNAL", "id": "sa_engine", "inactive": True}, ["deactivated"]),
        (
            {"state": "absent", "api_user_directory": "portal", "api_user_id": "login_test"},
            ["api_user_id", "deleted"],
        ),
        (
            {"inactive": True, "api_user_directory": "portal", "api_user_id": "login_test"},
            ["api_user_id", "deactivated"],
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
@pytest.mark.parametrize("there", [False, True], ids=["new", "existing"])
def test_bad_option_is_refused_in_a_sentence(
    case: Case, options: Json, words: list[str], there: bool
) -> None:
    if there:
        seed(case.site, roles=["RootAdmin"])
    message = case.rejected(**{**WHO, **options})
    assert all(word in message for word in words), message


def test_user_that_may_not_be_deleted(case: Case) -> None:
    seed(case.site, deleteProhibited=True)
    assert "deleteProhibited" in case.rejected(**WHO, state="absent")
    assert case.done(**WHO, inactive=True)["changed"] is True


def test_built_in_account_can_be_renamed_and_is_not_written_for_nothing(case: Case) -> None:
    who = {"directory": "INTERNAL", "id": "sa_scheduler"}
    assert case.done(**who, roles=["RootAdmin"], inactive=False)["changed"] is True
    assert stored(case.site, "sa_scheduler")["roles"] == ["RootAdmin"]


@pytest.mark.parametrize("switch", ["editable", "ignored", 400])
@pytest.mark.parametrize("options", [{"name": "After"}, {"roles": ["RootAdmin"]}])
def test_user_of_a_directory_connector(case: Case, switch: str | int, options: Json) -> None:
    before = seed(case.site, userDirectoryConnectorName="AD of the house")
    case.site.switch(connector_user=switch)
    result = case.run(**WHO, **options)
    (name,) = options
    if switch == "editable":
        assert not result.get("failed"), result
        assert stored(case.site)[name] == options[name]
        assert result["user"]["directory_connector"] == "AD of the house"
        return
    assert result["failed"]
    assert "'AD of the house'" in result["msg"]
    assert name in result["msg"]
    assert without(stored(case.site), *DATES) == without(before, *DATES)
    # What is no business of the connector can still be changed.
    assert case.done(**WHO, inactive=True)["changed"] is True


@pytest.mark.parametrize("state", ["present", "absent"])
def test_missing_rights_are_not_absence(case: Case, state: str) -> None:
    seed(case.site)
    case.site.switch(read_rights="none")
    message = case.rejected(**WHO, state=state)
    assert "rights" in message


def test_user_that_rights_hide_is_not_created_twice(case: Case) -> None:
    seed(case.site)
    case.site.switch(read_rights="part")
    result = case.run(**WHO)
    assert result["failed"]
    assert "may not see it" in result["msg"]
    assert len(case.site.entities("user", userId="login_test")) == 1


def test_ordinary_user_cannot_change_anything(case: Case) -> None:
    case.site.seed(user=[{"userDirectory": "PORTAL", "userId": "clerk"}])
    clerk = {"api_user_directory": "PORTAL", "api_user_id": "clerk"}
    assert "rights" in case.rejected(**WHO, **clerk)

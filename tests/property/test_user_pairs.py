# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users: check mode predicts, the run does exactly that, the next run does nothing.

Generated pairs of a user that is there, or is not, and what is wanted of it, over real HTTP against
the simulated repository.
"""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
FEW, MANY = 30, 300
_DATES = ("modifiedDate", "modifiedByUserName")
_TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=12)
_NAME = _TEXT.filter(lambda text: text.strip() == text and text)
_ROLES = st.lists(st.sampled_from(["RootAdmin", "AuditAdmin", "Ä b", "x"]), max_size=4)
_VALUES: Json = {"name": _TEXT, "roles": _ROLES, "inactive": st.booleans()}
_WANTED = st.fixed_dictionaries({}, optional=_VALUES)
_PRESENT = st.none() | st.fixed_dictionaries(
    _VALUES, optional={"blacklisted": st.booleans(), "removedExternally": st.booleans()}
)


def users(site: Simulator) -> dict[str, Json]:
    return {item["id"]: item for item in site.entities("user")}


def rest(entity: Json, *names: str) -> Json:
    return {key: value for key, value in entity.items() if key not in (*names, *_DATES)}


def means(name: str, value: t.Any) -> t.Any:
    return sorted(set(value)) if name == "roles" else value


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_check_is_run_and_the_second_run_is_nothing(
    site: Simulator, record_property: t.Callable[[str, object], None], examples: int
) -> None:
    cases = 0

    @given(
        who=st.tuples(_NAME, _NAME),
        present=_PRESENT,
        wanted=_WANTED,
        absent=st.booleans(),
    )
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(who: tuple[str, str], present: Json | None, wanted: Json, absent: bool) -> None:
        nonlocal cases
        cases += 1
        judge(site, who, present, wanted, absent)

    check()
    record_property("generated cases", cases)


def judge(
    site: Simulator, who: tuple[str, str], present: Json | None, wanted: Json, absent: bool
) -> None:
    site.reset()
    if present is not None:
        site.seed(user=[{"userDirectory": who[0], "userId": who[1], **present}])
    before = users(site)
    own = {key for key, user in before.items() if (user["userDirectory"], user["userId"]) == who}
    case = Case("qlik_user", site)
    arguments: Json = {"directory": who[0], "id": who[1], **wanted}
    arguments["state"] = "absent" if absent else "present"
    differ = {
        name
        for name, value in wanted.items()
        if present is None or means(name, value) != means(name, present[name])
    }
    changes = bool(own) if absent else not own or bool(differ)

    predicted = case.check(**arguments)
    assert users(site) == before
    result = case.done(**arguments)

    assert predicted["changed"] is result["changed"] is changes
    assert predicted.get("diff") == result.get("diff")
    assert predicted["before"] == result["before"]
    assert (predicted["user"] or {}).items() <= (result["user"] or {}).items()
    after = users(site)
    assert {key: user for key, user in after.items() if key in before and key not in own} == {
        key: user for key, user in before.items() if key not in own
    }
    made = [user for key, user in after.items() if key in own or key not in before]
    assert len(made) == (0 if absent else 1)
    for user in made:
        assert (user["userDirectory"], user["userId"]) == who
        for name, value in wanted.items():
            assert means(name, user[name]) == means(name, value)
        if own:
            assert rest(user, *differ) == rest(before[user["id"]], *differ)
    again = case.done(**arguments)
    assert again["changed"] is False
    assert users(site) == after

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A simulator started with ``--as`` behaves like the site that a result came from.

The sites are generated. On each, the collection does its main job: a virtual proxy, a user, and a
login.
"""

from __future__ import annotations

import json
import random
import typing as t
from pathlib import Path

import pytest

from modules.virtual_proxy_case import JWT
from qlik_simulator.reported import READERS
from qlik_simulator.switch_table import BY_NAME, RELEASES, Value
from support import simulator as support
from support import tls_server as ca
from support.case import Case
from support.conformance_check import Check, answers
from support.simulator import Simulator

Json = dict[str, t.Any]
SITES = 5

#: Switches of sites where the main job cannot be done, that hide others, or that take time.
LEFT_OUT = {
    "accepts_bad_token", "central_link_rule", "clock_offset_s", "cold_start_s", "full_limit",
    "notice_s", "read_rights", "restart_seconds",
}  # fmt: skip
NUMBERS: dict[str, tuple[Value, ...]] = {
    "max_sessions": (3, 5, 6),
    "session_release_s": (0, 300),
    "clock_skew_s": (60, 300, 600),
}
#: Measured times, which differ by load.
MEASURED = {"change_delay", "restart_time", "slowest_answer", "clock_offset"}


def generated(number: int) -> tuple[str, dict[str, Value]]:
    """A release, and a value for each switch."""
    chance = random.Random(number)
    names = [name for name in READERS if name not in LEFT_OUT]
    values = {name: chance.choice(BY_NAME[name].allowed or NUMBERS[name]) for name in names}
    if values["csrf"] == "absent":
        # No client could get the token that such a site asks for.
        values["qrs_csrf"] = "off"
    return chance.choice(RELEASES), values


@pytest.mark.parametrize(
    "number", [0, *(pytest.param(n, marks=pytest.mark.long) for n in range(1, SITES))]
)
def test_a_result_becomes_a_site(site: Simulator, tmp_path: Path, number: int) -> None:
    release, switches = generated(number)
    site.reset(release=release, switches=switches, nodes=["Central"])
    result = Check(site).done("login")
    report = tmp_path / "conformance.json"
    report.write_text(json.dumps(result["conformance"]), encoding="utf-8")
    with support.start(tmp_path / "site", arguments=["--as", str(report)], release=None) as copy:
        assert copy.state()["release"] == release
        again = answers(Check(copy).done("login"))
        first = answers(result)
        assert {n: v for n, v in again.items() if n not in MEASURED} == {
            n: v for n, v in first.items() if n not in MEASURED
        }
        main_job(copy)


def main_job(site: Simulator) -> None:
    """Set up a virtual proxy and a user twice, log in, and remove them."""
    wanted = {**JWT, "proxies": ["central"], "host_allow_list": ["localhost"]}
    user = {"directory": "ACME", "id": "anna", "name": "Anna"}
    jobs = ((Case("qlik_virtual_proxy", site), wanted), (Case("qlik_user", site), user))
    for changed in (True, False):
        for case, options in jobs:
            assert case.done(**options)["changed"] is changed
    probe = Case("qlik_jwt_probe", site)
    place = site.node()
    done = probe.done(
        url=place["url"], url_ca_path=site.proxy_ca, qps_port=place["admin_port"], prefix="jwt",
        private_key_content=ca.key_pem("tokens"), user_id="anna", user_directory="ACME",
        checks=["session", "identity"],
    )  # fmt: skip
    assert (done["ok"], done["user"]["id"]) == (True, "anna")
    assert Case("qlik_virtual_proxy", site).done(prefix="jwt", state="absent")["changed"]


BROKEN = {
    "no file": None,
    "no JSON": "{",
    "another JSON": "[]",
    "answers of another kind": '{"answers": {"a": 1}}',
    "answer without id": '{"answers": [{"observed": 1}]}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_is_no_result_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    from qlik_simulator.__main__ import main

    path = tmp_path / "conformance.json"
    text = BROKEN[name]
    if text is not None:
        path.write_text(text, encoding="utf-8")
    options = ["--directory", str(tmp_path), "--ready-file", str(tmp_path / "ready"), "--as"]
    with pytest.raises(SystemExit):
        main([*options, str(path)])
    assert "error: --as: " in capsys.readouterr().err

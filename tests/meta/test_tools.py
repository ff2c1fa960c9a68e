# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runner of the checks: it must not count wrongly, and not let a machine shine through."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from tools import check, cores, oldest, surroundings, windows_collection
from tools.counts import Counts, in_reports

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure message="no"/></testcase>
<testcase name="c"><skipped/></testcase><testcase name="d"><error/></testcase>
</testsuite></testsuites>"""


def test_counts_every_case_once(tmp_path: Path) -> None:
    (tmp_path / "one.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "two.xml").write_text(REPORT, encoding="utf-8")
    assert in_reports(tmp_path, exit_code=1) == Counts(passed=2, failed=4, skipped=2)


@pytest.mark.parametrize(("code", "failed"), [(0, 0), (2, 1)])
def test_a_run_that_broke_off_counts_as_failed(tmp_path: Path, code: int, failed: int) -> None:
    assert in_reports(tmp_path, exit_code=code) == Counts(failed=failed)


@pytest.mark.parametrize(
    ("counts", "code"),
    [(Counts(passed=3, skipped=1), 0), (Counts(passed=3, failed=1), 1), (Counts(skipped=2), 1)],
)
def test_only_passed_tests_make_a_success(
    counts: Counts, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert check.report([check.Outcome(check.CHECKS[0], counts, 0.1)]) == code
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["tests/crash", "-m", "long"]),
        (["-q", "-k", "retire"], ["tests/crash", "-m", "long", "-q", "-k", "retire"]),
        (["tests/unit", "-q"], ["tests/unit", "-q"]),
        (["tests/crash/a.py::test_b"], ["tests/crash/a.py::test_b"]),
    ],
)
def test_options_alone_narrow_what_a_check_chooses(
    arguments: list[str], expected: list[str]
) -> None:
    assert check.selection(["tests/crash", "-m", "long"], arguments) == expected


def test_the_oldest_supported_versions_are_known() -> None:
    assert oldest.version() == f"{cores.SUPPORTED[0].name}.0"
    assert list(windows_collection.OTHERS) == ["2.7.0"]


def test_a_check_beside_the_others_counts_and_is_heard(capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-c", "print('beside'); raise SystemExit(3)"]
    slow = check.Check("slow", "slow", check.tool(*command), beside=True)
    quick = check.Check("quick", "quick", check.tool(sys.executable, "-c", "print('first')"))
    outcomes = check.run_all([slow, quick], ())
    assert [outcome.check.name for outcome in outcomes] == ["quick", "slow"]
    assert [outcome.counts for outcome in outcomes] == [Counts(passed=1), Counts(failed=1)]
    assert {"first", "== slow", "beside"} <= set(capfd.readouterr().out.splitlines())


def test_settings_of_the_developer_stay_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANSIBLE_STRATEGY", "free")
    monkeypatch.setenv("QLIK_HOST", "somewhere")
    monkeypatch.setenv("QLIK_QRS_OPENAPI", "description.json")
    env = surroundings.environment()
    assert "ANSIBLE_STRATEGY" not in env
    assert "QLIK_HOST" not in env
    assert env["QLIK_QRS_OPENAPI"] == "description.json"
    assert env["HOME"] != os.environ["HOME"] or Path(env["HOME"]).parent.name == ".build"


def test_shims_leave_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    shims, tools = tmp_path / "pyenv" / "shims", tmp_path / "tools"
    monkeypatch.setenv("PATH", f"{shims}{os.pathsep}{tools}")
    path = surroundings.search_path()
    assert path[0] == str(Path(sys.executable).parent)
    assert str(tools) in path
    assert str(shims) not in path


def test_pip_settings_reach_the_checks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_INDEX_URL", "https://index.example/simple%20x")
    file = tmp_path / ".config" / "pip" / "pip.conf"
    file.parent.mkdir(parents=True)
    file.write_text("[global]\ntimeout = 7\n", encoding="utf-8")
    settings = surroundings.pip_settings()
    assert settings.get("global", "index-url") == "https://index.example/simple%20x"
    assert settings.get("global", "timeout") == "7"

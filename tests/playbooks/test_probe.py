# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_jwt_probe by ansible-playbook: it fails the task with the cause, and shows no secret."""

from __future__ import annotations

import typing as t

import pytest

from playbooks.leaks import files_with, leaks
from playbooks.runs import Run, Workplace
from support.probe_bench import Bench, good_claims, private_pem, token_of
from support.probe_faults import FAULTS

Json = dict[str, t.Any]


def task(name: str, options: Json) -> Json:
    """A task that goes on when it fails."""
    return {"name": name, "qlikops.sense.qlik_jwt_probe": options, "ignore_errors": True}


def run(workplace: Workplace, tasks: list[Json], *arguments: str, watch: bool = False) -> Run:
    play = {
        "hosts": "qlik",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": workplace.python},
        "tasks": tasks,
    }
    return workplace.run([play], *arguments, hosts={"site": {}}, watch=watch).ok()


#: Faults that fit on one site, because each changes its own virtual proxy or only the options.
CODES = (
    "key_mismatch",
    "token_expired",
    "claim_case_mismatch",
    "audience_mismatch",
    "not_linked",
    "prefix_unknown",
    "tls_untrusted",
    "tcp_refused",
)


@pytest.mark.parametrize(
    ("release", "repository"),
    [
        ("current", True),
        *(
            pytest.param(*row, marks=pytest.mark.long)
            for row in (("current", False), ("classic", True), ("classic", False))
        ),
    ],
)
def test_the_task_fails_with_the_cause(
    workplace: Workplace, release: str, repository: bool
) -> None:
    bench = Bench(workplace.simulator)
    bench.prepare(release=release)
    wanted: dict[str, Json] = {"works": {}}
    for code in CODES:
        fault, prefix = FAULTS[code], code.replace("_", "-")
        wanted[code] = {**fault.options(bench), **fault.credentials()}
        if fault.proxy:
            bench.add(prefix, **fault.proxy)
            wanted[code]["prefix"] = prefix
    before = bench.configuration()
    tasks = [
        task(name, bench.options(repository=repository, **options))
        for name, options in wanted.items()
    ]

    # Watching costs as much as running, so one of the four is watched.
    done = run(workplace, tasks, "-vvvv", watch=repository and release == "current")

    for code in CODES:
        verdict = code if repository else FAULTS[code].outside
        result = done.result(code)
        assert result["verdict"] == verdict, (code, result)
        assert result["msg"] in done.failures
        assert result["msg"].startswith(f"{verdict}: ")
    assert len(done.failures) == len(CODES)
    works = done.result("works")
    assert (works["verdict"], works["user"]["id"]) == ("access_granted", "probe")
    assert bench.configuration() == before
    assert len(bench.sessions()) == (0 if repository else 1)
    _no_secret(workplace, done, [str(options.get("token", "")) for options in wanted.values()])


def test_a_secret_is_not_shown_by_a_run_that_breaks(workplace: Workplace) -> None:
    bench = Bench(workplace.simulator)
    bench.prepare()
    tasks = [
        task("bad certificate", bench.options(client_cert_content="x", client_cert_path=None)),
        task("bad url", bench.options(url="nonsense")),
        task("bad token", bench.options(token=token_of(good_claims())[:-9])),
    ]
    done = run(workplace, tasks, "-vvvv", watch=True)
    assert len(done.failures) == 3
    assert not any("Traceback" in message for message in done.failures)
    _no_secret(workplace, done, [token_of(good_claims())])


def test_check_mode(workplace: Workplace) -> None:
    bench = Bench(workplace.simulator)
    bench.prepare()
    tasks = [
        task("works", bench.options()),
        task("wrong key", bench.options(private_key_content=private_pem("other"))),
    ]
    done = run(workplace, tasks, "--check", "--diff")
    assert done.result("works")["verdict"] == "not_tried"
    assert done.result("wrong key")["verdict"] == "key_mismatch"
    assert bench.sessions() == []
    assert done.changed == 0
    assert done.warnings == []


def _no_secret(workplace: Workplace, done: Run, tokens: list[str]) -> None:
    secrets = [private_pem(), private_pem("other"), *filter(None, tokens)]
    arguments = b"\n".join(done.arguments)
    # The play itself is the only file that may hold what a user wrote into it.
    (workplace.directory / "play.yml").unlink()
    for secret in secrets:
        assert leaks(secret, done.output.encode()) == []
        assert leaks(secret, arguments) == []
        assert files_with(secret, workplace.directory) == []

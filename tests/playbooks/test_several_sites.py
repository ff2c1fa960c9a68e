# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several sites in one run: one that fails stops no other, and is named in the end."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbooks.reports import Reports
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import KEY, seed
from playbooks.windows import WindowsPlace, thumbprint
from support import key_material as km
from support import simulator as support
from support.simulator import Simulator

SETUP = "qlikops.sense.jwt_setup"
SUMMARY = "Print the summary"
#: Only what the roles do on the site, with a key that is there.
PARTS = ("--tags", "jwt_virtual_proxy,jwt_verify")


@pytest.fixture(scope="module")
def closed() -> Iterator[int]:
    """A port that nobody listens on."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def known(workplace: Workplace, **more: object) -> Json:
    """A host with everything but its site in common."""
    workplace.key.write_bytes(km.key_pem(KEY))
    return workplace.login(
        jwt_virtual_proxy_jwt_certificate=km.certificate_pem(km.certificate(KEY)).decode(),
        jwt_verify_checks="session",
        jwt_verify_report_directory=str(workplace.directory / "reports"),
        qlik_retries=0,
        **more,
    )


def told(run: Run) -> list[str]:
    """The summary of the run."""
    found: list[str] = run.result(SUMMARY)["msg"]
    return found


def test_what_is_hidden_is_not_repeated(workplace: Workplace) -> None:
    hidden = {"name": "Hide", "ansible.builtin.fail": {"msg": "hush-hush"}, "no_log": True}
    note: Json = {"name": "qlikops.sense.site_results", "tasks_from": "note_failure.yml"}
    rescue = {"name": "Note it", "ansible.builtin.import_role": note}
    sum_up: Json = {"ansible.builtin.import_role": {"name": "qlikops.sense.site_results"}}
    tasks: list[Json] = [
        {"name": "Try", "block": [hidden], "rescue": [rescue]},
        {"name": "Sum up", **sum_up},
    ]
    play: Json = {"name": "Hidden", "hosts": "qlik", "gather_facts": False, "tasks": tasks}

    run = workplace.run([play], hosts={"one": {}}).failed()

    sentence = 'The task "Hide" failed. The output of the run says why.'
    assert told(run) == ["0 of 1 sites done", f"one failed: {sentence}"]
    assert run.result("Fail on the hosts of failed sites")["msg"] == sentence


def test_the_first_site_fails_and_the_second_is_done(workplace: Workplace, closed: int) -> None:
    site = workplace.simulator
    # One simulator under two names: the roles cannot know.
    hosts = {
        "broken": known(workplace, qlik_host="127.0.0.1", qlik_port=closed),
        "good": known(workplace),
    }

    run = workplace.run(SETUP, *PARTS, "-e", "qlik_serial=1", hosts=hosts).failed()

    assert site.entity("virtualproxyconfig", prefix="portal")
    done, *of_site, failed = told(run)
    assert done == "1 of 2 sites done: good"
    assert of_site[0] == "good: changed"
    assert of_site[-1].startswith("good: Login through 'portal': access_granted")
    assert failed.startswith("broken failed: ")
    assert f"127.0.0.1:{closed}" in failed
    assert {name: numbers["failures"] for name, numbers in run.hosts.items()} == {
        "broken": 1,
        "good": 0,
    }
    reports = Reports(workplace.directory / "reports")
    assert [(one["host"], one["status"]) for one in reports.json()["sites"]] == [
        ("broken", "not_probed"),
        ("good", "ok"),
    ]
    assert f"broken failed: {reports.site('broken')['reason']}" == failed


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Simulator]]:
    """Sites with a process each."""
    with contextlib.ExitStack() as stack:
        yield [
            stack.enter_context(support.start(tmp_path_factory.mktemp(f"site{number}")))
            for number in range(10)
        ]


@pytest.mark.long
@pytest.mark.parametrize("serial", ["1", "3", "100%"])
def test_ten_sites_with_one_broken(
    ten: list[Simulator], tmp_path: Path, closed: int, serial: str
) -> None:
    for site in ten:
        site.reset()
    hosts = {f"site{number}": known(Workplace(tmp_path, site)) for number, site in enumerate(ten)}
    hosts["site3"]["qlik_port"] = closed
    workplace = Workplace(tmp_path, ten[0])

    run = workplace.run(SETUP, *PARTS, "-e", f"qlik_serial={serial}", hosts=hosts).failed()

    done, *_of_sites, failed = told(run)
    assert done.startswith("9 of 10 sites done: site0, site1, site2, site4,")
    assert failed.startswith("site3 failed: ")
    for number, site in enumerate(ten):
        there = site.entities("virtualproxyconfig", prefix="portal")
        assert bool(there) == (number != 3), number
    reports = Reports(tmp_path / "reports").json()
    assert {one["host"]: one["status"] for one in reports["sites"]} == {
        name: "not_probed" if name == "site3" else "ok" for name in hosts
    }
    again = workplace.run(SETUP, *PARTS, "-e", f"qlik_serial={serial}", hosts=hosts).failed()
    assert again.changed == 0


@pytest.mark.long
def test_every_site_fails_and_the_report_says_why(workplace: Workplace, closed: int) -> None:
    hosts = {
        name: known(workplace, qlik_host=name, qlik_port=closed)
        for name in ("127.0.0.1", "localhost")
    }

    run = workplace.run(SETUP, *PARTS, "-e", "qlik_serial=1", hosts=hosts).failed()

    assert told(run)[0] == "0 of 2 sites done"
    found = Reports(workplace.directory / "reports").json()["sites"]
    assert [one["status"] for one in found] == ["not_probed", "not_probed"]
    assert all(str(closed) in one["reason"] for one in found)


@pytest.mark.long
def test_two_hosts_of_one_site_are_refused_in_the_first_batch_too(workplace: Workplace) -> None:
    hosts = {"central": known(workplace), "rim": known(workplace)}

    run = workplace.run(SETUP, *PARTS, "-e", "qlik_serial=1", hosts=hosts).failed()

    assert told(run)[0] == "0 of 2 sites done"
    for host in hosts:
        assert run.failed_on(host)[0].startswith("qlik_host: central, rim are all the site")
    assert workplace.simulator.requests() == []
    found = Reports(workplace.directory / "reports").json()["sites"]
    assert [(one["host"], one["status"]) for one in found] == [
        ("central", "not_probed"),
        ("rim", "not_probed"),
    ]


@pytest.mark.long
@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({"qrs_credentials_enabled": True}, id="credentials"),
        pytest.param({"jwt_keypair_source": "local_certificates"}, id="exported pair"),
        pytest.param({"jwt_keypair_source": "certificate_store"}, id="certificate store"),
        pytest.param({"jwt_keypair_windows_directory": r"D:\keys"}, id="copy on the node"),
    ],
)
def test_a_node_that_is_not_reached_stops_no_other_site(
    place: WindowsPlace, closed: int, variables: Json
) -> None:
    """With what a role reads or writes on the node, and the first batch lost."""
    host = place.host(**variables)
    if variables.get("jwt_keypair_source") == "certificate_store":
        host["jwt_keypair_thumbprint"] = thumbprint(place.local("server.pem"))
    if "qrs_credentials_enabled" in variables:
        for name in [name for name in host if name.startswith(("qlik_client_", "qlik_ca_"))]:
            del host[name]
    unreached = {**host, "ansible_port": closed, "qlik_host": "127.0.0.1"}

    run = place.workplace.run(
        SETUP, "-e", "qlik_serial=1", hosts={"away": unreached, "here": host}
    ).failed()

    done, *_of_site, failed = told(run)
    assert done == "1 of 2 sites done: here"
    assert failed.startswith("away failed: ")
    assert "cannot be reached" in failed
    assert place.workplace.simulator.entity("virtualproxyconfig", prefix="portal")


UNDEFINED = [
    pytest.param("jwt_setup", "qlik_client_cert_path", "1"),
    pytest.param("jwt_remove", "qlik_host", "100%"),
    *(
        pytest.param(playbook, name, serial, marks=pytest.mark.long)
        for playbook in ("jwt_setup", "jwt_remove", "jwt_verify", "jwt_report", "jwt_export")
        for name in ("qlik_host", "qlik_client_key_path", "qlik_api_host")
        for serial in ("1", "100%")
    ),
]


@pytest.mark.parametrize(("playbook", "name", "serial"), UNDEFINED)
def test_an_undefined_variable_stops_no_other_site(
    workplace: Workplace, playbook: str, name: str, serial: str
) -> None:
    """A site in the first batch whose connection cannot be evaluated."""
    site = workplace.simulator
    good = known(
        workplace,
        jwt_remove_confirm="portal",
        jwt_export_directory=str(workplace.directory / "exported"),
        jwt_report_report_directory=str(workplace.directory / "report"),
    )
    if playbook != "jwt_setup":
        seed(site, jwtPublicKeyCertificate=good["jwt_virtual_proxy_jwt_certificate"])
    broken = {**good, "qlik_host": "127.0.0.1", name: "{{ not_defined_anywhere }}"}
    parts = PARTS if playbook == "jwt_setup" else ()

    run = workplace.run(
        f"qlikops.sense.{playbook}",
        *parts,
        *("-e", f"qlik_serial={serial}"),
        hosts={"broken": broken, "good": good},
    ).failed()

    done, *_of_site, failed = told(run)
    assert done == "1 of 2 sites done: good"
    assert failed.startswith("broken failed: ")
    assert "not_defined_anywhere" in failed
    assert bool(site.entities("virtualproxyconfig", prefix="portal")) == (playbook != "jwt_remove")

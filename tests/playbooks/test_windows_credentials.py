# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client certificate read on the node, and where the tasks run when the hosts are Windows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import yaml

from playbooks.leaks import leaks
from playbooks.runs import Json
from playbooks.windows import LOCAL, SETUP, WindowsPlace

ROOT = Path(__file__).resolve().parents[2]
PLAYBOOKS = sorted((ROOT / "playbooks").glob("*.yml"))
CREDENTIALS = "qlikops.sense.qrs_credentials"
CONNECTION = ("qlik_client_cert_path", "qlik_client_key_path", "qlik_ca_path")


def loaded(playbook: Path) -> list[Json]:
    """The plays of a playbook."""
    plays: list[Json] = yaml.safe_load(playbook.read_text(encoding="utf-8"))
    return plays


def without_files(place: WindowsPlace, **more: object) -> Json:
    """A host with nothing on the controller that opens the repository."""
    host = place.host(qrs_credentials_enabled=True, **more)
    return {name: value for name, value in host.items() if name not in CONNECTION}


@pytest.mark.long
@pytest.mark.parametrize("place", ["winrm", "psrp"], indirect=True)
def test_a_setup_with_nothing_but_the_node(place: WindowsPlace) -> None:
    host = without_files(place)

    predicted = place.run(host, "--check").ok()
    first = place.run(host, "-vvvv", watch=True).ok()
    shown = place.shown_arguments()
    second = place.run(host).ok()

    assert predicted.changed > 0
    assert (
        first.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )
    assert second.changed == 0
    seen = first.output.encode() + shown + b"\n".join(first.arguments)
    assert leaks(place.local("client_key.pem"), seen) == []
    assert place.left_on_controller() == []
    # Only what has to be read on Windows ran there.
    modules = {task["module"] for task in place.node.tasks(kind="module")}
    owners = {"win_whoami", "win_stat", "win_service_info", "win_owner"}
    assert modules == {"slurp", *owners}


@pytest.mark.long
@pytest.mark.parametrize("fails", [False, True], ids=["done", "failed"])
def test_the_key_is_forgotten_with_the_site(place: WindowsPlace, fails: bool) -> None:
    """Also where a later task failed, and where a part was chosen."""
    sets_up, last = loaded(ROOT / "playbooks" / "jwt_setup.yml")
    facts = ("_read", *(f"{name}_content" for name in ("client_cert", "client_key", "ca")))
    show = {
        "name": "Show",
        "ansible.builtin.debug": {"msg": [f"{{{{ qrs_credentials_{name} }}}}" for name in facts]},
        "tags": ["always"],
    }
    # A failed host would not be in a later play.
    go_on = {"name": "Continue", "ansible.builtin.debug": {}, "tags": ["always"]}
    last["tasks"] = [{"name": "End", "block": last["tasks"], "rescue": [go_on]}, show]
    host = without_files(place, **({"jwt_keypair_source": "nowhere"} if fails else {}))

    run = place.run(host, "--tags", "jwt_keypair", playbook=[sets_up, last]).ok()

    assert run.hosts["central"]["rescued"] == 2 * fails
    assert len(run.result("Read the exported certificates")) > 0
    assert [left for left in run.result("Show")["msg"] if left] == []


@pytest.mark.parametrize("path", PLAYBOOKS, ids=lambda path: str(path.stem))
def test_every_playbook_forgets_what_it_reads(path: Path) -> None:
    """In the block that reads them, or in the play after it, which also has the failed hosts."""
    (block,), last_play = loaded(path)[0]["tasks"], loaded(path)[-1]["tasks"]
    parts = [task.get("ansible.builtin.import_role", {}) for task in block["block"]]
    parts += [task.get("ansible.builtin.include_role", {}) for task in block["block"]]
    (last,) = block.get("always", [])[-1:] or last_play

    assert CREDENTIALS in [part.get("name") for part in parts]
    ends = [
        {"name": CREDENTIALS, "tasks_from": "forget.yml"},
        {"name": "qlikops.sense.site_results", "tasks_from": "finish.yml"},
    ]
    assert last["ansible.builtin.import_role"] in ends
    assert last["tags"] == ["always"]


@pytest.mark.long
def test_a_part_by_tag_with_nothing_but_the_node(place: WindowsPlace) -> None:
    host = without_files(place)

    place.run(host, "--skip-tags", "jwt_verify").ok()
    assert place.workplace.simulator.entity("virtualproxyconfig", prefix="portal")
    again = place.run(host, "--tags", "jwt_virtual_proxy").ok()
    verified = place.run(host, "--tags", "jwt_verify").ok()

    assert again.changed == 0
    assert (
        verified.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )


@pytest.mark.long
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_files_that_somebody_edited(place: WindowsPlace, encoding: str) -> None:
    for name in ("client.pem", "client_key.pem", "root.pem"):
        text = "Schlüssel für Köln\r\n" + place.local(name)
        place.node.seed(files=[{"path": f"{LOCAL}\\{name}", "content": text, "encoding": encoding}])
    play = [
        {
            "hosts": "qlik",
            "gather_facts": False,
            "roles": [
                {"role": "qlikops.sense.qrs_credentials"},
                {"role": "qlikops.sense.jwt_keypair"},
                {"role": "qlikops.sense.jwt_virtual_proxy"},
            ],
        }
    ]

    place.run(without_files(place), playbook=play).ok()

    assert place.workplace.simulator.entity("virtualproxyconfig", prefix="portal")


def test_what_is_given_wins_over_what_was_read(place: WindowsPlace) -> None:
    host = place.host(
        qrs_credentials_enabled=True, qlik_client_key_path="/nowhere", qlik_tls_server_name="x"
    )
    play = [
        {
            "hosts": "qlik",
            "gather_facts": False,
            "roles": [
                {"role": "qlikops.sense.qrs_credentials"},
                {"role": "qlikops.sense.qrs_connection"},
            ],
            "tasks": [
                {
                    "name": "Show",
                    "ansible.builtin.debug": {
                        "msg": {
                            "names": "{{ qrs_connection_options | list }}",
                            "server": "{{ qrs_connection_options.tls_server_name }}",
                            "host": "{{ qrs_credentials_host_name }}",
                        }
                    },
                }
            ],
        }
    ]

    shown = place.run(host, playbook=play).ok().result("Show")["msg"]

    assert {"client_key_path", "client_cert_path", "ca_path"} <= set(shown["names"])
    assert not {"client_key_content", "client_cert_content", "ca_content"} & set(shown["names"])
    assert shown["server"] == "x"
    assert shown["host"] == place.workplace.simulator.host


@pytest.mark.long
def test_windows_and_become_stay_on_the_node(place: WindowsPlace) -> None:
    """Also with a jump host, whose own connection counts, and in German."""
    place.node.reset(language="de")
    host = without_files(
        place,
        **place.node.become(),
        qlik_api_host="jump",
        jwt_keypair_source="certificate_store",
        jwt_keypair_friendly_name="qlikclient",
        jwt_keypair_windows_directory=r"D:\Schlüssel für Köln",
        jwt_keypair_windows_owner=r"QLIKNODE\qliksvc",
    )
    jump = {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}
    place.node.seed(files=[{"path": r"D:\Schlüssel für Köln", "owner": "qliksvc"}])

    first = place.run(host, playbook=SETUP, others={"jump": jump}).ok()
    # Who connects, and so sends the files, has to be asked as that account.
    tasks = [t for t in place.node.tasks(kind="module") if t["module"] != "win_whoami"]
    users = {task["become"] for task in tasks}
    second = place.run(host, playbook=SETUP, others={"jump": jump}).ok()

    assert users == {"qliksvc"}
    assert (
        first.result("Log in through the virtual proxies")["results"][0]["verdict"]
        == "access_granted"
    )
    assert second.changed == 0
    assert place.read(r"D:\Schlüssel für Köln\jwt.key") == place.workplace.key.read_bytes()


@pytest.mark.long
def test_the_inventory_does_not_say_which_node_is_central(place: WindowsPlace) -> None:
    """A rim node stands first, and is the only one reached; central is what the repository says."""
    simulator = place.workplace.simulator
    simulator.reset(nodes=["rim1", "Central"])
    host = without_files(place)

    run = place.workplace.run(
        SETUP, "--limit", "rim", hosts={"rim": host, "central": place.host()}
    ).ok()

    proxy = simulator.entity("virtualproxyconfig", prefix="portal")
    (described,) = run.result("Ensure the virtual proxies")["virtual_proxies"]
    assert described["links"] == ["Central"]
    assert [n["hostName"] for n in proxy["loadBalancingServerNodes"]] == [simulator.host]

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook jwt_setup against a simulated site, from nothing to a proven login."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from playbooks.runs import Json, Run, Workplace
from support.simulator import Simulator

SETUP = "qlikops.sense.jwt_setup"
APPLY = "Ensure the virtual proxies"
FACTS = "Set the result"


def writes(site: Simulator) -> list[tuple[str, str]]:
    """What was written to the repository."""
    log = site.requests(port="qrs")
    return [(r["method"], r["path"]) for r in log if r["method"] != "GET"]


def fact(run: Run, name: str, host: str = "dev") -> Json:
    """A fact that a role left for the next one."""
    for result in run.results(FACTS, host):
        if name in result["ansible_facts"]:
            found: Json = result["ansible_facts"][name]
            return found
    raise LookupError(name)


def setup_play(**play: object) -> list[Json]:
    """A playbook of somebody else that includes the roles."""
    roles = ("jwt_keypair", "jwt_virtual_proxy", "jwt_verify")
    tasks = [
        {
            "name": f"Include {role}",
            "ansible.builtin.include_role": {
                "name": f"qlikops.sense.{role}",
                "apply": {"tags": ["qlik"]},
            },
            "tags": ["qlik"],
        }
        for role in roles
    ]
    return [{"name": "Ours", "hosts": "qlik", "gather_facts": False, "tasks": tasks, **play}]


@pytest.mark.long
def test_a_proxy_that_takes_its_time(workplace: Workplace) -> None:
    """It does not know the new virtual proxy for some seconds, and then restarts."""
    workplace.simulator.switch(notice_s=8, restart_seconds=1)

    run = workplace.run(SETUP, hosts={"dev": workplace.login()}).ok()

    (login,) = fact(run, "jwt_verify_result")["logins"]
    assert login["verdict"] == "access_granted"
    answers = workplace.simulator.requests(port="https")
    assert 400 in [r["status"] for r in answers if r["path"].startswith("/portal/")]


def test_from_nothing_to_a_login_and_again(workplace: Workplace) -> None:
    site = workplace.simulator
    hosts = {"dev": workplace.login(jwt_virtual_proxy_description="Login for the portal")}

    check = workplace.run(SETUP, "--check", "--diff", hosts=hosts).ok()
    assert writes(site) == []
    assert not workplace.key.exists()
    assert "the login through 'portal' is skipped" in check.output
    assert fact(check, "jwt_verify_result") == {"ok": True, "skipped": ["portal"], "logins": []}

    first = workplace.run(SETUP, "--diff", hosts=hosts).ok()
    assert stat.S_IMODE(workplace.key.stat().st_mode) == 0o600
    entity = site.entity("virtualproxyconfig", prefix="portal")
    assert entity["description"] == "Login for the portal"
    (login,) = fact(first, "jwt_verify_result")["logins"]
    assert (login["prefix"], login["verdict"]) == ("portal", "access_granted")
    assert (login["user"]["directory"], login["user"]["id"]) == ("ACME", "jdoe")
    assert site.entity("user", userId="jdoe", userDirectory="ACME")
    assert "Login through 'portal': access_granted, ACME\\\\jdoe" in first.output
    predicted, real = (predictable(run) for run in (check, first))
    assert predicted == real

    site.clear_requests()
    second = workplace.run(SETUP, "--diff", hosts=hosts).ok()
    assert second.changed == 0
    assert writes(site) == []
    assert site.entity("virtualproxyconfig", prefix="portal") == entity
    assert fact(second, "jwt_keypair_result")["private_key_path"] == str(workplace.key)
    for run in (check, first, second):
        assert run.warnings == []


def predictable(run: Run) -> Json:
    """The diff and the links of the virtual proxy, without what was generated for it."""
    result = run.result(APPLY)
    (diff,), (described,) = result["diff"], result["virtual_proxies"]
    after = dict(diff["after"])
    assert after.pop("jwt_certificate")
    return {"before": diff["before"], "after": after, "links": described["links"]}


def test_all_that_is_missing_is_in_one_message(workplace: Workplace) -> None:
    run = workplace.run(SETUP, hosts={"dev": {"qlik_host": "nowhere.invalid"}}).failed()

    (message, again) = run.failures
    assert message == again
    assert message.startswith("Required variables are not set for dev: qlik_client_cert_path and ")
    for name in ("key_path", "private_key_path", "proxy_prefix", "definitions", "verify_user_id"):
        assert name in message
    assert "return_content" not in message


def test_what_the_proof_needs_is_asked_for_before_anything_is_written(workplace: Workplace) -> None:
    variables = workplace.login()
    del variables["jwt_verify_user_id"]

    run = workplace.run(SETUP, hosts={"dev": variables}).failed()

    assert "jwt_verify_user_id" in run.failures[0]
    assert "jwt_virtual_proxy_prefix" not in run.failures[0]
    assert not workplace.key.exists()
    assert workplace.simulator.requests(port="qrs") == []


@pytest.mark.long
def test_a_wrong_type_names_the_variable(workplace: Workplace) -> None:
    """Of each role, and in the first of all tasks that can see it."""
    wrong = {
        "qlik_port": "https",
        "qlik_validate_certs": "maybe",
        "jwt_keypair_size": "big",
        "jwt_keypair_backup": "perhaps",
        "jwt_virtual_proxy_allow_restart": "never",
        "jwt_virtual_proxy_session_inactivity_timeout": "half an hour",
        "jwt_verify_lifetime": "5 minutes",
        "jwt_verify_allow_user_creation": "if needed",
    }
    definitions = [{"prefix": "portal", "desciption": "misspelled"}]
    misspelled = workplace.login(jwt_virtual_proxy_definitions=definitions)
    del misspelled["jwt_virtual_proxy_prefix"]
    hosts = {
        name: workplace.login(**{"qlik_host": f"{name}.invalid", name: value})
        for name, value in wrong.items()
    }

    run = workplace.run(SETUP, hosts={**hosts, "dev": misspelled}).failed()

    for name in wrong:
        assert f"{name}: give " in run.failed_on(name)[0], name
    assert "jwt_virtual_proxy_definitions.desciption" in run.failed_on("dev")[0]
    assert not workplace.key.exists()
    assert workplace.simulator.requests(port="qrs") == []


@pytest.mark.long
def test_relative_paths_begin_where_the_run_was_started(workplace: Workplace) -> None:
    """Of the connection, the key pair, and the login; with a playbook inside the collection."""
    files = workplace.directory / "files"
    files.mkdir()
    host = workplace.login(jwt_keypair_private_key_path="files/jwt.key")
    for name in ("qlik_client_cert_path", "qlik_client_key_path", "qlik_ca_path"):
        shutil.copy(host[name], files / f"{name}.pem")
        host[name] = f"files/{name}.pem"
    shutil.copy(host["jwt_verify_url_ca_path"], files / "proxies.pem")
    host["jwt_verify_url_ca_path"] = "./files/proxies.pem"

    run = workplace.run(SETUP, hosts={"dev": host}).ok()

    key = str(files / "jwt.key")
    assert fact(run, "jwt_keypair_result")["private_key_path"] == key
    assert Path(key).exists()
    (files / "qlik_client_cert_path.pem").unlink()
    missing = workplace.run(SETUP, hosts={"dev": host}).failed()
    assert str(files / "qlik_client_cert_path.pem") in missing.failures[0]


@pytest.mark.long
def test_check_mode_skips_only_the_login_to_what_it_predicts(workplace: Workplace) -> None:
    workplace.run(SETUP, hosts={"dev": workplace.login()}).ok()
    known = workplace.login()
    del known["jwt_virtual_proxy_prefix"]
    definitions = [{"prefix": "portal"}, {"prefix": "report"}]

    check = workplace.run(
        SETUP, "--check", hosts={"dev": {**known, "jwt_virtual_proxy_definitions": definitions}}
    ).ok()

    result = fact(check, "jwt_verify_result")
    assert result["skipped"] == ["report"]
    assert [(v["prefix"], v["verdict"]) for v in result["logins"]] == [("portal", "not_tried")]


@pytest.mark.long
def test_several_sites_in_one_run(workplace: Workplace) -> None:
    site = workplace.simulator
    hosts = {
        name: workplace.login(
            qlik_host=address,
            jwt_virtual_proxy_prefix=name,
            jwt_verify_user_id=name,
            jwt_keypair_private_key_path=str(workplace.directory / f"{name}.key"),
        )
        # One simulator under two names: the roles cannot know.
        for name, address in (("dev", "localhost"), ("test", "127.0.0.1"))
    }

    run = workplace.run(SETUP, hosts=hosts).ok()

    for name in hosts:
        assert fact(run, "jwt_verify_result", name)["logins"][0]["user"]["id"] == name
        assert site.entity("virtualproxyconfig", prefix=name)
    assert workplace.run(SETUP, hosts=hosts).ok().changed == 0


@pytest.mark.long
def test_one_site_from_two_hosts_is_refused_unless_one_is_chosen(workplace: Workplace) -> None:
    hosts = {"central": workplace.login(), "rim": workplace.login()}

    refused = workplace.run(SETUP, hosts=hosts).failed()
    for host in hosts:
        # Where it failed, and again in the end.
        message, again = refused.failed_on(host)
        assert message == again
        assert message.startswith("qlik_host: central, rim are all the site localhost:")
        assert "--limit central" in message
    assert workplace.simulator.requests() == []

    # The same when the address is not the inventory's but the play's.
    bare = {
        name: {key: value for key, value in variables.items() if key != "qlik_host"}
        for name, variables in hosts.items()
    }
    play = setup_play(vars={"qlik_host": "LOCALHOST"})
    assert "are all the site" in workplace.run(play, hosts=bare).failed().output
    assert workplace.simulator.requests() == []

    workplace.run(SETUP, "--limit", "rim", hosts=hosts).ok()
    once = setup_play()
    for task in once[0]["tasks"]:
        task["ansible.builtin.import_role"] = task.pop("ansible.builtin.include_role")
        del task["ansible.builtin.import_role"]["apply"]
        task["run_once"] = True
    assert workplace.run(once, hosts=hosts).ok().changed == 0


@pytest.mark.long
def test_hosts_by_their_own_address_or_name(workplace: Workplace) -> None:
    known = workplace.login()
    del known["qlik_host"]
    by_address = {"central": {**known, "ansible_host": "127.0.0.1"}}
    by_name = {"localhost": known}

    workplace.run(SETUP, hosts=by_address).ok()
    assert workplace.run(SETUP, hosts=by_name).ok().changed == 0


@pytest.mark.long
def test_nothing_of_a_windows_node_is_used_for_the_tasks(workplace: Workplace) -> None:
    """Its connection, shell, interpreter and become stand where they reach every host."""
    windows = {
        "ansible_connection": "psrp",
        "ansible_shell_type": "powershell",
        "ansible_python_interpreter": "C:/Python/python.exe",
        "ansible_become": True,
        "ansible_become_method": "ansible.builtin.runas",
        "ansible_become_user": "SYSTEM",
    }
    hosts = {"central": workplace.login(qlik_host="localhost")}
    others: dict[str, Json] = {"localhost": {}}

    workplace.run(SETUP, hosts=hosts, every=windows, others=others).ok()
    play = setup_play(vars=windows, become=True, become_method="runas", become_user="SYSTEM")
    again = workplace.run(play, hosts=hosts, every=windows, others=others).ok()
    assert again.changed == 0


@pytest.mark.long
def test_a_jump_host_with_its_own_python(workplace: Workplace) -> None:
    python = workplace.directory / "jump-python"
    used = workplace.directory / "used"
    python.write_text(f'#!/bin/sh\necho used >>{used}\nexec {workplace.python} "$@"\n')
    python.chmod(0o755)
    windows = {"ansible_connection": "psrp", "ansible_shell_type": "powershell"}
    hosts = {"central": {**workplace.login(), **windows, "qlik_api_host": "jump"}}
    others = {
        "jump": {"ansible_connection": "local", "ansible_python_interpreter": str(python)},
    }

    run = workplace.run(SETUP, hosts=hosts, others=others).ok()

    assert "[central -> jump]" in run.output
    assert used.read_text().count("used") >= 3


@pytest.mark.long
def test_roles_in_a_play_of_somebody_else(workplace: Workplace) -> None:
    """Other variable names, tags, a limit, and serial."""
    site = workplace.simulator
    ours = {
        "our_prefix": "portal",
        "our_claims": ["sub", "domain"],
        "our_person": "jdoe",
    }
    play = setup_play(
        serial=1,
        vars={
            "jwt_virtual_proxy_prefix": "{{ our_prefix }}",
            "jwt_virtual_proxy_jwt_attribute_user_id": "{{ our_claims[0] }}",
            "jwt_virtual_proxy_jwt_attribute_user_directory": "{{ our_claims[1] }}",
            "jwt_verify_user_id": "{{ our_person }}",
        },
    )
    play[0]["tasks"].append({"name": "Not ours", "ansible.builtin.fail": {"msg": "not chosen"}})
    known = {
        name: value
        for name, value in workplace.login().items()
        if not name.startswith("jwt_virtual_proxy_") and name != "jwt_verify_user_id"
    }
    hosts = {
        "dev": {**known, **ours},
        "test": {**known, **ours, "our_prefix": "other", "qlik_host": "127.0.0.1"},
    }

    run = workplace.run(play, "--tags", "qlik", "--limit", "dev", hosts=hosts).ok()

    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal"}
    assert fact(run, "jwt_verify_result")["logins"][0]["claims"]["sub"] == "jdoe"
    assert workplace.run(play, "--tags", "qlik", hosts=hosts).ok().hosts["dev"]["changed"] == 0
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "portal", "other"}


@pytest.mark.long
def test_a_part_of_the_playbook_by_tag_and_a_target_by_variable(workplace: Workplace) -> None:
    hosts = {"dev": workplace.login(), "test": {}}
    target = ("-e", "qlik_target=dev")

    nothing = workplace.run(SETUP, "--tags", "jwt_keypairs", *target, hosts=hosts).ok()
    (warning,) = nothing.warnings
    assert "no role that leaves a result has run on dev" in warning
    assert workplace.run(SETUP, "--tags", "jwt_keypair", *target, hosts=hosts).ok().warnings == []
    assert workplace.key.exists()
    assert workplace.simulator.requests() == []
    workplace.run(SETUP, "--skip-tags", "jwt_verify", *target, hosts=hosts).ok()
    workplace.simulator.clear_requests()
    verified = workplace.run(SETUP, "--tags", "jwt_verify", *target, hosts=hosts).ok()
    assert fact(verified, "jwt_verify_result")["logins"][0]["verdict"] == "access_granted"
    assert set(verified.hosts) == {"dev"}


@pytest.mark.long
@pytest.mark.parametrize("name", ["setup", "verify", "rotate_key", "remove", "report", "restore"])
def test_an_inventory_without_a_host_is_no_success(workplace: Workplace, name: str) -> None:
    """A job that runs by night would be green for ever."""
    playbook = f"qlikops.sense.jwt_{name}"
    run = workplace.run(playbook, "-e", "qlik_target=site", hosts={"dev": {}})
    assert run.code == 4
    assert "qlik_target: the inventory has no host site" in run.output

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and playbook jwt_export: variables that change nothing, and texts that stay texts."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from playbooks.hostile import evaluated, hostile_site
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import seed
from support import tls_server as ca

EXPORT = "qlikops.sense.jwt_export"
SITE = "qlik.example.com"


def apply(kind: str) -> list[Json]:
    """A play that gives the exported variables back to the site."""
    role = {"ansible.builtin.import_role": {"name": "qlikops.sense.jwt_virtual_proxy"}}
    module = {
        "qlikops.sense.qlik_virtual_proxies": {
            "host": "{{ qlik_host }}",
            "port": "{{ qlik_port }}",
            "client_cert_path": "{{ qlik_client_cert_path }}",
            "client_key_path": "{{ qlik_client_key_path }}",
            "ca_path": "{{ qlik_ca_path }}",
            "virtual_proxies": "{{ jwt_virtual_proxy_definitions }}",
        },
        "delegate_to": "localhost",
    }
    task = {"role": role, "module": module}[kind]
    return [{"hosts": "qlik", "gather_facts": False, "tasks": [task]}]


def exported(workplace: Workplace, *flags: str, **more: object) -> Run:
    """A run of the playbook into the variables of the host."""
    host = workplace.site(
        jwt_export_directory="{{ inventory_dir }}/host_vars/{{ inventory_hostname }}", **more
    )
    every = {"ansible_python_interpreter": workplace.python}
    return workplace.run(EXPORT, *flags, hosts={SITE: host}, every=every)


def file(workplace: Workplace) -> Path:
    """What it writes."""
    return workplace.directory / "host_vars" / SITE / f"{SITE}.yml"


@pytest.mark.parametrize("again", [False, pytest.param(True, marks=pytest.mark.long)])
def test_texts_of_the_site_are_never_evaluated(workplace: Workplace, again: bool) -> None:
    site = workplace.simulator
    hostile_site(site)
    before = site.state()["entities"]
    site.clear_requests()
    every = {"ansible_python_interpreter": workplace.python}

    if again:
        predicted = exported(workplace, "--check", "--diff").ok()
        assert predicted.changed == 2
        assert "jwt_virtual_proxy_definitions:" in predicted.output
        assert not file(workplace).exists()
    assert exported(workplace).ok().changed == 2
    assert stat.S_IMODE(file(workplace).stat().st_mode) == 0o644
    for flags in ([], ["--check", "--diff"]) if again else ():
        run = exported(workplace, *flags).ok()
        assert (run.changed, run.warnings) == (0, [])
    for kind in ("role", "module"):
        for flags in (["--check", "--diff"], ["--diff"])[:: 1 if again else 2]:
            run = workplace.run(apply(kind), *flags, hosts={SITE: workplace.site()}, every=every)
            assert run.ok().changed == 0

    assert evaluated(workplace) == []
    assert site.state()["entities"] == before
    assert all(request["method"] == "GET" for request in site.requests(port="qrs"))


@pytest.mark.long
def test_a_file_that_was_edited_is_not_replaced(workplace: Workplace) -> None:
    site = workplace.simulator
    seed(site, additionalResponseHeaders="X-Secret: s", jwtPublicKeyCertificate=ca.key_pem("one"))

    run = exported(workplace).ok()
    first = file(workplace).read_text(encoding="utf-8")
    assert "PRIVATE" not in first
    assert "X-Secret" not in first
    omitted = "'portal': jwt_certificate, additional_response_headers not returned"
    assert any(omitted in warning for warning in run.warnings)

    entity = site.entity("virtualproxyconfig", prefix="portal")
    site.patch("virtualproxyconfig", entity["id"], {"description": "changed"})
    for text in (first, first.replace("portal", "mine")):
        file(workplace).write_text(text, encoding="utf-8")
        run = exported(workplace)
        if text == first:
            assert run.ok().changed == 1
            assert "description: changed" in file(workplace).read_text(encoding="utf-8")
        else:
            assert run.failed().failures[-1].startswith(f"{file(workplace)}: The file was edited")
            assert file(workplace).read_text(encoding="utf-8") == text


@pytest.mark.long
def test_variables_of_the_host_are_not_hidden(workplace: Workplace) -> None:
    seed(workplace.simulator)
    variables = workplace.directory / "host_vars"
    variables.mkdir()
    existing = variables / f"{SITE}.yaml"
    existing.write_text("{}", encoding="utf-8")
    host = workplace.site()
    for directory in ("host_vars", "{{ inventory_dir }}/host_vars/{{ inventory_hostname }}/"):
        run = workplace.run(EXPORT, hosts={SITE: {**host, "jwt_export_directory": directory}})
        assert f"{existing}: Ansible reads either this or" in run.failed().failures[-1]
        assert [*variables.iterdir()] == [existing]
    run = workplace.run(EXPORT, hosts={SITE: {**host, "jwt_export_directory": "exports"}})
    assert run.ok().changed == 2
    assert (workplace.directory / "exports" / f"{SITE}.yml").exists()


@pytest.mark.long
def test_one_site_does_not_stop_the_others(workplace: Workplace) -> None:
    seed(workplace.simulator)
    good = workplace.site(jwt_export_directory="exports")
    hosts = {
        "../escape": {**good, "qlik_host": "127.0.0.1"},
        "gone": {**good, "qlik_port": 1, "qlik_host": "127.0.0.1"},
        "empty": {**good, "jwt_export_directory": "", "qlik_host": "127.0.0.2"},
        "good": good,
    }

    run = workplace.run(EXPORT, "-e", "qlik_serial=1", hosts=hosts).failed()

    assert "1 of 4 sites done: good" in run.output
    assert "The inventory host name ../escape cannot be used as a file name" in run.output
    assert "jwt_export_directory: set the directory" in run.output
    assert [path.name for path in (workplace.directory / "exports").iterdir()] == ["good.yml"]
    assert not (workplace.directory / "escape.yml").exists()


@pytest.mark.long
def test_a_virtual_proxy_is_created_from_its_definition(workplace: Workplace) -> None:
    site = workplace.simulator
    seed(site, sessionInactivityTimeout=12, websocketCrossOriginWhiteList=["a.example"])
    exported(workplace).ok()
    entity = site.entity("virtualproxyconfig", prefix="portal")
    site.delete("virtualproxyconfig", entity["id"])

    workplace.run(apply("role"), hosts={SITE: workplace.site()}).ok()

    created = site.entity("virtualproxyconfig", prefix="portal")
    own = {"id", "createdDate", "modifiedDate", "modifiedByUserName"}
    assert {k for k in entity if entity[k] != created[k]} <= own
    exported(workplace, "--check").ok()

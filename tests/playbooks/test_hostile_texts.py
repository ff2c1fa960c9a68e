# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook on a site whose texts are templates: none of them is evaluated."""

from __future__ import annotations

import json

import pytest

from awx import launch
from playbooks.hostile import evaluated, expression, hostile_site
from playbooks.runs import Json, Workplace
from playbooks.verify import FACTS, KEY
from support import key_material as km

RESULT = "jwt_virtual_proxy_result"
#: The playbooks, with what makes them report, change, remove and fail.
RUNS: dict[str, Json] = {
    "jwt_report": {
        "jwt_report_report_directory": "reports",
        "jwt_report_fail_on": ["drift", "expiry", "error"],
        "jwt_report_expiry_days": 100000,
        "jwt_report_verify": True,
        "jwt_virtual_proxy_description": "new",
        "jwt_virtual_proxy_user": {"directory": "ACME", "id": "jdoe", "name": "new"},
        "jwt_virtual_proxy_allow_http": True,
    },
    "jwt_verify": {"jwt_verify_report_directory": "reports"},
    "jwt_setup": {
        "jwt_virtual_proxy_description": "new",
        "jwt_virtual_proxy_tags": ["new"],
        "jwt_virtual_proxy_user": {"directory": "ACME", "id": "jdoe", "name": "new"},
    },
    "jwt_rotate_key": {"jwt_rotate_key_keep_previous": True},
    "jwt_remove": {
        "jwt_remove_prefix": expression("p"),
        "jwt_remove_user": {"directory": "ACME", "id": "jdoe"},
    },
}


@pytest.fixture
def host(workplace: Workplace) -> Json:
    """A host with the key that the virtual proxies trust."""
    hostile_site(workplace.simulator)
    workplace.key.write_bytes(km.key_pem(KEY))
    workplace.key.chmod(0o600)
    certificate = km.certificate_pem(km.certificate(KEY)).decode()
    workplace.key.with_suffix(".crt").write_text(certificate, encoding="ascii")
    return workplace.login()


@pytest.mark.long
@pytest.mark.parametrize("name", RUNS)
def test_no_playbook_evaluates_a_text(workplace: Workplace, host: Json, name: str) -> None:
    given = {key: value for key, value in RUNS[name].items() if not key.endswith("_prefix")}
    extra = workplace.directory / "extra.yml"
    variables = RUNS[name].keys() - given.keys()
    extra.write_text(
        launch.extra_vars_file({key: RUNS[name][key] for key in variables}, {}), encoding="utf-8"
    )
    for flags in (["--check", "--diff"], ["--diff"]):
        run = workplace.run(
            f"qlikops.sense.{name}",
            "-vvv",
            "-e",
            f"@{extra}",
            *flags,
            hosts={"dev": {**host, **given}},
        )
        assert run.events, run.output
        assert evaluated(workplace) == []


@pytest.mark.long
def test_a_restore_evaluates_no_text(workplace: Workplace, host: Json) -> None:
    """From a file, and as AWX passes it to a later job."""
    changes = {"jwt_virtual_proxy_description": "new", "jwt_virtual_proxy_user": None}
    before = workplace.simulator.entity("virtualproxyconfig", prefix="portal")["description"]
    for way in ("extra", "file"):
        run = workplace.run("qlikops.sense.jwt_setup", hosts={"dev": {**host, **changes}})
        extra = workplace.directory / "extra.yml"
        if way == "extra":
            # Without the mark that AWX sets: ansible-core evaluates such texts.
            extra.write_text(json.dumps(run.handed_over), encoding="utf-8")
        else:
            facts = [found["ansible_facts"] for found in run.results(FACTS)]
            (kept,) = (fact[RESULT]["before"] for fact in facts if RESULT in fact)
            file = workplace.directory / "before.json"
            file.write_text(json.dumps(kept), encoding="utf-8")
            lookup = f"{{{{ lookup('ansible.builtin.file', '{file}') | from_json }}}}"
            extra.write_text(json.dumps({"jwt_restore_before": lookup}), encoding="utf-8")
        restored = workplace.run(
            "qlikops.sense.jwt_restore", "-e", f"@{extra}", hosts={"dev": host}
        )
        assert restored.ok().changed == 1
        entity = workplace.simulator.entity("virtualproxyconfig", prefix="portal")
        assert entity["description"] == before
        assert evaluated(workplace) == []

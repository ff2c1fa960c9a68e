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
    """From a file, decoded or not, and as AWX passes it to a later job."""
    changes = {"jwt_virtual_proxy_description": "new", "jwt_virtual_proxy_user": None}
    before = workplace.simulator.entity("virtualproxyconfig", prefix="portal")["description"]
    for way in ("extra", "file", "text"):
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
            decode = " | from_json" if way == "file" else ""
            lookup = f"{{{{ lookup('ansible.builtin.file', '{file}'){decode} }}}}"
            extra.write_text(json.dumps({"jwt_restore_before": lookup}), encoding="utf-8")
        restored = workplace.run(
            "qlikops.sense.jwt_restore", "-e", f"@{extra}", hosts={"dev": host}
        )
        assert restored.ok().changed == 1
        entity = workplace.simulator.entity("virtualproxyconfig", prefix="portal")
        assert entity["description"] == before
        assert evaluated(workplace) == []


#: Answers with lists and mappings, which AWX marks as a whole text. Some are accepted.
ANSWERS: dict[str, Json] = {
    "accepted": {
        "jwt_virtual_proxy_tags": [expression("tag")],
        "jwt_virtual_proxy_jwt_attribute_map": [
            {"jwt_attribute": expression("claim"), "sense_attribute": expression("sense")}
        ],
        "jwt_virtual_proxy_additional_response_headers": {"X-A": expression("header")},
        "jwt_virtual_proxy_custom_properties": {"env": [expression("property")]},
        "jwt_virtual_proxy_user": {"directory": "ACME", "id": expression("user")},
        "jwt_verify_attributes": {"a": expression("attribute")},
        "jwt_remove_prefixes": [expression("p")[:99]],
        "jwt_remove_confirm": [expression("p")[:99]],
        "jwt_remove_user": {"directory": "ACME", "id": expression("gone")},
    },
    "definitions": {
        "jwt_virtual_proxy_definitions": [
            {
                "prefix": "portal",
                "description": expression("description"),
                "tags": [expression("tag")],
                "additional_response_headers": {"X-A": expression("header")},
            }
        ],
    },
    "rejected": {
        "jwt_virtual_proxy_host_allow_list": [expression("host")],
        "jwt_virtual_proxy_load_balancing_nodes": [expression("node")],
        "jwt_virtual_proxy_proxies": [expression("proxy")],
        "jwt_verify_urls": [expression("url")],
        "jwt_report_fail_on": [expression("fail")],
        "jwt_remove_prefixes": [expression("prefix")],
        "jwt_remove_key_files": [expression("file")],
    },
    "refused": {
        "jwt_virtual_proxy_clear": [expression("clear")],
        "jwt_verify_checks": [expression("check")],
        "jwt_remove_key_files": ["/" + expression("file")],
        "jwt_remove_confirm": [expression("confirm")],
    },
}


@pytest.mark.long
@pytest.mark.parametrize("name", ANSWERS)
def test_no_answer_is_evaluated(workplace: Workplace, host: Json, name: str) -> None:
    texts = {option: json.dumps(value) for option, value in ANSWERS[name].items()}
    if name == "definitions":
        del host["jwt_virtual_proxy_prefix"]
    extra = workplace.directory / "extra.yml"
    extra.write_text(launch.extra_vars_file(texts, {}), encoding="utf-8")
    play: list[Json] = [
        {
            "name": "Every role, also after one that failed",
            "hosts": "qlik",
            "gather_facts": False,
            "tasks": [
                {
                    "name": "Run a role",
                    "block": [
                        {
                            "name": "Include the role",
                            "ansible.builtin.include_role": {"name": f"qlikops.sense.{role}"},
                        }
                    ],
                    "rescue": [{"name": "Continue", "ansible.builtin.meta": "noop"}],
                }
                for role in ("jwt_virtual_proxy", "jwt_verify", "jwt_report", "jwt_remove")
            ],
        }
    ]
    run = workplace.run(play, "-vvv", "-e", f"@{extra}", hosts={"dev": host})
    assert run.events, run.output
    assert evaluated(workplace) == []
    if name in ("accepted", "definitions"):
        tags = [tag["name"] for tag in workplace.simulator.entities("tag")]
        assert expression("tag") in tags

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX makes of answers and credentials before a job starts."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from awx.definitions import Loader, Unsafe, items, named, template_of
from awx.launch import (
    HIDDEN,
    Credential,
    Ended,
    Injected,
    Refused,
    accepted,
    extra_vars_file,
    in_workflow,
    inherited_in_each_order,
    launched,
    of_form,
    safe_environment,
    sliced,
)
from support import key_material as km

INSIDE = Path("/runner/env")
KEY = "-----BEGIN PRIVATE KEY-----\nkey\n-----END PRIVATE KEY-----"
SITE = {"client_cert": "certificate", "client_key": KEY}
SETUP = template_of("jwt_setup")
ANSWERS = {"jwt_virtual_proxy_prefix": "portal"}


def site(place: Path, **more: object) -> Injected:
    """What the credential of a site adds to a job."""
    definition = named("credential_types", "Qlik Sense site certificate")
    return Credential(definition, {**SITE, **more}).inject(place, INSIDE)


def content(place: Path, seen: str) -> str:
    """The content of a file that a job sees."""
    path = place / Path(seen).relative_to(INSIDE)
    assert path.stat().st_mode & 0o777 == 0o600
    return path.read_text(encoding="utf-8")


def test_a_site_with_only_what_is_needed(tmp_path: Path) -> None:
    env, arguments = site(tmp_path, ca="", client_key_passphrase="")

    assert content(tmp_path, env["QLIK_CLIENT_CERT"]) == "certificate"
    assert content(tmp_path, env["QLIK_CLIENT_KEY"]) == KEY + "\n"
    # Neither verification is switched off nor an empty file trusted, since nobody said so.
    assert {name for name, value in env.items() if value} == {"QLIK_CLIENT_CERT", "QLIK_CLIENT_KEY"}
    assert arguments == []


def test_a_site_with_everything(tmp_path: Path) -> None:
    env, dummy = site(
        tmp_path,
        ca="authority",
        client_key_passphrase="secret",
        tls_server_name="qlik",
        api_user_directory="ACME",
        api_user_id="robot",
        trust_any_certificate=True,
    )

    assert content(tmp_path, env.pop("QLIK_CA")) == "authority"
    assert {name: env[name] for name in env if "_CLIENT_CERT" not in name} == {
        "QLIK_CLIENT_KEY": env["QLIK_CLIENT_KEY"],
        "QLIK_CLIENT_KEY_PASSPHRASE": "secret",
        "QLIK_TLS_SERVER_NAME": "qlik",
        "QLIK_API_USER_DIRECTORY": "ACME",
        "QLIK_API_USER_ID": "robot",
        "QLIK_VALIDATE_CERTS": "false",
    }


def test_the_signing_key_is_one_file_with_its_certificate(tmp_path: Path) -> None:
    key = km.rsa_key()
    certificate = km.certificate_pem(km.certificate(key)).decode()
    inputs = {"private_key": km.key_pem(key).decode().strip(), "certificate": certificate.strip()}
    definition = named("credential_types", "Qlik Sense JWT signing key")

    env, dummy = Credential(definition, inputs).inject(tmp_path, INSIDE)

    text = content(tmp_path, env["QLIK_JWT_PRIVATE_KEY"])
    before, begin, after = text.partition("-----BEGIN CERTIFICATE")
    assert load_pem_private_key(before.encode(), None).public_key() == key.public_key()
    assert (begin + after).split() == certificate.split()


@pytest.mark.parametrize(
    "definition", items("credential_types"), ids=lambda item: str(item["name"])
)
def test_a_credential_without_a_required_field_is_saved_and_starts_no_job(
    definition: dict[str, object], tmp_path: Path
) -> None:
    empty = Credential(definition, {})
    with pytest.raises(Refused, match=r"cannot start: .* missing"):
        empty.check_start()

    # The roles report it as well, because no variable names a file without content.
    environment, dummy = empty.inject(tmp_path, INSIDE)
    assert {*environment.values()} == {""}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Bag Attributes\n" + KEY, "text outside"),
        (KEY + "\nThe key of the portal", "text outside"),
        (KEY.replace("PRIVATE KEY", "EC PARAMETERS") + "\n" + KEY, "EC PARAMETERS is not supp"),
        (KEY.replace("PRIVATE", "PUBLIC"), "PUBLIC KEY is not supported; there is no private key"),
        ("  \n" + KEY, ""),
        (KEY.replace("PRIVATE", "RSA PRIVATE"), ""),
        (KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"), ""),
        (KEY + "\n\n" + KEY.replace("PRIVATE KEY", "CERTIFICATE"), ""),
    ],
)
def test_a_key_field(text: str, said: str) -> None:
    definition = named("credential_types", "Qlik Sense site certificate")
    if not said:
        Credential(definition, {**SITE, "client_key": text})
        return
    with pytest.raises(Refused, match=f"client_key: .*{said}"):
        Credential(definition, {**SITE, "client_key": text})


def test_no_passphrase_is_kept() -> None:
    names = {
        field: name
        for definition in items("credential_types")
        for name, template in definition["injectors"]["env"].items()
        for field in [f["id"] for f in definition["inputs"]["fields"] if f.get("secret")]
        if field in template and "filename" not in template
    }
    assert names
    kept = safe_environment(dict.fromkeys(names.values(), "secret"))
    assert {*kept.values()} == {HIDDEN}


def test_nothing_wins_over_the_inventory_where_nobody_answered() -> None:
    assert launched(SETUP, ANSWERS) == {**SETUP.get("extra_vars", {}), **ANSWERS}


NOT_ASKED = [
    ("jwt_verify_user_id", "sa_api"),
    ("jwt_verify_urls", "http://x"),
    ("qlik_url", "http://x"),
    ("qlik_client_key_content", "x"),
    ("jwt_virtual_proxy_allow_restart", False),
]


@pytest.mark.parametrize(("name", "value"), NOT_ASKED, ids=[name for name, dummy in NOT_ASKED])
def test_what_is_not_asked_for(name: str, value: object) -> None:
    """A job template ignores it. A schedule, a workflow, and a node of it reject it."""
    assert launched(SETUP, {**ANSWERS, name: value}) == launched(SETUP, ANSWERS)
    with pytest.raises(Refused, match=f"{name} is not asked for"):
        accepted(SETUP, {**ANSWERS, name: value})
    (workflow,) = items("workflows")
    with pytest.raises(Refused, match=f"{name} is not asked for"):
        in_workflow(SETUP, workflow, {**ANSWERS, name: value}, {})


def test_what_a_template_already_says_is_no_fault() -> None:
    template = {**SETUP, "extra_vars": {"jwt_virtual_proxy_allow_restart": False}}

    given = accepted(template, {**ANSWERS, "jwt_virtual_proxy_allow_restart": False})

    assert given == {**ANSWERS, "jwt_virtual_proxy_allow_restart": False}


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({**ANSWERS, "jwt_virtual_proxy_clear": ["state"]}, "state is no choice"),
        ({**ANSWERS, "jwt_virtual_proxy_session_inactivity_timeout": 0}, "0 is too small"),
        ({**ANSWERS, "jwt_virtual_proxy_session_inactivity_timeout": ""}, "'' is no integer"),
    ],
)
def test_what_is_not_started(answers: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        launched(SETUP, answers)


def test_a_form_sends_nothing_for_an_empty_answer() -> None:
    filled_in = {**ANSWERS, "jwt_virtual_proxy_description": "", "jwt_virtual_proxy_clear": []}

    assert launched(SETUP, of_form(filled_in)) == ANSWERS
    # Other clients of the API can send it.
    assert launched(SETUP, filled_in) == filled_in


def test_a_node_gets_what_its_parents_export_in_the_order_of_their_ids() -> None:
    first = Ended({}, {"before": 1, "proven": True})
    second = Ended({"before": 1, "proven": True}, {"proven": False})

    assert inherited_in_each_order([first, second]) == [
        {"before": 1, "proven": False},
        {"before": 1, "proven": True},
    ]
    apart = [Ended({}, {"a": 1}), Ended({"a": 1}, {"b": 2})]
    assert inherited_in_each_order(apart) == [{"a": 1, "b": 2}]
    assert inherited_in_each_order([]) == [{}]


def test_a_node_gets_what_jobs_before_it_handed_on() -> None:
    (workflow,) = items("workflows")
    template = template_of("jwt_restore")

    variables = in_workflow(template, workflow, ANSWERS, {"handed": {"on": 1}})

    assert variables["handed"] == {"on": 1}
    assert variables["jwt_restore_fail_afterwards"] is True
    assert variables["jwt_virtual_proxy_prefix"] == "portal"


def test_a_question_that_has_to_be_answered() -> None:
    with pytest.raises(Refused, match="jwt_remove_prefixes is missing"):
        launched(template_of("jwt_remove"), {})


def test_answers_are_no_templates_and_the_template_may_have_some() -> None:
    trusted = {"lookup": Unsafe("{{ lookup('ansible.builtin.env', 'HOME') }}"), "flag": True}

    text = extra_vars_file({**trusted, "answer": "{{ 1 + 1 }}", "list": ["{{ 2 }}"]}, trusted)

    loaded = yaml.load(text, Loader)
    assert not isinstance(loaded["lookup"], Unsafe)
    assert isinstance(loaded["answer"], Unsafe)
    assert isinstance(loaded["list"][0], Unsafe)
    assert loaded["flag"] is True


def test_slices_have_every_host_once() -> None:
    hosts = {name: {"n": name} for name in "edcba"}

    parts = [sliced(hosts, number, 2) for number in (1, 2)]

    assert [[*part] for part in parts] == [["a", "c", "e"], ["b", "d"]]

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook jwt_verify: which logins it tries, and what it says when one fails."""

from __future__ import annotations

import pytest

from playbooks.runs import Json, Workplace
from playbooks.verify import FACTS, KEY, OTHER, VERIFY, logins, seed
from support import key_material as km


@pytest.fixture
def known(workplace: Workplace) -> Json:
    """The variables of a host with the key in its file, and no virtual proxy described."""
    workplace.key.write_bytes(km.key_pem(KEY))
    variables = workplace.login()
    return {n: v for n, v in variables.items() if not n.startswith("jwt_virtual_proxy_")}


def test_logs_in_where_nothing_but_a_prefix_is_known(workplace: Workplace, known: Json) -> None:
    """The claim names are the virtual proxy's."""
    seed(workplace.simulator, jwtAttributeUserId="sub", jwtAttributeUserDirectory="[ACME]")

    run = workplace.run(VERIFY, hosts={"dev": {**known, "jwt_verify_prefix": "portal"}}).ok()

    (login,) = logins(run)
    assert login["verdict"] == "access_granted"
    assert login["claims"]["sub"] == "jdoe"
    assert "userDirectory" not in login["claims"]


def test_tries_all_that_is_described_with_jwt_and_says_which_fails(
    workplace: Workplace, known: Json
) -> None:
    seed(workplace.simulator, "good", jwtAudience="reports")
    foreign = km.certificate_pem(km.certificate(OTHER)).decode()
    seed(workplace.simulator, "bad", jwtPublicKeyCertificate=foreign)
    definitions = [
        {"prefix": "bad"},
        {"prefix": "good", "jwt_audience": "reports"},
        {"prefix": "desk", "authentication_method": "ticket"},
        {"prefix": "gone", "state": "absent"},
    ]
    hosts = {"dev": {**known, "jwt_virtual_proxy_definitions": definitions}}

    run = workplace.run(VERIFY, hosts=hosts).failed()

    verdicts = {login["prefix"]: login["verdict"] for login in logins(run)}
    assert verdicts == {"bad": "key_mismatch", "good": "access_granted"}
    assert any("not signed with the key" in message for message in run.failures)
    assert run.result(FACTS)["ansible_facts"]["jwt_verify_result"]["ok"] is False

    only = {**hosts["dev"], "jwt_verify_prefix": "good"}
    assert [v["prefix"] for v in logins(workplace.run(VERIFY, hosts={"dev": only}).ok())] == [
        "good"
    ]


def test_claim_names_are_those_that_clients_are_told(workplace: Workplace, known: Json) -> None:
    """A virtual proxy that was clicked otherwise since is found out."""
    seed(workplace.simulator, jwtAttributeUserId="UserId")
    told = {
        "jwt_virtual_proxy_prefix": "portal",
        "jwt_virtual_proxy_jwt_attribute_user_id": "userId",
    }

    run = workplace.run(VERIFY, hosts={"dev": {**known, **told}}).failed()

    assert logins(run)[0]["verdict"] == "claim_case_mismatch"


def test_says_what_is_known_from_outside_alone(workplace: Workplace, known: Json) -> None:
    foreign = km.certificate_pem(km.certificate(OTHER)).decode()
    seed(workplace.simulator, jwtPublicKeyCertificate=foreign)
    outside = {
        name: value for name, value in known.items() if not name.startswith(("qlik_c", "qlik_p"))
    }
    survey = {
        "jwt_verify_prefix": "portal",
        "jwt_verify_repository": "False",
        "jwt_verify_checks": "session\nidentity\n",
        "jwt_verify_attributes": '{"Group": ["Sales"]}',
        "jwt_verify_expect": "denied",
        "jwt_verify_lifetime": "60",
        "jwt_verify_wait": "",
        "jwt_verify_app_id": "",
        "jwt_verify_fail_on": "",
    }

    run = workplace.run(VERIFY, hosts={"dev": {**outside, **survey}}).ok()

    (login,) = logins(run)
    assert login["verdict"] == "token_rejected"
    assert login["claims"]["Group"] == ["Sales"]
    # A token is dated back a little, so that a clock that is behind takes it, too.
    assert 60 <= login["claims"]["exp"] - login["claims"]["iat"] < 120
    assert workplace.simulator.requests(port="qrs") == []


def test_takes_the_address_and_the_key_from_the_environment(
    workplace: Workplace, known: Json
) -> None:
    site = workplace.simulator
    seed(site)
    bare = {
        "qlik_host": site.host,
        "qlik_port": site.qrs_port,
        "jwt_verify_prefix": "portal",
        **{name: value for name, value in known.items() if name.startswith("jwt_verify_")},
    }
    environment = {
        "QLIK_URL": site.node()["url"],
        "QLIK_CLIENT_CERT": site.certificates["client_cert"],
        "QLIK_CLIENT_KEY": site.certificates["client_key"],
        "QLIK_CA": site.certificates["root"],
        "QLIK_JWT_PRIVATE_KEY": str(workplace.key),
    }

    run = workplace.run(VERIFY, hosts={"dev": bare}, environment=environment).ok()

    assert logins(run)[0]["verdict"] == "access_granted"


def test_names_no_virtual_proxy(workplace: Workplace, known: Json) -> None:
    run = workplace.run(VERIFY, hosts={"dev": known}).failed()

    # Where it happened, and at the end.
    (message,) = {*run.failures}
    assert message.startswith("jwt_verify_prefix: set the prefix to log in through")
    assert workplace.simulator.requests() == []

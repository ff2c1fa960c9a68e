# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair is used for the logins that it was made for, whatever ran before."""

from __future__ import annotations

import typing as t

import pytest
from cryptography import x509

from playbooks.runs import Json, Run, Workplace
from support import key_material as km

THEIRS = km.certificate_pem(km.certificate(km.rsa_key())).decode()
CLAIMS = {
    "jwt_virtual_proxy_jwt_attribute_user_id": "userId",
    "jwt_virtual_proxy_jwt_attribute_user_directory": "userDirectory",
}


def play(*roles: tuple[str, Json]) -> Json:
    """A play that includes roles, each with variables of its own."""
    return {
        "hosts": "qlik",
        "gather_facts": False,
        "tasks": [
            {"ansible.builtin.include_role": {"name": f"qlikops.sense.{name}"}, "vars": variables}
            for name, variables in roles
        ],
    }


def click(workplace: Workplace, prefix: str, certificate: str = THEIRS) -> None:
    """A virtual proxy that is there already and trusts a key."""
    workplace.simulator.seed(
        virtualproxyconfig=[
            {
                "prefix": prefix,
                "authenticationMethod": 4,
                "sessionCookieHeaderName": f"X-Qlik-Session-{prefix}",
                "jwtPublicKeyCertificate": certificate,
                "jwtAttributeUserId": "userId",
                "jwtAttributeUserDirectory": "userDirectory",
                "loadBalancingServerNodes": [{"id": workplace.simulator.node()["id"]}],
                "link": ["Central"],
            }
        ]
    )


def trusted(workplace: Workplace, prefix: str) -> t.Any:
    """The certificate of a virtual proxy."""
    entity = workplace.simulator.entity("virtualproxyconfig", prefix=prefix)
    return x509.load_pem_x509_certificate(entity["jwtPublicKeyCertificate"].encode())


def host(workplace: Workplace) -> dict[str, Json]:
    """The site, without a word about keys and prefixes."""
    variables = {
        name: value
        for name, value in workplace.login().items()
        if not name.startswith("jwt_keypair_private") and name != "jwt_virtual_proxy_prefix"
    }
    return {"dev": variables}


def pair(workplace: Workplace, *prefixes: str, **more: t.Any) -> tuple[str, Json]:
    """The role jwt_keypair with a key for some prefixes."""
    path = more.pop("path", str(workplace.key))
    definitions = [{"prefix": prefix} for prefix in prefixes]
    variables = {"jwt_keypair_private_key_path": path, **more}
    return "jwt_keypair", {**variables, "jwt_virtual_proxy_definitions": definitions}


def proxies(*prefixes: str, **more: t.Any) -> tuple[str, Json]:
    """The role jwt_virtual_proxy for some prefixes, none of which names its certificate."""
    definitions = [{"prefix": prefix, "description": "ours"} for prefix in prefixes]
    return "jwt_virtual_proxy", {"jwt_virtual_proxy_definitions": definitions, **more}


def test_the_same_prefix_on_another_site_keeps_its_certificate(workplace: Workplace) -> None:
    click(workplace, "other")
    roles = [pair(workplace, "other", qlik_host="elsewhere.example.com"), proxies("other")]

    run = workplace.run([play(*roles)], hosts=host(workplace)).failed()

    assert run.failures[0].startswith("jwt_virtual_proxy_jwt_certificate: other trusts another key")
    entity = workplace.simulator.entity("virtualproxyconfig", prefix="other")
    assert entity["jwtPublicKeyCertificate"] == THEIRS


@pytest.mark.parametrize(
    "apart",
    [
        pytest.param(True, id="two plays", marks=pytest.mark.long),
        pytest.param(False, id="one play"),
    ],
)
def test_another_login_keeps_its_certificate(workplace: Workplace, apart: bool) -> None:
    click(workplace, "other")
    roles = [pair(workplace, "portal"), proxies("portal"), proxies("new", "other")]
    plays = [play(*roles[:2]), play(*roles[2:])] if apart else [play(*roles)]

    run = workplace.run(plays, hosts=host(workplace)).failed()

    (message,) = run.failures
    assert message.startswith("jwt_virtual_proxy_jwt_certificate: other trusts another key")
    assert "made for portal" in message
    entity = workplace.simulator.entity("virtualproxyconfig", prefix="other")
    assert entity["description"] == ""
    assert entity["jwtPublicKeyCertificate"] == THEIRS
    # Nothing of that task was done.
    assert not [
        e for e in workplace.simulator.entities("virtualproxyconfig") if e["prefix"] == "new"
    ]


@pytest.mark.long
def test_a_new_login_gets_it_and_so_does_one_that_trusts_the_key(workplace: Workplace) -> None:
    hosts = host(workplace)
    run = workplace.run(
        [
            play(pair(workplace, "portal"), proxies("portal"), proxies("new")),
            # It signs for a login that got it.
            play(("jwt_verify", {"jwt_verify_prefix": "new"})),
        ],
        hosts=hosts,
    ).ok()
    assert trusted(workplace, "new") == trusted(workplace, "portal")
    assert prefixes(run) == ["portal", "new"]

    # The key is replaced for one of them; the other trusts its predecessor.
    before = trusted(workplace, "new")
    again = pair(workplace, "portal", jwt_keypair_regenerate="always")
    workplace.run([play(again, proxies("portal")), play(proxies("new"))], hosts=hosts).ok()
    assert trusted(workplace, "new") == trusted(workplace, "portal")
    assert trusted(workplace, "new") != before


def prefixes(run: Run) -> list[str]:
    """What the key pair is for in the end."""
    found: list[str] = run.results("Set the prefixes that the key pair is for")[-1][
        "ansible_facts"
    ]["jwt_keypair_result"]["prefixes"]
    return found


def test_a_described_login_gets_it_also_in_place_of_another_key(workplace: Workplace) -> None:
    click(workplace, "other")

    workplace.run([play(pair(workplace, "other"), proxies("other"))], hosts=host(workplace)).ok()

    entity = workplace.simulator.entity("virtualproxyconfig", prefix="other")
    assert entity["jwtPublicKeyCertificate"] != THEIRS


def test_variables_that_name_another_key_win(workplace: Workplace) -> None:
    click(workplace, "other")
    second = {"jwt_keypair_private_key_path": str(workplace.directory / "second.key")}

    workplace.run(
        [play(pair(workplace, "other"), proxies("other", **second))], hosts=host(workplace)
    ).ok()

    entity = workplace.simulator.entity("virtualproxyconfig", prefix="other")
    assert (entity["description"], entity["jwtPublicKeyCertificate"]) == ("ours", THEIRS)


def test_the_last_key_does_not_sign_for_another_login(workplace: Workplace) -> None:
    click(workplace, "other")
    verify = ("jwt_verify", {"jwt_verify_prefix": "other"})

    run = workplace.run(
        [play(pair(workplace, "portal")), play(verify)], hosts=host(workplace)
    ).failed()

    (message,) = run.failures
    assert message.startswith("jwt_verify_private_key_path: set the path of the key")
    assert "signs for other." in message
    assert "for portal." in message
    assert workplace.simulator.requests(port="https") == []


@pytest.mark.long
def test_a_report_does_not_compare_with_the_key_of_another_login(workplace: Workplace) -> None:
    click(workplace, "other")
    report = ("jwt_report", {"jwt_virtual_proxy_definitions": [{"prefix": "other"}]})

    run = workplace.run([play(pair(workplace, "portal")), play(report)], hosts=host(workplace)).ok()

    facts = run.results("Set the result")[-1]["ansible_facts"]
    assert facts["jwt_report_result"]["drift"] == []
    assert "other trusts another key" in facts["jwt_report_result"]["drift_unknown"]


@pytest.mark.parametrize("where", ["definition", "single"])
def test_a_key_pair_is_not_for_a_login_with_a_certificate_of_its_own(
    workplace: Workplace, where: str
) -> None:
    """A later play may not take the key pair for it."""
    click(workplace, "theirs")
    name, variables = pair(workplace, "theirs")
    if where == "single":
        variables["jwt_virtual_proxy_jwt_certificate"] = THEIRS
    else:
        variables["jwt_virtual_proxy_definitions"][0]["jwt_certificate"] = THEIRS
    run = workplace.run(
        [play((name, variables)), play(proxies("theirs"))], hosts=host(workplace)
    ).failed()
    assert "trusts another key than jwt_keypair_result" in run.output
    assert trusted(workplace, "theirs") == x509.load_pem_x509_certificate(THEIRS.encode())

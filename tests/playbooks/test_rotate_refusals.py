# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What jwt_rotate_key refuses before anything is written, what check mode says, what is forced."""

from __future__ import annotations

import typing as t

import pytest

from playbooks.rotation import OLD, ROTATE, files, in_force, logs_in, public, trusted
from playbooks.runs import Workplace
from playbooks.verify import OTHER, seed
from support import key_material as km
from support.simulator import Simulator

KEYS = {"jwt.key", "jwt.crt"}


def writes(site: Simulator) -> list[str]:
    """What was written to the repository."""
    return [r["path"] for r in site.requests(port="qrs") if r["method"] != "GET"]


def test_options_that_contradict_themselves(workplace: Workplace) -> None:
    """All at once, before the site is asked anything."""
    host = workplace.login(
        jwt_keypair_source="pkcs12",
        jwt_keypair_src_path="/etc/qlik/portal.pfx",
        jwt_keypair_regenerate="always",
        jwt_virtual_proxy_jwt_certificate=km.certificate_pem(km.certificate(OLD)).decode(),
        jwt_verify_token="a.b.c",
        jwt_rotate_key_phase="begin",
        jwt_rotate_key_keep_previous="maybe",
    )
    del host["jwt_verify_user_id"]

    run = workplace.run(ROTATE, hosts={"dev": host}).failed()

    # Where it happened, and at the end.
    (message,) = {*run.failures}
    for option in (
        "jwt_keypair_source",
        "jwt_keypair_regenerate",
        "jwt_certificate",
        "jwt_verify_user_id",
        "jwt_rotate_key_phase",
        "jwt_rotate_key_keep_previous: give true or false.",
    ):
        assert option in message
    assert workplace.simulator.requests() == []


@pytest.mark.long
def test_a_key_that_the_site_does_not_trust(workplace: Workplace) -> None:
    site = workplace.simulator
    host = workplace.login()

    none = workplace.run(ROTATE, hosts={"dev": host}).failed()
    assert "there is no key" in none.failures[-1]
    in_force(workplace)
    nowhere = workplace.run(ROTATE, hosts={"dev": host}).failed()
    foreign = km.certificate_pem(km.certificate(OTHER)).decode()
    seed(site, jwtPublicKeyCertificate=foreign)
    other = workplace.run(ROTATE, hosts={"dev": host}).failed()

    for run in (nowhere, other):
        assert "(portal) trusts the key" in run.failures[-1]
        assert "nothing was done" in run.failures[-1]
    assert writes(site) == []
    assert files(workplace) == KEYS


@pytest.mark.long
def test_a_key_that_does_not_log_in_unless_forced(workplace: Workplace) -> None:
    """As with an expired certificate where the proxy looks at its date."""
    site = workplace.simulator
    site.switch(cert_expiry_check="on")
    in_force(workplace)
    expired = km.certificate_pem(km.certificate(OLD, days=1)).decode()
    seed(site, jwtPublicKeyCertificate=expired)

    refused = workplace.run(ROTATE, hosts={"dev": workplace.login()}).failed()
    assert refused.failures[-1].startswith("Nothing was changed: the key in force does not log in")
    assert "certificate_expired" in refused.failures[-1]
    assert writes(site) == []
    assert files(workplace) == KEYS

    workplace.run(ROTATE, hosts={"dev": workplace.login(jwt_rotate_key_force="True")}).ok()
    assert logs_in(site, workplace.key)


@pytest.mark.long
def test_others_with_the_same_key_are_not_locked_out(workplace: Workplace) -> None:
    """And only what is described, and trusts the key, is changed."""
    site = workplace.simulator
    in_force(workplace)
    seed(site)
    # Issued anew for the same key, so another text.
    renewed = km.certificate_pem(km.certificate(OLD, days=400)).decode()
    stranger = seed(site, "stranger", jwtPublicKeyCertificate=renewed)
    # No certificate to tell the key by.
    seed(site, "bare", jwtPublicKeyCertificate=km.public_pem(OLD).decode())
    foreign = km.certificate_pem(km.certificate(OTHER)).decode()
    others = seed(site, "others", jwtPublicKeyCertificate=foreign)
    host = workplace.login(jwt_virtual_proxy_prefix="")
    host["jwt_virtual_proxy_definitions"] = [{"prefix": p} for p in ("portal", "others", "new")]

    refused = workplace.run(ROTATE, hosts={"dev": host}).failed()
    assert refused.failures[-1].startswith("stranger, bare: not described, but trusts the key, too")
    assert writes(site) == []

    kept = {**host, "jwt_rotate_key_keep_previous": "true"}
    run = workplace.run(ROTATE, hosts={"dev": kept}).ok()
    assert "Not changed, because they trust neither the current key nor the new one: others" in (
        run.output
    )
    assert site.entity("virtualproxyconfig", prefix="stranger") == stranger
    assert site.entity("virtualproxyconfig", prefix="others") == others
    assert files(workplace) == KEYS | {"jwt.key.previous", "jwt.crt.previous"}
    assert logs_in(site, workplace.directory / "jwt.key.previous", "stranger")
    assert logs_in(site, workplace.key)


@pytest.mark.long
@pytest.mark.parametrize("survey", [False, True], ids=["bare", "from a survey"])
def test_check_mode_says_it_and_does_nothing(workplace: Workplace, survey: bool) -> None:
    site = workplace.simulator
    in_force(workplace)
    before = seed(site)
    answers: dict[str, t.Any] = {
        "jwt_rotate_key_method": "",
        "jwt_rotate_key_phase": "",
        "jwt_rotate_key_next_prefix": "",
        "jwt_rotate_key_keep_previous": "False",
        "jwt_rotate_key_force": "",
        "jwt_verify_private_key_path": "",
        "jwt_verify_checks": "",
    }
    host = workplace.login(**(answers if survey else {}))

    run = workplace.run(ROTATE, "--check", "--diff", hosts={"dev": host}).ok()

    said = " ".join(run.output.split())
    assert "Check mode: portal would trust a new key" in said
    assert "These proxies would restart: Central." in said
    assert site.entity("virtualproxyconfig", prefix="portal") == before
    assert files(workplace) == KEYS
    assert site.state()["sessions"] == []
    assert site.requests(port="https") == []
    assert run.warnings == []
    if survey:
        real = workplace.run(ROTATE, hosts={"dev": host}).ok()
        assert real.warnings == []
        assert trusted(site.entity("virtualproxyconfig", prefix="portal")) == public(workplace.key)


@pytest.mark.long
def test_check_mode_puts_nothing_back(workplace: Workplace) -> None:
    """What would fail is said, and nothing of a way back that nobody went."""
    site = workplace.simulator
    in_force(workplace)
    seed(site)
    path = "virtualproxyconfig"
    # The first two are of the task that reads the virtual proxies.
    site.fault(port="qrs", path=path, nth=3, times=50, action="status", status=403)

    run = workplace.run(ROTATE, "--check", hosts={"dev": workplace.login()}).failed()

    assert run.failures[-1].startswith("Check mode, so nothing was changed: ")
    assert "put back" not in run.output
    assert writes(site) == []


@pytest.mark.long
def test_no_restart_where_none_is_allowed(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    before = seed(site)
    host = workplace.login(jwt_virtual_proxy_allow_restart="false")

    run = workplace.run(ROTATE, hosts={"dev": host}).failed()

    assert "a rotation restarts Central" in run.failures[-1]
    assert run.results("Create the files of the new key pair") == []
    assert site.entity("virtualproxyconfig", prefix="portal") == before
    assert files(workplace) == KEYS

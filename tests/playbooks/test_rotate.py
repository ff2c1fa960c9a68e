# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook jwt_rotate_key: a key is replaced, or the old one is in force again."""

from __future__ import annotations

import stat

import pytest

from playbooks.rotation import (
    OLD,
    ROTATE,
    answer,
    files,
    in_force,
    logs_in,
    public,
    refusing_the_new_key,
    same_but,
    token,
    trusted,
)
from playbooks.runs import Workplace
from playbooks.verify import seed
from support import key_material as km

CERTIFICATE = "jwtPublicKeyCertificate"


def test_replaces_the_key_and_nothing_else(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    before = seed(site, description="clicked", websocketCrossOriginWhiteList=["portal.example"])
    (service,) = site.entities("proxyservice")
    old = token(km.key_pem(OLD))
    assert answer(site, old) == 200

    run = workplace.run(ROTATE, "-vvvv", "--diff", hosts={"dev": workplace.login()}).ok()

    assert run.warnings == []
    after = site.entity("virtualproxyconfig", prefix="portal")
    assert same_but(after, CERTIFICATE) == same_but(before, CERTIFICATE)
    assert trusted(after) == public(workplace.key) != public(km.key_pem(OLD))
    assert answer(site, old) == 400
    assert logs_in(site, workplace.key)
    assert site.state()["restarts"] == {service["id"]: 1}
    assert files(workplace) == {"jwt.key", "jwt.crt"}
    assert stat.S_IMODE(workplace.key.stat().st_mode) == 0o600
    assert workplace.key.with_suffix(".crt").read_text() == after[CERTIFICATE]
    for secret in (workplace.key.read_bytes(), km.key_pem(OLD)):
        assert [line for line in km.body_lines(secret) if line in run.output] == []


@pytest.mark.long
def test_waits_for_a_proxy_that_takes_its_time(workplace: Workplace) -> None:
    """It goes on with the old key for some seconds, and then restarts."""
    site = workplace.simulator
    in_force(workplace)
    seed(site)
    site.switch(notice_s=8, restart_seconds=1)
    site.clear_requests()

    workplace.run(ROTATE, hosts={"dev": workplace.login()}).ok()

    answers = [r["status"] for r in site.requests(port="https") if r["path"].startswith("/portal/")]
    assert 400 in answers
    writes = [r for r in site.requests(port="qrs") if r["method"] not in ("GET", "HEAD")]
    assert len(writes) == 1
    site.switch(notice_s=0)
    assert logs_in(site, workplace.key)


@pytest.mark.long
def test_puts_the_old_key_back_when_the_new_one_is_not_proven(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    before = seed(site, description="clicked")
    old = token(km.key_pem(OLD))

    with refusing_the_new_key(site):
        host = workplace.login(jwt_verify_wait=3)
        run = workplace.run(ROTATE, hosts={"dev": host}).failed()

    (message,) = run.failed_on("dev")[-1:]
    assert "token_rejected" in message
    assert message.endswith("The old one was put back, and logs in.")
    after = site.entity("virtualproxyconfig", prefix="portal")
    assert same_but(after) == same_but(before)
    assert answer(site, old) == 200
    assert files(workplace) == {"jwt.key", "jwt.crt"}
    assert workplace.key.read_bytes() == km.key_pem(OLD)
    result = run.results("Set the result")[-1]["ansible_facts"]
    assert result["jwt_rotate_key_result"]["outcome"] == "rolled_back"

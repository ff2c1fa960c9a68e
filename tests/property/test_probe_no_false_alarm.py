# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two hundred sites that are all right: the probe grants access and finds no error."""

from __future__ import annotations

import time
import typing as t
import uuid
from unittest import mock

import jwt
import pytest
from hypothesis import HealthCheck, given, settings

from ansible_collections.qlikops.sense.plugins.module_utils._modules import probe as _probe
from property.healthy_sites import Healthy, healthy_sites
from support.module_runner import connection, run_module
from support.probe_bench import Json, certificate_of, signing_key, virtual_proxy
from support.simulator import Simulator


def set_up(site: Simulator, wanted: Healthy) -> None:
    """The site with its one virtual proxy for tokens and its one user."""
    site.reset(release=wanted.release, switches=wanted.switches, nodes=wanted.nodes)
    ids = {n["name"]: n["id"] for n in site.entities("servernodeconfiguration")}
    directory, user_id = wanted.user
    constant = wanted.constant_directory
    site.seed(
        virtualproxyconfig=[
            virtual_proxy(
                prefix=wanted.prefix,
                sessionCookieHeaderName=f"X-Qlik-Session-{wanted.prefix}",
                jwtPublicKeyCertificate=certificate_of(*wanted.key),
                jwtAttributeUserId=wanted.id_claim,
                jwtAttributeUserDirectory=f"[{directory}]" if constant else wanted.directory_claim,
                jwtAudience=wanted.audience or "",
                jwtAttributeMap=[
                    {"jwtAttribute": i.claim, "senseAttribute": i.sense, "isMandatory": i.mandatory}
                    for i in wanted.attributes
                ],
                websocketCrossOriginWhiteList=["localhost", *wanted.allow_list],
                loadBalancingServerNodes=[{"id": ids[name]} for name in wanted.engines],
                link=list(wanted.linked),
            )
        ],
        user=[{"userDirectory": directory, "userId": user_id, "name": "Probe"}],
    )


def token_of(wanted: Healthy) -> str:
    """A token as somebody else's program makes it."""
    now = int(time.time())
    directory, user_id = wanted.user
    claims: Json = {wanted.id_claim: user_id, "iat": now - 30}
    claims |= {i.claim: i.value for i in wanted.attributes if i.value is not None}
    claims |= {"exp": now + 3600} if wanted.expires else {}
    claims |= {"aud": wanted.audience} if wanted.audience else {}
    if not wanted.constant_directory:
        claims[wanted.directory_claim] = directory
    return jwt.encode(claims, signing_key(*wanted.key), algorithm=wanted.algorithm)


def options(site: Simulator, wanted: Healthy) -> Json:
    """The probe's options, with the repository or without."""
    node = site.node(wanted.asked)
    found: Json = {
        "url": node["url"],
        "prefix": wanted.prefix,
        "token": token_of(wanted),
        "user_id_claim": wanted.id_claim,
        "user_directory_claim": wanted.directory_claim,
        "url_ca_path": site.proxy_ca,
        "qps_port": node["admin_port"],
    }
    if wanted.with_app:
        found["app_id"] = str(uuid.UUID(int=7))
    return {**found, **connection(site)} if wanted.repository else {**found, "timeout": 20}


@pytest.mark.parametrize("number", [60, pytest.param(200, marks=pytest.mark.long)])
def test_no_false_alarm(simulator: Simulator, number: int) -> None:
    @settings(
        max_examples=number,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(wanted=healthy_sites())
    def grants(wanted: Healthy) -> None:
        assert_granted(simulator, wanted)

    grants()


def assert_granted(simulator: Simulator, wanted: Healthy) -> None:
    """The login succeeds, nothing is called an error, and no session stays that could be ended."""
    set_up(simulator, wanted)
    foreign = mock.patch.object(_probe, "new_foreign_key", return_value=signing_key("foreign"))
    with foreign:
        result: dict[str, t.Any] = run_module("qlik_jwt_probe", options(simulator, wanted))
    assert result["verdict"] == "access_granted", result
    assert [f for f in result["findings"] if f["level"] == "error"] == []
    assert result["ok"] is True
    user = result["user"]
    assert (user["directory"], user["id"]) == wanted.user
    sessions = simulator.state()["sessions"]
    assert len(sessions) == (0 if wanted.repository else 1)

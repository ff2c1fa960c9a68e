# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A site whose certificates have only the short name of its nodes, as Qlik makes them."""

from __future__ import annotations

import typing as t

import pytest

from support.module_runner import connection, run_module
from support.simulator import Simulator, start
from support.ways_in import WAYS, prepare, way_in

Json = dict[str, t.Any]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> t.Iterator[Simulator]:
    """That site, with every way in."""
    with start(
        tmp_path_factory.mktemp("short"), arguments=["--certificate-names", "short"]
    ) as running:
        prepare(running)
        yield running


def options(site: Simulator, way: str, **changes: t.Any) -> Json:
    """The connection options for a way in, or with the certificate."""
    if way == "certificate":
        return connection(site, **changes)
    return way_in(site, way, **changes)


@pytest.mark.parametrize("way", ["certificate", *WAYS])
def test_the_name_in_the_certificate(
    short: Simulator, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is what counts, also past the web proxies of the environment."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    direct: Json = {"use_proxy": False, "retries": 0}
    for server_name, word in ((None, "TLS server name"), ("other", "TLS server name")):
        wrong = options(short, way, tls_server_name=server_name, **direct)
        assert word in run_module("qlik_virtual_proxy_info", wrong)["msg"]
    right = options(short, way, tls_server_name="central", **direct)
    result = run_module("qlik_virtual_proxy_info", right)
    assert not result.get("failed"), result["msg"]
    assert "token" in [item["prefix"] for item in result["virtual_proxies"]]
    through = run_module("qlik_virtual_proxy_info", {**right, "use_proxy": True})
    assert "use_proxy" in through["msg"]


@pytest.mark.parametrize("way", ["certificate", "jwt"])
def test_the_name_from_the_environment(
    short: Simulator, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QLIK_TLS_SERVER_NAME", "central")
    result = run_module("qlik_virtual_proxy_info", options(short, way))
    assert not result.get("failed"), result["msg"]

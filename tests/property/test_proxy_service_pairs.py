# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of proxy services: check mode predicts, the run does that, the next run does nothing.

Generated pairs of what three proxy services have and what is wanted of some of them, over real HTTP
against the simulated repository.
"""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
NODES = ("Central", "rim1", "rim2")
FEW, MANY = 30, 300
_DATES = ("modifiedDate", "modifiedByUserName")

#: Option, property, values. Written down once more, on purpose, from the server's description.
_PORT = st.sampled_from([1, 80, 443, 4243, 4244, 8080, 65535])
TABLE: dict[str, tuple[str, st.SearchStrategy[t.Any]]] = {
    "allow_http": ("allowHttp", st.booleans()),
    "http_port": ("unencryptedListenPort", _PORT),
    "https_port": ("listenPort", _PORT),
    "max_header_size_bytes": ("maxHeaderSizeBytes", st.sampled_from([512, 16384, 131072])),
    "max_header_lines": ("maxHeaderLines", st.integers(20, 1000)),
    "keep_alive_timeout_seconds": ("keepAliveTimeoutSeconds", st.integers(1, 300)),
    "ssl_browser_certificate_thumbprint": (
        "sslBrowserCertificateThumbprint",
        st.sampled_from(["", "ab" * 20, "AB" * 20, "0" * 40]),
    ),
    "kerberos_authentication": ("kerberosAuthentication", st.booleans()),
}
_PORTS = (
    "listenPort",
    "unencryptedListenPort",
    "authenticationListenPort",
    "unencryptedAuthenticationListenPort",
    "restListenPort",
)
_VALUES = st.fixed_dictionaries({}, optional={name: row[1] for name, row in TABLE.items()})


def same(name: str, left: t.Any, right: t.Any) -> bool:
    if name == "sslBrowserCertificateThumbprint":
        return str(left).lower() == str(right).lower()
    return bool(left == right)


def services(site: Simulator) -> dict[str, Json]:
    return {item["serverNodeConfiguration"]["name"]: item for item in site.entities("proxyservice")}


@pytest.mark.parametrize(
    "examples", [FEW, pytest.param(MANY, marks=pytest.mark.long)], ids=["few", "many"]
)
def test_check_is_run_and_the_second_run_is_nothing(
    site: Simulator, record_property: t.Callable[[str, object], None], examples: int
) -> None:
    cases = 0

    @given(
        present=st.fixed_dictionaries(dict.fromkeys(NODES, _VALUES)),
        wanted=_VALUES,
        proxies=st.lists(
            st.sampled_from([*NODES, "central", "all", "RIM1"]), min_size=1, max_size=3
        ),
    )
    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    def check(present: dict[str, Json], wanted: Json, proxies: list[str]) -> None:
        nonlocal cases
        cases += 1
        judge(site, present, wanted, proxies)

    check()
    record_property("generated cases", cases)


def judge(site: Simulator, present: dict[str, Json], wanted: Json, proxies: list[str]) -> None:
    site.reset(nodes=NODES)
    for node, entity in services(site).items():
        stored = {TABLE[name][0]: value for name, value in present[node].items()}
        change = {"settings": {**entity["settings"], **stored}, "unknownToUs": [node]}
        site.patch("proxyservice", entity["id"], change)
    before = services(site)
    expected = {TABLE[name][0]: value for name, value in wanted.items()}
    meant = {"central": {"Central"}, "all": set(NODES), "RIM1": {"rim1"}}
    chosen = set().union(*(meant.get(name, {name}) for name in proxies))
    for node in chosen:
        result = {**before[node]["settings"], **expected}
        assume(len({result[port] for port in _PORTS}) == len(_PORTS))
    differ = {
        node
        for node in chosen
        if any(not same(k, v, before[node]["settings"][k]) for k, v in expected.items())
    }
    case = Case("qlik_proxy_service", site)
    arguments: Json = {"proxies": proxies, **wanted}
    site.clear_requests()

    predicted = case.check(**arguments)
    assert services(site) == before
    result = case.done(**arguments)

    shown = ("changed", "diff", "proxy_services", "before", "proxies_restarted")
    assert [result.get(key) for key in shown] == [predicted.get(key) for key in shown]
    assert result["changed"] is bool(differ)
    assert result["proxies_restarted"] == dict.fromkeys(differ, 1)
    assert len(site.requests(port="qrs", method="PUT")) == len(differ)
    after = services(site)
    for node in NODES:
        old, new = (item[node]["settings"] for item in (before, after))
        assert old.keys() == new.keys()
        for name, value in new.items():
            wants = expected.get(name, old[name]) if node in differ else old[name]
            assert name in _DATES or same(name, value, wants), (node, name)
        rest = [
            {key: value for key, value in item[node].items() if key not in ("settings", *_DATES)}
            for item in (before, after)
        ]
        assert rest[0] == rest[1]
    again = case.done(**arguments)
    assert (again["changed"], again["proxies_restarted"]) == (False, {})
    assert services(site) == after

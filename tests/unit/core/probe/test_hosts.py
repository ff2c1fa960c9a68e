# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which host may receive a token, in every spelling."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.hosts import (
    canonical,
    may_receive,
)
from support.probe_evidence import service, view

#: Entry of the host allow list, host in the URL, whether the host may receive a token.
ENTRIES = [
    ("qlik.example.com", "qlik.example.com", True),
    ("QLIK.Example.COM", "qlik.example.com", True),
    ("qlik.example.com", "QLIK.EXAMPLE.COM", True),
    ("qlik.example.com.", "qlik.example.com", True),
    ("qlik.example.com", "qlik.example.com.", True),
    (" qlik.example.com ", "qlik.example.com", True),
    ("example.com", "qlik.example.com", True),
    ("example.com", "a.b.example.com", True),
    (".example.com", "qlik.example.com", True),
    ("example.com.", "qlik.example.com", True),
    ("example.com", "evilexample.com", False),
    (".example.com", "evilexample.com", False),
    ("example.com", "example.com.evil.net", False),
    ("example.com", "example.comevil", False),
    ("example.com", "xn--example.com", False),
    ("example.com", "evil.com", False),
    ("qlik.example.com", "example.com", False),
    ("com", "example.com", False),
    (".com", "example.com", False),
    ("*", "qlik.example.com", False),
    ("*.example.com", "qlik.example.com", False),
    ("qlik.*", "qlik.example.com", False),
    ("q?ik.example.com", "qlik.example.com", False),
    ("", "qlik.example.com", False),
    (".", "qlik.example.com.", False),
    ("https://qlik.example.com", "qlik.example.com", False),
    ("qlik.example.com:443", "qlik.example.com", False),
    ("qlik.example.com/hub", "qlik.example.com", False),
    ("qlik.example.com, other.example.com", "qlik.example.com", False),
    ("10.1.2.3", "10.1.2.3", True),
    ("1.2.3", "10.1.2.3", False),
    ("0.0.1", "127.0.0.1", False),
    ("10.1.2.3", "10.1.2.03", False),
    ("10.1.2.3", "0xa.1.2.3", False),
    ("2.3", "evil.2.3", False),
    ("::1", "::1", True),
    ("[::1]", "::1", True),
    ("0:0:0:0:0:0:0:1", "::1", True),
    ("FE80::A", "fe80:0::a", True),
    ("::1", "::2", False),
    ("::ffff:10.1.2.3", "10.1.2.3", False),
    ("bücher.example", "xn--bcher-kva.example", False),
    ("xn--bcher-kva.example", "xn--bcher-kva.example", True),
    ("straße.example", "strasse.example", False),
    ("qli\u212a.example.com", "qlik.example.com", False),
]


@pytest.mark.parametrize(("entry", "host", "may"), ENTRIES)
def test_host_allow_list(entry: str, host: str, may: bool) -> None:
    found = view({"websocketCrossOriginWhiteList": ["other.example.org", entry]})
    assert may_receive(found, host, frozenset()) is may


@pytest.mark.parametrize(("node", "host", "may"), [
    ("qlik1.example.com", "qlik1.example.com", True),
    ("QLIK1.example.com", "qlik1.EXAMPLE.com.", True),
    ("qlik1", "qlik1", True),
    ("qlik1", "qlik1.example.com", False),
    ("qlik1.example.com", "sub.qlik1.example.com", False),
    ("10.1.2.3", "10.1.2.3", True),
    ("fe80::a", "fe80::a", True),
    ("", "", False),
    ("*", "qlik1", False),
])  # fmt: skip
def test_nodes(node: str, host: str, may: bool) -> None:
    found = service("Rim")
    found["serverNodeConfiguration"]["hostName"] = node
    site = view({"websocketCrossOriginWhiteList": []}, proxy_services=(service(), found))
    assert may_receive(site, host, frozenset()) is may


def test_a_virtual_proxy_that_does_not_exist_adds_no_host() -> None:
    site = view(candidates=())
    assert not may_receive(site, "qlik.example.com", frozenset())
    assert may_receive(site, "central.local", frozenset())
    assert may_receive(site, "qlik.example.com", frozenset({"qlik.example.com"}))


@pytest.mark.parametrize("text", ["*", "a b", "a:b", "[::1", "::g", "a/b", "@", "", ".", "a..b"])
def test_what_is_not_a_host(text: str) -> None:
    assert canonical(text) == ""

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of a site that have no bytes: a lone surrogate, which JSON can carry."""

from __future__ import annotations

import json

import pytest

from support.case import Case
from support.simulator import Simulator

HALF = "half \ud800 text"


@pytest.mark.parametrize("name", ["qlik_virtual_proxy_info", "qlik_virtual_proxy"])
def test_half_a_character_is_shown_and_written_back(site: Simulator, name: str) -> None:
    site.seed(virtualproxyconfig=[{"prefix": "jwt", "description": HALF, "link": ["Central"]}])
    options = {"prefix": "jwt"}
    if name == "qlik_virtual_proxy":
        options["session_cookie_header_name"] = "X-Qlik-Session-other"
    result = Case(name, site).done(**options)
    assert "half \ufffd text" in json.dumps(result, ensure_ascii=False)
    assert site.entity("virtualproxyconfig", prefix="jwt")["description"] == HALF

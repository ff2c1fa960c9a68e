# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What cannot be cleared is refused, for any present virtual proxy and any other wish."""

from __future__ import annotations

import typing as t

import pytest
from hypothesis import HealthCheck, given, settings

from property import pairs as p
from property.pair_sites import arrange
from support.case import Case

if t.TYPE_CHECKING:
    from support.simulator import Simulator


@pytest.mark.parametrize("name", p.NOT_CLEARABLE)
def test_what_cannot_be_cleared_is_refused_without_a_write(simulator: Simulator, name: str) -> None:
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pair=p.pairs())
    def refuse(pair: p.Pair) -> None:
        pair.wanted[name] = ""
        if name.startswith("jwt_"):
            pair.wanted["authentication_method"] = "jwt"
        arrange(simulator, pair)
        case = Case("qlik_virtual_proxy", simulator)
        assert name in case.rejected_once(**pair.wanted)

    refuse()

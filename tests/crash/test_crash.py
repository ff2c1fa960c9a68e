# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module that writes, with a fault at every request: clear words, convergence, nothing lost.

One fault at each request of one operation of a kind is part of ``make test``, all of them of
``make crash``.
"""

from __future__ import annotations

import typing as t

import pytest

from crash.faults import kinds
from crash.judge import try_at_every_request, try_some_faults
from crash.operations import BULK, OTHERS, SINGLE, Operation

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Record = t.Callable[[str, object], None]
ALL = (*SINGLE, *BULK, *OTHERS)
USUAL = ("create", "list of changes", "set up two proxies")


@pytest.mark.parametrize("name", USUAL)
def test_a_fault_at_every_request(site: Simulator, record_property: Record, name: str) -> None:
    (operation,) = (one for one in ALL if one.name == name)
    tally = try_some_faults(site, operation)
    record_property("crash matrix", tally.row())
    assert tally.wrong == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("operation", "kind"),
    [pytest.param(o, kind, id=f"{o.name}, {kind}") for o in ALL for kind in kinds(o)],
)
def test_every_fault_at_every_request(
    site: Simulator, record_property: Record, operation: Operation, kind: str
) -> None:
    tally = try_at_every_request(site, operation, kind)
    record_property("crash matrix", tally.row())
    assert tally.wrong == []

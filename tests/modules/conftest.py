# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The two modules for virtual proxies, for the tests of what is put back."""

from __future__ import annotations

import pytest

from modules.restore_case import portal
from support.case import Case
from support.simulator import Simulator


@pytest.fixture
def one(site: Simulator) -> Case:
    """The module for one virtual proxy, with one that is there."""
    return portal(site)


@pytest.fixture
def many(one: Case) -> Case:
    """The module for many of them."""
    return Case("qlik_virtual_proxies", one.site)

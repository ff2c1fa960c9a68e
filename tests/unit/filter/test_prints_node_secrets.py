# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter prints_node_secrets: at which verbosity which ansible-core may read a key."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.filter.prints_node_secrets import prints_node_secrets

PRINTING = (
    *("2.14.18", "2.15.13", "2.16.19", "2.17.14", "2.18.0", "2.18.16", "2.19.0", "2.19.9"),
    *("2.20.0", "2.20.5", "2.21.0", "2.21.0rc1", "2.21.1rc1", "2.20.6.dev0", "unknown", "2.21"),
)
FIXED = (
    *("2.18.17", "2.18.20", "2.19.10", "2.19.14", "2.20.6", "2.20.10", "2.21.1", "2.21.5"),
    *("2.21.2rc1", "2.22.0rc1", "2.22.0", "2.22.0.dev0", "2.23.0", "3.0.0"),
)


@pytest.mark.parametrize("version", PRINTING)
def test_versions_without_the_fix(version: str) -> None:
    assert [prints_node_secrets(version, level) for level in (0, 4, 5, 6)] == [0, 0, 1, 1]


@pytest.mark.parametrize("version", FIXED)
def test_versions_with_the_fix(version: str) -> None:
    assert not any(prints_node_secrets(version, level) for level in range(8))

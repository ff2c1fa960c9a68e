# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter close_names: what a misspelled name was meant to be."""

from __future__ import annotations

from ansible_collections.qlikops.sense.plugins.filter.close_names import close_names


def test_only_misspelled_names_are_listed() -> None:
    known = ["portal", "report", "", "hub"]

    assert close_names(["portl", "report", "zzz"], known) == {"portl": "portal"}
    assert close_names([], known) == {}
    assert close_names(["portal"], []) == {}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the user whom the token names."""

from __future__ import annotations

from .entry import ERROR, Entry

ENTRIES = (
    Entry(
        "user_unknown",
        ERROR,
        "The repository has no user {user}, and {why}.",
        "Correct user_id and user_directory, create the user, or set allow_user_creation.",
        "Users",
        "qlik_user.state",
        refuses=True,
    ),
    Entry(
        "user_inactive",
        ERROR,
        "The user {user} is inactive in Qlik Sense.",
        "Activate the user.",
        "Users > Inactive",
        "qlik_user.inactive",
    ),
    Entry(
        "user_blocked",
        ERROR,
        "The user {user} is blocked in Qlik Sense.",
        "Lift the block of the user.",
        "Users > Blocked",
    ),
    Entry(
        "no_access_pass",
        ERROR,
        "The login works, but the user {user} has {state}.",
        "Assign the user a license, or a rule that gives one.",
        "License management > Professional or analyzer access allocations",
    ),
    Entry(
        "session_limit",
        ERROR,
        "The user {user} has as many parallel sessions as the licence allows.",
        "Let clients keep their cookie instead of logging in with each request, and end sessions "
        "that are done. A slot is free five minutes after its session has ended.",
    ),
    Entry(
        "wrong_user",
        ERROR,
        "The login is that of {found}, not of {expected}.",
        "Compare user_id and user_directory with the claims and the constants (names in square "
        "brackets) from which the virtual proxy takes the user, and check its anonymous access "
        "mode.",
        "Virtual proxies > Authentication > JWT attribute for user ID",
        "qlik_virtual_proxy.jwt_attribute_user_id",
    ),
)

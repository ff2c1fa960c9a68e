# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Logins at a virtual proxy: token, header, Windows.

Each knows what may be wrong when the proxy does not take it, in the words of the options.
"""

from __future__ import annotations

import dataclasses
import datetime
import typing as t

#: The proxy leads a program to the Windows login, not to a form, when its User-Agent has the
#: device pattern of the virtual proxy; this is the pattern of a new one.
_WINDOWS_DEVICE = "qlikops.sense (Windows)"


@dataclasses.dataclass(frozen=True)
class Login:
    """How to log in.

    ``opening`` are headers of requests that open a session, ``always`` those of every request. With
    ``windows``, the proxy asks for a Windows login, which the transport supports. ``rejection``
    returns the likely cause of a rejected login, ``elsewhere`` is the cause of a redirect to a
    login page, and ``rights`` is the user who lacks rights after a login.
    """

    rejection: t.Callable[[], str]
    elsewhere: str
    rights: str
    opening: t.Mapping[str, str] = dataclasses.field(default_factory=dict, repr=False)
    always: t.Mapping[str, str] = dataclasses.field(default_factory=dict)
    windows: bool = False


def token_login(token: str, *, time: t.Callable[[], float]) -> Login:
    """A virtual proxy for JWT; the token goes with the first request only, the cookie with all."""
    return Login(
        rejection=lambda: _token_rejection(token, time()),
        elsewhere="That virtual proxy does not use JWT. Check api_prefix and auth.",
        rights="the user that api_token names",
        opening={"Authorization": f"Bearer {token}"},
    )


def header_login(name: str, user: str) -> Login:
    """A virtual proxy for header authentication, which believes a header."""
    return Login(
        rejection=lambda: (
            f"The virtual proxy rejected the user in the header {name}. Check api_prefix, "
            "api_header_name, and api_user_id."
        ),
        elsewhere=(
            f"That virtual proxy did not accept the header {name}. Check api_prefix and "
            "api_header_name. Set api_user_directory if the virtual proxy has a dynamic user "
            "directory, and remove it if the directory is static."
        ),
        rights="the user given as api_user_directory and api_user_id",
        always={name: user},
    )


def windows_login() -> Login:
    """A virtual proxy with Windows authentication, such as the default one."""
    return Login(
        rejection=lambda: (
            "Windows rejected the login. Check api_user_directory, api_user_id, and api_password."
        ),
        elsewhere=(
            "That virtual proxy does not redirect to the Windows login. Check api_prefix, and that "
            "its Windows authentication pattern is 'Windows'."
        ),
        rights="the user given as api_user_directory and api_user_id",
        always={"User-Agent": _WINDOWS_DEVICE},
        windows=True,
    )


def _token_rejection(token: str, now: float) -> str:
    """The likely cause, from the token itself: the proxy gives every bad token the same answer."""
    # It imports the libraries for keys and tokens, which a successful run does not need.
    from ..crypto import tokens

    read = tokens.read(token)
    if read.fault:
        return f"api_token is not valid: {read.fault}"
    expires = read.time("exp")
    if expires is not None and expires <= now:
        when = datetime.datetime.fromtimestamp(max(expires, 0), datetime.timezone.utc)
        return f"api_token expired at {when:%Y-%m-%d %H:%M:%S} UTC. Create a new token."
    return (
        "The virtual proxy rejected api_token: its key must belong to the JWT certificate, and its "
        "claims must be those that the virtual proxy names. Run qlik_jwt_probe to find the cause."
    )

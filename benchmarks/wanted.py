# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual proxies that every side is asked for, in the words of each."""

from __future__ import annotations

import functools
import typing as t

from support import tls_server

Json = dict[str, t.Any]


@functools.cache
def certificate() -> str:
    """The certificate whose key signs the tokens."""
    return tls_server.certificate("tokens")


def prefix(number: int) -> str:
    """The prefix of the virtual proxy with that number."""
    return f"portal-{number:03}"


def options(name: str) -> Json:
    """A virtual proxy as options of the collection's modules."""
    return {
        "prefix": name,
        "description": f"Login for {name}",
        "authentication_method": "jwt",
        "jwt_certificate": certificate(),
        "jwt_attribute_user_id": "userId",
        "jwt_attribute_user_directory": "userDirectory",
        "session_inactivity_timeout": 45,
        "host_allow_list": ["qlik.example.org", f"{name}.example.org"],
        "load_balancing_nodes": ["central"],
        "proxies": ["central"],
    }


def entity(name: str) -> Json:
    """The same as the repository's own properties, for whoever speaks to it by uri.

    The node is not in it: a playbook has to ask for its id.
    """
    return {
        "prefix": name,
        "description": f"Login for {name}",
        "authenticationMethod": 4,
        "jwtPublicKeyCertificate": certificate(),
        "jwtAttributeUserId": "userId",
        "jwtAttributeUserDirectory": "userDirectory",
        "sessionInactivityTimeout": 45,
        "sessionCookieHeaderName": f"X-Qlik-Session-{name}",
        "websocketCrossOriginWhiteList": ["qlik.example.org", f"{name}.example.org"],
    }


def many(count: int) -> list[Json]:
    """A list of them, as options."""
    return [options(prefix(number)) for number in range(count)]


def many_entities(count: int) -> list[Json]:
    """The same list, as properties."""
    return [entity(prefix(number)) for number in range(count)]

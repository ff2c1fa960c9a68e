# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Virtual proxies of the simulated site that lead to its repository, and the options for them.

``CORP\\kim`` is an administrator and ``CORP\\ord`` an ordinary user, whichever way they come.
"""

from __future__ import annotations

import time
import typing as t

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from support import key_material as km
from support.simulator import Simulator

Json = dict[str, t.Any]

WAYS = ("jwt", "header", "static header", "ntlm")
PASSWORD = "pass phrase, ü!"

#: Requests of a Windows login besides those of the work: to the login page, three steps of NTLM.
LOGIN_COST = {"ntlm": 4}

_KEY = km.rsa_key(number=1)


def prepare(site: Simulator) -> None:
    """Make the ways in, and their users."""
    header = {"headerAuthenticationHeaderName": "X-Portal-User", "link": "all"}
    site.seed(
        user=[
            {"userDirectory": "CORP", "userId": "kim", "roles": ["RootAdmin"]},
            {"userDirectory": "CORP", "userId": "ord"},
        ],
        windowsaccounts=[
            {"directory": "CORP", "user_id": name, "password": PASSWORD} for name in ("kim", "ord")
        ],
        virtualproxyconfig=[
            {
                "prefix": "token",
                "authenticationMethod": 4,
                "jwtPublicKeyCertificate": km.certificate_pem(km.certificate(_KEY)).decode(),
                "jwtAttributeUserId": "userId",
                "jwtAttributeUserDirectory": "userDirectory",
                "link": "all",
            },
            {"prefix": "dynamic", "authenticationMethod": 2, **header},
            {
                "prefix": "static",
                "authenticationMethod": 1,
                "headerAuthenticationStaticUserDirectory": "CORP",
                **header,
            },
        ],
    )


def way_in(site: Simulator, way: str, user: str = "kim", **changes: t.Any) -> Json:
    """The connection options for one way in."""
    return {
        "host": site.host,
        "port": site.node()["https_port"],
        "ca_path": site.proxy_ca,
        "timeout": 20,
        **_OPTIONS[way](user),
        **changes,
    }


def token(user: str = "kim", *, lifetime: int = 600, key: rsa.RSAPrivateKey = _KEY) -> str:
    """A token of that user."""
    claims = {"userId": user, "userDirectory": "CORP", "exp": int(time.time()) + lifetime}
    return jwt.encode(claims, km.key_pem(key), algorithm="RS256")


_OPTIONS: dict[str, t.Callable[[str], Json]] = {
    "jwt": lambda user: {"auth": "jwt", "api_prefix": "token", "api_token": token(user)},
    "header": lambda user: {
        "auth": "header",
        "api_prefix": "dynamic",
        "api_header_name": "X-Portal-User",
        "api_user_directory": "CORP",
        "api_user_id": user,
    },
    "static header": lambda user: {
        "auth": "header",
        "api_prefix": "/static/",
        "api_header_name": "x-portal-user",
        "api_user_id": user,
    },
    "ntlm": lambda user: {
        "auth": "ntlm",
        "api_user_directory": "corp",
        "api_user_id": user,
        "api_password": PASSWORD,
    },
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Authentication methods for the repository (option ``auth``), and which options go together.

Environment variables may be set for another purpose: only a task's own options are rejected if they
don't fit the method.
"""

from __future__ import annotations

import os
import re
import time
import typing as t

from ._core.errors import InvalidInput
from ._core.text import control_character

if t.TYPE_CHECKING:
    from ._core.qrs.auth import Access
    from ._core.qrs.proxy_login import Login

CERTIFICATE, JWT, HEADER, NTLM = "certificate", "jwt", "header", "ntlm"
METHODS = [CERTIFICATE, JWT, HEADER, NTLM]

#: Default user that the repository acts as, with the site's client certificate.
_ADMINISTRATOR = ("INTERNAL", "sa_api")

#: Options that not every method takes, with the methods that do.
_METHODS_OF = {
    "client_cert_path": (CERTIFICATE,),
    "client_cert_content": (CERTIFICATE,),
    "client_key_path": (CERTIFICATE,),
    "client_key_content": (CERTIFICATE,),
    "client_key_passphrase": (CERTIFICATE,),
    "api_user_directory": (CERTIFICATE, HEADER, NTLM),
    "api_user_id": (CERTIFICATE, HEADER, NTLM),
    "api_prefix": (JWT, HEADER, NTLM),
    "api_token": (JWT,),
    "api_header_name": (HEADER,),
    "api_password": (NTLM,),
}

_NEEDED = {
    CERTIFICATE: (),
    JWT: ("api_token",),
    HEADER: ("api_header_name", "api_user_id"),
    NTLM: ("api_user_id", "api_password"),
}


def way_in_spec(option: t.Callable[..., t.Dict[str, t.Any]]) -> t.Dict[str, t.Any]:
    """The options that say who is asking; ``option`` makes one with its environment variable."""
    return {
        "auth": option("QLIK_AUTH", type="str", choices=METHODS, default=CERTIFICATE),
        "api_prefix": option("QLIK_API_PREFIX", type="str"),
        "api_token": option("QLIK_API_TOKEN", type="str", no_log=True),
        "api_header_name": option("QLIK_API_HEADER_NAME", type="str"),
        "api_password": option("QLIK_API_PASSWORD", type="str", no_log=True),
        "api_user_directory": option("QLIK_API_USER_DIRECTORY", type="str"),
        "api_user_id": option("QLIK_API_USER_ID", type="str"),
    }


def check_way_in(params: t.Mapping[str, t.Any]) -> None:
    """Reject options of another method, and a method without its required options."""
    auth = params["auth"]
    for option, methods in _METHODS_OF.items():
        value = params[option]
        if auth in methods or not value or value == os.environ.get("QLIK_" + option.upper()):
            continue
        names = " or ".join(repr(name) for name in methods)
        hint = " The token names the user." if option.startswith("api_user") else ""
        raise InvalidInput(
            f"{option} is for auth {names}, and auth is '{auth}'.{hint} Leave it out, or change "
            "auth.",
            option=option,
        )
    for option in ("api_user_directory", "api_user_id"):
        fault = control_character(params[option] or "")
        if fault:
            raise InvalidInput(f"{option} {fault}", option=option)
    for option in _NEEDED[auth]:
        if not params[option]:
            raise InvalidInput(f"{option} is missing: auth '{auth}' needs it.", option=option)


def default_port(params: t.Mapping[str, t.Any]) -> int:
    """That of the repository itself, or that of a proxy in front of it."""
    return 4242 if params["auth"] == CERTIFICATE else 443


def api_prefix(params: t.Mapping[str, t.Any]) -> t.Optional[str]:
    """The prefix of the virtual proxy that leads to the repository; None when none is between."""
    if params["auth"] == CERTIFICATE:
        return None
    from ._core.probe.settings import clean_prefix

    return clean_prefix(params["api_prefix"] or "", "api_prefix")


def acting_user(params: t.Mapping[str, t.Any]) -> t.Tuple[str, str]:
    """Directory and id of the user who is asking, as far as the options say: else ""."""
    directory, user_id = params["api_user_directory"], params["api_user_id"]
    if params["auth"] == CERTIFICATE:
        return (
            _ADMINISTRATOR[0] if directory is None else directory,
            _ADMINISTRATOR[1] if user_id is None else user_id,
        )
    if params["auth"] == JWT:
        return "", ""
    before, separator, after = (user_id or "").partition("\\")
    if separator and not directory:
        return before, after
    return directory or "", user_id or ""


def access(params: t.Mapping[str, t.Any], url: str) -> Access:
    """What makes requests to ``url`` those of the user who is asking."""
    if params["auth"] == CERTIFICATE:
        from ._core.qrs.auth import CertificateAccess

        return CertificateAccess(*acting_user(params))
    from ._core.qrs.proxy_session import ProxySession
    from ._runtime import CLOCK

    return ProxySession(url, _login(params), CLOCK)


def windows_user(params: t.Mapping[str, t.Any]) -> str:
    """``DIRECTORY\\id``, or the id alone where no directory is given."""
    return "\\".join(filter(None, acting_user(params)))


def _login(params: t.Mapping[str, t.Any]) -> Login:
    from ._core.qrs import proxy_login

    if params["auth"] == JWT:
        token = params["api_token"].strip()
        if not re.fullmatch(r"[A-Za-z0-9._~+/=-]+", token):
            raise InvalidInput(
                "api_token holds characters that are in no token. Use the token alone.",
                option="api_token",
            )
        return proxy_login.token_login(token, time=time.time)
    if params["auth"] == NTLM:
        return proxy_login.windows_login()
    name, user = params["api_header_name"].strip(), windows_user(params)
    if not re.fullmatch(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+", name):
        raise InvalidInput(
            "api_header_name is not a valid HTTP header name. Copy it from the virtual proxy's "
            "settings in QMC.",
            option="api_header_name",
        )
    if not re.fullmatch(r"[\x20-\x7e\xa0-\xff]+", user) or user != user.strip():
        raise InvalidInput(
            "api_user_id and api_user_directory: a header can carry Western European characters "
            "only, without blanks at its ends.",
            option="api_user_id",
        )
    return proxy_login.header_login(name, user)

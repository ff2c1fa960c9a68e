# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options of qlik_jwt_probe, and the settings that they make."""

from __future__ import annotations

import re
import typing as t

from .._auth import CERTIFICATE
from .._connection import CONNECTION_EXCLUSIVE, connection_spec, environment
from .._core.errors import InvalidInput
from .._core.probe.hosts import host_names
from .._core.probe.settings import (
    CHECKS,
    END_SESSION,
    Settings,
    clean_page_path,
    clean_prefix,
    site_url,
)
from .token_options import MINTING_EXCLUSIVE, has_signing_key, minting_spec

#: For ``mutually_exclusive``.
PROBE_EXCLUSIVE = [
    *CONNECTION_EXCLUSIVE,
    *MINTING_EXCLUSIVE,
    ("url_ca_path", "url_ca_content"),
    ("token", "private_key_path"),
    ("token", "private_key_content"),
]


def probe_spec() -> t.Dict[str, t.Any]:
    """The argument spec; the repository's options are all optional here."""
    return {
        **connection_spec(host_required=False),
        **minting_spec(),
        "url": {"type": "str", "required": True, "fallback": (environment, ["QLIK_URL"])},
        "prefix": {"type": "str", "required": True},
        "token": {"type": "str", "no_log": True},
        "app_id": {"type": "str"},
        "page_path": {"type": "str"},
        "origin": {"type": "str"},
        "checks": {
            "type": "list",
            "elements": "str",
            "choices": list(CHECKS),
            "default": list(CHECKS),
        },
        "expect": {"type": "str", "choices": ["allowed", "denied"], "default": "allowed"},
        "fail_on": {"type": "str", "choices": ["error", "warning", "never"], "default": "error"},
        "allow_user_creation": {"type": "bool", "default": False},
        "allow_insecure_transport": {"type": "bool", "default": False},
        "trusted_hosts": {"type": "list", "elements": "str", "default": []},
        "url_ca_path": {"type": "path"},
        "url_ca_content": {"type": "str"},
        "url_validate_certs": {"type": "bool", "default": True},
        "url_tls_server_name": {"type": "str"},
        "wait": {"type": "int", "default": 0},
        "end_session": {"type": "str", "choices": list(END_SESSION), "default": "auto"},
        "qps_port": {"type": "int", "default": 4243},
    }


def probe_settings(params: t.Mapping[str, t.Any]) -> Settings:
    """The settings; raises ``InvalidInput`` for options that cannot be meant so."""
    url = site_url(params["url"], "url")
    if params["wait"] < 0:
        raise InvalidInput("wait: seconds cannot be negative.", option="wait")
    if params["timeout"] < 1:
        raise InvalidInput("timeout: at least one second is needed.", option="timeout")
    certificate = params["host"] and params["auth"] == CERTIFICATE
    if params["end_session"] == "own" and not certificate:
        raise InvalidInput(
            "end_session: 'own' ends the session through the proxy's port 4243, which requires the "
            "site's client certificate. Set host and client_cert_path, with auth 'certificate', "
            "or set end_session to 'auto'.",
            option="end_session",
        )
    if not params["token"] and not has_signing_key(params):
        raise InvalidInput(
            "token: required for the login. Set token, or private_key_path with user_id and "
            "user_directory. In AWX, add the credential of the type "
            '"Qlik Sense JWT signing key" to the template.',
            option="token",
        )
    return Settings(
        url=url,
        prefix=clean_prefix(params["prefix"]),
        origin=_origin(params["origin"]) if params["origin"] else url,
        app_id=params["app_id"] or None,
        page_path=clean_page_path(params["page_path"]),
        checks=frozenset(params["checks"]),
        allow_user_creation=params["allow_user_creation"],
        end_session=params["end_session"],
        wait=float(params["wait"]),
        engine_timeout=float(params["timeout"]),
        expects_rejection=params["expect"] == "denied",
        allow_insecure_transport=params["allow_insecure_transport"],
        trusted_hosts=host_names(params["trusted_hosts"] or [], "trusted_hosts"),
        repository_host=params["host"] or "",
        verifies=params["url_validate_certs"],
    )


def _origin(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9._\[\]:-]+/?", value.strip()):
        raise InvalidInput(
            f"origin: '{value[:120]}' is not a valid origin. Set scheme, host, and any port other "
            "than the default, such as https://portal.example.com.",
            option="origin",
        )
    return value.strip().rstrip("/")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The virtual proxies of a site as definitions: only what differs from a new virtual proxy.

A virtual proxy that is created from its definition on another site gets the same settings. On its
own site, the definition changes nothing, because an option that is left out is not changed.
"""

from __future__ import annotations

import typing as t

from ..crypto.pem import first_certificate, why_not_a_certificate
from ..errors import InvalidInput
from .convert import CREATION_DEFAULTS, NODES_OPTION, Options, default_cookie_name

if t.TYPE_CHECKING:
    Described = t.Mapping[str, t.Any]

_CERTIFICATE = "jwt_certificate"
_METHOD = "authentication_method"
_MAP = "jwt_attribute_map"

#: What the server sets where a new virtual proxy says nothing.
_SERVER_DEFAULTS: Options = {
    "description": "",
    "session_cookie_domain": "",
    "session_inactivity_timeout": 30,
    "anonymous_access_mode": "none",
    "jwt_attribute_user_id": "",
    "jwt_attribute_user_directory": "",
    "jwt_audience": "",
    _MAP: [],
    "use_sticky_load_balancing": False,
    "authentication_module_redirect_uri": "",
    "additional_response_headers": {},
    "windows_authentication_enabled_device_pattern": "Windows",
    "extended_security_environment": False,
    "secure_attribute_https": True,
    "secure_attribute_http": False,
    "same_site_attribute_https": "lax",
    "same_site_attribute_http": "no_attribute",
    "tags": [],
    "custom_properties": {},
}


def exported(
    virtual_proxies: t.Iterable[Described], nodes: t.Iterable[Described]
) -> t.List[Options]:
    """The definitions, sorted by prefix, of virtual proxies and nodes that the info module read."""
    central = [node.get("name") for node in nodes if node.get("central")]
    found = sorted(virtual_proxies, key=lambda item: str(item["prefix"]))
    prefixes = [item["prefix"] for item in found]
    for prefix in prefixes:
        if prefixes.count(prefix) > 1:
            raise InvalidInput(
                f"The site has {prefixes.count(prefix)} virtual proxies with the prefix "
                f"'{prefix}'. Remove all but one in QMC, Virtual proxies."
            )
    return [_definition(item, central) for item in found]


def _definition(item: Described, central: t.List[t.Any]) -> Options:
    default: Options = {
        **_SERVER_DEFAULTS,
        **CREATION_DEFAULTS,
        # For JWT, a run with a key pair sets the certificate of a definition that has none.
        **({} if item.get(_METHOD, "jwt") == "jwt" else {_CERTIFICATE: ""}),
        "session_cookie_header_name": default_cookie_name(item["prefix"]),
        NODES_OPTION: central,
        "proxies": central,
    }
    return {
        "prefix": item["prefix"],
        **{
            option: _readable(option, value)
            for option, value in item.items()
            if option not in ("id", "prefix")
            and not (option in default and _same(value, default[option]))
        },
    }


def _same(value: t.Any, default: t.Any) -> bool:
    return type(value) is type(default) and bool(value == default)


def _readable(option: str, value: t.Any) -> t.Any:
    if option == _CERTIFICATE and value and why_not_a_certificate(value) is None:
        block = first_certificate(value)
        return value if block is None else block.text
    if option == _MAP:
        return [{k: v for k, v in row.items() if k != "mandatory" or v} for row in value]
    return value

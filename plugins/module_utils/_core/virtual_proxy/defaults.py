# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What applies to each entry of a list of virtual proxies that does not set it."""

from __future__ import annotations

import typing as t

from ..errors import InvalidInput

Options = t.Dict[str, t.Any]

#: The options that can be cleared, each with the options that clear it.
EMPTY: t.Dict[str, Options] = {
    "description": {"description": ""},
    "session_cookie_domain": {"session_cookie_domain": ""},
    "jwt_certificate": {"jwt_certificate": ""},
    "jwt_attribute_user_id": {"jwt_attribute_user_id": ""},
    "jwt_attribute_user_directory": {"jwt_attribute_user_directory": ""},
    "jwt_audience": {"jwt_audience": ""},
    "jwt_attribute_map": {"jwt_attribute_map": []},
    "load_balancing_nodes": {"load_balancing_nodes": []},
    "host_allow_list": {"host_allow_list": [], "host_allow_list_mode": "replace"},
    "proxies": {"proxies": [], "proxies_mode": "replace"},
    "authentication_module_redirect_uri": {"authentication_module_redirect_uri": ""},
    "additional_response_headers": {"additional_response_headers": {}},
    "tags": {"tags": [], "tags_mode": "replace"},
    "custom_properties": {"custom_properties": {}},
}


def common(defaults: t.Mapping[str, t.Any], clear: t.Sequence[str]) -> Options:
    """The options that each entry has unless it sets them. Raises ``InvalidInput``."""
    given = {name: value for name, value in defaults.items() if value is not None}
    for sentence in clear_faults(given, clear):
        raise InvalidInput(f"clear: {sentence}", option="clear")
    return {**given, **cleared(clear)}


def cleared(clear: t.Sequence[str]) -> Options:
    """The options that clear the named ones."""
    return {k: v for name in clear for k, v in EMPTY.get(name, {}).items()}


def clear_faults(given: t.Mapping[str, t.Any], clear: t.Sequence[str]) -> t.Iterator[str]:
    """What is wrong with the names of the options to clear."""
    unknown = sorted(set(clear) - set(EMPTY))
    if unknown:
        yield f"{', '.join(unknown)} cannot be empty. These can: {', '.join(EMPTY)}."
    both = sorted(set(clear).intersection(given))
    if both:
        yield f"{', '.join(both)} is given, too. Leave out one of the two."


def completed(entry: t.Mapping[str, t.Any], common: Options, certificate: str = "") -> Options:
    """An entry with the common options. The certificate is for JWT without one of its own."""
    found = {**common, **{name: value for name, value in entry.items() if value is not None}}
    if certificate and wants_certificate(found):
        found["jwt_certificate"] = certificate
    return found


def wants_certificate(entry: t.Mapping[str, t.Any]) -> bool:
    """Whether an entry describes a virtual proxy with JWT and names no certificate."""
    return (
        entry.get("state", "present") == "present"
        and entry.get("authentication_method", "jwt") == "jwt"
        and entry.get("jwt_certificate") is None
    )

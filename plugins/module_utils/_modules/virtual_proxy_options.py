# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options of one virtual proxy as Ansible declares them.

What they mean stands in ``_core/virtual_proxy/fields.py``; the documentation stands in the module
``qlik_virtual_proxy``.
"""

from __future__ import annotations

import typing as t

from .._core.errors import InvalidInput
from .._core.virtual_proxy.desired import Wish
from .._core.virtual_proxy.fields import ANONYMOUS, BY_OPTION, METHODS, SAME_SITE
from .._core.virtual_proxy.snapshot import snapshot_of

#: Options that say how to treat the others, not how the virtual proxy shall be.
_MODES = {
    "proxies": "proxies_mode",
    "host_allow_list": "host_allow_list_mode",
    "tags": "tags_mode",
}
#: Options whose masked texts are rejected only where they differ from what the site has.
COMPARED = frozenset({*BY_OPTION, "restore"})
_MANNERS = ("prefix", "state", "allow_restart", *_MODES.values())

#: What may stand beside ``restore``.
_BESIDE_RESTORE = ("restore", "allow_restart")


def virtual_proxy_spec() -> t.Dict[str, t.Any]:
    """The argument spec of one virtual proxy."""
    return {
        "prefix": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "description": {"type": "str"},
        "session_cookie_header_name": {"type": "str"},
        "session_cookie_domain": {"type": "str"},
        "session_inactivity_timeout": {"type": "int"},
        "authentication_method": {"type": "str", "choices": list(METHODS)},
        "anonymous_access_mode": {"type": "str", "choices": list(ANONYMOUS)},
        "jwt_certificate": {"type": "str"},
        "jwt_attribute_user_id": {"type": "str"},
        "jwt_attribute_user_directory": {"type": "str"},
        "jwt_audience": {"type": "str"},
        "jwt_attribute_map": {
            "type": "list",
            "elements": "dict",
            "options": {
                "jwt_attribute": {"type": "str", "required": True},
                "sense_attribute": {"type": "str", "required": True},
                "mandatory": {"type": "bool", "default": False},
            },
        },
        "load_balancing_nodes": {"type": "list", "elements": "str"},
        "host_allow_list": {"type": "list", "elements": "str"},
        "host_allow_list_mode": {
            "type": "str",
            "choices": ["replace", "append"],
            "default": "replace",
        },
        "proxies": {"type": "list", "elements": "str"},
        "proxies_mode": {"type": "str", "choices": ["append", "replace"], "default": "append"},
        "authentication_module_redirect_uri": {"type": "str"},
        "additional_response_headers": {"type": "dict"},
        "windows_authentication_enabled_device_pattern": {"type": "str"},
        "extended_security_environment": {"type": "bool"},
        "use_sticky_load_balancing": {"type": "bool"},
        "secure_attribute_https": {"type": "bool"},
        "secure_attribute_http": {"type": "bool"},
        "same_site_attribute_https": {"type": "str", "choices": list(SAME_SITE)},
        "same_site_attribute_http": {"type": "str", "choices": list(SAME_SITE)},
        "tags": {"type": "list", "elements": "str"},
        "tags_mode": {"type": "str", "choices": ["replace", "append"], "default": "replace"},
        "custom_properties": {"type": "dict"},
        "allow_restart": {"type": "bool", "default": True},
    }


def single_spec() -> t.Dict[str, t.Any]:
    """The argument spec of the module for one of them, without the connection."""
    return {
        **virtual_proxy_spec(),
        "prefix": {"type": "str"},
        "restore": {"type": "dict"},
    }


def virtual_proxies_spec() -> t.Dict[str, t.Any]:
    """The argument spec of a list of them, without the connection."""
    return {
        "virtual_proxies": {
            "type": "list",
            "elements": "dict",
            "options": {"id": {"type": "str"}, **virtual_proxy_spec()},
        },
        "prune": {"type": "bool", "default": False},
        "prune_tag": {"type": "str"},
        "prune_limit": {"type": "int", "default": 5},
        "allow_restart": {"type": "bool", "default": True},
        "restore": {"type": "list", "elements": "dict"},
    }


def refuse_beside_restore(
    params: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]
) -> None:
    """Refuse options of ``spec`` beside ``restore``, which restores every option."""
    given = [
        name
        for name, option in spec.items()
        if name not in _BESIDE_RESTORE and params[name] != option.get("default")
    ]
    if given:
        raise InvalidInput(
            f"restore stands alone, for it puts back all that was there: leave out "
            f"{', '.join(given)}.",
            option="restore",
        )


def restoring(before: t.Any, *, allow_restart: bool) -> Wish:
    """What a ``before`` holds, as a wish; raises ``InvalidInput`` for what is none."""
    snapshot = snapshot_of(before)
    return Wish(
        prefix=snapshot.prefix,
        options={},
        absent=snapshot.entity is None,
        allow_restart=allow_restart,
        snapshot=snapshot,
    )


def wish_of(params: t.Mapping[str, t.Any]) -> Wish:
    """What the user gave, empty options included, as a wish."""
    names = [name for name in virtual_proxy_spec() if name not in _MANNERS]
    return Wish(
        prefix=params["prefix"],
        options={name: params[name] for name in names if params.get(name) is not None},
        absent=params["state"] == "absent",
        modes={option: params[mode] for option, mode in _MODES.items()},
        allow_restart=params["allow_restart"],
    )

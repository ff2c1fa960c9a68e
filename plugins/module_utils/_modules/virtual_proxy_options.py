# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options of the modules for virtual proxies, and what users set as a desired state."""

from __future__ import annotations

import typing as t

from .._core.errors import InvalidInput
from .._core.virtual_proxy.desired import Wish
from .._core.virtual_proxy.fields import BY_OPTION
from .._core.virtual_proxy.options import MODES, virtual_proxy_spec
from .._core.virtual_proxy.snapshot import snapshot_of

#: Options whose masked texts are rejected only where they differ from what the site has.
COMPARED = frozenset({*BY_OPTION, "restore"})
#: Options that are not settings of the virtual proxy.
_MANNERS = ("prefix", "state", "allow_restart", *MODES.values())

#: Options that can be combined with ``restore``.
_BESIDE_RESTORE = ("restore", "allow_restart")


def single_spec() -> t.Dict[str, t.Any]:
    """The argument spec of the module for one of them, without the connection."""
    return {
        **virtual_proxy_spec(),
        "prefix": {"type": "str"},
        "restore": {"type": "dict"},
    }


def virtual_proxies_spec() -> t.Dict[str, t.Any]:
    """The argument spec of a list of them, without the connection."""
    texts = {"type": "list", "elements": "str"}
    return {
        "virtual_proxies": {
            "type": "list",
            "elements": "dict",
            "options": {"id": {"type": "str"}, **virtual_proxy_spec()},
        },
        "defaults": {"type": "dict"},
        "clear": texts,
        "default_jwt_certificate": {"type": "str"},
        "prune": {"type": "bool", "default": False},
        "prune_tag": {"type": "str"},
        "prune_limit": {"type": "int", "default": 5},
        "allow_restart": {"type": "bool", "default": True},
        "restore": {"type": "list", "elements": "dict"},
    }


def reject_beside_restore(
    params: t.Mapping[str, t.Any], spec: t.Mapping[str, t.Mapping[str, t.Any]]
) -> None:
    """Reject options of ``spec`` in combination with ``restore``, which restores every option."""
    given = [
        name
        for name, option in spec.items()
        if name not in _BESIDE_RESTORE and params[name] != option.get("default")
    ]
    if given:
        raise InvalidInput(
            f"restore is mutually exclusive with: {', '.join(given)}. It restores every setting.",
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
        modes={option: params[mode] for option, mode in MODES.items()},
        allow_restart=params["allow_restart"],
    )

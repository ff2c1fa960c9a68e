# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Applies the defaults of ``qlik_virtual_proxies`` to its entries.

This happens before Ansible validates the entries and fills in what they do not set.
"""

from __future__ import annotations

import typing as t

from .._arguments import Module
from .._core.entity.text_lists import entries as texts
from .._core.errors import InvalidInput
from .._core.virtual_proxy.defaults import common, completed
from .._core.virtual_proxy.options import virtual_proxy_spec

_COMMON = ("defaults", "clear", "default_jwt_certificate")


class VirtualProxiesModule(Module):
    """The module for a list of virtual proxies."""

    def _completed(self, params: t.Dict[str, t.Any]) -> t.Dict[str, t.Any]:
        entries, defaults, clear, certificate = (
            params.get(name) for name in ("virtual_proxies", *_COMMON)
        )
        if not isinstance(entries, list) or not any((defaults, clear, certificate)):
            return params
        options = common(_options(defaults or {}), _names(clear or []))
        return {
            **params,
            "virtual_proxies": [
                completed(entry, options, certificate or "") if isinstance(entry, dict) else entry
                for entry in entries
            ],
        }


def _options(defaults: t.Any) -> t.Dict[str, t.Any]:
    if not isinstance(defaults, dict):
        raise InvalidInput("defaults: must be a mapping of options.", option="defaults")
    unknown = sorted(set(defaults) - (set(virtual_proxy_spec()) - {"prefix"}))
    if unknown:
        raise InvalidInput(
            f"defaults: {', '.join(unknown)} cannot be set for all entries. Use options of "
            "virtual_proxies other than prefix and id.",
            option="defaults",
        )
    return defaults


def _names(clear: t.Any) -> t.List[str]:
    found = texts(clear) if isinstance(clear, str) else clear
    if not isinstance(found, list):
        raise InvalidInput("clear: must be a list of names of options.", option="clear")
    return [str(name) for name in found]

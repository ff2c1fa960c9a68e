# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter virtual_proxy_variables."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils.export import virtual_proxy_variables


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"virtual_proxy_variables": virtual_proxy_variables}

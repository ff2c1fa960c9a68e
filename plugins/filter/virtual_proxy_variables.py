# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter virtual_proxy_variables."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.variables.file import (
    is_unedited,
    variables_file,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.export import (
    exported,
)

VARIABLE = "jwt_virtual_proxy_definitions"
EDITED = (
    "The file was edited, or it was not written by this role. Move the file, or use another "
    "directory."
)


def plain(value: t.Any) -> t.Any:
    """The value without the types by which Ansible tracks where texts come from."""
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, t.Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def virtual_proxy_variables(site: t.Mapping[str, t.Any], existing: str = "") -> t.Dict[str, str]:
    """The variables file of a site."""
    read = {name: plain(site[name]) for name in ("virtual_proxies", "nodes")}
    try:
        content = variables_file({VARIABLE: exported(**read)})
    except InvalidInput as error:
        return {"content": "", "fault": error.message}
    if existing not in ("", content) and not is_unedited(existing):
        return {"content": content, "fault": EDITED}
    return {"content": content, "fault": ""}


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"virtual_proxy_variables": virtual_proxy_variables}

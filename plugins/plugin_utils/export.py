# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the role jwt_export writes the variables of a site."""

from __future__ import annotations

import base64
import os
import re
import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._core.variables.file import (
    is_unedited,
    variables_file,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.export import (
    exported,
)

from . import connection
from .variables import Variables

Json = t.Dict[str, t.Any]

#: The variable that the file sets.
VARIABLE = "jwt_virtual_proxy_definitions"
EDITED = (
    "The file was edited, or it was not written by this role. Move the file, or use another "
    "directory."
)

#: Ansible reads one of these for a host in host_vars: a directory, or a file with an extension.
_EXTENSIONS = ("", ".yml", ".yaml", ".json")


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = []
    if not variables.text("jwt_export_directory"):
        found.append("jwt_export_directory: set the directory for the exported variables.")
    name = variables["inventory_hostname"]
    if not re.match("[^./][^/]*$", name):
        found.append(
            f"The inventory host name {name} cannot be used as a file name, because it contains / "
            "or begins with a dot. Rename the host, and set qlik_host to its address."
        )
    return found


def host(variables: Variables) -> str:
    """The host with the directory. Variables of the site's groups are read from the site."""
    own = variables.of_host(variables["inventory_hostname"])
    named = variables.text("jwt_export_host") or own.text("jwt_export_host")
    return named or connection.api_host(variables)


def directory(variables: Variables) -> str:
    """The directory. A relative path begins where ansible-playbook was called."""
    path = variables.text("jwt_export_directory").rstrip("/")
    is_local = host(variables) in connection.CONTROLLER
    return path if re.match("[/~]", path) or not is_local else f"{variables.directory}/{path}"


def path(variables: Variables) -> str:
    """The file."""
    return f"{directory(variables)}/{variables['inventory_hostname']}.yml"


def looked_for(variables: Variables) -> t.List[str]:
    """The file, its directory, and what Ansible would read instead of the file."""
    place, file = directory(variables), path(variables)
    base = ""
    if os.path.basename(place) == "host_vars":
        base = f"{place}/{variables['inventory_hostname']}"
    elif os.path.basename(os.path.dirname(place)) == "host_vars":
        base = place
    rivals = [base + extension for extension in _EXTENSIONS] if base else []
    return [file, place, *(one for one in rivals if one not in (file, place))]


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


def content(variables: Variables) -> Json:
    """The content of the file, and the fault of an existing file."""
    existing = variables.answer("jwt_export__existing", {}).get("content") or ""
    text = base64.b64decode(existing).decode("utf-8", "replace")
    return dict(virtual_proxy_variables(variables["jwt_export__site"], text))


def result(variables: Variables) -> Json:
    """The fact jwt_export_result."""
    return {
        "changed": bool(variables["jwt_export__written"].get("changed")),
        "path": path(variables),
        "prefixes": sorted(
            one["prefix"] for one in variables["jwt_export__site"]["virtual_proxies"]
        ),
    }


def obstacles(variables: Variables, stats: Json, fault: t.Optional[str]) -> t.List[str]:
    """Why the file is not written. ``fault`` is that of an existing file."""
    file, name = path(variables), variables["inventory_hostname"]
    found = [f"{file}: {fault}"] if fault else []
    hidden = [
        one["jwt_export__looked_for"] for one in stats["results"][2:] if one["stat"]["exists"]
    ]
    if hidden:
        found.append(
            f"{', '.join(hidden)}: Ansible reads either this or {file}, not both. Move the "
            f"existing variables into the directory host_vars/{name}, and set "
            "jwt_export_directory to that directory."
        )
    return found


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "faults": faults,
    "host": host,
    "path": path,
    "looked_for": looked_for,
    "directory": directory,
    "file": content,
    "obstacles": lambda v: obstacles(v, v["jwt_export__stats"], content(v)["fault"]),
    "result": result,
}

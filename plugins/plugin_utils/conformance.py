# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paths of the role conformance."""

from __future__ import annotations

import typing as t

from .connection import start
from .paths import absolute
from .variables import Variables


def _path(variables: Variables, name: str) -> str:
    """A relative path is resolved from the current directory of ansible-playbook."""
    found = {"own_path": variables.text("conformance_" + name)}
    return str(absolute(found, start(variables))["own_path"])


def directory(variables: Variables) -> str:
    """The directory of the files. With several hosts, each has a subdirectory."""
    several = len(variables["ansible_play_hosts_all"]) > 1
    place = _path(variables, "directory")
    return f"{place}/{variables['inventory_hostname']}" if several else place


def url_ca_path(variables: Variables) -> str:
    """The CA certificate of the proxy."""
    return _path(variables, "url_ca_path")


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"directory": directory, "url_ca_path": url_ca_path}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relative paths in the options of modules.

Ansible looks for a relative path in the directory of the playbook, which is inside the collection
for a playbook of the collection. Here it begins where ansible-playbook was called.
"""

from __future__ import annotations

import posixpath
import re
import typing as t

_ANCHORED = re.compile(r"[/~$%]|[A-Za-z]:[\\/]|\\\\")


def absolute(options: t.Mapping[str, t.Any], directory: str) -> t.Dict[str, t.Any]:
    """The options, each with its path below the directory if that is relative.

    Without a directory, nothing is changed: on another host, paths begin where its connection does.
    """
    return {name: _absolute(name, value, directory) for name, value in options.items()}


def _absolute(name: str, value: t.Any, directory: str) -> t.Any:
    is_path = name.endswith("_path") and name != "page_path"
    if not (directory and is_path and isinstance(value, str) and value.strip()):
        return value
    if _ANCHORED.match(value):
        return value
    return posixpath.normpath(posixpath.join(directory, value))

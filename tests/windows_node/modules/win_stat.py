# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_stat``: what is known about a file."""

from __future__ import annotations

import hashlib

from ..model import paths, rights
from ..model.filesystem import AccessDeniedError, Entry
from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Looks at a path."""
    entry = call.see(call.path(call.options["path"]))
    if entry is None:
        return {"changed": False, "stat": {"exists": False}}
    return {"changed": False, "stat": describe(call, entry)}


def describe(call: Call, entry: Entry) -> Json:
    """The ``stat`` of a file or directory that exists."""
    options = call.options
    files = call.node.files
    owner = None
    if files.may(call.who, entry, rights.READ_PERMISSIONS):
        owner = call.node.accounts.display(entry.owner)
    stat: Json = {
        "exists": True,
        "attributes": ("Hidden, " if entry.hidden else "")
        + ("Directory" if entry.is_directory else "Archive"),
        "isarchive": not entry.is_directory,
        "isdir": entry.is_directory,
        "isreg": not entry.is_directory,
        "ishidden": entry.hidden,
        "isjunction": False,
        "islnk": False,
        "isreadonly": False,
        "isshared": False,
        "nlink": 1,
        "hlnk_targets": [],
        "creationtime": entry.created,
        "lastaccesstime": entry.accessed,
        "lastwritetime": entry.modified,
        "path": entry.path,
        "filename": paths.name(entry.path) or entry.path,
        "owner": owner,
    }
    if options.get("get_size", True):
        stat["size"] = sum(len(e.content) for e in _files_below(call, entry))
    if not entry.is_directory:
        stat["extension"] = _extension(entry.path)
        if options["get_checksum"]:
            stat["checksum"] = _checksum(call, entry)
    return stat


def _checksum(call: Call, entry: Entry) -> str:
    try:
        data = call.node.files.read(call.who, entry.path)
    except AccessDeniedError as error:
        raise ModuleFailure(
            "Failed to get hash of file, set get_checksum to False to ignore this error: "
            f'Exception calling "Open" with "4" argument(s): "{error}"'
        ) from None
    return hashlib.new(call.options["checksum_algorithm"], data).hexdigest()


def _files_below(call: Call, entry: Entry) -> list[Entry]:
    if not entry.is_directory:
        return [entry]
    return [
        found
        for child in call.node.files.children(entry.path)
        for found in _files_below(call, child)
    ]


def _extension(path: str) -> str:
    dummy, dot, extension = paths.name(path).rpartition(".")
    return dot + extension if dot else ""


MODEL = Model(run)

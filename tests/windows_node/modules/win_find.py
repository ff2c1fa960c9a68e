# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_find``: files by name below directories; age and size are not modelled."""

from __future__ import annotations

import fnmatch
import re

from ..model import paths, rights
from ..model.filesystem import AccessDeniedError, Entry
from .base import Call, Json, Model, ModuleFailure
from .win_stat import describe

_NOT_MODELLED = ("age", "size", "follow", "hidden", "depth")


def run(call: Call) -> Json:
    """Lists what is found, in the order of the paths."""
    options = call.options
    if given := [name for name in _NOT_MODELLED if options.get(name)]:
        raise ModuleFailure(f"this model does not know {', '.join(given)}")
    examined: list[Entry] = []
    warnings: list[str] = []
    for text in options["paths"]:
        entry = call.see(call.path(text, expands=False))
        if entry is None:
            warnings.append(f"Argument path '{text}' does not exist or is not accessible, skipping")
        elif not call.node.files.may(call.who, entry, rights.READ_DATA):
            warnings.append(f"Failed to enumerate '{text}': {AccessDeniedError(entry.path)}")
        else:
            examined += _below(call, entry)
    found = [entry for entry in examined if _is_wanted(call, entry)]
    files = [describe(call, entry) for entry in found]
    return {
        "changed": False,
        "examined": len(examined),
        "matched": len(files),
        "files": files,
        **({"warnings": warnings} if warnings else {}),
    }


def _below(call: Call, entry: Entry) -> list[Entry]:
    found = []
    for child in call.node.files.children(entry.path):
        if child.hidden:
            continue
        found.append(child)
        if call.options["recurse"]:
            found += _below(call, child)
    return found


def _is_wanted(call: Call, entry: Entry) -> bool:
    options = call.options
    kind = options["file_type"]
    if kind != "any" and entry.is_directory != (kind == "directory"):
        return False
    if not options["patterns"]:
        return True
    name = paths.name(entry.path)
    flags = 0 if options["case_sensitive"] else re.IGNORECASE
    patterns = options["patterns"]
    if not options["use_regex"]:
        patterns = [fnmatch.translate(pattern) for pattern in patterns]
    return any(re.match(pattern, name, flags) for pattern in patterns)


MODEL = Model(run)

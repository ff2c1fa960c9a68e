# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_file``: directories, empty files, removal, times."""

from __future__ import annotations

import datetime

from ..model.filesystem import Entry
from .base import Call, Json, Model, ModuleFailure

#: What .NET's format letters are in Python's, longest first.
_FORMATS = (
    ("yyyy", "%Y"),
    ("MM", "%m"),
    ("dd", "%d"),
    ("HH", "%H"),
    ("mm", "%M"),
    ("ss", "%S"),
)


def run(call: Call) -> Json:
    """Brings the path into the state."""
    path = call.path(call.options["path"])
    entry = call.test(path)
    if call.internal.get("_diff_peek") is not None:
        # The copying action plugins of Ansible ask so before they show a difference.
        binary = entry is not None and b"\0" in entry.content
        state = "absent" if entry is None else "file"
        return {"changed": False, "path": path, "appears_binary": binary, "state": state}
    if entry is None:
        return _where_nothing_is(call, path)
    return _where_something_is(call, entry)


def _where_nothing_is(call: Call, path: str) -> Json:
    state = call.options["state"]
    if state == "absent":
        return {"changed": False}
    if state in (None, "file"):
        raise ModuleFailure(f"path {call.options['path']} will not be created")
    if not call.check:
        if state == "directory":
            entry = call.node.files.make_directory(call.who, path)
        else:
            entry = call.node.files.write(call.who, path, b"")
        _set_times(call, entry)
    return {"changed": True}


def _where_something_is(call: Call, entry: Entry) -> Json:
    state = call.options["state"]
    if state == "absent":
        if not call.check:
            call.node.files.remove(call.who, entry.path)
        return {"changed": True}
    if state == "directory" and not entry.is_directory:
        raise ModuleFailure(f"path {call.options['path']} is not a directory")
    if state == "touch" and entry.hidden:
        # Get-ChildItem without -Force.
        raise ModuleFailure(
            "Unhandled exception while executing module: The property 'LastWriteTime' cannot be "
            "found on this object. Verify that the property exists and can be set."
        )
    if state == "file" and entry.is_directory:
        raise ModuleFailure(f"path {call.options['path']} is not a file")
    return {"changed": _set_times(call, entry) if state == "touch" else False}


def _set_times(call: Call, entry: Entry) -> bool:
    touched = call.options["state"] == "touch"
    times = {}
    for name in ("modification_time", "access_time"):
        text = call.options[name] or ("now" if touched else "preserve")
        times[name] = _time(call, name, text)
    if call.check:
        return times["modification_time"] not in (None, entry.modified) or (
            times["access_time"] not in (None, entry.accessed)
        )
    return call.node.files.touch(
        entry, modified=times["modification_time"], accessed=times["access_time"]
    )


def _time(call: Call, option: str, text: str) -> float | None:
    if text == "preserve":
        return None
    if text == "now":
        return call.node.clock()
    pattern = call.options[f"{option}_format"]
    for theirs, ours in _FORMATS:
        pattern = pattern.replace(theirs, ours)
    try:
        return datetime.datetime.strptime(text, pattern).astimezone().timestamp()
    except ValueError:
        raise ModuleFailure(f"Invalid {option} '{text}'") from None


MODEL = Model(run, basic=False, internal=frozenset(("_diff_peek", "_original_basename")))

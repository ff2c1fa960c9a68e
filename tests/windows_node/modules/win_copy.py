# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_copy``: the part of it that runs on the node.

Ansible's action plugin asks first what is to be copied (``query``), sends it, and lets one file
(``single``) or an archive (``explode``) be put in place; with ``remote_src`` all happens there.
"""

from __future__ import annotations

import base64
import hashlib
import io
import time
import typing as t
import zipfile

from ..model import paths
from ..model.filesystem import Entry
from .base import Call, Json, Model, ModuleFailure

_INTERNAL = frozenset(("_copy_mode", "_original_basename", "files", "directories", "symlinks"))


def run(call: Call) -> Json:
    """Does what the mode says."""
    return _MODES[call.internal.get("_copy_mode", "single")](call)


def _query(call: Call) -> Json:
    """Which of the controller's files are missing, or others."""
    dest = call.path(call.options["dest"])
    answer: Json = {"changed": False, "files": [], "directories": [], "symlinks": []}
    for file in call.internal.get("files") or ():
        path = _below(dest, file["dest"])
        entry = call.see(path)
        if entry is not None and entry.is_directory:
            path = paths.join(path, file["src"].replace("\\", "/").rpartition("/")[2])
            entry = call.see(path)
        if entry is not None and entry.is_directory:
            raise ModuleFailure(
                f"cannot copy file to dest '{path}': object at path is already a directory"
            )
        if entry is None or (call.options["force"] and _sha1(call, entry) != file["checksum"]):
            answer["files"].append(file)
    for directory in call.internal.get("directories") or ():
        entry = call.see(_below(dest, directory["dest"]))
        if entry is not None and not entry.is_directory:
            raise ModuleFailure(
                f"cannot copy folder to dest '{entry.path}': object at path is already a file"
            )
        if entry is None:
            answer["directories"].append(directory)
    return answer


def _single(call: Call) -> Json:
    """One file that was sent: an existing one is overwritten and keeps its access list."""
    source = _source(call)
    path, answer = _destination(call, call.internal.get("_original_basename") or "")
    if call.options["backup"]:
        answer |= _backup(call, path)
    call.node.files.write(call.who, path, call.node.files.read(call.who, source.path))
    return {**answer, "changed": True}


def _explode(call: Call) -> Json:
    """An archive that was sent; its names are base64."""
    source = _source(call)
    dest = call.path(call.options["dest"])
    data = call.node.files.read(call.who, source.path)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = base64.b64decode(info.filename.rstrip("/")).decode()
            path = _below(dest, name)
            directory = path if info.is_dir() else paths.parent(path)
            call.node.files.make_directory(call.who, directory or path)
            if not info.is_dir():
                call.node.files.write(call.who, path, archive.read(info))
    return {"changed": True}


def _remote(call: Call) -> Json:
    """From one place on the node to another: an existing file is removed and made anew, and so
    gets the access list that its directory gives."""
    source = _source(call)
    if source.is_directory:
        raise ModuleFailure("this model copies no directories on the node")
    path, answer = _destination(call, paths.name(source.path))
    data = call.node.files.read(call.who, source.path)
    entry = call.see(path)
    changed = entry is None or (call.options["force"] and entry.content != data)
    if changed and call.options["backup"]:
        answer |= _backup(call, path)
    if changed and not call.check:
        if entry is not None:
            call.node.files.remove(call.who, path)
        call.node.files.write(call.who, path, data)
    answer |= {"changed": changed, "src": call.options["src"], "dest": path}
    answer |= {"operation": "file_copy", "original_basename": paths.name(source.path)}
    answer["checksum"] = hashlib.sha1(data).hexdigest()
    answer["size"] = len(data) if entry is not None or not call.check else None
    if call.diff:
        removed = f"-{path}\n" if entry is not None else ""
        answer["diff"] = {"prepared": f"{removed}+{path}\n" if changed else ""}
    return answer


_MODES: t.Final[dict[str, t.Callable[[Call], Json]]] = {
    "query": _query,
    "single": _single,
    "explode": _explode,
    "remote": _remote,
}


def _source(call: Call) -> Entry:
    entry = call.see(call.path(call.options["src"] or ""))
    if entry is None:
        raise ModuleFailure(f"Cannot copy src file: '{call.options['src']}' as it does not exist")
    return entry


def _destination(call: Call, file_name: str) -> tuple[str, Json]:
    dest = call.options["dest"]
    path = call.path(dest)
    entry = call.see(path)
    into = dest.endswith(("/", "\\")) or (entry is not None and entry.is_directory)
    if into:
        path = paths.join(path, file_name)
    directory = paths.parent(path) or path
    above = call.see(directory)
    if above is not None and not above.is_directory:
        raise ModuleFailure(f"object at destination parent dir '{directory}' is currently a file")
    if above is None:
        if not into:
            raise ModuleFailure(f"Destination directory '{directory}' does not exist")
        call.node.files.make_directory(call.who, directory)
    return path, {}


def _backup(call: Call, path: str) -> Json:
    entry = call.see(path)
    if entry is None:
        return {"backup_file": None}
    stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(call.node.clock()))
    backup = f"{path}.4242.{stamp}.bak"
    if not call.check:
        call.node.files.write(call.who, backup, call.node.files.read(call.who, path))
    return {"backup_file": backup}


def _sha1(call: Call, entry: Entry) -> str:
    return hashlib.sha1(call.node.files.read(call.who, entry.path)).hexdigest()


def _below(directory: str, name: str) -> str:
    return paths.absolute(name, base=directory)


MODEL = Model(run, basic=False, internal=_INTERNAL)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The scripts that move files between controller and node, and make directories for it."""

from __future__ import annotations

import base64
import hashlib
import json
import typing as t

from ..model import paths
from ..model.node import Node
from .manifest import ScriptOrder
from .session import Output, Session

Json = dict[str, t.Any]
KINDS: t.Final[dict[str, str]] = {
    "winrm_put_file.ps1": "put",
    "psrp_put_file.ps1": "put",
    "winrm_fetch_file.ps1": "fetch",
    "psrp_fetch_file.ps1": "fetch",
    "powershell_mkdtemp.ps1": "mkdtemp",
    "powershell_expand_user.ps1": "expand",
}


def run_script(node: Node, session: Session, order: ScriptOrder, note: Json) -> Output:
    """Runs one of them; ``note`` is completed. The model's errors are let through."""
    return _SCRIPTS[KINDS[order.script]](node, session, order, note)


def remove_directory(node: Node, session: Session, text: str) -> Output:
    """What the shell plugin does with a directory that it made."""
    node.files.remove(session.who, _absolute(node, session, text))
    return Output()


def _put(node: Node, session: Session, order: ScriptOrder, note: Json) -> Output:
    data = b"".join(base64.b64decode(line) for line in order.data if line)
    note |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    node.files.write(session.who, _absolute(node, session, order.parameters["Path"]), data)
    return Output(lines=(json.dumps({"sha1": hashlib.sha1(data).hexdigest()}),))


def _fetch(node: Node, session: Session, order: ScriptOrder, note: Json) -> Output:
    parameters = order.parameters
    path = _absolute(node, session, parameters["Path"])
    entry = node.files.see(session.who, path)
    if entry is None:
        return Output(error=f"{path} does not exist", code=1)
    if entry.is_directory:
        return Output(lines=("[DIR]",))
    data = node.files.read(session.who, path)
    note |= {"size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    size = parameters["BufferSize"]
    if "Offset" in parameters:
        piece = data[parameters["Offset"] :][:size]
        return Output(lines=(base64.b64encode(piece).decode(),) if piece else ())
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    return Output(lines=("[FILE]", *(base64.b64encode(piece).decode() for piece in pieces)))


def _make_directory(node: Node, session: Session, order: ScriptOrder, note: Json) -> Output:
    above = _absolute(node, session, order.parameters["Directory"])
    path = paths.join(above, order.parameters["Name"])
    node.files.make_directory(session.who, path)
    note["path"] = path
    return Output(lines=(path,))


def _expand(node: Node, session: Session, order: ScriptOrder, note: Json) -> Output:
    text = order.parameters["Path"]
    if text == "~" or text.startswith("~\\"):
        text = session.who.account.profile + text[1:]
    note["path"] = text
    return Output(lines=(text,))


_SCRIPTS: t.Final = {"put": _put, "fetch": _fetch, "mkdtemp": _make_directory, "expand": _expand}


def _absolute(node: Node, session: Session, text: str) -> str:
    variables = node.variables(session.who.account)
    return paths.absolute(paths.expand(text, variables), base=variables["USERPROFILE"])

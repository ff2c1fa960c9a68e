# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JSON-RPC of the simulated engine. An app exists when its id looks like one."""

from __future__ import annotations

import json
import re
import typing as t

_APP_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_NIL = "00000000-0000-0000-0000-000000000000"
_APP_NOT_FOUND = {"code": 1003, "parameter": "", "message": "App not found"}
_METHOD_NOT_FOUND = {"code": -32601, "parameter": "", "message": "Method not found"}
_INVALID_REQUEST = {"code": -32600, "parameter": "", "message": "Invalid request"}
_PARSE_ERROR = {"code": -32700, "parameter": "", "message": "Parse error"}
_VERSION = "12.1234.0"

Reply = dict[str, t.Any]


def answer(text: str, app: str) -> Reply:
    """The frame that answers the frame ``text`` on a socket opened for ``app``."""
    try:
        request = json.loads(text)
    except ValueError:
        return _reply(None, {"error": _PARSE_ERROR})
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        return _reply(None, {"error": _INVALID_REQUEST})
    return _reply(request.get("id"), _call(request["method"], request.get("params"), app))


def app_exists(app_id: str) -> bool:
    """Whether the engine has such an app."""
    return _APP_ID.fullmatch(app_id) is not None and app_id != _NIL


def _call(method: str, params: t.Any, app: str) -> Reply:
    if method == "OpenDoc":
        return _open(_first(params, "qDocName"))
    if method == "GetActiveDoc":
        return _open(app)
    if method in _CONSTANTS:
        return {"result": _CONSTANTS[method]}
    return {"error": _METHOD_NOT_FOUND}


def _open(app_id: str) -> Reply:
    if not app_exists(app_id):
        return {"error": _APP_NOT_FOUND}
    handle = {"qType": "Doc", "qHandle": 1, "qGenericId": app_id}
    return {"result": {"qReturn": handle}}


def _first(params: t.Any, name: str) -> str:
    if isinstance(params, dict):
        return str(params.get(name, ""))
    return str(params[0]) if isinstance(params, list) and params else ""


def _reply(request_id: t.Any, content: Reply) -> Reply:
    return {"jsonrpc": "2.0", "id": request_id, **content}


_CONSTANTS: dict[str, t.Any] = {
    "EngineVersion": {"qVersion": {"qComponentVersion": _VERSION}},
    "GetProductVersion": {"qReturn": _VERSION},
    "ProductVersion": {"qReturn": _VERSION},
    "IsDesktopMode": {"qReturn": False},
}

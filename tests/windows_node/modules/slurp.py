# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``slurp``: a file's bytes as base64."""

from __future__ import annotations

import base64

from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Reads a file."""
    path = call.path(call.options["src"])
    entry = call.test(path)
    if entry is None:
        raise ModuleFailure(f"Path {call.options['src']} is not found")
    if entry.is_directory:
        raise ModuleFailure(f"Path {call.options['src']} is a directory")
    data = call.node.files.read(call.who, path)
    return {"changed": False, "content": base64.b64encode(data).decode(), "encoding": "base64"}


MODEL = Model(run, basic=False)

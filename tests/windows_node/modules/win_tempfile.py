# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_tempfile``: a file or directory with a name that nobody can guess."""

from __future__ import annotations

import secrets
import string

from ..model import paths
from .base import Call, Json, Model, ModuleFailure

_SIGNS = string.ascii_lowercase + "012345"


def run(call: Call) -> Json:
    """Makes it; in check mode only its name, another one each time."""
    options, files = call.options, call.node.files
    directory = call.path(options["path"] or "%TEMP%")
    above = call.see(directory)
    if above is None or not above.is_directory:
        raise ModuleFailure(
            "No random temporary file worked in 5 attempts. Error: "
            f"Could not find a part of the path '{directory}'."
        )
    sign = "".join(secrets.choice(_SIGNS) for dummy in range(11))
    name = f"{options['prefix'] or ''}{sign[:8]}.{sign[8:]}{options['suffix'] or ''}"
    path = paths.join(directory, name)
    if not call.check:
        if options["state"] == "directory":
            files.make_directory(call.who, path)
        else:
            files.write(call.who, path, b"")
    # The real module returns the kind as well, which its documentation does not mention.
    return {"changed": True, "path": path}


MODEL = Model(run)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys that are lost with the execution environment of an AWX job."""

from __future__ import annotations

import os

from . import connection
from .keypair import PREFIX, brought, given, is_stored, may_replace, wanted_source
from .text_values import texts
from .variables import Variables


def is_thrown_away(variables: Variables) -> bool:
    """Whether the key is in an execution environment of AWX, which is removed after the job.

    Directories that are mounted are kept. The directory of the job itself never is.
    """
    job = variables.environment.get("AWX_PRIVATE_DATA_DIR", "")
    path = given(variables).get("private_key_path")
    if not (job and path and connection.is_local(variables)) or brought(variables):
        return False
    kept = texts(variables.answer(PREFIX + "kept_directories", []), keep_commas=True)
    isolated = variables.environment.get("AWX_ISOLATED_DATA_DIR", "")
    of_job = [job, os.path.dirname(os.path.dirname(isolated)) if isolated else ""]
    is_kept = any(_holds(directory, path) for directory in kept)
    return not is_kept or any(_holds(directory, path) for directory in of_job if directory)


def _holds(directory: str, path: str) -> bool:
    """Whether a directory holds a path, wherever links lead."""
    place = os.path.realpath(directory)
    try:
        return os.path.commonpath([place, os.path.realpath(path)]) == place
    except ValueError:
        return False


def is_lost(variables: Variables) -> bool:
    """Whether this run would make a key that is lost with the job."""
    return (
        is_thrown_away(variables)
        and wanted_source(variables) == "generate"
        and not is_stored(variables)
        and (not os.path.exists(given(variables)["private_key_path"]) or may_replace(variables))
    )

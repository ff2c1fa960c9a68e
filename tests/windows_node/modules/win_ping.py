# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_ping``."""

from __future__ import annotations

from .base import Call, Json, Model, ModuleFailure


def run(call: Call) -> Json:
    """Answers with its argument."""
    if call.options["data"] == "crash":
        raise ModuleFailure("boom")
    return {"changed": False, "ping": call.options["data"]}


MODEL = Model(run)

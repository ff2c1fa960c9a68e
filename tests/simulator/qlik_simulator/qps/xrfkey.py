# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Xrfkey rule of the administration port: the same 16 characters in query and header."""

from __future__ import annotations

import re

from aiohttp import web

TEXT = "XSRF prevention check failed. Possible XSRF discovered."
_KEY = re.compile(r"[0-9A-Za-z]{16}")


def is_valid(request: web.Request) -> bool:
    """Whether query parameter (in any case) and header agree on a well-formed key."""
    header = request.headers.get("X-Qlik-Xrfkey", "")
    keys = [value for name, value in request.query.items() if name.lower() == "xrfkey"]
    return _KEY.fullmatch(header) is not None and keys[:1] == [header]

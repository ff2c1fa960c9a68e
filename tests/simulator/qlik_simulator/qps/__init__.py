# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy (QPS) of each node: what clients meet on 443 and 80, and the port 4243.

It knows the site only through ``Site``: it logs users in, keeps their sessions, and passes
repository calls on.
"""

from __future__ import annotations

from .admin import build_admin_app
from .headers import SERVER_LIMITS
from .memory import ProxyMemory
from .proxy import build_proxy_app

__all__ = ["SERVER_LIMITS", "ProxyMemory", "build_admin_app", "build_proxy_app"]

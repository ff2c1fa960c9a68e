# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Whether the host allow list admits a host name.

Sources agree that it holds the names that clients write; that an entry also admits the names below
it, and that a node's own name is always admitted, is Qlik's help only. So there are three answers.
"""

from __future__ import annotations

from .view import View, host_name

LISTED, LENIENT, NO = "listed", "lenient", "no"


def admission(view: View, host: str) -> str:
    """``listed``, ``lenient`` (by the readings that are not certain) or ``no``."""
    name = host.lower()
    entries = [str(i).strip().lower() for i in view.items("websocketCrossOriginWhiteList")]
    if name in entries:
        return LISTED
    own = {host_name(service).lower() for service in view.proxy_services}
    below = any(entry and name.endswith("." + entry.lstrip(".")) for entry in entries)
    return LENIENT if below or name in own else NO

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a request speaks for, before there is a session."""

from __future__ import annotations

import dataclasses
import uuid

from .sessions import Attributes


@dataclasses.dataclass(frozen=True)
class Identity:
    """A user as the credentials name them, with the attributes of the session to be."""

    directory: str
    user_id: str
    attributes: Attributes = dataclasses.field(default_factory=list)
    anonymous: bool = False


def anonymous() -> Identity:
    """A new anonymous user. They exist only as long as the session and never in QRS."""
    return Identity("NONE", f"anon_{uuid.uuid4()}", anonymous=True)

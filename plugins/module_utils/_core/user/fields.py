# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The table of a user's options.

Names and limits are those of the server's own description (User, QRS 38.22.0); the labels are those
of the management console (QMC).
"""

from __future__ import annotations

import typing as t

from ..entity.fields import Field, Flag, Kind, Text, Value, entry_fault
from ..entity.shapes import TEXTS

#: Most characters of a directory, and of an id.
NAME_LENGTH = 255


class Roles(Kind):
    """A list of roles. Their order carries no meaning; upper and lower case may."""

    shape = TEXTS
    spec: t.Mapping[str, t.Any] = {"type": "list", "elements": "str"}

    def read(self, stored: Value) -> Value:
        return list(stored or [])

    def write(self, wanted: Value, stored: Value) -> Value:
        return list(dict.fromkeys(wanted))

    def same(self, wanted: Value, present: Value) -> bool:
        return set(wanted) == set(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        return entry_fault(wanted, present)


FIELDS: t.Tuple[Field, ...] = (
    Field("name", "name", Text(511), "Name"),
    Field("roles", "roles", Roles(), "Admin roles"),
    Field("inactive", "inactive", Flag(), "Inactive"),
)

BY_OPTION: t.Dict[str, Field] = {field.option: field for field in FIELDS}

#: What the server says about a user, and this collection never changes.
SHOWN: t.Dict[str, str] = {
    "removed_externally": "removedExternally",
    "blacklisted": "blacklisted",
    "delete_prohibited": "deleteProhibited",
    "directory_connector": "userDirectoryConnectorName",
}

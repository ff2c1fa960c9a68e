# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Parses a POSIX access list: which users and groups can write."""

from __future__ import annotations

import dataclasses
import struct
import typing as t

_VERSION = struct.Struct("<I")
_ENTRY = struct.Struct("<HHI")
_USER_OBJ, _USER, _GROUP_OBJ, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_WRITE, _ALL = 0o2, 0o7

#: The id of an entry without one, and of a user who is unknown in a user namespace.
_NO_ID = 2**32 - 1


@dataclasses.dataclass(frozen=True)
class Writers:
    """Users and groups by id, and whether the owning group is one of the writers."""

    users: t.Tuple[int, ...]
    groups: t.Tuple[int, ...]
    owning_group: bool


def writers(content: bytes) -> t.Optional[Writers]:
    """Who can write besides the owner and everyone; None for a list that is not understood.

    ``content`` is the extended attribute ``system.posix_acl_access``.
    """
    if len(content) < _VERSION.size or (len(content) - _VERSION.size) % _ENTRY.size:
        return None
    if _VERSION.unpack_from(content) != (2,):
        return None
    entries = list(_ENTRY.iter_unpack(content[_VERSION.size :]))
    single = {tag: permissions for tag, permissions, dummy in entries if tag not in (_USER, _GROUP)}
    named = [entry for entry in entries if entry[0] in (_USER, _GROUP)]
    needed = {_USER_OBJ, _GROUP_OBJ, _OTHER, *([_MASK] if named else [])}
    if not needed <= set(single) <= needed | {_MASK}:
        return None
    if len(single) + len(named) != len(entries):
        return None
    if any(permissions & ~_ALL for dummy, permissions, dummy in entries):
        return None
    if any(number == _NO_ID for dummy, dummy, number in named):
        return None
    # The mask limits the owning group and all named users and groups.
    allowed = single.get(_MASK, _ALL) & _WRITE
    ids = [(tag, number) for tag, permissions, number in named if permissions & allowed]
    return Writers(
        users=tuple(number for tag, number in ids if tag == _USER),
        groups=tuple(number for tag, number in ids if tag == _GROUP),
        owning_group=bool(single[_GROUP_OBJ] & allowed),
    )

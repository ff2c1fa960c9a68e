# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rights to a file as .NET's FileSystemRights names them, and their bits."""

from __future__ import annotations

import typing as t

READ_DATA = 0x1
WRITE_DATA = 0x2
APPEND_DATA = 0x4
TRAVERSE = 0x20
DELETE_CHILD = 0x40
READ_ATTRIBUTES = 0x80
DELETE = 0x10000
READ_PERMISSIONS = 0x20000
CHANGE_PERMISSIONS = 0x40000
TAKE_OWNERSHIP = 0x80000
SYNCHRONIZE = 0x100000
FULL_CONTROL = 0x1F01FF
MODIFY = 0x301BF
READ_AND_EXECUTE = 0x200A9

#: In the order of their values; of several names for a value the one to show comes first.
_NAMES: t.Final[dict[str, int]] = {
    "ListDirectory": READ_DATA,
    "ReadData": READ_DATA,
    "CreateFiles": WRITE_DATA,
    "WriteData": WRITE_DATA,
    "AppendData": APPEND_DATA,
    "CreateDirectories": APPEND_DATA,
    "ReadExtendedAttributes": 0x8,
    "WriteExtendedAttributes": 0x10,
    "Traverse": TRAVERSE,
    "ExecuteFile": 0x20,
    "DeleteSubdirectoriesAndFiles": DELETE_CHILD,
    "ReadAttributes": READ_ATTRIBUTES,
    "WriteAttributes": 0x100,
    "Write": 0x116,
    "Delete": DELETE,
    "ReadPermissions": READ_PERMISSIONS,
    "Read": 0x20089,
    "ReadAndExecute": READ_AND_EXECUTE,
    "Modify": MODIFY,
    "ChangePermissions": CHANGE_PERMISSIONS,
    "TakeOwnership": TAKE_OWNERSHIP,
    "Synchronize": SYNCHRONIZE,
    "FullControl": FULL_CONTROL,
}
_BY_LOWER_NAME = {name.lower(): mask for name, mask in _NAMES.items()}


class UnknownRightError(Exception):
    """A name that FileSystemRights does not have."""


def parse(text: str) -> int:
    """The bits of ``Read, Write``; UnknownRightError names what .NET would not take."""
    mask = 0
    for word in text.split(","):
        try:
            mask |= _BY_LOWER_NAME[word.strip().lower()]
        except KeyError:
            raise UnknownRightError(word.strip()) from None
    return mask


def show(mask: int) -> str:
    """The names of the bits as .NET prints them: the largest that fit, in rising order."""
    names: list[str] = []
    rest = mask
    for name, value in sorted(_NAMES.items(), key=lambda item: item[1], reverse=True):
        if value & rest == value and not any(_NAMES[taken] == value for taken in names):
            names.append(name)
            rest &= ~value
    return ", ".join(reversed(names))

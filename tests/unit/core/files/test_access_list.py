# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who can write by a POSIX access list, on the bytes of the extended attribute."""

from __future__ import annotations

import struct

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.files.access_list import (
    Writers,
    writers,
)

NO_ID = 0xFFFFFFFF
Entry = tuple[int, int, int]
OWNER, GROUP, OTHER = (0x01, 7, NO_ID), (0x04, 5, NO_ID), (0x20, 0, NO_ID)
BASE = [OWNER, GROUP, OTHER]


def mask(permissions: int) -> Entry:
    return (0x10, permissions, NO_ID)


def attribute(*entries: Entry, version: int = 2) -> bytes:
    return struct.pack("<I", version) + b"".join(struct.pack("<HHI", *item) for item in entries)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (BASE, Writers((), (), owning_group=False)),
        ([OWNER, (0x04, 7, NO_ID), OTHER], Writers((), (), owning_group=True)),
        ([*BASE, (0x02, 7, 666), mask(7)], Writers((666,), (), owning_group=False)),
        ([*BASE, (0x02, 7, 666), mask(5)], Writers((), (), owning_group=False)),
        ([*BASE, (0x02, 5, 666), mask(7)], Writers((), (), owning_group=False)),
        ([*BASE, (0x02, 2, 0), (0x02, 6, 9), mask(6)], Writers((0, 9), (), owning_group=False)),
        ([*BASE, (0x08, 6, 50), (0x08, 4, 51), mask(7)], Writers((), (50,), owning_group=False)),
        ([OWNER, (0x04, 6, NO_ID), mask(4), OTHER], Writers((), (), owning_group=False)),
        ([(0x02, 3, 5), *BASE, (0x08, 3, 5), mask(3)], Writers((5,), (5,), owning_group=False)),
    ],
)
def test_writers(entries: list[Entry], expected: Writers) -> None:
    assert writers(attribute(*entries)) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x02\x00",
        attribute(),
        attribute(*BASE, version=1),
        attribute(*BASE) + b"\x00",
        attribute(*BASE)[:-1],
        attribute(OWNER, GROUP),
        attribute(*BASE, (0x02, 7, 666)),
        attribute(*BASE, OTHER),
        attribute(*BASE, (0x40, 7, 1)),
        attribute(*BASE, mask(0o17)),
        attribute(*BASE, (0x02, 7, NO_ID), mask(7)),
        struct.pack(">I", 2) + attribute(*BASE)[4:],
    ],
)
def test_lists_that_are_not_understood(content: bytes) -> None:
    assert writers(content) is None

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The releases of ansible-core that the collection supports, by name.

This is the only list. The tests compare `meta/runtime.yml`, the roles' metadata, the requirements
files, the workflows, and the README with it.
"""

from __future__ import annotations

import typing as t

Version = tuple[int, int]


class Release(t.NamedTuple):
    """A release of ansible-core and the Pythons on which a controller can run it."""

    name: str
    first_python: Version
    last_python: Version
    note: str = ""
    candidate: bool = False

    @property
    def requirement(self) -> str:
        """What pip installs: the newest patch release."""
        return f"ansible-core~={self.name}.0{'rc1' if self.candidate else ''}"

    def runs_on(self, python: Version) -> bool:
        """Whether a controller with this Python can use the release."""
        return self.first_python <= python <= self.last_python


SUPPORTED = (
    Release("2.16", (3, 10), (3, 12), "Automation Platform 2.5"),
    Release("2.18", (3, 11), (3, 13)),
    Release("2.19", (3, 11), (3, 13)),
    Release("2.20", (3, 12), (3, 14)),
    Release("2.21", (3, 12), (3, 14)),
    Release("2.22", (3, 13), (3, 14), "release candidate", candidate=True),
)

#: Tests and simulator use what Python 3.11 has; the collection itself doesn't need it.
OLDEST_TEST_PYTHON = (3, 11)

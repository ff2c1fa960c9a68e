# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A node, what was asked of it, and the failures to come: all that a test controls."""

from __future__ import annotations

import secrets
import threading
import typing as t
from pathlib import Path

from .documentation import Documentation
from .faults import Faults
from .model import site
from .model.node import Node
from .settings import Settings

Json = dict[str, t.Any]


class World:
    """One lock guards all of it. Passwords, like certificates, outlive a reset."""

    def __init__(self, settings: Settings, documentation: Documentation, certificates: Path | None):
        self.lock = threading.RLock()
        self.documentation = documentation
        self.faults = Faults()
        self.tasks: list[Json] = []
        self.administrator_password = secrets.token_urlsafe(16)
        self.service_password = secrets.token_urlsafe(16)
        self._settings = settings
        self._certificates = certificates
        self.node = self._fresh(settings)

    def reset(self, changes: t.Mapping[str, t.Any]) -> None:
        """A fresh node with the settings it was started with, but for ``changes``."""
        self.node = self._fresh(self._settings.changed(changes))
        self.faults.clear()
        self.tasks.clear()

    def record(self, **entry: t.Any) -> Json:
        """Notes that something was asked; the entry may be completed afterwards."""
        noted = {"n": len(self.tasks) + 1, **entry}
        self.tasks.append(noted)
        return noted

    def _fresh(self, settings: Settings) -> Node:
        node = Node(settings, self.administrator_password, self.service_password)
        if self._certificates is not None:
            site.install(node, self._certificates)
        return node

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The exceptions of the core.

Every message is one sentence or two for the user: what was wrong, where, what to do. It never
holds a raw body, a token or a key. ``details`` is structured data for programs, equally clean.
"""

from __future__ import annotations

import typing as t


class QlikError(Exception):
    """Base of everything that this collection raises on purpose."""

    def __init__(self, message: str, **details: t.Any) -> None:
        super().__init__(message)
        self.message = message
        self.details = details
        #: What a task that failed returns all the same.
        self.result: t.Dict[str, t.Any] = {}


class InvalidInput(QlikError):
    """An option or file that cannot be right; nothing was sent and nothing was written."""


class TransportError(QlikError):
    """No HTTP answer arrived.

    ``kind`` is one of ``dns refused timeout reset proxy tls tls_untrusted tls_hostname
    tls_expired tls_purpose tls_weak tls_client oversized``; ``sent`` is true if the request may
    have reached the server.
    """

    def __init__(self, message: str, *, kind: str, sent: bool, **details: t.Any) -> None:
        super().__init__(message, kind=kind, sent=sent, **details)
        self.kind = kind
        self.sent = sent

    @property
    def is_of_a_restart(self) -> bool:
        """Whether a server that restarts fails like this."""
        return self.kind in ("refused", "reset")

    @property
    def passes(self) -> bool:
        """Whether the fault may pass, and says nothing about the request itself."""
        return self.is_of_a_restart or self.kind == "timeout"


class AnswerError(QlikError):
    """The server answered, with something that is not the answer asked for."""

    def __init__(self, message: str, *, status: int, **details: t.Any) -> None:
        super().__init__(message, status=status, **details)
        self.status = status


class AccessDenied(AnswerError):
    """401 or 403, or an answer that shows that the rights to read are missing."""


class NotFound(AnswerError):
    """404: no such entity or endpoint."""


class Conflict(AnswerError):
    """409: the entity was changed after it was read."""


class SiteIncomplete(QlikError):
    """The data read is not a complete site; a write could create what already exists."""


class EditedElsewhere(QlikError):
    """Another administrator changed the very field that was to be changed."""

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the repository refuses."""

from __future__ import annotations


class QrsError(Exception):
    """An answer other than 2xx.

    ``measured``: the plain text is known from live servers, so ``error_body`` leaves it alone.
    """

    def __init__(self, status: int, text: str, *, measured: bool = False):
        super().__init__(text)
        self.status = status
        self.text = text
        self.measured = measured


def bad_request(text: str) -> QrsError:
    """A 400 of validation; the real text is unknown."""
    return QrsError(400, text)


def not_found() -> QrsError:
    """A 404; the real text is unknown."""
    return QrsError(404, "Not Found")


def forbidden() -> QrsError:
    """A 403 for missing rights."""
    return QrsError(403, "Forbidden")

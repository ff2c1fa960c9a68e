# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a response or its absence means to every client of the collection."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import TransportError
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response

HTML = (("Content-Type", "Text/HTML; charset=utf-8"),)
JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    ("headers", "body", "html"),
    [
        (HTML, b"", True),
        (HTML, b"{}", True),
        ((), b"<!DOCTYPE html><p>Hub</p>", True),
        ((), b"\xef\xbb\xbf\r\n <HTML lang='en'>", True),
        (JSON, b"<html>", True),
        (JSON, b"{}", False),
        ((), b"", False),
        ((), b"A text about <html>.", False),
        ((), b"<?xml version='1.0'?><site/>", False),
    ],
)
def test_a_web_page_is_known_by_its_type_or_its_beginning(
    headers: tuple[tuple[str, str], ...], body: bytes, html: bool
) -> None:
    assert Response(200, "", headers, body).is_html is html


@pytest.mark.parametrize(
    ("kind", "restart", "passes"),
    [
        ("refused", True, True),
        ("reset", True, True),
        ("timeout", False, True),
        ("dns", False, False),
        ("proxy", False, False),
        ("tls", False, False),
        ("oversized", False, False),
    ],
)
def test_a_fault_passes_or_not(kind: str, restart: bool, passes: bool) -> None:
    error = TransportError("No.", kind=kind, sent=False)
    assert (error.is_of_a_restart, error.passes) == (restart, passes)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Text of files, nodes and servers: eight times as much may not take much more than eight times."""

from __future__ import annotations

import base64
import contextlib
import time
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem, pem_input
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import QlikError
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    source as key_source,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe import responses as seen
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs import answers as qrs_answers

#: Linear is 8, quadratic 64.
TIMES, MOST = 8, 28
#: Seconds below which a clock says nothing.
SHORT = 0.02

PEM = [
    "-----BEGIN A-----\n",
    "-----BEGIN A",
    "-----BEGIN ",
    "-----END A-----",
    "-",
    "-----BEGIN A-----\nA: \n-----END A-----\n",
    "-----BEGIN PRIVATE KEY-----\n" + "A" * 64 + "\n",
    "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n",
    "-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
    "\ufeff",
    "# -----BEGIN ",
    "> ",
    "\\n",
    '{"a":',
    " \n",
    "A",
    "A\r",
]
HTML = [
    "<",
    "<input ",
    "<input type ",
    "<input type=",
    "<title",
    "<title ",
    "<title>",
    "<script>",
    "<style></script>",
    "error 4",
    "http code: ",
    "/form",
    " \n",
]


def pem_bundle(text: str) -> None:
    pem.split(text)
    pem.why_not_a_certificate(text)


def given_by_users(text: str) -> None:
    pem_input.blocks(text)
    pem_input.why_not_a_certificate(text)


def source(text: str) -> None:
    with contextlib.suppress(QlikError):
        key_source.from_pem(text.encode(), passphrase=None, name="source")


def node_file(text: str) -> None:
    pem_input.read(base64.b64encode(text.encode()).decode())


PEM_WORK = (pem_bundle, given_by_users, source, node_file)


def page(text: str) -> Response:
    return Response(200, headers=(("Content-Type", "text/html"),), body=text.encode())


def proxy_page(text: str) -> None:
    seen.classify(page(text))


def repository_page(text: str) -> None:
    qrs_answers._title(page(text))


def seconds(work: t.Callable[[str], None], text: str) -> float:
    """The quickest of three."""
    found = []
    for dummy in range(3):
        begin = time.process_time()
        work(text)
        found.append(time.process_time() - begin)
    return min(found)


@pytest.mark.parametrize(
    ("work", "unit", "limit"),
    [
        *((work, unit, 1024 * 1024) for work in PEM_WORK for unit in PEM),
        *((proxy_page, unit, 256 * 1024) for unit in HTML),
        *((repository_page, unit, 64 * 1024) for unit in HTML),
    ],
)
def test_grows_with_the_size(work: t.Callable[[str], None], unit: str, limit: int) -> None:
    whole = unit * (limit // len(unit.encode()))
    part = whole[: len(whole) // TIMES]
    assert seconds(work, whole) <= max(SHORT, MOST * seconds(work, part))


def test_a_large_file_is_not_decoded() -> None:
    assert pem_input.read("A" * 2 * 1024 * 1024) == ("", "is larger than 1 MiB")

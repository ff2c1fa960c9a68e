# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A PEM file of a node, as base64: its blocks, or what is wrong with it."""

from __future__ import annotations

import base64
import binascii
import re
import typing as t

from . import pem_input

#: Headers of encrypted keys (RFC 1421 4.6.1) hold nothing else, least of all a template.
_HEADER_VALUE = re.compile(r"[A-Za-z0-9,.;:=/+ -]*")

#: More than any bundle of keys and certificates.
SIZE_LIMIT = 1024 * 1024


def read(content: str) -> t.Tuple[str, t.Optional[str]]:
    """The text of all blocks, and the first fault as the end of a sentence ("The file …").

    The text is empty when there is a fault. Nothing around the blocks is kept.
    """
    if len(content) > SIZE_LIMIT * 4 // 3 + 4:
        return "", "is larger than 1 MiB"
    try:
        data = base64.b64decode(content, validate=True)
    except (binascii.Error, ValueError):
        return "", "was not transferred as base64"
    blocks = pem_input.blocks(data)
    if not blocks:
        return "", "holds no PEM block"
    for block in blocks:
        if block.fault is not None:
            return "", f"holds a block {block.label} that {block.fault}"
        if not all(_HEADER_VALUE.fullmatch(value) for dummy, value in block.headers):
            return "", f"holds a block {block.label} with a header that is not valid"
    return "".join(block.text for block in blocks), None

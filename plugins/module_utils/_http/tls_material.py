# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rewrites or explains certificates and keys that OpenSSL does not load.

Imported only after OpenSSL has rejected it as it was given.
"""

from __future__ import annotations

import typing as t

from .._core.crypto import containers, pem, pem_input
from .._core.errors import InvalidInput

if t.TYPE_CHECKING:
    from .tls import Pem

Given = t.Union[str, bytes]


def authorities(given: Given, source: Pem) -> t.List[bytes]:
    """Every certificate, in DER. Raises ``InvalidInput`` if there is none, or a damaged one."""
    found = [block for block in pem_input.blocks(given) if block.label in pem.CERTIFICATE_LABELS]
    wanted = "Give the certificates of the authorities; for the repository the site's root.pem"
    _check(found, given, source, "certificate", wanted)
    return [block.der for block in found]


def chain(given: Given, source: Pem) -> str:
    """Every certificate as text. Raises ``InvalidInput`` if there is none, or a damaged one."""
    found = [block for block in pem_input.blocks(given) if block.label in pem.CERTIFICATE_LABELS]
    _check(found, given, source, "certificate", "Give client.pem of the site")
    return "".join(pem.write("CERTIFICATE", block.der) for block in found)


def private_key(given: Given, source: Pem) -> str:
    """The first private key as text. Raises ``InvalidInput`` if there is none, or a damaged one."""
    found = [block for block in pem_input.blocks(given) if block.is_private_key][:1]
    _check(found, given, source, "private key", "Give client_key_path, or a file with both")
    other = containers.of_blocks(found)
    if other is not None:
        raise _rejected(source, f"{other}.")
    return found[0].text


def _check(found: t.Sequence[pem.Block], given: Given, source: Pem, what: str, wanted: str) -> None:
    for number, block in enumerate(found, 1):
        if block.fault is not None:
            which = f"{what} number {number}" if len(found) > 1 else what
            raise _rejected(
                source, f"holds a {which} that {block.fault}. Copy the whole file again."
            )
    if found:
        return
    blocks = pem_input.blocks(given)
    other = containers.of_blocks(blocks) if blocks else containers.of_content(given)
    if other is not None:
        raise _rejected(source, f"{other}.")
    labels = " and ".join(sorted({block.label for block in blocks}))
    held = f"holds {labels} and no {what}" if labels else f"holds no {what}"
    raise _rejected(source, f"{held}. {wanted}.")


def _rejected(source: Pem, what: str) -> InvalidInput:
    place = source.place[:1].upper() + source.place[1:]
    return InvalidInput(f"{place} {what}", option=source.option)

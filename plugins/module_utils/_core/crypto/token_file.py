# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A token in a file: whether it can stay, and why not."""

from __future__ import annotations

import typing as t

from ..errors import InvalidInput
from ..text import decode
from . import keys, tokens


def default_renew_before(lifetime: int) -> int:
    """Five minutes, for a short-lived token half of its life; in seconds."""
    return min(300, lifetime // 2)


def why_mint(
    present: t.Optional[bytes],
    *,
    path: str,
    wanted: t.Mapping[str, t.Any],
    algorithm: str,
    public_key: keys.PublicKey,
    now: int,
    renew_before: int,
    lifetime: int,
) -> t.Optional[str]:
    """Why the token in the file has to be replaced, as the end of a sentence; None when it stays.

    ``wanted`` are the claims that a new token would have; times are in seconds. Raises
    ``InvalidInput`` if the file contains anything else than a token; it is not changed.
    """
    if renew_before >= lifetime:
        raise InvalidInput(
            f"renew_before ({renew_before}) has to be less than lifetime ({lifetime}): the token "
            "would be renewed in every run."
        )
    if present is None or not present.strip():
        return "there is none"
    text = decode(present)
    token = tokens.read(text)
    if token.fault is not None:
        raise InvalidInput(
            f"path: {path} does not contain a token, so it was not changed. Remove the file, or "
            "set another path."
        )
    if token.algorithm != algorithm:
        return f"its algorithm is not {algorithm}"
    if timeless(token.claims) != timeless(wanted):
        return "its claims are others"
    if not tokens.is_signed_by(text, public_key):
        return "another key signed it"
    expires = token.time("exp")
    if expires is None or expires - now > lifetime:
        return f"it lives for more than {lifetime} seconds"
    if expires - now < renew_before:
        return f"it has less than {renew_before} seconds to live"
    return None


def timeless(claims: t.Mapping[str, t.Any]) -> t.Dict[str, t.Any]:
    """The claims that say who, not when."""
    return {name: value for name, value in claims.items() if name not in tokens.TIME_CLAIMS}

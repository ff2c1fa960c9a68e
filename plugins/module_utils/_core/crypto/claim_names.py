# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Names of claims in the settings of a virtual proxy: which ones a token can have.

The same rule holds for the settings, for tokens that are minted, and for the probe. It needs no
cryptography.
"""

from __future__ import annotations

import typing as t

#: Claims that RFC 7519 4.1 gives a meaning of their own: no attribute may take their place.
REGISTERED_CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")

#: Qlik reserves these names. ``sub`` is the exception: virtual proxies take it as user id.
_RESERVED = tuple(name for name in REGISTERED_CLAIMS if name != "sub")

_BRACKETS = "Write a constant as [JWT], and the name of a claim without brackets."


def is_constant(claim: str) -> bool:
    """Whether this "claim name" of a virtual proxy is a constant in square brackets."""
    return len(claim) > 2 and claim.startswith("[") and claim.endswith("]")


def name_fault(claim: str) -> t.Optional[str]:
    """Why no token can have such a claim, as the end of a sentence that begins with the option.

    None for a name that tokens can have, and for a constant.
    """
    if not claim.strip():
        return "is empty. Use the name of a claim, such as userId."
    if claim != claim.strip():
        return f"is {claim!r}, with a space at the beginning or end. Remove the space."
    if claim.startswith("[") and claim.endswith("]") and not claim[1:-1].strip():
        return f"is {claim!r}, a constant without a value. {_BRACKETS}"
    if is_constant(claim):
        return None
    if claim.startswith("[") or (claim.endswith("]") and "[" not in claim):
        return f"is {claim!r}, with only one square bracket. {_BRACKETS}"
    if claim in _RESERVED:
        return (
            f"is {claim!r}, a claim that the JWT standard reserves. Use a name other than "
            f"{', '.join(_RESERVED)}."
        )
    return None


def is_twice(user_id: str, user_directory: str) -> bool:
    """Whether both settings name the same claim. Constants may be the same."""
    return user_id == user_directory and bool(user_id) and not is_constant(user_id)

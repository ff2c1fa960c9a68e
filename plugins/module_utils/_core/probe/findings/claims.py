# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the claims of the token: user id, user directory, audience, attributes.

If the virtual proxy accepts the token, no rule reports what is only a guess about Qlik's own
rules, such as a missing audience.
"""

from __future__ import annotations

import typing as t

from ...crypto.claim_names import REGISTERED_CLAIMS, is_constant, is_twice, name_fault
from ..evidence import Evidence
from ..repository import claim_value
from ..view import View
from .base import ERROR, INFO, Found, Result, finding

_USER_ID = "Virtual proxies > Authentication > JWT attribute for user ID"
_DIRECTORY = "Virtual proxies > Authentication > JWT attribute for user directory"
_MAP = "Virtual proxies > Authentication > JWT attribute mapping"

_ID_NAME, _DIRECTORY_NAME = "jwtAttributeUserId", "jwtAttributeUserDirectory"


@finding(
    "user_id_claim_missing",
    ERROR,
    summary="The token has no usable claim '{expected}', from which the virtual proxy takes the "
    "user id.",
    remedy="Put the user id as text into the claim '{expected}', or enter the claim's real name "
    "in the virtual proxy.",
    field=_USER_ID,
    option="qlik_virtual_proxy.jwt_attribute_user_id",
    rejects=True,
)
def user_id_claim_missing(e: Evidence) -> Result:
    """The claim has another name, or its value is not text. A name in square brackets in the
    virtual proxy is a constant and needs no claim."""
    return _claim_missing(e, _ID_NAME)


@finding(
    "user_directory_claim_missing",
    ERROR,
    summary="The token has no usable claim '{expected}', from which the virtual proxy takes the "
    "user directory.",
    remedy="Put the user directory as text into the claim '{expected}', or enter the claim's real "
    "name in the virtual proxy.",
    field=_DIRECTORY,
    option="qlik_virtual_proxy.jwt_attribute_user_directory",
    rejects=True,
)
def user_directory_claim_missing(e: Evidence) -> Result:
    """The claim has another name, or its value is not text. A name in square brackets in the
    virtual proxy is a constant and needs no claim."""
    return _claim_missing(e, _DIRECTORY_NAME)


@finding(
    "claim_name_invalid",
    ERROR,
    summary="No token can log in, because the virtual proxy expects a claim that no token can "
    "have. {why}.",
    remedy="Enter the names of two claims in the virtual proxy, such as userId and userDirectory, "
    "or a constant such as [JWT].",
    field=f"{_USER_ID}, JWT attribute for user directory",
    option="qlik_virtual_proxy.jwt_attribute_user_id",
    rejects=True,
    audit=True,
)
def claim_name_invalid(e: Evidence) -> Result:
    """A setting of the virtual proxy names a claim that the JWT standard reserves, such as `exp`,
    has a space at the beginning or end, or has only one square bracket. Or both settings name
    the same claim. `sub` is a valid name for the user ID."""
    why = _name_fault(e.jwt_view) if e.jwt_view else None
    return Found({"why": why}) if why else None


@finding(
    "claim_case_mismatch",
    ERROR,
    summary="The token has the claim '{found}', and the virtual proxy expects '{expected}': claim "
    "names are case-sensitive.",
    remedy="Write both names alike.",
    field="Virtual proxies > Authentication > JWT attribute for user ID, JWT attribute for user "
    "directory, JWT attribute mapping",
    option="qlik_virtual_proxy.jwt_attribute_user_id",
    rejects=True,
)
def claim_case_mismatch(e: Evidence) -> Result:
    """`userId`, `UserId`, and `userid` are three names. Guides use all of them."""
    view = e.jwt_view
    if view is None or e.admitted:
        return None
    for expected in _needed(view):
        other = _other_case(e, expected)
        if other is not None and not claim_value(e.token.claims, expected):
            return Found({"expected": expected, "found": other})
    return None


@finding(
    "claim_unmapped",
    INFO,
    summary="The virtual proxy maps no attribute from these claims of the token: {claims}.",
    remedy="Map them if security rules need them as user.environment.<name>. Otherwise leave them "
    "out of the token.",
    field=_MAP,
    option="qlik_virtual_proxy.jwt_attribute_map",
)
def claim_unmapped(e: Evidence) -> Result:
    """Not an error: the claims are not used. Sources disagree whether a release shows unmapped
    claims to security rules."""
    view = e.jwt_view
    if view is None:
        return None
    mapped = {item.get("jwtAttribute") for item in view.items("jwtAttributeMap")}
    used = {*mapped, *REGISTERED_CLAIMS, view.text(_ID_NAME), view.text(_DIRECTORY_NAME)}
    rest = sorted(name for name in e.token.claims if name not in used)
    return Found({"claims": rest}) if rest else None


@finding(
    "audience_mismatch",
    ERROR,
    summary="The virtual proxy expects the audience '{expected}', and the token has {found}.",
    remedy="Create the token with that audience, or clear or change the audience in the virtual "
    "proxy.",
    field="Virtual proxies > Authentication > JWT audience",
    option="qlik_virtual_proxy.jwt_audience",
    rejects=True,
)
def audience_mismatch(e: Evidence) -> Result:
    """If the virtual proxy has an audience, `aud` of the token must be equal to it or be a list
    that contains it. The comparison is case-sensitive."""
    view = e.jwt_view
    expected = view.text("jwtAudience") if view else ""
    if not expected or e.admitted or e.token.token.fault:
        return None
    audience = e.token.claims.get("aud")
    given = audience if isinstance(audience, list) else [audience] if audience else []
    if expected in given:
        return None
    shown = ", ".join(map(str, given)) if given else "no audience"
    return Found({"expected": expected, "found": shown})


@finding(
    "mandatory_attribute_missing",
    ERROR,
    summary="The token lacks claims that the virtual proxy marks as mandatory: {missing}.",
    remedy="Put the claims into the token, or make the attributes optional in the virtual proxy.",
    field=_MAP,
    option="qlik_virtual_proxy.jwt_attribute_map",
    rejects=True,
)
def mandatory_attribute_missing(e: Evidence) -> Result:
    """Each line of the attribute mapping can be mandatory. A token without that claim is
    rejected."""
    view = e.jwt_view
    if view is None or e.admitted or e.token.token.fault:
        return None
    missing = [
        name
        for name in _mandatory(view)
        if not _has_value(e, name) and _other_case(e, name) is None
    ]
    return Found({"missing": missing}) if missing else None


def _needed(view: View) -> t.List[str]:
    names = [view.text(_ID_NAME), view.text(_DIRECTORY_NAME), *_mandatory(view)]
    return [name for name in names if name and not is_constant(name)]


def _name_fault(view: View) -> t.Optional[str]:
    user_id, directory = view.text(_ID_NAME), view.text(_DIRECTORY_NAME)
    for name, label in ((user_id, "user ID"), (directory, "user directory")):
        fault = name_fault(name) if name else None
        if fault:
            return f"JWT attribute for {label} {fault}"
    if is_twice(user_id, directory):
        return f"Both JWT attributes are {user_id!r}, and a token has one value per claim."
    return None


def _mandatory(view: View) -> t.List[str]:
    items = view.items("jwtAttributeMap")
    return [str(i.get("jwtAttribute") or "") for i in items if i.get("isMandatory")]


def _claim_missing(e: Evidence, attribute: str) -> Result:
    view = e.jwt_view
    if view is None or e.admitted or e.token.token.fault:
        return None
    expected = view.text(attribute)
    if expected and name_fault(expected):
        return None
    if expected and (claim_value(e.token.claims, expected) or _other_case(e, expected) is not None):
        return None
    return Found({"expected": expected, "claims": sorted(map(str, e.token.claims))})


def _other_case(e: Evidence, name: str) -> t.Optional[str]:
    """A claim that differs from ``name`` in case only."""
    return next((c for c in e.token.claims if c != name and c.casefold() == name.casefold()), None)


def _has_value(e: Evidence, name: str) -> bool:
    value = e.token.claims.get(name)
    if is_constant(name):
        return True
    return any(i not in (None, "") for i in (value if isinstance(value, list) else [value]))

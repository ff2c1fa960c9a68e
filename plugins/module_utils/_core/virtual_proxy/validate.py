# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Rules over several options, checked before anything is written."""

from __future__ import annotations

import re
import typing as t

from ..crypto.claim_names import is_twice
from ..entity.fields import Field, unknown
from ..errors import InvalidInput
from .allow_list import why_useless
from .fields import BY_OPTION

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .convert import Options
    from .site import Site

#: Methods that need settings which this collection does not know how to make.
_FOREIGN_METHODS = ("header_static", "header_dynamic", "saml", "oidc")

_JWT_NEEDS = ("jwt_certificate", "jwt_attribute_user_id", "jwt_attribute_user_directory")

#: Words that follow the prefix in an address (Qlik's help, Creating a virtual proxy): as a prefix
#: they lead to the default virtual proxy.
_RESERVED = ("qmc", "client", "hub", "qps", "app")

#: Qlik's help, Creating a virtual proxy: lower case, and only unreserved characters of a URL.
_PREFIX = re.compile(r"[a-z0-9._~-]{1,100}")


def check_free_prefix(site: Site, prefix: str) -> None:
    """Reject a prefix that cannot be created on this site, or resembles another one."""
    if prefix == "":
        raise InvalidInput(
            "prefix: the default virtual proxy (empty prefix) is created by Qlik's installer, so "
            "it cannot be created here. Set a prefix such as 'jwt'.",
            option="prefix",
        )
    check_twin(site, prefix)


def check_twin(site: Site, prefix: str) -> None:
    """Reject a prefix that differs from an existing one only in case."""
    twin = site.twin(prefix)
    if twin is not None:
        raise InvalidInput(
            f"prefix: the site has a virtual proxy with the prefix '{twin}', which differs from "
            f"'{prefix}' only in case. Write it as the site does.",
            option="prefix",
        )


def check_new_prefix(site: Site, prefix: str) -> None:
    """Reject a prefix under which a virtual proxy cannot be created."""
    check_free_prefix(site, prefix)
    check_spelling(prefix)
    if prefix in _RESERVED:
        raise InvalidInput(
            f"prefix: '{prefix}' is a reserved word of Qlik's addresses, so logins would not work "
            f"there. Set another one, for example '{prefix}-jwt'.",
            option="prefix",
        )


def check_spelling(prefix: str) -> None:
    """Reject a prefix that is not valid."""
    if not _PREFIX.fullmatch(prefix):
        better = re.sub(r"[^a-z0-9._~-]", "", prefix.lower())
        raise InvalidInput(
            "prefix: '{}' cannot be a prefix: use 1 to 100 of a-z, 0-9, '-', '.', '_', '~', and no "
            "slash{}.".format(prefix, better and f", for example '{better[:100]}'"),
            option="prefix",
        )


def check_known(site: Site, fields: t.Iterable[Field]) -> None:
    """Reject settings that the server lacks, according to its other virtual proxies."""
    # A condensed virtual proxy has no custom properties, on any server.
    full = next(iter(site.virtual_proxies), None)
    known = full or next(iter(site.everyone.values()), None)
    for field in fields:
        if known and field.property not in known and (full or field.option != "custom_properties"):
            raise unknown(field.option, field.property)


def check_method(present: t.Optional[Entity], wanted: Options, result: Entity) -> None:
    """Reject a method that this collection cannot set up, and JWT without its required options.

    Options that are already missing on the site are not checked, so they can be written back.
    """
    method = wanted.get("authentication_method")
    field = BY_OPTION["authentication_method"]
    before = None if present is None else field.kind.read(present.get(field.property))
    if method in _FOREIGN_METHODS and method != before:
        raise InvalidInput(
            f"authentication_method: '{method}' is accepted only where the virtual proxy already "
            "has it; "
            "set it up in QMC first, or use 'jwt'.",
            option="authentication_method",
        )
    if field.kind.read(result.get(field.property)) != "jwt":
        return
    missing = [
        BY_OPTION[option]
        for option in _JWT_NEEDS
        if (present is None or before != "jwt" or _given(present, BY_OPTION[option]))
        and not _given(result, BY_OPTION[option])
    ]
    if missing:
        raise InvalidInput(
            f"{' and '.join(needed.option for needed in missing)}: required with "
            "authentication_method 'jwt', but empty. Set a value (QMC: "
            f"{', '.join(needed.label for needed in missing)}).",
            option=missing[0].option,
        )


def check_claims(options: t.Iterable[str], result: Entity) -> None:
    """Reject the same claim for user id and user directory, if ``options`` change one of them."""
    names = ("jwt_attribute_user_id", "jwt_attribute_user_directory")
    claims = [BY_OPTION[name].kind.read(result.get(BY_OPTION[name].property)) for name in names]
    changed = next((name for name in names if name in options), None)
    if changed and is_twice(*claims):
        raise InvalidInput(
            f"{' and '.join(names)}: both are '{claims[0]}'. A token has one value per claim, so "
            "use two claims, such as userId and userDirectory, or a constant such as [JWT].",
            option=changed,
        )


def _given(entity: Entity, field: Field) -> bool:
    return bool(field.kind.read(entity.get(field.property)).strip())


def advice(wanted: Options) -> t.List[str]:
    """What is accepted, yet will hardly do what the user expects, as warnings."""
    found = []
    for entry in wanted.get("host_allow_list") or []:
        fault = why_useless(entry)
        if fault:
            found.append(f"host_allow_list: '{entry}' {fault}")
    return found

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``/about``: version, defaults, enumerations, and the server's description of itself."""

from __future__ import annotations

from ..defaults import fields_of
from ..schema import EMPTY_ID, Schema
from ..schemas import ENTITIES, OWNED
from ..site import Site
from .call import Answer, Call
from .errors import not_found
from .openapi import describe

# buildVersion is the repository's own and not ordered by date, so that nobody may branch on it.
_BUILDS = {
    "current": ("31.62.0.0", "11/5/2025 9:12:44 AM"),
    "classic": ("30.4.0.0", "10/8/2021 12:43:37 PM"),
}
# Of a property that has no value yet.
_NO_DATE = "1753-01-01T00:00:00.000Z"
_CENTRAL, _RIM = 1, 2


def get_about(site: Site, call: Call) -> Answer:
    """``GET /about``: open to every user."""
    version, date = _BUILDS[site.switches.release]
    return Answer(
        200,
        {
            "buildVersion": version,
            "buildDate": date,
            "databaseProvider": "Devart.Data.PostgreSql",
            "nodeType": _CENTRAL if call.node.central else _RIM,
            "sharedPersistence": True,
            "requiresBootstrap": False,
            "singleNodeOnly": False,
            "schemaPath": "About",
        },
    )


def get_default(site: Site, call: Call, path: str) -> Answer:
    """``GET /about/api/default/<type>``: an entity of nothing but defaults."""
    if path not in ENTITIES:
        raise not_found()
    return Answer(200, _default(site, ENTITIES[path]))


def get_defaults(site: Site, call: Call) -> Answer:
    """``GET /about/api/default``"""
    return Answer(200, {s.name: _default(site, s) for s in ENTITIES.values()})


def _default(site: Site, schema: Schema) -> dict[str, object]:
    entity = {
        "id": EMPTY_ID,
        "createdDate": _NO_DATE,
        "modifiedDate": _NO_DATE,
        **fields_of(schema, site.store.release),
    }
    return site.shapes.render_full(schema, entity)


def get_enums(site: Site, call: Call) -> Answer:
    """``GET /about/api/enums``: values as ``number: name``, and who uses them."""
    found: dict[str, dict[str, object]] = {}
    for schema in (*ENTITIES.values(), *OWNED.values()):
        for field in schema.fields:
            if field.enum:
                name = f"{field.name[0].upper()}{field.name[1:]}Enum"
                known = found.setdefault(name, {"values": [], "usages": []})
                known["values"] = [f"{n}: {text}" for n, text in enumerate(field.enum)]
                usages = known["usages"]
                if isinstance(usages, list):
                    usages.append(f"{schema.name}.{field.name}")
    return Answer(200, found)


def get_relations(site: Site, call: Call) -> Answer:
    """``GET /about/api/relations``: which type refers to which."""
    lines = [
        f"{schema.name}.{field.name} -> {field.target}"
        for schema in (*ENTITIES.values(), *OWNED.values())
        for field in schema.fields
        if field.target
    ]
    return Answer(200, lines)


def get_description(site: Site, call: Call) -> Answer:
    """``GET /about/api/description``: the calls there are."""
    document = describe("", site.store.release)
    lines = [f"{method.upper()} {p}" for p, item in document["paths"].items() for method in item]
    return Answer(200, lines)


def get_interfaces(site: Site, call: Call) -> Answer:
    """``GET /about/openapi``"""
    return Answer(200, ["main"])


def get_openapi(site: Site, call: Call, name: str) -> Answer:
    """``GET /about/openapi/main``: what this simulator really has, not more."""
    if name != "main":
        raise not_found()
    return Answer(200, describe(_BUILDS[site.switches.release][0], site.store.release))

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Values that refer to entities of their own: tags and custom properties, with their limits.

Users give names, the repository wants ids. What is wanted and not yet there is planned with its
name alone; ``identified`` and ``defined`` put the ids in.
"""

from __future__ import annotations

import typing as t

from ..entity.fields import Item, Kind, Value, added
from ..entity.reader import PROPERTIES, TAGS
from ..errors import InvalidInput, QlikError
from ..text import control_character

if t.TYPE_CHECKING:
    from ..qrs.client import Entity

TAGS_PROPERTY = "tags"
PROPERTIES_PROPERTY = "customProperties"

#: What a definition names the type of virtual proxies, in its ``objectTypes``.
_OBJECT_TYPE = "virtualproxyconfig"


class DefinitionsNeeded(QlikError):
    """The answer depends on definitions of custom properties, which were not read yet."""


class Tags(Kind):
    """A list of tags, by name; order carries no meaning."""

    shape = TAGS
    spec: t.Mapping[str, t.Any] = {"type": "list", "elements": "str"}

    def read(self, stored: Value) -> Value:
        return [item.get("name") or "" for item in stored or []]

    def write(self, wanted: Value, stored: Value) -> Value:
        known = {item.get("name"): item for item in stored or []}
        return [known.get(name, {"name": name}) for name in dict.fromkeys(wanted)]

    def same(self, wanted: Value, present: Value) -> bool:
        return set(wanted) == set(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        # Only what differs is checked, which most runs have nothing of.
        from ..entity.text_lists import is_list

        for name in added(wanted, present):
            if not name.strip() or len(name) > 255:
                return "has an entry that is not a name of a tag: each has 1 to 255 characters."
            odd = control_character(name)
            if odd:
                return f"has an entry that {odd}"
            if is_list(name):
                return (
                    f"has the entry '{name[:100]}', which is a list written as text. Use an entry "
                    "for each tag."
                )
        return None


class CustomProperties(Kind):
    """Custom properties: a mapping from their name to a value, or to a list of values."""

    shape = PROPERTIES
    spec: t.Mapping[str, t.Any] = {"type": "dict"}

    def read(self, stored: Value) -> Value:
        mapping: t.Dict[str, t.List[str]] = {}
        for item in stored or []:
            mapping.setdefault(definition_name(item), []).append(item.get("value") or "")
        return mapping

    def write(self, wanted: Value, stored: Value) -> Value:
        known = {(definition_name(item), item.get("value") or ""): item for item in stored or []}
        return [
            known.get((name, value), {"value": value, "definition": {"name": name}})
            for name, values in _texts(wanted).items()
            for value in values
        ]

    def same(self, wanted: Value, present: Value) -> bool:
        return _sets(wanted) == _sets(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        for name, values in wanted.items():
            there = (present or {}).get(name)
            for value in added(values if isinstance(values, list) else [values], there):
                if isinstance(value, (dict, list)) or value is None:
                    return f"gives {name} something other than a text or a list of texts."
                if not 1 <= len(_text(value)) <= 1024:
                    return f"gives {name} a value that has not 1 to 1024 characters."
                odd = control_character(_text(value))
                if odd:
                    return f"gives {name} a value that {odd}"
        return None


def identified(entity: Entity, known: t.Mapping[str, Item]) -> Entity:
    """The entity with the tags of ``known``, by name, where its own have no id."""
    tags = entity.get(TAGS_PROPERTY)
    if not tags:
        return entity
    return {**entity, TAGS_PROPERTY: [i if "id" in i else known[i["name"]] for i in tags]}


def new_tags(entity: Entity) -> t.List[str]:
    """The names of the entity's tags that have no id yet."""
    return [item["name"] for item in entity.get(TAGS_PROPERTY) or [] if "id" not in item]


def defined(entity: Entity, definitions: t.Optional[t.Sequence[Entity]]) -> Entity:
    """The entity with every new value of a custom property pointing to its definition.

    Raises ``DefinitionsNeeded`` when they were not read, and ``InvalidInput`` for a custom property
    that the site does not have, not for virtual proxies, or not with that value.
    """
    values = entity.get(PROPERTIES_PROPERTY) or []
    new = [item for item in values if "id" not in item["definition"]]
    if not new:
        return entity
    if definitions is None:
        raise DefinitionsNeeded("Custom properties are validated against their definitions.")
    known = {item.get("name"): item for item in definitions}
    complete = [
        {**item, "definition": _checked(item, known.get(definition_name(item)))}
        if "id" not in item["definition"]
        else item
        for item in values
    ]
    return {**entity, PROPERTIES_PROPERTY: complete}


def _checked(item: Item, definition: t.Optional[Entity]) -> Item:
    name = definition_name(item)
    if definition is None:
        fault = (
            f"this site has no custom property '{name}'. Create it in QMC, Custom properties, for "
            "the resource type Virtual proxies"
        )
    elif _OBJECT_TYPE not in [str(kind).lower() for kind in definition.get("objectTypes") or []]:
        fault = (
            f"the custom property '{name}' of this site is not for virtual proxies. Choose that "
            "resource type for it in QMC, Custom properties"
        )
    elif definition.get("choiceValues") and item["value"] not in definition["choiceValues"]:
        fault = (
            f"the custom property '{name}' has no value '{item['value']}'. It has "
            f"{', '.join(definition['choiceValues'])}; others are added in QMC, Custom properties"
        )
    else:
        return {"id": definition["id"], "name": name}
    raise InvalidInput(f"custom_properties: {fault}.", option="custom_properties")


def definition_name(item: t.Mapping[str, t.Any]) -> str:
    """The name of the custom property that a value is of."""
    return str((item.get("definition") or {}).get("name") or "")


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(mapping: t.Mapping[str, Value]) -> t.Dict[str, t.List[str]]:
    return {
        name: list(dict.fromkeys(_text(v) for v in (vs if isinstance(vs, list) else [vs])))
        for name, vs in mapping.items()
    }


def _sets(mapping: t.Mapping[str, Value]) -> t.Dict[str, t.Set[str]]:
    return {name: set(values) for name, values in _texts(mapping).items() if values}

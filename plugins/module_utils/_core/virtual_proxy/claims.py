# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Values of a virtual proxy that name claims of a token."""

from __future__ import annotations

import typing as t

from ..crypto.claim_names import name_fault
from ..entity.shapes import FLAG, TEXT, ListOf, ObjectOf
from ..unicode import control_character
from .types import Item, Kind, Text, Value, added


class ClaimName(Text):
    """The claim that holds the user id or the user directory, or a constant in brackets."""

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        return super().fault(wanted, present) or (name_fault(wanted) if wanted else None)


class AttributeMap(Kind):
    """The list of claims that become session attributes; its order carries no meaning."""

    shape = ListOf(ObjectOf({"jwtAttribute": TEXT, "senseAttribute": TEXT}, {"isMandatory": FLAG}))

    def read(self, stored: Value) -> Value:
        return [
            {
                "jwt_attribute": item.get("jwtAttribute") or "",
                "sense_attribute": item.get("senseAttribute") or "",
                "mandatory": bool(item.get("isMandatory")),
            }
            for item in stored or []
        ]

    def write(self, wanted: Value, stored: Value) -> Value:
        # A known item keeps its id and whatever else the server put there. A new one is sent
        # without an id: an empty or all-zero one is answered with 400.
        known = {_pair(item): item for item in stored or []}
        items = []
        for entry in wanted:
            names = {
                "jwtAttribute": entry["jwt_attribute"],
                "senseAttribute": entry["sense_attribute"],
            }
            item = dict(known.get(_pair(names), names))
            item["isMandatory"] = entry["mandatory"]
            items.append(item)
        return items

    def same(self, wanted: Value, present: Value) -> bool:
        return _sorted_map(wanted) == _sorted_map(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        new = added(wanted, present)
        for entry in new:
            for name in ("jwt_attribute", "sense_attribute"):
                if not entry[name].strip() or len(entry[name]) > 255:
                    return f"needs a {name} of 1 to 255 characters in every entry."
                odd = control_character(entry[name])
                if odd:
                    return f"has a {name} that {odd}"
            odd = name_fault(entry["jwt_attribute"])
            if odd:
                return f"has a jwt_attribute that {odd}"
            name = entry["sense_attribute"]
            if name != name.strip():
                return (
                    f"has a sense_attribute that is {name!r}, with a space at the beginning or "
                    "end. Remove the space."
                )
        pairs, there = ([_names(entry) for entry in value] for value in (wanted, present or []))
        twice = next((p for p in map(_names, new) if pairs.count(p) > max(1, there.count(p))), None)
        return twice and "maps {} to {} twice: keep one of them.".format(*twice)


def _names(entry: Item) -> t.Tuple[str, str]:
    return entry["jwt_attribute"], entry["sense_attribute"]


def _pair(item: Item) -> t.Tuple[t.Any, t.Any]:
    return item.get("jwtAttribute"), item.get("senseAttribute")


def _sorted_map(value: t.List[Item]) -> t.List[t.Tuple[str, str, bool]]:
    return sorted((i["jwt_attribute"], i["sense_attribute"], i["mandatory"]) for i in value)

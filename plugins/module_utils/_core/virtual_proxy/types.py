# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Kinds of values that only a virtual proxy has: certificate, claim names, attributes, headers."""

from __future__ import annotations

import re
import typing as t

from ..crypto.claim_names import name_fault
from ..entity.fields import Item, Kind, Text, Value, added
from ..entity.shapes import FLAG, TEXT, ListOf, ObjectOf
from ..text import control_character


class Certificate(Kind):
    """An X.509 certificate as PEM. Differences in line ends and surrounding text are ignored.

    A text that equals the current one is not parsed.
    """

    def read(self, stored: Value) -> Value:
        return "" if stored is None else stored

    def write(self, wanted: Value, stored: Value) -> Value:
        from ..crypto.pem_input import first_certificate

        block = first_certificate(wanted)
        return block.text if block else ""

    def same(self, wanted: Value, present: Value) -> bool:
        # A text read from the site can be written back unchanged. Any other text must contain
        # certificates only: a private key next to the right certificate would be published.
        if wanted == present or self.fault(wanted):
            # A server may store other line ends than it was sent.
            return bool(wanted.split() == present.split())
        from ..crypto.pem import certificate_der
        from ..crypto.pem_input import first_certificate

        block = first_certificate(wanted)
        # What the site holds is not read as tolerantly: Qlik Sense may not be able to.
        return block is not None and block.der == certificate_der(present)

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        if not wanted.strip():
            return None
        from ..crypto.pem_input import blocks, why_not_a_certificate

        why = why_not_a_certificate(wanted)
        if why:
            return "is not usable: " + why
        if sum(block.label.endswith("CERTIFICATE") for block in blocks(wanted)) > 1:
            return "holds several certificates. Use only the one whose key signs the tokens."
        return None


class ClaimName(Text):
    """The claim that holds the user id or the user directory, or a constant in brackets."""

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        return super().fault(wanted, present) or (name_fault(wanted) if wanted else None)


class AttributeMap(Kind):
    """The list of claims that become session attributes; its order carries no meaning."""

    shape = ListOf(ObjectOf({"jwtAttribute": TEXT, "senseAttribute": TEXT}, {"isMandatory": FLAG}))
    spec: t.Mapping[str, t.Any] = {
        "type": "list",
        "elements": "dict",
        "options": {
            "jwt_attribute": {"type": "str", "required": True},
            "sense_attribute": {"type": "str", "required": True},
            "mandatory": {"type": "bool", "default": False},
        },
    }

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


#: RFC 9110, section 5.6.2: the characters of a header's name, and of a cookie's.
HEADER_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"


class ResponseHeaders(Kind):
    """Additional response headers: a mapping for the user, lines of ``Name: value`` as stored."""

    spec: t.Mapping[str, t.Any] = {"type": "dict"}
    _MOST = 1024

    def read(self, stored: Value) -> Value:
        mapping: t.Dict[str, t.Any] = {}
        for (name, value), dummy in _header_lines(stored):
            if name in mapping:
                earlier = mapping[name]
                mapping[name] = (earlier if isinstance(earlier, list) else [earlier]) + [value]
            else:
                mapping[name] = value
        return mapping

    def write(self, wanted: Value, stored: Value) -> Value:
        known = dict(_header_lines(stored))
        return "\n".join(
            known.get((name, value), f"{name}: {value}") for name, value in _headers(wanted)
        )

    def same(self, wanted: Value, present: Value) -> bool:
        return bool(self.read(self.write(wanted, None)) == self.read(self.write(present, None)))

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        for name, value in wanted.items():
            for single in value if isinstance(value, list) else [value]:
                if isinstance(single, (dict, list)) or single is None:
                    return f"gives the header {name} something other than a text."
        for name, value in added(_headers(wanted), _headers(present or {})):
            if not re.fullmatch(HEADER_NAME, name):
                return f"has {name!r} as a header's name: use letters, digits and hyphens."
            odd = control_character(value, "\t")
            if odd:
                return f"gives the header {name} a value that {odd}"
        length = len(self.write(wanted, None))
        if length > self._MOST:
            return f"is {length} characters long; at most {self._MOST} are stored."
        return None


def _headers(mapping: t.Mapping[t.Any, Value]) -> t.List[t.Tuple[str, str]]:
    """Every header of an option value, with its value as text."""
    return [
        (str(name), str(single).lower() if isinstance(single, bool) else str(single))
        for name, value in mapping.items()
        for single in (value if isinstance(value, list) else [value])
    ]


def _header_lines(stored: Value) -> t.Iterator[t.Tuple[t.Tuple[str, str], str]]:
    """Every header that is stored, with its line as it is."""
    for line in re.split(r"\r\n|\r|\n", stored or ""):
        if line.strip():
            name, value = (part.strip(" \t") for part in line.partition(":")[::2])
            yield (name, value), line

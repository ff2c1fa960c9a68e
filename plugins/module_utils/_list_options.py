# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Options that are lists of texts and are given as one text.

Ansible itself splits such a text at commas only.
"""

from __future__ import annotations

import typing as t

from ._core.entity.text_lists import entries
from ._core.errors import InvalidInput

Json = t.Mapping[str, t.Any]


def with_lists(spec: Json, params: Json, place: str = "") -> t.Dict[str, t.Any]:
    """``params`` with a list in place of each text of such an option, suboptions included."""
    return {name: _read(spec.get(name, {}), value, place + name) for name, value in params.items()}


def _read(option: Json, value: t.Any, place: str) -> t.Any:
    if option.get("type") != "list":
        return value
    if isinstance(value, str) and option.get("elements") == "str":
        found = entries(value)
        if found is None:
            raise InvalidInput(
                f"{place} begins like a list, but is not a list of texts in YAML or JSON. Give a "
                "list, or a text with one entry per line or separated by commas.",
                option=place.partition("[")[0],
            )
        return found
    if isinstance(value, list) and "options" in option:
        return [
            with_lists(option["options"], item, f"{place}[{number}].")
            if isinstance(item, dict)
            else item
            for number, item in enumerate(value)
        ]
    return value

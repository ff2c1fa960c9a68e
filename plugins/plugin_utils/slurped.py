# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that a task read on a Windows node with slurp."""

from __future__ import annotations

import typing as t

Json = t.Dict[str, t.Any]


def missing(results: t.Iterable[Json], key: str) -> t.List[str]:
    """The files that do not exist; ``key`` is the loop variable of the task.

    The messages of slurp about missing files are English on every Windows, those of Windows are
    not.
    """
    return [str(one[key]) for one in results if _is_missing(one)]


def denied(results: t.Iterable[Json], key: str) -> t.Dict[str, str]:
    """The files that exist and cannot be read, with the reason."""
    return {
        str(one[key]): str(one.get("msg", "")).strip()
        for one in results
        if "content" not in one and not _is_missing(one)
    }


def _is_missing(one: Json) -> bool:
    return "content" not in one and "is not found" in str(one.get("msg", ""))


def reached(results: t.Sequence[Json]) -> Json:
    """The result that shows whether the node is reachable."""
    return ([one for one in results if one.get("unreachable")] + [*results, {}])[0]

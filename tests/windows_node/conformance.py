# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds what a model answers against the RETURN section of the real module."""

from __future__ import annotations

import typing as t

Json = dict[str, t.Any]

#: What every module may return, and what action plugins of Ansible ask the module for.
COMMON = frozenset(
    (
        "changed",
        "failed",
        "msg",
        "diff",
        "invocation",
        "exception",
        "warnings",
        "ansible_facts",
        "_ansible_new_secrets",
    )
)
#: Documented, but not returned by any release so far: a role must not count on it.
NEVER_RETURNED: t.Final[dict[str, set[str]]] = {
    "slurp": {"source"},
    "win_certificate_info": {"certificates.cert_data"},
    "win_service_info": {
        "services.failure_action_on_non_crash_failure",
        "services.win32_exitcode",
    },
}
#: Returned by every release so far, though not documented, or under another name.
NOT_DOCUMENTED: t.Final[dict[str, set[str]]] = {
    "win_certificate_info": {"certificates.raw"},
    "win_certificate_store": {"key_exported", "key_exportable"},
}
_TYPES: t.Final[dict[str, tuple[type, ...]]] = {
    "str": (str,),
    "bool": (bool,),
    "int": (int,),
    "float": (float, int),
    "list": (list,),
    "dict": (dict,),
    "complex": (dict, list),
}


def complaints(module: str, returned: Json, answer: Json) -> list[str]:
    """One sentence for each key that is not documented, has another type, or is missing."""
    if answer.get("failed") or answer.get("skipped"):
        return []
    found = {name: value for name, value in answer.items() if name not in COMMON}
    return list(_compare(module, returned, found, ""))


def _compare(module: str, documented: Json, answer: Json, above: str) -> t.Iterator[str]:
    never: t.AbstractSet[str] = NEVER_RETURNED.get(module, frozenset())
    for name, value in answer.items():
        path = above + name
        if path in NOT_DOCUMENTED.get(module, ()):
            continue
        if name not in documented or path in never:
            yield f"{module} does not return {path}"
        elif value is not None:
            yield from _compare_value(module, documented[name], value, path)
    for name, entry in documented.items():
        always = entry.get("returned") in ("always", "success")
        if always and name not in answer and above + name not in never | COMMON:
            yield f"{module} always returns {above}{name}"


def _compare_value(module: str, entry: Json, value: t.Any, path: str) -> t.Iterator[str]:
    kind = entry.get("type", "str")
    if not isinstance(value, _TYPES.get(kind, (object,))):
        yield f"{module} returns {path} as {kind}, not {type(value).__name__}"
        return
    inner = entry.get("contains")
    if inner:
        for item in t.cast(list[Json], value if isinstance(value, list) else [value]):
            yield from _compare(module, inner, item, f"{path}.")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run did, as the site shows it, in the words in which its message has to say it."""

from __future__ import annotations

import typing as t

from crash.faults import THEIR_LINK
from crash.operations import RIVAL, USER, Operation
from crash.state import View

Json = dict[str, t.Any]


def words(before: View, after: View, operation: Operation) -> list[str]:
    """A part of a sentence for each thing that is different because of the run."""
    return [
        *_virtual_proxies(before, after, operation),
        *_links(before, after),
        *_settings(before, after, operation),
        *_user(before, after, operation),
        *(
            f"created the tag '{name}'"
            for name in operation.goal.tags
            if name in after.tags and name not in before.tags
        ),
    ]


def _virtual_proxies(before: View, after: View, operation: Operation) -> t.Iterator[str]:
    for prefix, wanted in operation.goal.virtual_proxies.items():
        was, now = (view.virtual_proxies.get(prefix) for view in (before, after))
        verb = _verb(was, now, wanted, "description")
        if verb:
            yield f"{verb} the virtual proxy '{prefix}'"


def _links(before: View, after: View) -> t.Iterator[str]:
    for node, served in after.links.items():
        left = {prefix for prefix in before.links[node] if prefix in after.virtual_proxies}
        if {*served} - {THEIR_LINK} != left - {THEIR_LINK}:
            yield f"and the proxy on {node}"


def _settings(before: View, after: View, operation: Operation) -> t.Iterator[str]:
    for node, wanted in operation.goal.settings.items():
        was, now = (view.services[node]["settings"] for view in (before, after))
        if any(was[name] != now[name] for name in wanted):
            yield f"changed the proxy service on {node}"


def _user(before: View, after: View, operation: Operation) -> t.Iterator[str]:
    name = "\\".join(USER)
    verb = _verb(before.users.get(name), after.users.get(name), operation.goal.user, "name")
    if verb:
        yield f"{verb} the user {name}"


def _verb(was: Json | None, now: Json | None, wanted: Json | None, mark: str) -> str:
    """What was done to an entity; a rival shows by the property ``mark``."""
    if now is None:
        return "deleted" if was else ""
    if now[mark] == RIVAL:
        return ""
    if was is None:
        return "created"
    return "changed" if any(was[name] != now[name] for name in wanted or {}) else ""

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a site holds, in a form that can be compared, and what another one may not have changed."""

from __future__ import annotations

import typing as t

from crash.faults import THEIR_LINK, THEIR_SETTINGS, THEIR_TIMEOUT, Fault, edited
from crash.operations import USER, Goal, Operation

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
_DATES = ("modifiedDate", "modifiedByUserName")


def arrange(site: Simulator, operation: Operation) -> None:
    """The site as the operation finds it, with much that is none of its business."""
    site.reset(nodes=operation.nodes, switches=operation.switches)
    definition = {"name": "env", "choiceValues": ["dev"], "objectTypes": ["VirtualProxyConfig"]}
    others = [
        {"prefix": "other", "unknownToUs": [1], "tags": ["kept"], "link": "all"},
        {"prefix": THEIR_LINK, "description": "not linked yet"},
    ]
    site.seed(
        custompropertydefinition=[definition],
        virtualproxyconfig=[*others, *(dict(item) for item in operation.present)],
        user=[{"userDirectory": "PORTAL", "userId": "clerk"}, *operation.users],
    )
    for service in site.entities("proxyservice"):
        settings = {"errorPageTemplate": "<h1>Oh</h1>", "unknownSetting": {"keep": ["me"]}}
        change = {"settings": settings, "unknownToUs": [None, "x"]}
        site.patch("proxyservice", service["id"], change)
    site.clear_requests()


class View:
    """Everything on a site; reading fails when something is there twice."""

    def __init__(self, site: Simulator) -> None:
        entities = site.state()["entities"]
        self.virtual_proxies = _by(entities["virtualproxyconfig"], lambda item: item["prefix"])
        self.services = _by(
            entities["proxyservice"], lambda item: item["serverNodeConfiguration"]["name"]
        )
        self.users = _by(
            entities["user"], lambda item: f"{item['userDirectory']}\\{item['userId']}"
        )
        self.tags = _by(entities["tag"], lambda item: item["name"])
        self.rest = {
            name: items
            for name, items in entities.items()
            if name not in ("virtualproxyconfig", "proxyservice", "user", "tag", "servicestatus")
        }
        prefixes = {item["id"]: prefix for prefix, item in self.virtual_proxies.items()}
        self.links = {
            node: [prefixes[item["id"]] for item in service["settings"]["virtualProxies"]]
            for node, service in self.services.items()
        }
        for node, served in self.links.items():
            assert len(set(served)) == len(served), f"{node} serves one twice: {served}"

    def served_by(self, prefix: str) -> list[str]:
        """The nodes whose proxy service serves a virtual proxy."""
        return sorted(node for node, served in self.links.items() if prefix in served)


def _by(items: list[Json], name: t.Callable[[Json], str]) -> dict[str, Json]:
    found = {name(item): item for item in items}
    assert len(found) == len(items), f"twice there: {sorted(name(item) for item in items)}"
    return found


def lacking(view: View, goal: Goal) -> list[str]:
    """What is not yet as the goal says."""
    found = []
    for prefix, wanted in goal.virtual_proxies.items():
        there = view.virtual_proxies.get(prefix)
        if wanted is None or there is None:
            found += [prefix] if (wanted is None) is not (there is None) else []
            continue
        found += [f"{prefix}.{key}" for key in wanted if _plain(key, there[key]) != wanted[key]]
        if view.served_by(prefix) != sorted(goal.links[prefix]):
            found.append(f"links of {prefix}")
    for node, settings in goal.settings.items():
        there = view.services[node]["settings"]
        found += [f"{node}.{name}" for name, value in settings.items() if there[name] != value]
    found += [f"tag {name}" for name in goal.tags if name not in view.tags]
    return found + (_lacking_user(view, goal) if goal.touches_user else [])


def _lacking_user(view: View, goal: Goal) -> list[str]:
    there = view.users.get("\\".join(USER))
    if goal.user is None or there is None:
        return ["user"] if (goal.user is None) is not (there is None) else []
    return [f"user.{key}" for key, value in goal.user.items() if there[key] != value]


def _plain(key: str, value: t.Any) -> t.Any:
    if key == "tags":
        return sorted(item["name"] for item in value)
    if key == "customProperties":
        return [f"{item['definition']['name']}={item['value']}" for item in value]
    return value


def assert_others_untouched(
    before: View, after: View, operation: Operation, fault: Fault | None
) -> None:
    """Nobody else's setting, link or entity changed, but by the edit that was ordered."""
    goal, edit = operation.goal, fault is not None and fault.edits
    _assert_virtual_proxies(before, after, operation, edit)
    for node, service in before.services.items():
        their = THEIR_SETTINGS if edit and node == "Central" else {}
        own = goal.settings.get(node, {})
        now = after.services[node]
        assert _without(service, "settings", *_DATES) == _without(now, "settings", *_DATES)
        old = {**service["settings"], **their}
        skipped = ("virtualProxies", *own, *_DATES)
        assert _without(old, *skipped) == _without(now["settings"], *skipped), node
        links = [p for p in before.links[node] if p not in goal.virtual_proxies]
        links += [THEIR_LINK] if their else []
        others = [p for p in after.links[node] if p not in goal.virtual_proxies]
        assert sorted(links) == sorted(others), node
    _assert_users(before, after, operation, edit)
    assert {*before.tags} - {*goal.tags} == {*after.tags} - {*goal.tags}
    assert before.rest == after.rest


def _assert_virtual_proxies(before: View, after: View, operation: Operation, edit: bool) -> None:
    goal = operation.goal
    new = {prefix for prefix in goal.virtual_proxies if prefix not in before.virtual_proxies}
    assert {*after.virtual_proxies} <= {*before.virtual_proxies} | new
    for prefix, entity in before.virtual_proxies.items():
        now = after.virtual_proxies.get(prefix)
        if now is None:
            assert goal.virtual_proxies.get(prefix, entity) is None, f"{prefix} vanished"
            continue
        touched = prefix in goal.virtual_proxies
        own = (*(goal.virtual_proxies.get(prefix) or {}), *_DATES) if touched else ()
        their: Json = {}
        if edit and prefix in edited(operation):
            their, own = {"sessionInactivityTimeout": THEIR_TIMEOUT}, (*own, *_DATES)
        if operation.rival and operation.rival[1].get("prefix") == prefix:
            own = (*own, *operation.rival[2])
        assert _without({**entity, **their}, *own) == _without(now, *own), prefix


def _assert_users(before: View, after: View, operation: Operation, edit: bool) -> None:
    name = "\\".join(USER)
    own = operation.goal.touches_user
    kept = {key: user for key, user in before.users.items() if not (own and key == name)}
    assert kept == {key: after.users.get(key) for key in kept}
    assert {*after.users} <= {*kept, *([name] if own else [])}
    was, now = before.users.get(name), after.users.get(name)
    if own and was and now:
        was = {**was, "inactive": True} if edit else was
        skipped = ("name", *(operation.goal.user or {}), *_DATES)
        assert _without(was, *skipped) == _without(now, *skipped)


def _without(entity: Json, *names: str) -> Json:
    return {key: value for key, value in entity.items() if key not in names}

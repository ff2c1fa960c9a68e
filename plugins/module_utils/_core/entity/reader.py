# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads entities of the repository and checks them where they come in.

Two levels keep a fault in one entity from stopping a task about another one. ``read`` checks what
identifies an entity and references others. ``whole`` checks every property that this
collection reads or writes; it is called for the entities that a task is about. ``clean`` is for
entities that a task only looks at. Properties that this collection does not know are not checked.
"""

from __future__ import annotations

import typing as t

from ..errors import AnswerError
from ..text import printable
from .shapes import FLAG, ID, TEXT, TEXTS, ListOf, Misfit, ObjectOf, Shape, too_deep

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs

VIRTUAL_PROXY = "virtualproxyconfig"
PROXY_SERVICE = "proxyservice"
NODE = "servernodeconfiguration"
DEFINITION = "custompropertydefinition"
TAG = "tag"
USER = "user"

#: References to tags, to nodes, and values of custom properties.
TAGS = ListOf(ObjectOf({"id": ID, "name": TEXT}))
NODES = ListOf(ObjectOf({"id": ID}, {"name": TEXT, "hostName": TEXT}))
PROPERTIES = ListOf(ObjectOf({"definition": ObjectOf({"id": ID, "name": TEXT})}, {"value": TEXT}))

#: What a write needs: the repository compares the date, and messages name the user.
_WRITTEN: t.Mapping[str, Shape] = {"modifiedDate": TEXT, "modifiedByUserName": TEXT}


class _VirtualProxy(ObjectOf):
    """Id and prefix. Only the prefix of the default virtual proxy may be null."""

    def misfit(self, value: t.Any) -> t.Optional[Misfit]:
        default = isinstance(value, t.Mapping) and value.get("defaultVirtualProxy") is True
        if default and value.get("prefix", "") is None:
            value = {**value, "prefix": ""}
        return super().misfit(value)


_SERVICE = ObjectOf(
    {
        "id": ID,
        "settings": ObjectOf(
            {}, {"virtualProxies": ListOf(_VirtualProxy({"id": ID, "prefix": TEXT}))}
        ),
        "serverNodeConfiguration": ObjectOf({"id": ID}, {"name": TEXT, "hostName": TEXT}),
    },
    _WRITTEN,
)

#: Per kind: what every entity needs, and where an administrator finds it in QMC.
_KINDS: t.Mapping[str, t.Tuple[ObjectOf, str]] = {
    VIRTUAL_PROXY: (_VirtualProxy({"id": ID, "prefix": TEXT}), "Virtual proxies"),
    PROXY_SERVICE: (_SERVICE, "Proxies"),
    NODE: (ObjectOf({"id": ID}, {"name": TEXT, "hostName": TEXT, "isCentral": FLAG}), "Nodes"),
    TAG: (ObjectOf({"id": ID, "name": TEXT}), "Tags"),
    DEFINITION: (
        ObjectOf({"id": ID, "name": TEXT}, {"objectTypes": TEXTS, "choiceValues": TEXTS}),
        "Custom properties",
    ),
    USER: (ObjectOf({"id": ID, "userDirectory": TEXT, "userId": TEXT}, _WRITTEN), "Users"),
}

_NOUNS = {
    VIRTUAL_PROXY: "virtual proxy",
    PROXY_SERVICE: "proxy service",
    NODE: "node",
    TAG: "tag",
    DEFINITION: "custom property",
    USER: "user",
}


def read(qrs: Qrs, kind: str, condition: t.Optional[str] = None) -> t.List[Entity]:
    """Every full entity of ``kind``, or those that match the filter ``condition``."""
    return checked(kind, qrs.entities(kind, condition))


def checked(kind: str, found: t.List[Entity]) -> t.List[Entity]:
    """What was read of that kind, once each was checked."""
    for item in found:
        _check(kind, item, "GET", f"{kind}/full")
    return found


def read_condensed(qrs: Qrs, kind: str) -> t.List[Entity]:
    """Every entity of ``kind`` in its short form."""
    found = qrs.condensed(kind)
    for item in found:
        _check(kind, item, "GET", kind)
    return found


def about(qrs: Qrs) -> Entity:
    """What the repository returns about itself."""
    answer = qrs.get("about")
    if isinstance(answer, dict) and not too_deep(answer):
        return answer
    raise AnswerError(
        "GET /qrs/about answered with something other than an object. Check that host and port "
        "lead to the repository itself.",
        status=200,
        method="GET",
        path="/qrs/about",
    )


def created(kind: str, answer: Entity, shape: t.Optional[ObjectOf] = None) -> Entity:
    """The server's ``answer`` to a POST, checked like an entity that was read."""
    _check(kind, answer, "POST", kind)
    return answer if shape is None else whole(kind, answer, shape, "POST", kind)


def updated(kind: str, sent: Entity, answer: Entity, shape: t.Optional[ObjectOf] = None) -> Entity:
    """The server's ``answer`` to the PUT of ``sent``, checked like an entity that was read."""
    path = "{}/{}".format(kind, sent["id"])
    _check(kind, answer, "PUT", path)
    if answer["id"].lower() != sent["id"].lower():
        other = Misfit("id", "the id that was sent", "another id")
        raise _unusable(kind, answer, other, "PUT", path)
    return answer if shape is None else whole(kind, answer, shape, "PUT", path)


def whole(
    kind: str, entity: Entity, shape: ObjectOf, method: str = "GET", path: str = ""
) -> Entity:
    """``entity`` itself, once every property of ``shape`` was checked."""
    misfit = _depth(entity) or shape.misfit(entity)
    if misfit is not None:
        raise _unusable(kind, entity, misfit, method, path or f"{kind}/full")
    return entity


def clean(entity: Entity, shape: ObjectOf) -> Entity:
    """``entity`` without the properties that do not fit; it must not be written back."""
    misfits = shape.misfits(entity)
    if not misfits:
        return entity
    return {name: value for name, value in entity.items() if name not in misfits}


def _check(kind: str, entity: Entity, method: str, path: str) -> None:
    frame = _KINDS[kind][0]
    # A virtual proxy that a task is not about may hold anything: ``whole`` looks at the others.
    misfit = frame.misfit(entity) or (_depth(entity) if kind != VIRTUAL_PROXY else None)
    if misfit is not None:
        raise _unusable(kind, entity, misfit, method, path)


def _depth(entity: Entity) -> t.Optional[Misfit]:
    for name, value in entity.items():
        if isinstance(value, (dict, list)) and too_deep(value):
            return Misfit(str(name)[:100], "at most 50 levels", "deeply nested data")
    return None


def _unusable(kind: str, entity: Entity, misfit: Misfit, method: str, path: str) -> AnswerError:
    page = _KINDS[kind][1]
    return AnswerError(
        f"{method} /qrs/{path} returned {_called(kind, entity)} with {misfit.found} as "
        f"{misfit.place or 'entity'}; expected: {misfit.wanted}. Compare with QMC, {page}, and "
        "check that host and port lead to the repository itself.",
        status=200,
        method=method,
        path=f"/qrs/{path}",
        property=misfit.place,
    )


def _called(kind: str, entity: t.Mapping[str, t.Any]) -> str:
    """The entity by what a user knows it by, as far as that can be read."""
    names: t.Tuple[t.Any, ...] = (entity.get("name"),)
    if kind == VIRTUAL_PROXY:
        names = (entity.get("prefix"),)
    elif kind == USER:
        names = (entity.get("userDirectory"), entity.get("userId"))
    elif kind == PROXY_SERVICE:
        node = entity.get("serverNodeConfiguration")
        names = (node.get("name") if isinstance(node, t.Mapping) else None,)
    key = entity.get("id")
    known = "\\".join(name[:100] for name in names if isinstance(name, str))
    title = f"the {_NOUNS[kind]}" + (f" '{known}'" if known else "")
    return str(printable(title + (f" (id {key[:100]})" if isinstance(key, str) else "")))

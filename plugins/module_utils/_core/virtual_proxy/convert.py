# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Converts between an entity and the options; compares and replaces options."""

from __future__ import annotations

import typing as t

from ..entity import fields
from ..entity.fields import Field, shape_of
from ..entity.reader import NODES
from ..entity.shapes import FLAG, ID, TEXT
from ..site.nodes import Node, Nodes, Proxies
from .content import OWN, same_content
from .fields import BY_OPTION, BY_PROPERTY, FIELDS

if t.TYPE_CHECKING:
    from ..qrs.client import Entity

Options = fields.Options

NODES_OPTION = "load_balancing_nodes"
NODES_PROPERTY = "loadBalancingServerNodes"
ALLOW_LIST_OPTION = "host_allow_list"

#: What is read of a virtual proxy, in any form and in the form that can be written back.
SHAPE = shape_of(
    FIELDS,
    {"id": ID},
    {NODES_PROPERTY: NODES, "defaultVirtualProxy": FLAG, "modifiedByUserName": TEXT},
)
FULL_SHAPE = SHAPE.requiring({"modifiedDate": TEXT})

#: What the server is asked for where the user says nothing, on creation only.
CREATION_DEFAULTS: Options = {
    "authentication_method": "jwt",
    NODES_OPTION: ["central"],
    ALLOW_LIST_OPTION: [],
}
PROXIES_DEFAULT = ["central"]


def default_cookie_name(prefix: str) -> str:
    """The cookie name that a new virtual proxy gets: unique as long as its prefix is."""
    return f"X-Qlik-Session-{prefix}"


def describe(entity: Entity, nodes: Nodes, proxies: Proxies) -> Options:
    """The entity as options that mean the same. A field that the server lacks is left out."""
    options: Options = {"prefix": entity.get("prefix") or "", **fields.described(entity, FIELDS)}
    options[NODES_OPTION] = [nodes.reference(node_id) for node_id in node_ids(entity)]
    options["proxies"] = [proxies.name(item["id"]) for item in proxies.linked(entity.get("id", ""))]
    return options


def node_ids(entity: Entity) -> t.List[str]:
    """The ids of the entity's load balancing nodes."""
    return [str(item["id"]) for item in entity.get(NODES_PROPERTY) or []]


def differences(entity: Entity, wanted: Options) -> t.List[Field]:
    """The fields whose wanted value means something else than the stored one."""
    return fields.differences(entity, wanted, BY_OPTION)


def nodes_differ(entity: Entity, wanted: t.Sequence[Node]) -> bool:
    """Whether other nodes than the wanted ones balance the load; their order has no meaning."""
    if NODES_PROPERTY not in entity:
        raise fields.unknown(NODES_OPTION, NODES_PROPERTY)
    return set(node_ids(entity)) != {item.id for item in wanted}


def changed(
    entity: Entity, those: t.Iterable[Field], wanted: Options, nodes: t.Optional[t.Sequence[Node]]
) -> Entity:
    """The whole entity as it was read, with ``those`` and, when given, ``nodes`` replaced.

    Of a new one only what is wanted is sent; the server sets the rest.
    """
    result = fields.replaced(entity, those, wanted)
    if nodes is not None:
        known = {item["id"]: item for item in entity.get(NODES_PROPERTY) or []}
        result[NODES_PROPERTY] = [known.get(item.id, {"id": item.id}) for item in nodes]
    return result


def kept(entity: Entity, answer: Entity, options: t.Iterable[str]) -> t.List[str]:
    """The options of ``options`` that the server's answer does not carry as they were written.

    Properties that no option stands for are not the collection's to insist on: see ``dropped``.
    """
    lost = []
    for option in options:
        field = BY_OPTION.get(option)
        if field is not None:
            if not fields.is_kept(field, entity, answer):
                lost.append(option)
        elif option == NODES_OPTION:
            if set(node_ids(entity)) != set(node_ids(answer)):
                lost.append(option)
        elif option == "prefix" and entity[option].lower() != (answer[option] or "").lower():
            lost.append(option)
    return lost


def dropped(entity: Entity, answer: Entity) -> t.List[str]:
    """The properties without an option that the server did not store as they were sent."""
    return [
        name
        for name, value in entity.items()
        if name not in BY_PROPERTY
        and name not in OWN
        and name not in ("prefix", NODES_PROPERTY)
        and (value or name in answer)
        and not same_content(name, value, answer.get(name))
    ]

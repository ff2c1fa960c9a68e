# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What ``before`` returns and ``restore`` takes, without secrets.

It goes through files, facts and variables as JSON, so it holds no secret, and it is looked at
closely when it comes back.
"""

from __future__ import annotations

import typing as t

from ..entity.shapes import too_deep
from ..errors import InvalidInput
from ..masking import holds_key, names_secret, redacted
from .convert import SHAPE
from .references import PROPERTIES_PROPERTY, definition_name

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from .plan import Plan
    from .site import Site

_OPTION = "restore"


class Snapshot(t.NamedTuple):
    """One virtual proxy at one time; ``entity`` is None when there was none.

    ``proxies`` are the ids of the proxy services that served it, ``site`` those of all that there
    were, ``left_out`` the properties that held a secret.
    """

    prefix: str
    entity: t.Optional[Entity]
    proxies: t.Tuple[str, ...]
    site: t.FrozenSet[str]
    left_out: t.Tuple[str, ...] = ()


def taken(site: Site, plan: Plan) -> t.Dict[str, t.Any]:
    """The virtual proxy as it is before ``plan`` is carried out, as JSON without a secret."""
    entity: Entity = dict(plan.present or {})
    if entity.get(PROPERTIES_PROPERTY):
        entity[PROPERTIES_PROPERTY] = [
            item for item in entity[PROPERTIES_PROPERTY] if not is_secret_property(item)
        ]
    shown = redacted(entity)
    left_out = [k for k, v in (plan.present or {}).items() if v and shown.get(k) != v]
    return {
        "prefix": plan.prefix,
        "entity": None if plan.present is None else shown,
        "proxies": list(plan.serving),
        "site": [service["id"] for service in site.proxy_services],
        "left_out": left_out,
    }


def is_secret_property(item: t.Mapping[str, t.Any]) -> bool:
    """Whether the name of a custom property calls its value a secret."""
    return names_secret(definition_name(item))


def snapshot_of(value: t.Any) -> Snapshot:
    """What ``taken`` returned; raises ``InvalidInput`` for anything else."""
    if not isinstance(value, t.Mapping) or too_deep(value) or not _has_shape(value):
        raise _rejected(
            "this is not a 'before' that a module of virtual proxies returned (a mapping of "
            "prefix, entity, proxies, site, and left_out). Pass it unchanged."
        )
    whose = f"the 'before' of the virtual proxy '{value['prefix']}'"
    if any(holds_key(text) for text in _texts(value)):
        raise _rejected(f"{whose} contains a private key. Remove it, and don't trust that key.")
    entity = value["entity"]
    if entity is not None and not _is_entity(entity, value["prefix"]):
        raise _rejected(
            f"{whose} holds an entity that is not this virtual proxy as the repository returns it. "
            "Pass the 'before' unchanged."
        )
    return Snapshot(
        value["prefix"],
        None if entity is None else dict(entity),
        tuple(key.lower() for key in value["proxies"]),
        frozenset(key.lower() for key in value["site"]),
        tuple(value["left_out"]),
    )


def _has_shape(value: t.Mapping[str, t.Any]) -> bool:
    lists = [value.get(name) for name in ("proxies", "site", "left_out")]
    return (
        value.keys() == {"prefix", "entity", "proxies", "site", "left_out"}
        and isinstance(value["prefix"], str)
        and (value["entity"] is None or isinstance(value["entity"], t.Mapping))
        and all(isinstance(i, list) and all(isinstance(n, str) for n in i) for i in lists)
    )


def _is_entity(entity: t.Mapping[str, t.Any], prefix: str) -> bool:
    """Whether it is a whole virtual proxy, with values that can be read."""
    needed = ("id", "sessionCookieHeaderName")
    if (entity.get("prefix") or "") != prefix or not all(
        isinstance(entity.get(name), str) and entity[name] for name in needed
    ):
        return False
    return SHAPE.misfit(entity) is None


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, t.Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, str):
        yield value


def _rejected(fault: str) -> InvalidInput:
    return InvalidInput(f"{_OPTION}: {fault}", option=_OPTION)

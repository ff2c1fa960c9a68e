# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Links between the check's own virtual proxies and a proxy service. Other links are kept."""

from __future__ import annotations

import typing as t

from ..errors import AnswerError, Conflict, SiteIncomplete, TransportError

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs

_KIND = "proxyservice"
_ATTEMPTS = 5


def linked_ids(service: Entity) -> t.List[str]:
    """The ids of the virtual proxies that a proxy service serves."""
    settings = service.get("settings")
    links = settings.get("virtualProxies") if isinstance(settings, dict) else None
    found = links if isinstance(links, list) else []
    return [str(item.get("id")) for item in found if isinstance(item, dict)]


def change_links(
    qrs: Qrs, service_id: str, *, add: t.Sequence[str] = (), remove: t.Sequence[str] = ()
) -> bool:
    """Add and remove links of one proxy service; whether it was written.

    After a conflict or a lost answer the proxy service is read again. Raises ``AnswerError`` if
    the repository rejects the links.
    """
    written = False
    for attempt in range(_ATTEMPTS):
        service = _read(qrs, service_id)
        present = linked_ids(service)
        new = [entity_id for entity_id in add if entity_id not in present]
        if not new and not set(remove) & set(present):
            return written
        links = service["settings"]["virtualProxies"]
        kept = [item for item in links if item.get("id") not in remove]
        service["settings"]["virtualProxies"] = [*kept, *({"id": item} for item in new)]
        try:
            qrs.update(_KIND, service)
        except Conflict:
            continue
        except TransportError as error:
            if attempt == _ATTEMPTS - 1 or not error.passes:
                raise
        written = True
    raise SiteIncomplete("The proxy service was changed by others at every attempt.")


def unlink(qrs: Qrs, ids: t.Sequence[str]) -> None:
    """Remove the links of these virtual proxies from every proxy service."""
    for service in qrs.entities(_KIND):
        if set(ids) & set(linked_ids(service)):
            change_links(qrs, str(service.get("id")), remove=ids)


def _read(qrs: Qrs, service_id: str) -> Entity:
    service = qrs.get(f"{_KIND}/{service_id}")
    settings = service.get("settings") if isinstance(service, dict) else None
    links = settings.get("virtualProxies") if isinstance(settings, dict) else None
    is_whole = isinstance(links, list) and all(isinstance(item, dict) for item in links)
    if not is_whole or service.get("id") != service_id:
        raise AnswerError("The repository did not return a whole proxy service.", status=200)
    return t.cast("Entity", service)

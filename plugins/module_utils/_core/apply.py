# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Carries a plan out: the one place of this collection that writes virtual proxies and links.

Every write is the whole entity as it was read, but for the change. What was done before a failure
is said in the error, so that nobody has to guess what state the site is in.
"""

from __future__ import annotations

import dataclasses
import typing as t

from . import virtual_proxy as vp
from .errors import AnswerError, QlikError
from .nodes import linked_ids
from .persist import Journal
from .plan import CREATE, DELETE, UPDATE, LinkChange, Plan

if t.TYPE_CHECKING:
    from .qrs import Entity, Qrs
    from .site import Site

KIND = "virtualproxyconfig"
SERVICE_KIND = "proxyservice"


@dataclasses.dataclass
class Progress(Journal):
    """What was written so far, and the virtual proxy as the server answered."""

    entity: t.Optional[Entity] = None
    created: t.Optional[str] = None


def apply(qrs: Qrs, site: Site, plan: Plan, progress: Progress) -> None:
    """Write what ``plan`` says, in the order that leaves no dead prefix behind.

    A new virtual proxy is created before it is linked. Raises ``Conflict`` when somebody wrote one
    of the entities in between: read and plan again then.
    """
    if plan.action == DELETE:
        _delete(qrs, site, plan, progress)
        return
    entity = plan.present or {}
    if plan.action in (CREATE, UPDATE):
        entity = _write(qrs, plan, progress)
        progress.entity = entity
    for link in plan.links:
        _link(qrs, site, plan.prefix, link, entity["id"], progress)


def _write(qrs: Qrs, plan: Plan, progress: Progress) -> Entity:
    body = t.cast("Entity", plan.entity)
    if plan.action == CREATE:
        answer = qrs.create(KIND, body)
        progress.created = answer["id"]
        progress.note(f"created the virtual proxy '{plan.prefix}'")
        lost = vp.kept(body, answer, (o for o in plan.options if o != "proxies"))
    else:
        answer = qrs.update(KIND, body)
        progress.note(f"changed the virtual proxy '{plan.prefix}'", *plan.serving)
        lost = vp.kept(body, answer, plan.options)
    if lost:
        raise QlikError(
            f"The repository took the virtual proxy '{plan.prefix}', but its answer does not carry "
            f"{', '.join(lost)} as it was sent. Compare with QMC, Virtual proxies; an older server "
            "may lack the setting.",
            options=lost,
        )
    return answer


def _link(
    qrs: Qrs, site: Site, prefix: str, change: LinkChange, entity_id: str, progress: Progress
) -> None:
    service = next(item for item in site.proxy_services if item["id"] == change.service_id)
    verb = "linked" if change.link else "unlinked"
    answer = qrs.update(SERVICE_KIND, relinked(service, entity_id, change.link))
    progress.note(f"{verb} '{prefix}' and the proxy on {change.name}", change.name)
    if (entity_id in linked_ids(answer)) is not change.link:
        raise QlikError(
            f"The repository took the change, but the proxy on {change.name} is still not {verb}. "
            "Somebody else "
            "may have written it at the same moment."
        )


def relinked(service: Entity, entity_id: str, link: bool) -> Entity:
    """The whole proxy service, serving the virtual proxy or no longer.

    The id alone is enough in the list (Qlik developer help, Virtual Proxy: Link); the other
    entries go back as they were read.
    """
    settings = dict(service["settings"])
    others = [i for i in settings.get("virtualProxies") or [] if i["id"] != entity_id]
    settings["virtualProxies"] = others + ([{"id": entity_id}] if link else [])
    return {**service, "settings": settings}


def _delete(qrs: Qrs, site: Site, plan: Plan, progress: Progress) -> None:
    entity_id = t.cast("Entity", plan.present)["id"]
    linked = site.proxies.linked(entity_id)
    try:
        qrs.delete(KIND, entity_id)
    except AnswerError as error:
        # Whether links keep a virtual proxy from being deleted is not documented.
        if error.status != 400 or not linked:
            raise
        for service in linked:
            change = LinkChange(service["id"], site.proxies.name(service["id"]), False)
            _link(qrs, site, plan.prefix, change, entity_id, progress)
        qrs.delete(KIND, entity_id)
        progress.note(f"deleted the virtual proxy '{plan.prefix}'")
    else:
        progress.note(f"deleted the virtual proxy '{plan.prefix}'", *plan.serving)

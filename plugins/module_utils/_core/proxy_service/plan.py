# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans the settings of proxy services.

No request is sent from here.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.fields import (
    Options,
    check_values,
    described,
    differences,
    is_kept,
    replaced,
    shape_of,
)
from ..entity.reader import PROXY_SERVICE, whole
from ..entity.reconcile import Change
from ..entity.shapes import NUMBER, TEXT, ObjectOf
from ..errors import InvalidInput
from ..site.nodes import ALL, CENTRAL
from .fields import BY_OPTION, FIELDS, PORTS

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from ..site.nodes import Services


#: What is read of a proxy service whose settings are managed or shown.
SHAPE = ObjectOf(
    {"settings": shape_of(FIELDS, {}, dict.fromkeys(PORTS, NUMBER)), "modifiedDate": TEXT}
)


@dataclasses.dataclass(frozen=True)
class ServicePlan:
    """What is to be done for one proxy service.

    ``entity`` is what is sent, None when nothing differs. ``before`` and ``after`` are in the
    options' vocabulary, ``options`` names those that change.
    """

    name: str
    present: Entity
    entity: t.Optional[Entity]
    before: Options
    after: Options
    options: t.Tuple[str, ...]

    @property
    def id(self) -> str:
        """The id of the proxy service."""
        return str(self.present["id"])

    @property
    def title(self) -> str:
        """What messages call it."""
        return f"the proxy service on {self.name}"

    def shown(self, options: Options) -> Options:
        """These settings, and whose they are."""
        node = self.present["serverNodeConfiguration"]
        return {"node": self.name, "id": self.id, "host_name": node.get("hostName"), **options}


@dataclasses.dataclass(frozen=True)
class ServicesPlan:
    """What is to be done for the chosen proxy services, those that stay as they are included."""

    services: t.Tuple[ServicePlan, ...]

    @property
    def to_write(self) -> t.List[ServicePlan]:
        """The proxy services that differ."""
        return [service for service in self.services if service.entity is not None]

    @property
    def changes(self) -> t.List[Change]:
        """See ``reconcile.Plan``."""
        return [
            Change(s.id, s.title, s.present, s.options, s.options, (s.name,)) for s in self.to_write
        ]

    @property
    def seen(self) -> t.Dict[str, Entity]:
        """See ``reconcile.Plan``."""
        return {service.id: service.present for service in self.services}

    @property
    def restarts(self) -> t.Dict[str, int]:
        """How often each proxy service restarts, by name: once for its write."""
        return {service.name: 1 for service in self.to_write}

    @property
    def before(self) -> t.List[Options]:
        """The settings of every chosen proxy service as they were."""
        return [service.shown(service.before) for service in self.services]


def plan_services(site: Services, selectors: t.Sequence[str], wanted: Options) -> ServicesPlan:
    """The plan for the proxy services that ``selectors`` name, each with the ``wanted`` settings.

    Other options are not changed. Raises ``NodesNeeded`` if the plan depends on the list of nodes,
    and ``InvalidInput`` for options that are not valid.
    """
    if not selectors:
        raise InvalidInput(
            "proxies: the list is empty. Set names of nodes, 'central', or 'all'.",
            option="proxies",
        )
    chosen = site.proxies.select(selectors)
    plan = ServicesPlan(tuple(_service(site, item, wanted) for item in chosen))
    if plan.to_write and (CENTRAL in selectors or ALL in selectors):
        # If only one proxy service was read, its node counts as the central one. That is
        # sufficient to find that nothing has to be done, but not for a write.
        site.nodes.need_all()
    return plan


def _service(site: Services, present: Entity, wanted: Options) -> ServicePlan:
    settings = whole(PROXY_SERVICE, present, SHAPE)["settings"]
    fields = differences(settings, wanted, BY_OPTION)
    check_values(fields, wanted, settings)
    result = replaced(settings, fields, wanted)
    options = tuple(field.option for field in fields)
    name = site.proxies.name(present["id"])
    _check_ports(result, options, name)
    return ServicePlan(
        name=name,
        present=present,
        entity={**present, "settings": result} if options else None,
        before=described(settings, FIELDS),
        after=described(result, FIELDS),
        options=options,
    )


def _check_ports(settings: Entity, options: t.Sequence[str], name: str) -> None:
    """Reject a new port that the same proxy service already uses for another purpose."""
    for option in options:
        own = BY_OPTION[option].property
        if own not in PORTS:
            continue
        for other, meaning in PORTS.items():
            if other != own and settings.get(other) == settings[own]:
                raise InvalidInput(
                    f"{option}: {settings[own]} is also the port for {meaning} on the proxy "
                    f"service of {name}. Set a different port for each of them.",
                    option=option,
                )


def lost_options(plan: ServicePlan, answer: Entity) -> t.List[str]:
    """The changed options that the server's answer does not carry as they were sent."""
    sent = (plan.entity or plan.present)["settings"]
    got = answer.get("settings") or {}
    return [name for name in plan.options if not is_kept(BY_OPTION[name], sent, got)]

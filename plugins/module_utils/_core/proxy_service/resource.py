# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Proxy services as a resource of the engine; the only file that writes their settings.

This is the one place of the collection that writes settings of proxy services.
"""

from __future__ import annotations

import typing as t

from ..entity.fields import described
from ..entity.reader import PROXY_SERVICE, updated
from ..entity.reconcile import UPDATE, Outcome, Resource
from ..errors import QlikError
from ..site.nodes import NodesNeeded, Services
from ..site.reader import read_proxy_services, with_nodes
from .fields import BY_OPTION, FIELDS
from .plan import SHAPE, ServicesPlan, lost_options, plan_services

if t.TYPE_CHECKING:
    from ..entity.fields import Options
    from ..entity.retry import Journal
    from ..qrs.client import Entity, Qrs
    from .plan import ServicePlan


class ProxyServices(Resource[ServicesPlan]):
    """The settings of some proxy services; ``options`` holds only what was given."""

    fields = BY_OPTION

    def __init__(
        self, qrs: Qrs, proxies: t.Sequence[str], options: Options, *, allow_restart: bool = True
    ) -> None:
        self._qrs = qrs
        self._proxies = proxies
        self._options = options
        self._allow_restart = allow_restart

    def plan(self) -> ServicesPlan:
        """The list of nodes is read only when the answer depends on it."""
        site = Services(read_proxy_services(self._qrs))
        try:
            return plan_services(site, self._proxies, self._options)
        except NodesNeeded:
            site = with_nodes(self._qrs, site)
            return plan_services(site, self._proxies, self._options)

    def writer(self) -> t.Callable[[ServicesPlan, Journal], None]:
        """One write for each proxy service."""
        return self._write

    def allows_restart(self, key: str) -> bool:
        """Whether proxy services may restart."""
        return self._allow_restart

    def same(self, option: str, one: Entity, other: Entity) -> bool:
        """The options stand for properties of the settings."""
        return super().same(option, one["settings"], other["settings"])

    def _write(self, plan: ServicesPlan, journal: Journal) -> None:
        from ..entity.retry import Step

        for service in plan.to_write:
            step = Step(UPDATE, service.id, f"changed {service.title}", (service.name,))
            with journal.step(step):
                entity = t.cast("Entity", service.entity)
                answer = self._qrs.update(PROXY_SERVICE, entity)
                updated(PROXY_SERVICE, entity, answer, SHAPE)
            journal.entities[service.id] = answer
            lost = lost_options(service, answer)
            if lost:
                raise QlikError(
                    f"The repository accepted the change of {service.title}, but its answer "
                    f"has other values for {', '.join(lost)} than those sent. "
                    "Check the proxy service in QMC, Proxies. Another administrator may have "
                    "changed it at the same time.",
                    options=lost,
                )


def settings_after(outcome: Outcome[ServicesPlan], service: ServicePlan) -> Options:
    """The settings of a proxy service in the end, or as they would be."""
    entity = outcome.written(service.id)
    return described(entity["settings"], FIELDS) if entity else service.after

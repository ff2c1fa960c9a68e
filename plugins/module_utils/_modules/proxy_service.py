# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module ``qlik_proxy_service``: options to settings, outcome to result."""

from __future__ import annotations

import typing as t

from .._connection import connect
from .._core.entity.fields import spec_of
from .._core.proxy_service.fields import FIELDS
from .._core.proxy_service.resource import ProxyServices, settings_after
from .reconciled import reconciled

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._core.entity.fields import Options
    from .._core.entity.reconcile import Outcome
    from .._core.proxy_service.plan import ServicePlan, ServicesPlan


#: Options whose masked texts are rejected only where they differ from what the site has.
COMPARED = frozenset(field.option for field in FIELDS)


def proxy_service_spec() -> t.Dict[str, t.Any]:
    """The options of proxy services as Ansible declares them."""
    return {
        "proxies": {"type": "list", "elements": "str", "required": True},
        **spec_of(FIELDS),
        "allow_restart": {"type": "bool", "default": True},
    }


def run_proxy_service(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring proxy services to the module's options, or in check mode say what that takes."""
    params = module.params
    names = [field.option for field in FIELDS]
    options = {name: params[name] for name in names if params[name] is not None}
    qrs = connect(module)
    services = ProxyServices(qrs, params["proxies"], options, allow_restart=params["allow_restart"])
    dummy, result = reconciled(module, services, _result)
    return {**result, "requests": qrs.requests}


def _result(outcome: Outcome[ServicesPlan]) -> t.Dict[str, t.Any]:
    services, changed = outcome.plan.services, outcome.plan.to_write
    result: t.Dict[str, t.Any] = {
        "changed": bool(changed),
        "proxy_services": [item.shown(settings_after(outcome, item)) for item in services],
        "before": outcome.plan.before,
        "proxies_restarted": outcome.restarts,
    }
    if changed:
        result["diff"] = {
            "before_header": "proxy services",
            "after_header": "proxy services",
            "before": {item.name: _changing(item, item.before) for item in changed},
            "after": {item.name: _changing(item, item.after) for item in changed},
        }
    return result


def _changing(service: ServicePlan, options: Options) -> Options:
    return {name: options[name] for name in service.options}

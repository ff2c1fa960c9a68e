# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module qlik_conformance: options into ports, a run into a result."""

from __future__ import annotations

import base64
import contextlib
import os
import time
import typing as t

from .._auth import CERTIFICATE, acting_user
from .._connection import (
    CONNECTION_EXCLUSIVE,
    authority_option,
    base_url,
    connect,
    connection_spec,
    endpoint,
    environment,
    server_name,
    site_tls,
    xrfkey,
)
from .._core.conformance.bench import Bench, Ports
from .._core.conformance.material import Material
from .._core.conformance.question import LEVELS, LOGIN, READ
from .._core.conformance.report import progress, report
from .._core.conformance.reserved import Names, Reserved
from .._core.conformance.run import Run, examine
from .._core.conformance.wire import Proxy, Repository
from .._core.errors import InvalidInput, QlikError
from .._core.probe.client import Tools
from .._core.probe.settings import host_of, site_url
from .._core.qrs.proxy_admin import AdminPort
from .._http.tls import TlsSettings
from .._http.transport import RequestsTransport
from .._http.websocket import HAS_WEBSOCKETS, WebSocketDialer
from .._runtime import ended_like_ctrl_c, fail, reject_masked, succeed, undamaged, warn
from .conformance_certificates import certificate_facts

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from .._connection import Endpoint

#: For ``mutually_exclusive``.
CONFORMANCE_EXCLUSIVE = [*CONNECTION_EXCLUSIVE, ("url_ca_path", "url_ca_content")]

_PAGE_LIMIT = 1024 * 1024


def conformance_spec() -> t.Dict[str, t.Any]:
    """The argument spec."""
    return {
        **connection_spec(),
        "level": {"type": "str", "choices": list(LEVELS), "default": READ},
        "prefix": {"type": "str", "default": "qlikops-conformance"},
        "allow_restart": {"type": "bool", "default": False},
        "node": {"type": "str"},
        "url": {"type": "str", "fallback": (environment, ["QLIK_URL"])},
        "url_ca_path": {"type": "path"},
        "url_ca_content": {"type": "str"},
        "url_validate_certs": {"type": "bool", "default": True},
        "url_tls_server_name": {"type": "str"},
        "qps_port": {"type": "int", "default": 4243},
    }


def run_conformance(module: AnsibleModule) -> t.NoReturn:
    """Ask the questions, and end the module with the whole result, failed or not."""
    params = module.params
    run = Run(params["level"])
    try:
        reject_masked(module)
        names = _checked(params)
        with contextlib.ExitStack() as stack:
            site = _bench(module, names, stack)
            stack.enter_context(ended_like_ctrl_c())
            examine(site, run, check_mode=module.check_mode, allow_restart=params["allow_restart"])
    except QlikError as error:
        error.message += _left(run)
        fail(module, error, **_result(run))
    except KeyboardInterrupt:
        fail(module, QlikError("The run was interrupted." + (_left(run) or _GONE)), **_result(run))
    try:
        result = undamaged(module, _result(run))
    except QlikError as error:
        fail(module, error)
    if run.left:
        fail(module, QlikError("All questions were asked." + _left(run)), **result)
    for answer in result["conformance"]["answers"]:
        if answer["copes"] == "no":
            warn(module, f"{answer['id']}: {answer['effect']}")
    succeed(module, **result)


_GONE = " What it had created was removed."


def _left(run: Run) -> str:
    if not run.left:
        return ""
    what = ", ".join(kind.replace("_", " ") for kind in run.left)
    return (
        f" Entities that the run created may be left on the site: {what}. Run again with the same "
        "prefix to remove them."
    )


def _result(run: Run) -> t.Dict[str, t.Any]:
    if not run.answers:
        return {}
    found = report(run)
    return {
        "changed": run.wrote or bool(run.created),
        "conformance": found,
        "progress": progress(found),
        "creates": run.created,
    }


def _checked(params: t.Mapping[str, t.Any]) -> Names:
    """The names; raises ``InvalidInput`` for options that do not go together."""
    if params["level"] == LOGIN and not params["url"]:
        raise InvalidInput(
            "url: set the address of the proxy, such as https://qlik.example.com. level=login "
            "requires it.",
            option="url",
        )
    if params["level"] == LOGIN and not params["allow_restart"]:
        raise InvalidInput(
            "allow_restart: level=login restarts a proxy several times and ends its sessions. Set "
            "allow_restart to true, on a test site only.",
            option="allow_restart",
        )
    return Names(params["prefix"])


def _bench(module: AnsibleModule, names: Names, stack: contextlib.ExitStack) -> Bench:
    to = endpoint(module)
    qrs = connect(module, to)
    params = module.params
    url = site_url(params["url"], "url") if params["url"] else ""
    if url.startswith("http:"):
        raise InvalidInput("url: use https. The questions are about logins over TLS.", option="url")
    proxy = _proxy_transport(module, stack) if url else None
    ports = Ports(
        qrs=qrs,
        repository=Repository(to.transport, to.url, to.access, xrfkey, *_direct(module, to, stack)),
        tools=Tools(
            clock=time.time,
            timer=time.monotonic,
            sleep=time.sleep,
            letters=xrfkey,
            websocket_key=lambda: base64.b64encode(os.urandom(16)).decode("ascii"),
        ),
        user=acting_user(params),
        proxy=Proxy(proxy, url, xrfkey) if proxy else None,
        admin=_admin(module, url, stack),
        dialer=WebSocketDialer(proxy) if proxy and HAS_WEBSOCKETS else None,
        host=host_of(url),
        node=params["node"] or "",
        certificates=certificate_facts(module),
    )
    return Bench(ports, Reserved(qrs, names), Material(time.time))


def _direct(
    module: AnsibleModule, to: Endpoint, stack: contextlib.ExitStack
) -> t.Tuple[t.Optional[RequestsTransport]]:
    """A transport to the same server that shows no client certificate."""
    stack.callback(to.transport.close)
    if module.params["auth"] != CERTIFICATE:
        return (None,)
    tls = site_tls(module)._replace(client_cert=None, client_key=None, client_key_passphrase=None)
    return (_transport(module, tls, stack),)


def _proxy_transport(module: AnsibleModule, stack: contextlib.ExitStack) -> RequestsTransport:
    tls = TlsSettings(
        validate=module.params["url_validate_certs"],
        ca=authority_option(module, "url_ca"),
        server_name=server_name(module.params, "url_tls_server_name"),
        directory=module.tmpdir,
    )
    return _transport(module, tls, stack)


def _transport(
    module: AnsibleModule, tls: TlsSettings, stack: contextlib.ExitStack
) -> RequestsTransport:
    params = module.params
    transport = RequestsTransport(
        tls, timeout=params["timeout"], use_proxy=params["use_proxy"], max_body=_PAGE_LIMIT
    )
    stack.callback(transport.close)
    return transport


def _admin(module: AnsibleModule, url: str, stack: contextlib.ExitStack) -> t.Optional[AdminPort]:
    """Port 4243 of the proxy that ``url`` leads to, else of the node with the repository."""
    params = module.params
    if params["auth"] != CERTIFICATE:
        return None
    host = host_of(url) or params["host"]
    tls = site_tls(module)
    if host != params["host"].lower():
        tls = tls._replace(server_name=None)
    return AdminPort(
        base_url("https", host, params["qps_port"], "host"), _transport(module, tls, stack)
    )

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The work of the module qlik_jwt_probe: options into ports, evidence into a result."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import os
import time
import typing as t

from .._auth import CERTIFICATE
from .._connection import authority_option, base_url, connect, server_name, site_tls, xrfkey
from .._core.crypto import keys, tokens
from .._core.crypto.claim_names import is_twice, name_fault
from .._core.errors import QlikError
from .._core.probe.client import Tools
from .._core.probe.evidence import Evidence
from .._core.probe.findings.base import WARNING
from .._core.probe.result import judge, outcome
from .._core.probe.runner import Ports, examine
from .._core.probe.sessions import Administration
from .._core.probe.settings import Settings
from .._core.probe.token_under_test import TokenUnderTest
from .._core.probe.view import View, host_name
from .._core.qrs.proxy_admin import AdminPort
from .._core.text import one_line, printable
from .._http.tls import TlsSettings
from .._http.transport import RequestsTransport
from .._http.websocket import HAS_WEBSOCKETS, WebSocketDialer
from .._runtime import ended_like_ctrl_c, fail, reject_masked, succeed, undamaged, warn
from .probe_options import probe_settings
from .token_options import claim_options, signing_key

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ansible.module_utils.basic import AnsibleModule

#: Bytes of a page that are read: enough to judge it, whatever a broken server sends.
_PAGE_LIMIT = 1024 * 1024

_FOREIGN_KEY_BITS = 2048


def run_probe(module: AnsibleModule) -> t.NoReturn:
    """Probe, and end the module with the whole result, failed or not."""
    params = module.params
    try:
        reject_masked(module)
        settings = probe_settings(params)
        with contextlib.ExitStack() as stack:
            ports = _ports(module, settings, stack)
            stack.enter_context(ended_like_ctrl_c())
            evidence = examine(settings, ports, check_mode=module.check_mode)
    except QlikError as error:
        fail(module, error)
    except KeyboardInterrupt:
        module.fail_json(
            msg="The probe was interrupted. Sessions that it had opened were ended as end_session "
            "says, as far as the servers answered; one that is left times out by itself."
        )
    judgement = judge(evidence)
    judged = outcome(judgement, evidence, expect=params["expect"], fail_on=params["fail_on"])
    try:
        result = undamaged(
            module,
            {
                **_observed(evidence),
                "ok": judged.ok,
                "verdict": judgement.verdict,
                "findings": [finding.as_dict() for finding in judgement.findings],
            },
        )
    except QlikError as error:
        fail(module, error)
    if judged.failure is not None:
        module.fail_json(msg=one_line(judged.failure), **printable(result))
    for finding in judgement.findings:
        if finding.level == WARNING:
            # A run that succeeds shows nothing else of what it found.
            warn(module, finding.message)
    succeed(module, **result)


def _observed(evidence: Evidence) -> t.Dict[str, t.Any]:
    user = evidence.identity
    login = evidence.login
    return {
        "changed": evidence.user_created,
        "steps": [dataclasses.asdict(step) for step in evidence.steps],
        "claims": dict(evidence.token.claims),
        "user": None
        if user is None
        else {
            "directory": user.directory,
            "id": user.id,
            "name": user.name,
            "sources": list(user.sources),
        },
        "session_cookie_name": login.cookie_name if login else None,
    }


def _ports(module: AnsibleModule, settings: Settings, stack: contextlib.ExitStack) -> Ports:
    params = module.params
    tls = TlsSettings(
        validate=params["url_validate_certs"],
        ca=authority_option(module, "url_ca"),
        server_name=server_name(params, "url_tls_server_name"),
        directory=module.tmpdir,
    )
    proxy = RequestsTransport(
        tls, timeout=params["timeout"], use_proxy=params["use_proxy"], max_body=_PAGE_LIMIT
    )
    stack.callback(proxy.close)
    return Ports(
        proxy=proxy,
        qrs=connect(module) if params["host"] else None,
        token_under_test=_token_maker(module),
        administration=lambda view: _administration(module, settings, view, stack),
        foreign_key=new_foreign_key,
        tools=Tools(
            clock=time.time,
            timer=time.monotonic,
            sleep=time.sleep,
            letters=xrfkey,
            websocket_key=lambda: base64.b64encode(os.urandom(16)).decode("ascii"),
        ),
        dialer=WebSocketDialer(proxy) if HAS_WEBSOCKETS else None,
    )


def new_foreign_key() -> rsa.RSAPrivateKey:
    """The key that no virtual proxy can know; made only when the negative control comes to it."""
    return keys.generate(_FOREIGN_KEY_BITS)


def _token_maker(module: AnsibleModule) -> t.Callable[[t.Optional[View]], TokenUnderTest]:
    """The key is read here, so that an unusable one fails before anything is sent."""
    params = module.params
    user = (params["user_directory"] or None, params["user_id"] or None)
    if params["token"]:
        options = claim_options(params)
        names = (options.user_directory_claim, options.user_id_claim)
        return lambda dummy: TokenUnderTest(params["token"], names, user=user)
    key = signing_key(module)

    def mint(view: t.Optional[View]) -> TokenUnderTest:
        options = claim_options(params, *_claim_names(view))
        claims = tokens.claims(options, now=int(time.time()), lifetime=params["lifetime"])
        names = (options.user_directory_claim, options.user_id_claim)
        token = tokens.mint(claims, key=key, algorithm=params["algorithm"])
        return TokenUnderTest(token, names, key, user)

    if not params["host"]:
        # Reject options that cannot make a token before any request is sent. With a repository,
        # that may depend on the claim names there.
        mint(None)
    return mint


def _claim_names(view: t.Optional[View]) -> t.Tuple[t.Optional[str], t.Optional[str]]:
    """The names in the virtual proxy for user id and user directory, if a token can have them."""
    if view is None:
        return None, None
    names = (view.text("jwtAttributeUserId"), view.text("jwtAttributeUserDirectory"))
    is_odd = is_twice(*names) or any(name and name_fault(name) for name in names)
    return (None, None) if is_odd else names


def _administration(
    module: AnsibleModule,
    settings: Settings,
    view: t.Optional[View],
    stack: contextlib.ExitStack,
) -> t.Optional[Administration]:
    """The ports 4243 that may hold the session, the likeliest first."""
    params = module.params
    if not params["host"] or params["auth"] != CERTIFICATE:
        return None
    tls = site_tls(module)
    ports = []
    for host, expected in _admin_hosts(params, settings, view):
        transport = RequestsTransport(
            tls._replace(server_name=expected),
            timeout=params["timeout"],
            use_proxy=params["use_proxy"],
            max_body=_PAGE_LIMIT,
        )
        stack.callback(transport.close)
        ports.append(AdminPort(base_url("https", host, params["qps_port"], "host"), transport))
    return Administration(ports, settings.prefix, xrfkey)


def _admin_hosts(
    params: t.Mapping[str, t.Any], settings: Settings, view: t.Optional[View]
) -> t.List[t.Tuple[str, t.Optional[str]]]:
    """Hosts with the name to expect in their certificate.

    The repository's host usually runs a proxy as well. Behind a load balancer the session may be
    on any node that serves the virtual proxy, each of which is known by its own host name.
    """
    found: t.Dict[str, t.Optional[str]] = {}
    asked = view.service_of(settings.host) if view else None
    if asked is None or settings.host == params["host"].lower():
        found[params["host"].lower()] = params["tls_server_name"]
    for service in [asked] if asked else (view.links if view else []):
        found.setdefault(host_name(service).lower(), None)
    found.setdefault(settings.host, None)
    return [(host, name) for host, name in found.items() if host]

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The connection options, and the repository they lead to.

The doc fragment ``_qrs`` describes the same options; change both together.
"""

from __future__ import annotations

import os
import re
import secrets
import string
import time
import typing as t

from ansible.module_utils.errors import AnsibleFallbackNotFound

from ._auth import (
    CERTIFICATE,
    NTLM,
    access,
    api_prefix,
    check_way_in,
    default_port,
    way_in_spec,
    windows_user,
)
from ._core.errors import InvalidInput
from ._core.qrs.client import Qrs
from ._http.tls import Pem, TlsSettings
from ._http.transport import RequestsTransport
from ._option_files import is_plainly_trusted

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from ._core.qrs.auth import Access
    from ._http.ntlm import WindowsAuth

_LETTERS = string.ascii_letters + string.digits

_PRIVATE_KEY = "private key"


def environment(name: str) -> str:
    """The environment variable as a fallback; an empty one counts as not set."""
    value = os.environ.get(name)
    if not value:
        raise AnsibleFallbackNotFound
    return value


def _option(name: t.Optional[str] = None, **spec: t.Any) -> t.Dict[str, t.Any]:
    fallback = {"fallback": (environment, [name])} if name else {}
    return {**spec, **fallback}


#: Pairs of options of which one silences the environment of both: the variable names a path.
_PAIRS = {"client_cert": "QLIK_CLIENT_CERT", "client_key": "QLIK_CLIENT_KEY", "ca": "QLIK_CA"}


def connection_spec(*, host_required: bool = True) -> t.Dict[str, t.Any]:
    """The connection options. Where ``host`` is not required, the repository is not either."""
    return {
        "host": _option("QLIK_HOST", type="str", required=host_required),
        "port": _option("QLIK_PORT", type="int"),
        "client_cert_path": _option(type="path"),
        "client_cert_content": _option(type="str"),
        "client_key_path": _option(type="path", no_log=False),
        "client_key_content": _option(type="str", no_log=True),
        "client_key_passphrase": _option("QLIK_CLIENT_KEY_PASSPHRASE", type="str", no_log=True),
        "ca_path": _option(type="path"),
        "ca_content": _option(type="str"),
        "validate_certs": _option("QLIK_VALIDATE_CERTS", type="bool", default=True),
        "tls_server_name": _option("QLIK_TLS_SERVER_NAME", type="str"),
        **way_in_spec(_option),
        "timeout": _option("QLIK_TIMEOUT", type="int", default=60),
        "retries": _option("QLIK_RETRIES", type="int", default=3),
        "use_proxy": _option(type="bool", default=True),
    }


#: Pairs of options that say the same in two ways.
CONNECTION_EXCLUSIVE = [(name + "_path", name + "_content") for name in _PAIRS]


class Endpoint(t.NamedTuple):
    """The repository's address, and what it takes to send a request there."""

    transport: RequestsTransport
    url: str
    access: Access


def endpoint(module: AnsibleModule) -> Endpoint:
    """The repository that the module's options lead to. Nothing is sent yet."""
    params = module.params
    check_way_in(params)
    transport = RequestsTransport(
        site_tls(module),
        timeout=params["timeout"],
        use_proxy=params["use_proxy"],
        windows_auth=_windows_auth(module) if params["auth"] == NTLM else None,
    )
    url = base_url("https", params["host"], params["port"] or default_port(params), "host")
    prefix = api_prefix(params)
    if prefix:
        url += f"/{prefix}"
    return Endpoint(transport, url, access(params, url))


def connect(module: AnsibleModule, to: t.Optional[Endpoint] = None) -> Qrs:
    """The client of that repository."""
    to = to or endpoint(module)
    return Qrs(
        to.transport,
        to.url,
        access=to.access,
        xrfkey=xrfkey,
        sleep=time.sleep,
        retries=module.params["retries"],
    )


def xrfkey() -> str:
    """Sixteen characters of 0-9 a-z A-Z, sent twice with every request (Using Xrfkey headers)."""
    return "".join(secrets.choice(_LETTERS) for dummy in range(16))


def base_url(scheme: str, host: str, port: int, option: str) -> str:
    """``scheme://host:port``; rejects a host that is more than a name or an address."""
    name = host.strip()
    if name.startswith("[") and name.endswith("]"):
        name = name[1:-1]
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?", name):
        raise InvalidInput(
            f"{option}: '{host}' is not a valid host name. Set the name alone, without scheme, "
            "port, or path.",
            option=option,
        )
    return f"{scheme}://[{name}]:{port}" if ":" in name else f"{scheme}://{name}:{port}"


def server_name(params: t.Mapping[str, t.Any], option: str) -> t.Optional[str]:
    """The name that ``option`` expects in a certificate; None when it is not given."""
    name = params[option]
    if name and not re.fullmatch(r"[\w.:-]+", name):
        raise InvalidInput(
            f"{option}: {name[:100]!r} is not a host name. Use a name from the certificate, such "
            "as qlik.example.com.",
            option=option,
        )
    return str(name) if name else None


def site_tls(module: AnsibleModule) -> TlsSettings:
    """TLS with the site's own servers: its authority, and the client certificate that it made.

    A proxy, where another way in leads through one, asks for no certificate.
    """
    params = module.params
    tls = TlsSettings(
        validate=params["validate_certs"],
        ca=authority_option(module, "ca"),
        server_name=server_name(params, "tls_server_name"),
        directory=module.tmpdir,
    )
    if params["auth"] != CERTIFICATE:
        return tls
    key = _pem_option(module, "client_key", _PRIVATE_KEY)
    # Without a file of its own, the private key is in this one. A certificate alone is public, and
    # another one does not belong to the key.
    cert = _pem_option(module, "client_cert", None if key else _PRIVATE_KEY)
    if cert is None:
        raise InvalidInput(
            "client_cert_path: a client certificate of the site is needed. Use client.pem, or its "
            "text as client_cert_content; QMC exports it under Certificates. In AWX, add the "
            'credential of the type "Qlik Sense site certificate" to the template.',
            option="client_cert_path",
        )
    return tls._replace(
        client_cert=cert,
        client_key=key,
        client_key_passphrase=params["client_key_passphrase"],
    )


def _windows_auth(module: AnsibleModule) -> WindowsAuth:
    from ._http.ntlm import WindowsAuth

    return WindowsAuth(windows_user(module.params), module.params["api_password"])


def authority_option(module: AnsibleModule, name: str) -> t.Optional[Pem]:
    """The authorities to trust, from a pair of options or from the environment."""
    return _pem_option(module, name, "certificate")


def _pem_option(module: AnsibleModule, name: str, what: t.Optional[str]) -> t.Optional[Pem]:
    """The material of a pair of options, else the file that the environment names.

    With ``what`` it holds, the file has to be one that other users cannot have written.
    """
    path, content = module.params[name + "_path"], module.params[name + "_content"]
    if not path and not content and name in _PAIRS:
        path = os.environ.get(_PAIRS[name])
        path = os.path.expanduser(path) if path else None
    if content:
        return Pem(name, content=content)
    if not path:
        return None
    is_public = what != _PRIVATE_KEY
    if what is None or is_plainly_trusted(path, is_secret=not is_public):
        return Pem(name, path=path)
    from ._file_trust import Guard

    return Pem(
        name, path=path, guard=Guard(what, module.warn, owner_option=None, is_public=is_public)
    )

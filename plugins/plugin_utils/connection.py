# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The connection to a site: which host, how to log in, and on which host the modules run."""

from __future__ import annotations

import typing as t

from .paths import absolute
from .text_values import structured
from .variables import Variables, given

#: Options of the modules' connection that come from the variable qlik_<option>.
OPTIONS = (
    "port",
    "auth",
    "client_cert_path",
    "client_cert_content",
    "client_key_path",
    "client_key_content",
    "client_key_passphrase",
    "ca_path",
    "ca_content",
    "validate_certs",
    "tls_server_name",
    "api_user_directory",
    "api_user_id",
    "api_prefix",
    "api_token",
    "api_header_name",
    "api_password",
    "timeout",
    "retries",
    "use_proxy",
)
CONTROLLER = ("localhost", "127.0.0.1", "::1")


def given_options(variables: Variables) -> t.Dict[str, t.Any]:
    """The options that the variables set."""
    return absolute(given(variables, "qlik_", OPTIONS), start(variables))


def options(variables: Variables) -> t.Dict[str, t.Any]:
    """What a role gives to all modules that speak to the repository."""
    return {
        **_of_node(variables),
        **given_options(variables),
        "host": host(variables),
    }


def _of_node(variables: Variables) -> t.Dict[str, t.Any]:
    """What the role qrs_credentials read on the node, where the variables leave it open.

    It is for the connection with a client certificate. The other methods lead through the proxy,
    which has a certificate of its own.
    """
    chosen = given(variables, "qlik_", OPTIONS)
    if chosen.get("auth", "certificate") != "certificate":
        return {}
    read = given(variables, "qrs_credentials_", ("client_cert_content", "client_key_content"))
    pair = ("client_cert_path", "client_cert_content", "client_key_path", "client_key_content")
    if any(name in chosen for name in pair):
        read = {}
    if "ca_path" not in chosen and "ca_content" not in chosen:
        read.update(given(variables, "qrs_credentials_", ("ca_content",)))
    name = variables.answer("qrs_credentials_host_name")
    return {**read, "tls_server_name": name} if name else read


def host(variables: Variables) -> str:
    """The repository's host.

    In a delegated task, ansible_host is the delegate's, so the target's is read from its host.
    """
    own = _own(variables)
    return (
        variables.text("qlik_host")
        or own.text("ansible_host")
        or variables.text("inventory_hostname")
    )


def _own(variables: Variables) -> Variables:
    # Before ansible-core 2.19, the variables of tasks are also evaluated without a host.
    return variables.of_host(variables.text("inventory_hostname"))


def address(variables: Variables) -> str:
    """Host and port. Two hosts of the inventory with the same address are one site."""
    port = variables.text("qlik_port") or _default_port(variables)
    return f"{host(variables).lower()}:{port}"


def _default_port(variables: Variables) -> str:
    """The port of the modules for this authentication method."""
    auth = variables.answer("qlik_auth", "certificate")
    return "4242" if auth == "certificate" else "443"


def url(variables: Variables) -> str:
    """The address of the proxy. It is empty if the modules read QLIK_URL, which a guess hides."""
    found = variables.text("qlik_url")
    if found or variables.environment.get("QLIK_URL"):
        return found
    return "https://" + host(variables)


def twins(variables: Variables) -> t.List[str]:
    """The hosts of the play that are the same site as this one, and this one.

    The fact qrs_connection_site has the address of each host that ran, because the play can set
    qlik_host. With serial, hosts of later batches have none yet. Their address is known if that of
    this host comes from the inventory, too.
    """
    own = address(variables)
    hosts = variables["ansible_play_hosts_all"]
    found = set()
    for name in hosts:
        site = variables.of_host(name).answer("qrs_connection_site", {})
        if site.get("address") == own:
            # Under run_once, the one host's fact is given to all.
            found.add(site["host"])
    found.update(name for name in _waiting(variables) if _future_address(variables, name) == own)
    return sorted(found)


def _waiting(variables: Variables) -> t.List[str]:
    own = _own(variables)
    if any(own.text(name) != variables.text(name) for name in ("qlik_host", "qlik_port")):
        return []
    batch = variables["ansible_play_batch"]
    return [name for name in variables["ansible_play_hosts_all"] if name not in batch]


def _future_address(variables: Variables, name: str) -> str:
    other = variables.of_host(name)
    found = other.text("qlik_host") or other.text("ansible_host") or name
    return f"{found.lower()}:{other.text('qlik_port') or _default_port(variables)}"


def api_host(variables: Variables) -> str:
    """The host on which the modules run.

    Connection variables are evaluated among the delegate's variables, where those of the target's
    groups are visible through the target only.
    """
    own = variables.text("qlik_api_host") or _own(variables).text("qlik_api_host")
    return own or "localhost"


def delegate(variables: Variables) -> t.Dict[str, t.Any]:
    """How Ansible connects to the host of a delegated task, which needs no Windows.

    The play or the group "all" may say for every host that it is Windows.
    """
    name = variables.text("qrs_connection_delegate") or api_host(variables)
    if name in CONTROLLER:
        return {
            "plugin": "local",
            "shell_type": "sh",
            "python": variables.answer("ansible_playbook_python", "auto"),
            "become": False,
        }
    there = variables.of_host(name)
    return {
        "plugin": there.answer("ansible_connection", "ssh"),
        "shell_type": there.answer("ansible_shell_type", "sh"),
        "python": there.answer("ansible_python_interpreter", "auto"),
        "become": there.answer("ansible_become", False),
    }


def is_local(variables: Variables) -> bool:
    """Whether the delegated tasks run on the controller."""
    return (variables.text("qrs_connection_delegate") or api_host(variables)) in CONTROLLER


def start(variables: Variables) -> str:
    """Where relative paths begin; empty on another host."""
    return variables.directory if is_local(variables) else ""


def key_path(variables: Variables) -> str:
    """The key of the role jwt_keypair that the variables name."""
    name = "private_key_path"
    path = variables.text("jwt_keypair_" + name)
    return str(absolute({name: path}, start(variables))[name])


def definitions(variables: Variables) -> t.List[t.Dict[str, t.Any]]:
    """The entries of jwt_virtual_proxy_definitions, also of YAML or JSON text."""
    found = structured(variables.answer("jwt_virtual_proxy_definitions", []))
    return [one for one in found or [] if isinstance(one, dict)] if _is_list(found) else []


def _is_list(value: t.Any) -> bool:
    return isinstance(value, (list, tuple))


def described(variables: Variables) -> t.List[str]:
    """The prefixes of the virtual proxies that the variables describe."""
    found = [str(one["prefix"]) for one in definitions(variables) if "prefix" in one]
    single = variables.text("jwt_virtual_proxy_prefix")
    return list(dict.fromkeys([*found, *([single] if single else [])]))


def for_pair(variables: Variables, certificate: str = "") -> t.List[str]:
    """The prefixes of those that a key pair is for: without a certificate, or with that one."""
    own = ("", str(certificate or "").strip())
    common = variables.text("jwt_virtual_proxy_jwt_certificate")
    found = [
        str(one["prefix"])
        for one in definitions(variables)
        if "prefix" in one and str(one.get("jwt_certificate", common) or "").strip() in own
    ]
    single = variables.text("jwt_virtual_proxy_prefix")
    if single and common.strip() in own:
        found.append(single)
    return list(dict.fromkeys(found))


def pair(variables: Variables) -> t.Dict[str, t.Any]:
    """The fact jwt_keypair_result, which an earlier play may have left; empty without it.

    Reports predict it: qrs_connection_pair.
    """
    name = "qrs_connection_pair" if "qrs_connection_pair" in variables else "jwt_keypair_result"
    found = variables.answer(name, {})
    return found if isinstance(found, dict) else {}


def pair_prefixes(variables: Variables) -> t.List[str]:
    """The prefixes that the key pair of the fact jwt_keypair_result was made for on this site."""
    result = pair(variables)
    return list(result.get("prefixes", [])) if result.get("site") == address(variables) else []


def is_other_key(variables: Variables) -> bool:
    """Whether the variables name another key than that of the fact jwt_keypair_result."""
    path = key_path(variables)
    return path != "" and (pair(variables).get("private_key_path") or "") not in ("", path)


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "given": given_options,
    "options": options,
    "host": host,
    "address": address,
    "url": url,
    "twins": twins,
    "api_host": api_host,
    "delegate": delegate,
    "is_local": is_local,
    "start": start,
    "key_path": key_path,
    "definitions": definitions,
    "described": described,
    "for_pair": for_pair,
    "pair_prefixes": pair_prefixes,
    "is_other_key": is_other_key,
}

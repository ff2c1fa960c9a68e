# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The logins that the role jwt_verify tries: where, as whom, and with which key."""

from __future__ import annotations

import typing as t

from . import connection
from .paths import absolute
from .text_values import structured, texts
from .validation import faults as type_faults
from .variables import Variables, is_nothing
from .variables import given as given_of

PREFIX = "jwt_verify_"
#: Options of qlik_jwt_probe that come from the variable jwt_verify_<option> as it is.
PLAIN = (
    "token",
    "private_key_path",
    "private_key_content",
    "private_key_passphrase",
    "private_key_owner",
    "algorithm",
    "user_id",
    "user_directory",
    "user_id_claim",
    "user_directory_claim",
    "audience",
    "issuer",
    "lifetime",
    "app_id",
    "page_path",
    "origin",
    "expect",
    "fail_on",
    "url_ca_path",
    "url_ca_content",
    "url_validate_certs",
    "url_tls_server_name",
    "wait",
    "end_session",
    "qps_port",
    "allow_user_creation",
    "allow_insecure_transport",
)
LISTS = ("checks", "trusted_hosts")
STRUCTURES = ("attributes",)
#: Options of which one says how tokens are signed.
SIGNERS = ("token", "private_key_path", "private_key_content")
#: Variables of the role jwt_virtual_proxy that a login depends on.
DESCRIBED = (
    "prefix",
    "state",
    "authentication_method",
    "jwt_attribute_user_id",
    "jwt_attribute_user_directory",
    "jwt_audience",
)
#: Options that take the claim names for clients, which their tokens contain.
_CLAIMS = {
    "user_id_claim": "jwt_attribute_user_id",
    "user_directory_claim": "jwt_attribute_user_directory",
    "audience": "jwt_audience",
}
#: Seconds. A token for one login can have a short lifetime, and a proxy restarts after a change.
_LIFETIME = 300
_WAIT = 120

Json = t.Dict[str, t.Any]


def given(variables: Variables) -> Json:
    """The options of the role's own variables."""
    found = given_of(variables, PREFIX, PLAIN)
    for name, value in given_of(variables, PREFIX, LISTS).items():
        found[name] = texts(value)
    for name, value in given_of(variables, PREFIX, STRUCTURES).items():
        found[name] = structured(value)
    found = {name: value for name, value in found.items() if not is_nothing(value)}
    return absolute(found, connection.start(variables))


def described(variables: Variables) -> t.List[Json]:
    """The virtual proxies with JWT that the variables of the role jwt_virtual_proxy describe."""
    common = given_of(variables, "jwt_virtual_proxy_", DESCRIBED)
    every = [{**common, **one} for one in connection.definitions(variables) or [{}]]
    return [
        one
        for one in every
        if "prefix" in one
        and one.get("state", "present") == "present"
        and one.get("authentication_method", "jwt") == "jwt"
    ]


def wanted(variables: Variables) -> t.List[Json]:
    """The virtual proxies to log in through. A rotation names them."""
    if "qrs_connection_logins" in variables:
        return list(variables["qrs_connection_logins"])
    prefix = variables.text(PREFIX + "prefix")
    found = described(variables)
    if prefix:
        return [one for one in found if one["prefix"] == prefix] or [{"prefix": prefix}]
    return found


def unclaimed(variables: Variables) -> t.List[str]:
    """The prefixes that the key pair of the fact jwt_keypair_result was not made for."""
    own = connection.pair_prefixes(variables)
    return [str(one["prefix"]) for one in wanted(variables) if str(one["prefix"]) not in own]


def _result_path(variables: Variables) -> str:
    return str(connection.pair(variables).get("private_key_path") or "")


def signer(variables: Variables) -> Json:
    """The key of the role jwt_keypair: the one that the variables name, or that of its fact.

    The fact counts only if the pair was made for these logins.
    """
    if any(name in given(variables) for name in SIGNERS):
        return {}
    content = variables.answer("jwt_keypair_private_key_content")
    path = connection.key_path(variables)
    if not path and not content and not unclaimed(variables):
        path = _result_path(variables)
    if path:
        found = {"private_key_path": path}
        extra = {"private_key_passphrase": "passphrase", "private_key_owner": "owner"}
    elif content:
        found = {"private_key_content": content}
        extra = {"private_key_passphrase": "src_passphrase"}
    else:
        return {}
    for option, name in extra.items():
        value = variables.answer("jwt_keypair_" + name)
        if value is not None:
            found[option] = value
    return found


def options(variables: Variables) -> Json:
    """The options for each login. A rotation replaces them, because it proves two keys."""
    if "qrs_connection_login" in variables:
        return dict(variables["qrs_connection_login"])
    return {**signer(variables), **given(variables)}


def addresses(variables: Variables) -> t.List[str]:
    """The URLs to try: those of jwt_verify_urls, or the URL for clients.

    The environment is known only if the tasks run on the controller.
    """
    several = urls(variables)
    if several:
        return several
    found = connection.url(variables)
    if not found and connection.is_local(variables):
        found = variables.environment.get("QLIK_URL", "")
    return [found]


def urls(variables: Variables) -> t.List[str]:
    """The URLs of jwt_verify_urls, also one per line."""
    return list(dict.fromkeys(texts(variables.answer(PREFIX + "urls", []))))


def skipped(variables: Variables, key: t.Optional[Json] = None) -> t.List[str]:
    """The prefixes that check mode cannot log in to, because key or virtual proxy are predicted.

    ``key`` is the result of stat for the file of the key.
    """
    if not variables.is_on("ansible_check_mode"):
        return []
    prefixes = [one["prefix"] for one in wanted(variables)]
    if not ((key or {}).get("stat") or {}).get("exists", True):
        return prefixes
    result = variables.answer("jwt_virtual_proxy_result", {})
    changed = [one["prefix"] for one in result.get("virtual_proxies", []) if one["changed"]]
    return [prefix for prefix in prefixes if prefix in changed]


def targets(variables: Variables, key: t.Optional[Json] = None) -> t.List[Json]:
    """One for each login: URL and prefix only, because Ansible prints the items of a loop."""
    left_out = skipped(variables, key)
    return [
        {"url": url, "prefix": one["prefix"]}
        for url in addresses(variables)
        for one in wanted(variables)
        if one["prefix"] not in left_out
    ]


def probe(variables: Variables, target: Json) -> Json:
    """The options of qlik_jwt_probe for one login.

    Without the repository, the module says what is known from outside. An empty host keeps it from
    reading QLIK_HOST.
    """
    virtual_proxy = next(one for one in wanted(variables) if one["prefix"] == target["prefix"])
    known = {option: virtual_proxy.get(name) for option, name in _CLAIMS.items()}
    known["url"] = target["url"]
    usual: Json = {"lifetime": _LIFETIME}
    if variables.answer("jwt_virtual_proxy_result", {}).get("changed"):
        usual["wait"] = _WAIT
    site = connection.options(variables)
    if not variables.is_on(PREFIX + "repository", default=True):
        site = {name: site[name] for name in ("timeout", "use_proxy") if name in site}
        site["host"] = ""
    return {
        **site,
        **usual,
        **{name: value for name, value in known.items() if value},
        **options(variables),
        "prefix": target["prefix"],
    }


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = type_faults(variables, "jwt_verify")
    if not wanted(variables):
        found.append(
            "jwt_verify_prefix: set the prefix to log in through, or describe virtual proxies with "
            "JWT in the variables of the role jwt_virtual_proxy."
        )
    chosen = options(variables)
    if "token" not in chosen and "user_id" not in chosen:
        found.append(
            "jwt_verify_user_id: set jwt_verify_user_id and jwt_verify_user_directory, a user for "
            "tests, or set a token as jwt_verify_token."
        )
    has_signer = any(name in chosen for name in SIGNERS)
    if not has_signer and _result_path(variables) and not may_have_a_key(variables):
        made_for = connection.pair(variables).get("prefixes") or []
        found.append(
            "jwt_verify_private_key_path: set the path of the key that signs for "
            f"{', '.join(unclaimed(variables))}. The role jwt_keypair made the key pair of "
            f"jwt_keypair_result for {', '.join(made_for) or 'no described virtual proxy'}."
        )
    if any("@" in url for url in addresses(variables)):
        # It is shown neither here nor in a report.
        name = PREFIX + "urls" if urls(variables) else "qlik_url"
        found.append(
            f"{name}: remove the user name and the password from the address. Set scheme, host, "
            "and, if it is not the usual one, port."
        )
    return found


def may_have_a_key(variables: Variables) -> bool:
    """Whether the module can find a key in its own environment."""
    is_there = variables.environment.get("QLIK_JWT_PRIVATE_KEY", "") != ""
    return is_there or not connection.is_local(variables)


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "given": given,
    "described": described,
    "options": options,
    "skipped": skipped,
    "targets": targets,
    "probe": probe,
    "faults": faults,
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The virtual proxies that the variables of the role jwt_virtual_proxy describe."""

from __future__ import annotations

import typing as t

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.defaults import (
    clear_faults,
    cleared,
    completed,
    wants_certificate,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.virtual_proxy.options import (
    virtual_proxy_spec,
)

from .connection import address, definitions, is_other_key, pair, pair_prefixes
from .text_values import structured, texts
from .validation import faults as type_faults
from .variables import Variables
from .variables import given as given_of

PREFIX = "jwt_virtual_proxy_"
#: Options that come from the variable as it is.
PLAIN = (
    "prefix",
    "state",
    "description",
    "session_cookie_header_name",
    "session_cookie_domain",
    "session_inactivity_timeout",
    "authentication_method",
    "anonymous_access_mode",
    "jwt_certificate",
    "jwt_attribute_user_id",
    "jwt_attribute_user_directory",
    "jwt_audience",
    "host_allow_list_mode",
    "proxies_mode",
    "tags_mode",
    "authentication_module_redirect_uri",
    "windows_authentication_enabled_device_pattern",
    "extended_security_environment",
    "use_sticky_load_balancing",
    "secure_attribute_https",
    "secure_attribute_http",
    "same_site_attribute_https",
    "same_site_attribute_http",
    "allow_restart",
)
#: Options that a job template passes as text: one entry per line or commas, and YAML or JSON.
LISTS = ("load_balancing_nodes", "host_allow_list", "proxies", "tags")
STRUCTURES = ("jwt_attribute_map", "additional_response_headers", "custom_properties")


def given(variables: Variables) -> t.Dict[str, t.Any]:
    """The options of the single variables."""
    found = given_of(variables, PREFIX, PLAIN)
    for name, value in given_of(variables, PREFIX, LISTS).items():
        # A tag in a list may have commas.
        listed = texts(value, keep_commas=name == "tags")
        if listed:
            found[name] = listed
    for name, value in given_of(variables, PREFIX, STRUCTURES).items():
        parsed = structured(value)
        if parsed not in (None, "", [], {}):
            found[name] = parsed
    return found


def clear(variables: Variables) -> t.List[str]:
    """The options to clear."""
    return texts(variables.answer(PREFIX + "clear", []))


def common(variables: Variables) -> t.Dict[str, t.Any]:
    """The options of one virtual proxy, or of each definition that does not set them."""
    return {**given(variables), **cleared(clear(variables))}


def wanted(variables: Variables) -> t.List[t.Dict[str, t.Any]]:
    """The virtual proxies as the variables describe them."""
    options = common(variables)
    return [{**options, **one} for one in definitions(variables) or [{}]]


def certificate(variables: Variables) -> str:
    """The certificate of the role jwt_keypair, unless the variables name another key by now."""
    return "" if is_other_key(variables) else str(pair(variables).get("certificate") or "")


def entries_of(variables: Variables) -> t.List[t.Dict[str, t.Any]]:
    """The virtual proxies with the certificate of the key pair where they name none."""
    return [completed(one, {}, certificate(variables)) for one in wanted(variables)]


def unclaimed(variables: Variables) -> t.List[str]:
    """The prefixes that the key pair was not made for.

    It may be given to a new virtual proxy, and to one that trusts the same key or the key that it
    replaced.
    """
    if not certificate(variables):
        return []
    own = pair_prefixes(variables)
    found = [str(one.get("prefix", "")) for one in wanted(variables) if wants_certificate(one)]
    return [prefix for prefix in dict.fromkeys(found) if prefix not in own]


def foreign(variables: Variables, site: t.Mapping[str, t.Any]) -> t.List[str]:
    """Those of them that trust another key on the site, as qlik_virtual_proxy_info returned it."""
    key = pair(variables)
    known = [key.get("fingerprint") or "", *key.get("predecessors", [])]
    keys = {
        one["prefix"]: (one.get("certificate") or {}).get("fingerprint")
        for one in site["judgements"]
    }
    there = [one["prefix"] for one in site["virtual_proxies"]]
    return [
        prefix
        for prefix in unclaimed(variables)
        if prefix in there and (keys.get(prefix) or None) not in known
    ]


def foreign_faults(variables: Variables) -> t.List[str]:
    """The sentence about virtual proxies whose key the key pair would replace."""
    found = foreign(variables, variables["jwt_virtual_proxy__site"])
    if not found:
        return []
    made_for = ", ".join(pair(variables).get("prefixes") or []) or "no described virtual proxy"
    sentence = (
        f"jwt_virtual_proxy_jwt_certificate: {', '.join(found)} trusts another key than "
        f"jwt_keypair_result, which the role jwt_keypair made for {made_for}. Nothing was changed. "
        "To replace the certificate, set jwt_virtual_proxy_jwt_certificate, or jwt_certificate of "
        "the entry in jwt_virtual_proxy_definitions, to jwt_keypair_result.certificate. To keep "
        "it, set that variable to the present certificate."
    )
    return [sentence]


def user(variables: Variables) -> t.Any:
    """The user to create, with its options; empty without one."""
    return structured(variables.answer(PREFIX + "user", {})) or {}


def has_options(variables: Variables) -> bool:
    """Whether the variables name a user or set plain HTTP of the proxies."""
    return bool(user(variables)) or variables.answer(PREFIX + "allow_http") is not None


def result(
    variables: Variables,
    outcome: t.Mapping[str, t.Any],
    user_outcome: t.Mapping[str, t.Any],
    services_outcome: t.Mapping[str, t.Any],
) -> t.Dict[str, t.Any]:
    """The fact jwt_virtual_proxy_result."""
    if not has_options(variables):
        # These are of an earlier run of the role.
        user_outcome, services_outcome = {}, {}
    names: t.Tuple[str, ...] = (
        "virtual_proxies",
        "pruned",
        "before",
        "proxies_restarted",
        "requests",
    )
    if "sessions_ending" in outcome:
        names = (*names, "sessions_ending")
    outcomes = (outcome, user_outcome, services_outcome)
    return {
        **{name: outcome[name] for name in names},
        "changed": any(one.get("changed", False) for one in outcomes),
        "user": user_outcome.get("user"),
        "proxy_services": services_outcome.get("proxy_services", []),
    }


def drift(
    missing: t.Iterable[str],
    outcomes: t.Iterable[t.Mapping[str, t.Any]],
) -> t.List[t.Dict[str, t.Any]]:
    """What a run would change, from the differences that the modules returned in check mode."""
    found: t.List[t.Dict[str, t.Any]] = [
        {"subject": f"virtual proxy '{prefix}'", "before": {}, "after": {"prefix": prefix}}
        for prefix in missing
    ]
    for outcome in outcomes:
        differences = outcome.get("diff", [])
        for one in differences if isinstance(differences, list) else [differences]:
            found.append(
                {
                    "subject": one["before_header"],
                    "before": one["before"],
                    "after": one["after"],
                }
            )
    return found


def comparable(variables: Variables, there: t.Sequence[str]) -> t.Dict[str, t.Any]:
    """The entries to compare with the site, and the prefixes whose certificate is not known here.

    Those are missing on the site. The comparison does not fail because of a restart.
    """
    every = entries_of(variables)
    missing = [one for one in every if one["prefix"] not in there and wants_certificate(one)]
    return {
        "missing": [one["prefix"] for one in missing],
        "entries": [{**one, "allow_restart": True} for one in every if one not in missing],
    }


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = type_faults(variables, "jwt_virtual_proxy") + _of_definitions(variables)
    every, single = wanted(variables), given(variables)
    prefixes = [one.get("prefix", "") for one in every]
    if any("prefix" not in one for one in every):
        found.append(
            "jwt_virtual_proxy_prefix: set the prefix of the virtual proxy, or set "
            "jwt_virtual_proxy_definitions for several."
        )
    if any(isinstance(prefix, (list, dict)) for prefix in prefixes):
        found.append(
            "jwt_virtual_proxy_prefix: one text, not a list. For several virtual proxies, use "
            "jwt_virtual_proxy_definitions."
        )
        return found
    if definitions(variables) and "prefix" in single:
        found.append(
            "Set jwt_virtual_proxy_prefix or jwt_virtual_proxy_definitions, not both: each "
            "definition has a prefix."
        )
    if len(set(prefixes)) < len(prefixes):
        found.append(
            "jwt_virtual_proxy_definitions: each prefix can occur once. These occur: "
            f"{', '.join(map(str, prefixes))}."
        )
    found += ["jwt_virtual_proxy_clear: " + one for one in clear_faults(single, clear(variables))]
    if any("PRIVATE KEY" in str(one.get("jwt_certificate", "")) for one in every):
        found.append(
            "jwt_virtual_proxy_jwt_certificate: this is a private key. Nothing was sent. Set the "
            "certificate, and check whether other people have seen the key."
        )
    account = user(variables)
    if account and not (isinstance(account, dict) and {"directory", "id"} <= set(account)):
        found.append(
            "jwt_virtual_proxy_user: set a mapping with directory and id, for example "
            "{directory: PORTAL, id: login_test}."
        )
    return found


def _of_definitions(variables: Variables) -> t.List[str]:
    """What Ansible says about the definitions. The role's spec accepts text, so it has no type."""
    name = PREFIX + "definitions"
    spec = {name: {"type": "list", "elements": "dict", "options": virtual_proxy_spec()}}
    validated = ArgumentSpecValidator(spec).validate({name: definitions(variables)})
    return [f"{name}: {message}" for message in validated.error_messages]


def claimed(variables: Variables) -> t.Dict[str, t.Any]:
    """The fact jwt_keypair_result after virtual proxies got its certificate; empty if none did."""
    prefixes = unclaimed(variables)
    if not prefixes:
        return {}
    own = pair_prefixes(variables)
    return {
        **pair(variables),
        "prefixes": list(dict.fromkeys([*own, *prefixes])),
        "site": address(variables),
    }


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "given": given,
    "wanted": wanted,
    "entries": entries_of,
    "certificate": certificate,
    "unclaimed": unclaimed,
    "foreign_faults": foreign_faults,
    "comparable": comparable,
    "faults": faults,
    "user": user,
    "has_options": has_options,
    "drift": lambda dummy, missing, outcomes: drift(missing, outcomes),
    "result": result,
    "claimed": claimed,
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of the roles: unknown names, and values that have not the type of the option.

Ansible's filters bool and int would read such values as false and 0, and a module would name its
own option and not the variable.
"""

from __future__ import annotations

import functools
import re
import typing as t
from pathlib import Path

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.qlikops.sense.plugins.module_utils._core.variables.names import problems

from .connection import address, twins
from .text_values import structured
from .variables import Variables, is_nothing

ROLES = Path(__file__).parent.parent.parent / "roles"
#: Roles that the others share. Users set none of their variables.
SHARED = ("site_reports", "site_results")

#: Variables of each role that are true or false.
SWITCHES = {
    "qrs_connection": (
        "qlik_validate_certs",
        "qlik_use_proxy",
        "qlik_allow_unknown_variables",
        "qrs_credentials_enabled",
    ),
    "jwt_keypair": ("jwt_keypair_backup",),
    "jwt_virtual_proxy": (
        "jwt_virtual_proxy_allow_http",
        "jwt_virtual_proxy_allow_restart",
        "jwt_virtual_proxy_extended_security_environment",
        "jwt_virtual_proxy_prune",
        "jwt_virtual_proxy_secure_attribute_http",
        "jwt_virtual_proxy_secure_attribute_https",
        "jwt_virtual_proxy_use_sticky_load_balancing",
    ),
    "jwt_verify": (
        "jwt_verify_allow_insecure_transport",
        "jwt_verify_allow_user_creation",
        "jwt_verify_repository",
        "jwt_verify_url_validate_certs",
    ),
    "jwt_rotate_key": ("jwt_rotate_key_keep_previous", "jwt_rotate_key_force"),
    "jwt_remove": ("jwt_remove_allow_http", "jwt_remove_allow_restart"),
    "jwt_report": ("jwt_report_verify",),
}
#: Variables of each role that are whole numbers.
NUMBERS = {
    "qrs_connection": ("qlik_port", "qlik_timeout", "qlik_retries"),
    "jwt_keypair": (
        "jwt_keypair_size",
        "jwt_keypair_valid_days",
        "jwt_keypair_renew_before_days",
    ),
    "jwt_virtual_proxy": (
        "jwt_virtual_proxy_prune_limit",
        "jwt_virtual_proxy_session_inactivity_timeout",
    ),
    "jwt_verify": ("jwt_verify_lifetime", "jwt_verify_qps_port", "jwt_verify_wait"),
}
CHOICES = {"qlik_auth": ("certificate", "jwt", "header", "ntlm")}
#: Variables of all roles that are a mapping, and those that are a list of mappings.
MAPPINGS = (
    "jwt_verify_attributes",
    "jwt_virtual_proxy_additional_response_headers",
    "jwt_virtual_proxy_custom_properties",
)
LISTS = (
    "jwt_restore_before",
    "jwt_virtual_proxy_definitions",
    "jwt_virtual_proxy_jwt_attribute_map",
)

#: Variables that a role passes to another one. In an inventory they are errors.
PASSED = ("jwt_keypair_rotation",)

_TRUE = ("true", "yes", "on", "1", "y", "t")
_FALSE = ("false", "no", "off", "0", "n", "f", "none")
_PREFIXES = ("conformance_", "jwt_", "qlik_", "qrs_")
_OPTION = re.compile(r"^      ([a-z][a-z0-9_]*):$", re.MULTILINE)
_PRIVATE = re.compile(r"\b[a-z]+(?:_[a-z]+)*__[a-z0-9_]+")


def faults(variables: Variables, role: str = "qrs_connection") -> t.List[str]:
    """The sentences about unknown names and about the types of a role's variables."""
    found = unknown(variables)
    undecided = [name for name in SWITCHES.get(role, ()) if not _is_switch(variables, name)]
    if undecided:
        found.append(", ".join(undecided) + ": give true or false.")
    others = [name for name in NUMBERS.get(role, ()) if not _is_number(variables, name)]
    if others:
        found.append(", ".join(others) + ": give a whole number.")
    return found + (unstructured(variables) if role == "qrs_connection" else [])


def site_faults(variables: Variables) -> t.List[str]:
    """The same for the connection, and whether other hosts of the play are the same site."""
    found = faults(variables)
    for name, choices in CHOICES.items():
        value = variables.answer(name)
        if value is not None and value not in choices:
            found.append(f"{name}: give one of {', '.join(choices)}.")
    hosts = twins(variables)
    if len(hosts) > 1:
        found.append(
            f"qlik_host: {', '.join(hosts)} are all the site {address(variables)}, and each "
            f"would change it. Choose one of them, for example with --limit {hosts[0]} or "
            "run_once, or give each its own qlik_host."
        )
    return found


def spec_faults(variables: Variables, role: str) -> t.List[str]:
    """What Ansible says about the variables of a role that does not validate its argument spec."""
    options_of_role = spec(role)
    own = {name: variables[name] for name in options_of_role if name in variables}
    return list(ArgumentSpecValidator(options_of_role).validate(own).error_messages)


@functools.lru_cache(maxsize=None)
def spec(role: str) -> t.Mapping[str, t.Any]:
    """The options of a role's main entry point."""
    text = (ROLES / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    return t.cast("t.Mapping[str, t.Any]", yaml_load(text)["argument_specs"]["main"]["options"])


def _is_switch(variables: Variables, name: str) -> bool:
    value = variables.answer(name)
    return value is None or str(value).lower() in _TRUE + _FALSE


def _is_number(variables: Variables, name: str) -> bool:
    value = variables.answer(name)
    return not value or re.match("-?[0-9]*$", str(value).strip()) is not None


def unstructured(variables: Variables) -> t.List[str]:
    """The sentences about variables that are neither a mapping or list nor the text of one."""
    found = []
    for name in MAPPINGS:
        value = structured(variables.answer(name))
        if not is_nothing(value) and not isinstance(value, dict):
            found.append(name + ": give a mapping, or a mapping as YAML or JSON text.")
    for name in LISTS:
        value = structured(variables.answer(name))
        if not is_nothing(value) and not _is_list_of_mappings(value):
            found.append(name + ": give a list of mappings, or such a list as YAML or JSON text.")
    return found


def _is_list_of_mappings(value: t.Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(one, dict) for one in value)


def unknown(variables: Variables) -> t.List[str]:
    """A sentence for each unknown name, and how to correct it.

    Ansible ignores a variable that no role has, so a misspelled name would be a setting without
    effect.
    """
    if variables.is_on("qlik_allow_unknown_variables"):
        return []
    names = [name for name in variables if name.lower().startswith(_PREFIXES)]
    own = variables.of_host(variables.text("inventory_hostname"))
    found = unknown_names(names)
    found += [f"{name}: only roles of this collection set it." for name in PASSED if name in own]
    if found:
        found.append(
            "Correct the name, or rename a variable of your own. To skip this check, set "
            "qlik_allow_unknown_variables to true."
        )
    return found


def unknown_names(names: t.Iterable[str]) -> t.List[str]:
    """A sentence for each unknown name."""
    every = list(names)
    hidden = private() if any("__" in name for name in every) else frozenset()
    return problems(every, options(), hidden)


@functools.lru_cache(maxsize=None)
def options() -> t.Mapping[str, t.AbstractSet[str]]:
    """The variables of each role, from its argument specs.

    They are searched as text, because to parse the YAML takes much longer than the rest.
    """
    found = {}
    for path in ROLES.glob("*/meta/argument_specs.yml"):
        role = path.parent.parent.name
        if role not in SHARED:
            found[role] = frozenset(_OPTION.findall(path.read_text(encoding="utf-8")))
    return found


@functools.lru_cache(maxsize=None)
def private() -> t.AbstractSet[str]:
    """The names with two underscores that the files of the roles contain."""
    found: t.Set[str] = set()
    for path in (*ROLES.glob("*/tasks/*.yml"), *ROLES.glob("*/vars/*.yml")):
        found.update(_PRIVATE.findall(path.read_text(encoding="utf-8")))
    return found


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"faults": faults, "site_faults": site_faults}

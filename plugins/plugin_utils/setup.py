# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the playbook jwt_setup validates before the first role changes anything."""

from __future__ import annotations

import typing as t

from . import connection, keypair_faults, verify, virtual_proxy
from .results import is_selected
from .validation import site_faults, spec_faults
from .variables import Variables
from .variables import given as given_of
from .verify import may_have_a_key, options


def required(variables: Variables) -> t.List[str]:
    """What the playbook jwt_setup needs and the variables do not set, in one sentence."""
    missing = [text for text, is_set in _required(variables) if not is_set]
    if not missing:
        return []
    host = variables["inventory_hostname"]
    return [
        f"Required variables are not set for {host}: {'; '.join(missing)}. Nothing was changed."
    ]


def _required(variables: Variables) -> t.Iterator[t.Tuple[str, bool]]:
    site = connection.options(variables)
    text = (
        "qlik_client_cert_path and qlik_client_key_path (client certificate of the site; in AWX, "
        "the credential of the type Qlik Sense site certificate)"
    )
    is_set = (
        site.get("auth", "certificate") != "certificate"
        or "client_cert_path" in site
        or "client_cert_content" in site
        or variables.is_on("qrs_credentials_enabled")
        or not connection.is_local(variables)
        or variables.environment.get("QLIK_CLIENT_CERT", "") != ""
    )
    yield text, is_set
    text = (
        "jwt_keypair_private_key_path (private key that signs tokens; in AWX, the credential of "
        "the type Qlik Sense JWT signing key)"
    )
    keys = ("private_key_path", "private_key_content", "store_tasks", "source")
    yield text, bool(given_of(variables, "jwt_keypair_", keys)) or may_have_a_key(variables)
    text = (
        "jwt_virtual_proxy_prefix, or jwt_virtual_proxy_definitions for several (virtual proxies "
        "to set up)"
    )
    yield text, bool(connection.described(variables))
    chosen = options(variables)
    text = "jwt_verify_user_id and jwt_verify_user_directory (user for the test login)"
    yield text, "token" in chosen or "user_id" in chosen


def faults(variables: Variables) -> t.List[str]:
    """The sentences about the variables of all roles that the tags of the run select."""
    found = site_faults(variables)
    missing = required(variables) if is_selected(variables, "jwt_verify") else []
    if missing:
        return found + missing
    for role, check in CHECKS.items():
        if is_selected(variables, role):
            found += spec_faults(variables, role)
            found += check(variables)
    foreign = virtual_proxy.unclaimed(variables)
    if (
        foreign
        and is_selected(variables, "jwt_virtual_proxy")
        and not is_selected(variables, "jwt_keypair")
    ):
        found.append(
            f"jwt_virtual_proxy_jwt_certificate: the key pair of an earlier play was not made for "
            f"{', '.join(foreign)}. Let the part jwt_keypair run, too, or set the certificate."
        )
    return list(dict.fromkeys(found))


#: What is validated for each role beside its argument spec.
CHECKS: t.Dict[str, t.Callable[[Variables], t.List[str]]] = {
    "jwt_keypair": keypair_faults.faults,
    "jwt_virtual_proxy": virtual_proxy.faults,
    "jwt_verify": verify.faults,
}

PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"faults": faults}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role jwt_report says about a site: state, drift, certificates, and findings."""

from __future__ import annotations

import re
import typing as t

from . import connection
from .text_values import texts
from .validation import faults as type_faults
from .variables import Variables
from .variables import given as given_of

PREFIX = "jwt_report_"
REASONS = ("drift", "expiry", "error")
BLANK: t.Dict[str, t.Any] = {
    "status": "not_read",
    "reason": "",
    "failures": [],
    "drift": [],
    "drift_unknown": "",
    "virtual_proxies": [],
    "state": None,
}
#: What is left out of the state, so that two of them differ only where the sites differ.
_LEFT_OUT = ("id", "jwt_certificate")
#: Variables that say where the key pair of the virtual proxies comes from.
_PAIR = (
    "source",
    "src_path",
    "src_content",
    "private_key_path",
    "private_key_content",
    "store_tasks",
)

Json = t.Dict[str, t.Any]


def faults(variables: Variables) -> t.List[str]:
    """The sentences about variables that are not valid."""
    found = type_faults(variables, "jwt_report")
    unknown = [reason for reason in fail_on(variables) if reason not in REASONS]
    if unknown:
        found.append(
            f"jwt_report_fail_on: there is no {', '.join(unknown)}. Give some of drift, expiry and "
            "error, as a list or one a line."
        )
    if not re.match("[0-9]+$", str(variables.answer(PREFIX + "expiry_days", 30))):
        found.append("jwt_report_expiry_days: give a whole number of days, such as 30.")
    return found


def fail_on(variables: Variables) -> t.List[str]:
    """The conditions on which the role fails."""
    return texts(variables.answer(PREFIX + "fail_on", []))


def is_described(variables: Variables) -> bool:
    """Whether the variables describe virtual proxies, and so there is something to compare."""
    return bool(connection.definitions(variables) or variables.text("jwt_virtual_proxy_prefix"))


def wants_pair(variables: Variables) -> bool:
    """Whether the certificate for the comparison has to be fetched.

    Where the role jwt_keypair has run for these virtual proxies, its fact has it.
    """
    own = connection.pair_prefixes(variables)
    is_there = (
        "jwt_keypair_result" in variables
        and not connection.is_other_key(variables)
        and all(prefix in own for prefix in connection.for_pair(variables))
    )
    of_environment = variables.environment.get("QLIK_JWT_PRIVATE_KEY", "")
    return is_described(variables) and not is_there and bool(
        (of_environment and connection.is_local(variables))
        or given_of(variables, "jwt_keypair_", _PAIR)
    )  # fmt: skip


def pair(variables: Variables, outcome: t.Optional[Json] = None) -> Json:
    """The key pair to compare with: a predicted one, or that of the fact jwt_keypair_result."""
    if outcome:
        return {
            "certificate": outcome["certificate"],
            "fingerprint": outcome["fingerprint"],
            "prefixes": connection.described(variables),
            "site": connection.address(variables),
        }
    return {} if connection.is_other_key(variables) else connection.pair(variables)


def pair_drift(variables: Variables, outcome: t.Optional[Json] = None) -> t.List[Json]:
    """What a run would change about the key pair.

    A key that a vault or the certificate store would bring is in no file that the difference is of.
    """
    diff = (outcome or {}).get("diff") or {"before": {}, "after": {}}
    after = dict(diff["after"])
    if outcome and variables.is_on("jwt_keypair_foretold"):
        reason = "it is new, or another one than there was"
        after["private_key"] = {"state": "present", "reason": reason}
    if diff["before"] == after:
        return []
    return [{"subject": "key pair", "before": diff["before"], "after": after}]


def state(site: Json) -> Json:
    """What is there, without ids, days and moments, in an order of its own."""
    judged = {one["prefix"]: one for one in site["judgements"]}
    every = sorted(site["virtual_proxies"], key=lambda one: str(one["prefix"]))
    return {
        "release": (site.get("about") or {}).get("buildVersion", ""),
        "nodes": [_without(one, "id") for one in _sorted(site["nodes"], "name")],
        "proxies": [_without(one, "id", "prefixes") for one in _sorted(site["proxies"], "node")],
        "virtual_proxies": [
            {
                **_without(one, *_LEFT_OUT),
                "certificate": judged.get(one["prefix"], {}).get("certificate"),
            }
            for one in every
            if one.get("authentication_method") == "jwt"
        ],
        "others": [
            {key: one[key] for key in ("prefix", "authentication_method") if key in one}
            for one in every
            if one["prefix"] not in judged
        ],
    }


def _sorted(items: t.Iterable[Json], key: str) -> t.List[Json]:
    return sorted(items, key=lambda one: str(one[key]))


def _without(item: Json, *names: str) -> Json:
    return {key: value for key, value in item.items() if key not in names}


def consumers(variables: Variables, found: Json, key: Json) -> t.List[Json]:
    """The settings of client applications for each virtual proxy.

    The path of the key is known if the variables specify it.
    """
    base = connection.url(variables) or variables.environment.get("QLIK_URL", "")
    path = key.get("private_key_path") or connection.key_path(variables)
    each = []
    for one in found["virtual_proxies"]:
        url = f"{base}/{one['prefix']}" if one["prefix"] else base
        directory = one.get("jwt_attribute_user_directory") or ""
        is_fixed = re.match(r"\[.*\]$", directory) is not None
        fingerprint = (one.get("certificate") or {}).get("fingerprint") or ""
        each.append(
            {
                "prefix": one["prefix"],
                "url": url,
                "user_id_claim": one.get("jwt_attribute_user_id") or "",
                "user_directory_claim": "" if is_fixed else directory,
                "user_directory": directory[1:-1] if is_fixed else "",
                "audience": one.get("jwt_audience") or "",
                "key_fingerprint": fingerprint,
                "private_key_path": (
                    path if fingerprint and fingerprint == key.get("fingerprint") else ""
                ),
                "qlik_context": {
                    "server": url,
                    "server-type": "windows",
                    "comment": f"Qlik Sense, virtual proxy {one['prefix']}",
                },
            }
        )
    return each


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {
    "faults": faults,
    "is_described": is_described,
    "wants_pair": wants_pair,
    "pair": pair,
}

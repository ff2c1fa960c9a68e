# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result of the role jwt_keypair."""

from __future__ import annotations

import typing as t

from . import connection
from .keypair import given, kept_certificate, rotation
from .variables import Variables

#: What the module returns and other roles may read.
RETURNED = (
    "certificate",
    "public_key",
    "fingerprint",
    "certificate_fingerprint",
    "thumbprint",
    "subject",
    "not_before",
    "not_after",
    "days_left",
    "size",
    "matches",
    "notes",
)

Json = t.Dict[str, t.Any]


def predecessors(variables: Variables, outcome: Json) -> t.List[str]:
    """The keys that this run replaced, by the fingerprints of their public halves.

    By this task, by an earlier one at the same path, or by a rotation.
    """
    earlier = connection.pair(variables)
    before = (outcome.get("diff") or {}).get("before") or {}
    found = [rotation(variables).get("retired") or ""]
    found.append((before.get("private_key") or {}).get("fingerprint") or "")
    if given(variables).get("private_key_path", "") == earlier.get("private_key_path"):
        found += [earlier.get("fingerprint") or "", *earlier.get("predecessors", [])]
    return [one for one in dict.fromkeys(found) if one and one != outcome["fingerprint"]]


def result(variables: Variables, outcome: Json) -> Json:
    """The fact jwt_keypair_result; empty for a report, which only predicts it."""
    if variables.is_on("jwt_keypair_is_told"):
        return {}
    chosen = {**kept_certificate(variables), **given(variables)}
    paths = ("private_key_path", "public_key_path", "certificate_path")
    return {
        **{name: outcome[name] for name in RETURNED},
        **{name: chosen.get(name) for name in paths},
        "changed": bool(outcome.get("changed")),
        "prefixes": connection.for_pair(variables, outcome["certificate"]),
        "site": connection.address(variables),
        "predecessors": predecessors(variables, outcome),
    }


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"result": result}

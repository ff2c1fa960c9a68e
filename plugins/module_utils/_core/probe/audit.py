# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings that need only the repository: no token, no login.

What depends on the user, the client, or the token, only the probe can find.
"""

from __future__ import annotations

import datetime as dt
import typing as t

from ..crypto import certificates
from ..crypto.tokens import Token
from ..errors import InvalidInput
from ..virtual_proxy.site import prefix_of
from .certificate_view import view_certificate
from .evidence import Evidence, TokenView
from .findings import certificate, claims, engine, route, security, virtual_proxy
from .findings.base import Finding
from .findings.order import rules_of
from .settings import Settings
from .view import JWT, View, central_proxy_id

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from ..virtual_proxy.site import Site

#: The rules that need neither a token nor a login.
RULES = tuple(
    rule
    for rule in rules_of(route, virtual_proxy, claims, certificate, engine, security)
    if rule.audit
)

#: RFC 2606: no node has this name, so no rule matches it with a node.
_NOWHERE = "https://nowhere.invalid"


def judgements(
    site: Site, virtual_proxies: t.Sequence[Entity], now: dt.datetime
) -> t.List[t.Dict[str, t.Any]]:
    """The certificate and the findings of each virtual proxy with JWT, in their order."""
    return [
        {
            "prefix": prefix_of(entity),
            **_certificate(entity, now),
            "findings": [finding.as_dict() for finding in _findings(site, entity, now)],
        }
        for entity in virtual_proxies
        if entity.get("authenticationMethod") == JWT
    ]


def _findings(site: Site, entity: Entity, now: dt.datetime) -> t.List[Finding]:
    # The judged one first: a view with several takes the first that is linked.
    others = [item for item in site.by_prefix[prefix_of(entity)] if item["id"] != entity["id"]]
    evidence = Evidence(
        settings=Settings(_NOWHERE, prefix_of(entity), _NOWHERE, checks=frozenset()),
        now=now.timestamp(),
        token=TokenView(Token({}, {}), 0),
        view=View(
            (entity, *others),
            tuple(site.proxy_services),
            central_proxy_id(site),
            view_certificate(entity.get("jwtPublicKeyCertificate") or ""),
        ),
    )
    found = []
    for rule in RULES:
        proof = rule.check(evidence)
        if proof is not None:
            found.append(rule.finding(proof, proof.level or rule.level))
    return found


def _certificate(entity: Entity, now: dt.datetime) -> t.Dict[str, t.Any]:
    """What identifies the certificate, and how long it lasts; None where there is none to read."""
    try:
        parsed = certificates.parse(entity.get("jwtPublicKeyCertificate") or "")
    except InvalidInput:
        return {"certificate": None, "days_left": None}
    found = certificates.describe(parsed, now=now)
    shown = {
        "subject": found.subject,
        "fingerprint": found.fingerprint,
        "certificate_fingerprint": found.certificate_fingerprint,
        "not_before": certificates.iso(found.not_before),
        "not_after": certificates.iso(found.not_after),
        "size": found.size,
    }
    return {"certificate": shown, "days_left": found.days_left}

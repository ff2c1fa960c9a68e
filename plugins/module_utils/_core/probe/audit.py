# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What the repository alone proves about a virtual proxy: no token, no login, no address.

Whatever depends on who comes in, from where and with what, only the probe can tell.
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
from .findings import certificate as rules_certificate
from .findings import route as rules_route
from .findings import security as rules_security
from .findings import session as rules_session
from .findings import token as rules_token
from .findings.base import CATALOGUE, Finding, make
from .findings.order import BLAME_ORDER
from .settings import Settings
from .view import JWT, View

if t.TYPE_CHECKING:
    from ..qrs.client import Entity
    from ..virtual_proxy.site import Site

_STANDING = frozenset(
    {
        rules_route.not_linked,
        rules_route.not_linked_to_central,
        rules_route.duplicate_prefix,
        rules_route.session_cookie_conflict,
        rules_route.redirect_uri_ignored,
        rules_certificate.certificate_missing,
        rules_certificate.certificate_bare_public_key,
        rules_certificate.certificate_unreadable,
        rules_certificate.certificate_expired,
        rules_certificate.certificate_expires_soon,
        rules_certificate.weak_key,
        rules_certificate.service_key_reused,
        rules_token.claim_name_invalid,
        rules_session.no_load_balancing_node,
        rules_security.anonymous_access,
        rules_security.allow_list_wildcard,
        rules_security.allow_list_entry_invalid,
        rules_security.insecure_transport,
    }
)

#: RFC 2606: no node has this name, so no rule takes it for the address of one.
_NOWHERE = "https://nowhere.invalid"


def judgements(
    site: Site, virtual_proxies: t.Sequence[Entity], now: dt.datetime
) -> t.List[t.Dict[str, t.Any]]:
    """For each virtual proxy with JWT its certificate and the findings, in the order of blame."""
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
            _central_proxy_id(site),
            view_certificate(entity.get("jwtPublicKeyCertificate") or ""),
        ),
    )
    found = []
    for rule in BLAME_ORDER:
        proof = rule(evidence) if rule in _STANDING else None
        if proof is not None:
            found.append(make(rule.__name__, proof, proof.level or CATALOGUE[rule.__name__].level))
    return found


def _central_proxy_id(site: Site) -> t.Optional[str]:
    central = site.nodes.central.id
    services = site.proxy_services
    return next((s["id"] for s in services if s["serverNodeConfiguration"]["id"] == central), None)


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

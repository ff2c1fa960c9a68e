# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Evidence as small builders make it: a healthy run, and what a test changes of it."""

from __future__ import annotations

import dataclasses
import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto.tokens import Token
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.certificate_view import (
    CertificateView,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import (
    Engine,
    Evidence,
    Fault,
    Login,
    TokenView,
    User,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.responses import (
    ResponseSummary,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.settings import (
    DAY,
    Settings,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.view import View

Json = dict[str, t.Any]
NOW = 1_800_000_000.0
FINGERPRINT = "AA:BB"

NOT_ROUTED_PAGE = ResponseSummary(400, "header_incorrect", "The http request header is incorrect.")
BARE_400 = ResponseSummary(400, "empty")
PAGE_401 = ResponseSummary(401, "error_page", "Unauthorized")
SETTINGS = Settings(
    url="https://qlik.example.com",
    prefix="jwt",
    origin="https://qlik.example.com",
    repository_host="qlik.example.com",
)
CERTIFICATE = CertificateView(
    "good",
    fingerprint=FINGERPRINT,
    not_before=NOW - DAY,
    not_after=NOW + 365 * DAY,
    size=3072,
    signature_algorithm="sha256WithRSAEncryption",
)
ADMITTED = Login(
    True, ResponseSummary(204, "empty", seconds=0.4), "qps/csrftoken", "X-Qlik-Session-jwt", True
)


def settings(**changes: t.Any) -> Settings:
    """The settings of a plain run."""
    return dataclasses.replace(SETTINGS, **changes)


def token(header: Json | None = None, **changes: t.Any) -> TokenView:
    """A good token; a change to None leaves a claim out."""
    claims = {"userId": "jdoe", "userDirectory": "ACME", "iat": NOW - 30, "exp": NOW + 3600}
    claims.update(changes)
    kept = {name: value for name, value in claims.items() if value is not None}
    return TokenView(Token(header or {"alg": "RS256"}, kept), 400, signature_good=True)


def entity(**changes: t.Any) -> Json:
    """A virtual proxy as the repository returns it, as far as rules look."""
    return {
        "id": "vp",
        "prefix": "jwt",
        "authenticationMethod": 4,
        "anonymousAccessMode": 0,
        "sessionCookieHeaderName": "X-Qlik-Session-jwt",
        "jwtPublicKeyCertificate": "PEM",
        "jwtAttributeUserId": "userId",
        "jwtAttributeUserDirectory": "userDirectory",
        "jwtAudience": "",
        "jwtAttributeMap": [],
        "websocketCrossOriginWhiteList": ["qlik.example.com"],
        "loadBalancingServerNodes": [{"id": "n1"}],
        "authenticationModuleRedirectUri": "",
        **changes,
    }


def service(name: str = "Central", *linked: Json, **settings_: t.Any) -> Json:
    """A proxy service on the node of that name, serving ``linked``."""
    return {
        "id": f"ps-{name}",
        "settings": {"virtualProxies": list(linked), "allowHttp": False, **settings_},
        "serverNodeConfiguration": {"id": f"n-{name}", "name": name, "hostName": f"{name}.local"},
    }


def view(proxy: Json | None = None, **changes: t.Any) -> View:
    """The repository's side of a healthy run, its one virtual proxy changed by ``proxy``."""
    found = entity(**(proxy or {}))
    fields: Json = {
        "candidates": (found,),
        "proxy_services": (service("Central", found),),
        "certificate": CERTIFICATE,
        "user": {"userDirectory": "acme", "userId": "JDOE"},
        "user_read": True,
        **changes,
    }
    return View(**fields)


def healthy(**changes: t.Any) -> Evidence:
    """A run that went well, with the repository."""
    fields: Json = {
        "settings": SETTINGS,
        "now": NOW,
        "token": token(),
        "user": ("ACME", "jdoe"),
        "view": view(),
        "baseline": NOT_ROUTED_PAGE,
        "skew": 0.0,
        "login": ADMITTED,
        "repeated": ResponseSummary(204, "empty"),
        "identity": User("ACME", "jdoe", "Jane", ("proxy",)),
        "page": ResponseSummary(200, "page", "Hub"),
        "engine": Engine(ResponseSummary(101, "empty")),
        **changes,
    }
    return Evidence(**fields)


def refused(seen: ResponseSummary = BARE_400, **changes: t.Any) -> Evidence:
    """A run whose login was refused by that answer."""
    login = Login(False, seen, "qps/csrftoken")
    nothing: Json = dict.fromkeys(("repeated", "identity", "page", "engine"))
    return healthy(**{"login": login, **nothing, **changes})


def unreachable(kind: str, *, sent: bool = False, **changes: t.Any) -> Evidence:
    """A run that ended in a request without an answer."""
    fault = Fault(kind, "It failed.", sent)
    nothing: Json = dict.fromkeys(("baseline", "login", "repeated", "identity", "page", "engine"))
    return healthy(**{"fault": fault, **nothing, **changes})

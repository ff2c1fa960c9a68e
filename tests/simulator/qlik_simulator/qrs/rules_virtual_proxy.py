# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the repository demands of a virtual proxy."""

from __future__ import annotations

import re
import typing as t

from cryptography import x509

from ..site import Site
from ..store import Entity
from .errors import bad_request

# "Editing a virtual proxy" of the administrator's help: lower case, and these characters.
_PREFIX = re.compile(r"[a-z0-9\-._~]*", re.ASCII)
_ANY_CASE = re.compile(r"[A-Za-z0-9\-._~]*", re.ASCII)
_CERTIFICATE = re.compile(
    r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL | re.ASCII
)
_HEADER_STATIC, _HEADER_DYNAMIC, _SAML = 1, 2, 3
# Headers that the proxy itself sends to what stands behind it.
_RESERVED_HEADERS = {
    "x-qlik-security", "x-qlik-user", "x-qlik-proxysession", "x-qlik-proxyid", "x-qlik-trace",
    "x-qlik-app", "x-qlik-virtual-proxy-prefix",
}  # fmt: skip


def check(site: Site, entity: Entity, before: Entity | None) -> None:
    """Raises 400; lowers the case of the prefix when ``upper_prefix`` says so."""
    _prefix(site, entity)
    _method(entity)
    _default(entity, before)
    _certificate(site, entity["jwtPublicKeyCertificate"])
    own_id = (before or {}).get("id")
    if site.switches.unique_scope == "site":
        others = [e for e in site.store.view("virtualproxyconfig") if e["id"] != own_id]
        _unique(entity, others)
    elif site.switches.unique_scope == "proxy" and before is not None:
        for proxy in site.store.all("proxyservice"):
            ids = [item["id"] for item in proxy["settings"]["virtualProxies"]]
            if own_id in ids:
                others = [site.store.get("virtualproxyconfig", i) for i in ids if i != own_id]
                _unique(entity, others)


def check_proxy(site: Site, linked_ids: t.Sequence[str]) -> None:
    """Raises 400 when two virtual proxies of one proxy share a prefix or a cookie name."""
    linked = [site.store.get("virtualproxyconfig", i) for i in linked_ids]
    for position, entity in enumerate(linked):
        _unique(entity, linked[:position])


def default_ids(site: Site) -> set[str]:
    """Ids of the default virtual proxy (one, unless a test seeded more)."""
    entities = site.store.view("virtualproxyconfig")
    return {entity["id"] for entity in entities if entity["defaultVirtualProxy"]}


def _unique(entity: Entity, others: t.Sequence[Entity]) -> None:
    for other in others:
        if other["prefix"].lower() == entity["prefix"].lower():
            raise bad_request("prefix must be unique for each virtual proxy")
        if other["sessionCookieHeaderName"].lower() == entity["sessionCookieHeaderName"].lower():
            raise bad_request("sessionCookieHeaderName must be unique for each virtual proxy")


def _prefix(site: Site, entity: Entity) -> None:
    prefix: str = entity["prefix"]
    if not _ANY_CASE.fullmatch(prefix):
        raise bad_request("prefix may hold only a-z 0-9 - . _ ~")
    if _PREFIX.fullmatch(prefix):
        return
    if site.switches.upper_prefix == 400:
        raise bad_request("prefix must be lower case")
    if site.switches.upper_prefix == "lower":
        entity["prefix"] = prefix.lower()


def _method(entity: Entity) -> None:
    header = entity["headerAuthenticationHeaderName"].lower()
    if header in _RESERVED_HEADERS:
        raise bad_request("headerAuthenticationHeaderName is reserved")


def _default(entity: Entity, before: Entity | None) -> None:
    was_default = bool((before or {}).get("defaultVirtualProxy"))
    if not was_default or before is None:
        return
    if entity["authenticationMethod"] in (_HEADER_STATIC, _HEADER_DYNAMIC, _SAML):
        raise bad_request("the default virtual proxy cannot use this authentication method")
    if entity["sessionCookieDomain"] != before["sessionCookieDomain"]:
        raise bad_request("sessionCookieDomain of the default virtual proxy is read-only")


def _certificate(site: Site, text: str) -> None:
    if not text:
        return
    block = _CERTIFICATE.search(text)
    bare = block is None and "-----BEGIN PUBLIC KEY-----" in text
    if bare:
        if site.switches.bare_public_key == 400:
            raise bad_request("jwtPublicKeyCertificate holds a public key, not a certificate")
        if site.switches.bare_public_key == "works":
            return
    if site.switches.pem_check_on_save == 400:
        try:
            x509.load_pem_x509_certificate((block.group() if block else "").encode())
        except ValueError:
            raise bad_request("jwtPublicKeyCertificate is not a certificate") from None

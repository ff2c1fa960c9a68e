# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls that are no entities: licence, load balancing, certificate export, SAML metadata."""

from __future__ import annotations

import re
import typing as t
import uuid

from ..schema import EMPTY_ID
from ..site import Site
from . import reads, writes
from .call import Answer, Call
from .errors import bad_request, not_found
from .restarts import proxies_of
from .values import is_guid

_EXPORT_FOLDER = "C:\\ProgramData\\Qlik\\Sense\\Repository\\Exported Certificates"
_OK, _APP_NOT_FOUND, _PROXY_NOT_FOUND, _PREFIX_NOT_FOUND = range(4)
_OF_USER = re.compile(r"user\.id eq ([0-9A-Fa-f-]{36})")
_LICENSE_ID = "5f7a9c52-0ed0-4a2f-9ef6-0c4d8a6c1b11"


def get_license(site: Site, call: Call) -> Answer:
    """``GET /license``, without keys."""
    writes.require_admin(call)
    return Answer(
        200,
        {
            "id": _LICENSE_ID,
            "name": "Simulator",
            "organization": "Simulator",
            "product": 1,
            "numberOfCores": -1,
            "isExpired": False,
            "expiredReason": "",
            "isBlacklisted": False,
            "isInvalid": False,
            "isSubscription": True,
            "schemaPath": "License",
            "privileges": None,
        },
    )


def get_access_overview(site: Site, call: Call) -> Answer:
    """``GET /license/accesstypeoverview``: all passes are professional ones here."""
    writes.require_admin(call)
    used = len(site.license.holders)
    pool = {"enabled": True, "total": site.license.total, "allocated": used, "used": used}
    none = {"enabled": False, "total": 0, "allocated": 0, "used": 0}
    rest = {"quarantined": 0, "excess": 0}
    return Answer(
        200,
        {
            "totalTokens": 0,
            "availableTokens": 0,
            "tokensEnabled": False,
            "userAccess": {"enabled": False, "allocatedTokens": 0, "usedTokens": 0},
            "loginAccess": {"enabled": False, "allocatedTokens": 0, "usedTokens": 0},
            "professionalAccess": {
                **pool,
                **rest,
                "available": max(0, site.license.total - used),
            },
            "analyzerAccess": {**none, **rest, "available": 0},
            "analyzerTimeAccess": {"enabled": False, "allocatedMinutes": 0, "usedMinutes": 0},
            "schemaPath": "AccessTypeOverview",
        },
    )


def get_passes(site: Site, call: Call, kind: str) -> Answer:
    """``GET /license/<kind>accesstype/full``: the passes of users, with the one filter known here.

    An ordinary user sees none. Like the overview, it has professional passes only.
    """
    holders = site.license.holders if kind == "professional" else []
    users = {
        (user["userDirectory"].casefold(), user["userId"].casefold()): user["id"]
        for user in reads.visible(site, call, "user")
    }
    ids = [users[holder] for holder in holders if holder in users]
    text = call.query.get("filter")
    if text is not None:
        wanted = _OF_USER.fullmatch(text)
        if wanted is None:
            raise bad_request(f"Cannot parse the expression: {text}")
        ids = [user_id for user_id in ids if user_id == wanted.group(1).lower()]
    return Answer(200, [_pass(site, user_id) for user_id in ids])


def _pass(site: Site, user_id: str) -> dict[str, t.Any]:
    return {
        "id": str(uuid.uuid5(uuid.UUID(_LICENSE_ID), user_id)),
        "user": site.shapes.condensed("user", user_id),
        "lastUsed": "1753-01-01T00:00:00.000Z",
        "excess": False,
        "quarantined": False,
        "quarantineEnd": "1753-01-01T00:00:00.000Z",
        "deletedUserId": "",
        "deletedUserDirectory": "",
        "privileges": None,
        "schemaPath": "License.ProfessionalAccessType",
    }


def post_export(site: Site, call: Call) -> Answer:
    """``POST /certificatedistribution/exportcertificates``: the folder; no file is written."""
    writes.require_admin(call)
    body = {str(name).lower(): value for name, value in call.json_object().items()}
    machines = body.get("machinenames")
    if not isinstance(machines, list) or not machines:
        raise bad_request("machineNames must be a list of host names")
    if str(body.get("exportformat", 0)).lower() not in ("0", "1", "windows", "pem"):
        raise bad_request("exportFormat must be Windows or Pem")
    return Answer(201, _EXPORT_FOLDER)


def get_export_path(site: Site, call: Call) -> Answer:
    """``GET /certificatedistribution/exportcertificatespath``: a bare JSON string."""
    writes.require_admin(call)
    return Answer(200, _EXPORT_FOLDER)


def post_valid_nodes(site: Site, call: Call) -> Answer:
    """``POST /loadbalancing/validnodes``: every app exists but that of the empty id."""
    app, code, nodes = _balance(site, call)
    hosts = [site.store.get("servernodeconfiguration", i)["hostName"] for i in nodes]
    return Answer(
        201,
        {
            "schemaPath": "LoadBalancingNodesResult",
            "appID": app,
            "hosts": hosts,
            "loadBalancingResultCode": code,
        },
    )


def post_valid_engines(site: Site, call: Call) -> Answer:
    """``POST /loadbalancing/validengines``"""
    app, code, nodes = _balance(site, call)
    hosts = [site.store.get("servernodeconfiguration", i)["hostName"] for i in nodes]
    return Answer(
        201,
        {
            "schemaPath": "LoadBalancingResult",
            "appID": app,
            "validEngines": [f"https://{host}:4747" for host in hosts],
            "loadBalancingResultCode": code,
        },
    )


def _balance(site: Site, call: Call) -> tuple[str, int, list[str]]:
    body = {str(name).lower(): value for name, value in call.json_object().items()}
    app = body.get("appid")
    if not is_guid(app) or body.get("loadbalancingpurpose") not in (0, 1, 2):
        raise bad_request("appID and loadBalancingPurpose are required")
    if app == EMPTY_ID:
        return str(app), _APP_NOT_FOUND, []
    proxy_id = body.get("proxyid") or call.node.proxy_id
    proxy = site.store.find("proxyservice", proxy_id)
    if proxy is None:
        return str(app), _PROXY_NOT_FOUND, []
    prefix = str(body.get("proxyprefix") or "").lower()
    for item in proxy["settings"]["virtualProxies"]:
        virtual_proxy: dict[str, t.Any] = site.store.get("virtualproxyconfig", item["id"])
        if virtual_proxy["prefix"].lower() == prefix:
            return str(app), _OK, [n["id"] for n in virtual_proxy["loadBalancingServerNodes"]]
    return str(app), _PREFIX_NOT_FOUND, []


def get_saml_metadata(site: Site, call: Call, entity_id: str) -> Answer:
    """``GET /virtualproxyconfig/{id}/generate/samlmetadata``: 404 until it is linked."""
    entity = reads.one(site, call, "virtualproxyconfig", entity_id)
    if not proxies_of(site, "virtualproxyconfig", entity["id"]):
        raise not_found()
    return Answer(200, {"value": str(uuid.uuid4())})


def post_preview_privileges(site: Site, call: Call) -> Answer:
    """``POST /<type>/previewprivileges``"""
    call.json_object()
    return Answer(201, ["create", "read", "update", "delete"] if call.actor.admin else [])


def post_preview_create(site: Site, call: Call) -> Answer:
    """``POST /<type>/previewcreateprivilege``: a boolean is wrapped like a number."""
    call.json_object()
    return Answer(201, {"value": call.actor.admin})

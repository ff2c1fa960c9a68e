# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Nodes, users, tags, custom properties, selections, service states: the server's description."""

from __future__ import annotations

from .schema import (
    CUSTOM_PROPERTIES,
    Field,
    Schema,
    boolean,
    children,
    enum,
    reference,
    references,
    string,
    strings,
)

NODE_ROLE = Schema(
    "ServerNodeRole",
    (
        enum(
            "definition",
            (
                "SchedulerMaster", "LicenceMaintenance", "UserSync", "NodeRegistration",
                "AppManagement", "CleanDatabase",
            ),
        ),
    ),
)  # fmt: skip
SERVICE_CLUSTER = Schema(
    "ServiceCluster", (string("name", 128, "ServiceCluster", min_length=1, required=True),)
)
NODE = Schema(
    "ServerNodeConfiguration",
    (
        CUSTOM_PROPERTIES,
        string("name", 255, required=True),
        string("hostName", 255, required=True),
        boolean("isCentral", condensed=False),
        enum(
            "nodePurpose",
            ("Production", "Development", "ProductionAndDevelopment"),
            condensed=False,
        ),
        boolean("engineEnabled", True, condensed=False),
        boolean("proxyEnabled", True, condensed=False),
        boolean("printingEnabled", True, condensed=False),
        boolean("schedulerEnabled", True, condensed=False),
        references("tags", "tag", condensed=False),
        string("temporaryfilepath", 255),
        references("roles", "servernoderole"),
        reference("serviceCluster", "servicecluster", required=True),
        boolean("failoverCandidate", condensed=False),
    ),
)

USER_ATTRIBUTE = Schema(
    "UserAttribute",
    (
        string("attributeType", 255, min_length=1, required=True),
        string("attributeValue", 255, min_length=1, empty_allowed=True),
        string("externalId", 511, min_length=1, empty_allowed=True),
    ),
    owned=True,
)
USER = Schema(
    "User",
    (
        CUSTOM_PROPERTIES,
        string("userId", 255, min_length=1, required=True),
        string("userDirectory", 255, min_length=1, required=True),
        string("userDirectoryConnectorName", 255, min_length=1, empty_allowed=True),
        string("name", 511),
        strings("roles", condensed=False),
        children("attributes", USER_ATTRIBUTE.name, condensed=False),
        boolean("inactive", condensed=False),
        boolean("removedExternally", condensed=False),
        boolean("blacklisted", condensed=False),
        boolean("deleteProhibited", condensed=False),
        references("tags", "tag", condensed=False),
        strings("favorites", condensed=False),
    ),
)

TAG = Schema("Tag", (string("name", 255, required=True),))

CUSTOM_PROPERTY_DEFINITION = Schema(
    "CustomPropertyDefinition",
    (
        string("name", 100, min_length=1, required=True),
        string("valueType", None, "Text", required=True),
        strings("choiceValues"),
        strings("objectTypes", condensed=False),
        string("description", 512, condensed=False),
    ),
)
CUSTOM_PROPERTY_VALUE = Schema(
    "CustomPropertyValue",
    (
        string("value", 1024, required=True),
        reference("definition", "custompropertydefinition", required=True),
    ),
    owned=True,
)

SELECTION_ITEM = Schema(
    "SelectionItem",
    (
        string("type", None, required=True),
        Field("objectID", "uuid", None, required=True),
        string("objectName", None),
    ),
    owned=True,
)
SELECTION = Schema("Selection", (children("items", SELECTION_ITEM.name, condensed=False),))

SERVICE_STATUS = Schema(
    "ServiceStatus",
    (
        reference(
            "serverNodeConfiguration", "servernodeconfiguration", required=True, condensed=False
        ),
        enum(
            "serviceType",
            ("Repository", "Proxy", "Scheduler", "Engine", "AppMigration", "Printing"),
            condensed=False,
        ),
        enum(
            "serviceState",
            (
                "Initializing", "CertificatesNotInstalled", "Running", "NoCommunication",
                "Disabled", "Unknown",
            ),
            2,
            condensed=False,
        ),
        Field("timestamp", "date", None, condensed=False),
    ),
)  # fmt: skip

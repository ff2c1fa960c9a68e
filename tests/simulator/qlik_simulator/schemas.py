# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which entity types and owned types there are."""

from __future__ import annotations

from . import schema_others as others
from . import schema_proxy_service as proxies
from . import schema_virtual_proxy as virtual
from .schema import Schema

ENTITIES: dict[str, Schema] = {
    schema.path: schema
    for schema in (
        virtual.VIRTUAL_PROXY,
        proxies.PROXY_SERVICE,
        proxies.PROXY_SERVICE_CERTIFICATE,
        others.NODE,
        others.NODE_ROLE,
        others.SERVICE_CLUSTER,
        others.USER,
        others.TAG,
        others.CUSTOM_PROPERTY_DEFINITION,
        others.SELECTION,
        others.SERVICE_STATUS,
    )
}
OWNED: dict[str, Schema] = {
    schema.name: schema
    for schema in (
        virtual.JWT_MAP_ITEM,
        virtual.SAML_MAP_ITEM,
        virtual.OIDC_MAP_ITEM,
        proxies.SETTINGS,
        proxies.LOG_VERBOSITY,
        others.USER_ATTRIBUTE,
        others.CUSTOM_PROPERTY_VALUE,
        others.SELECTION_ITEM,
    )
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""VirtualProxyConfig: fields and limits from the server's description (38.22.0), defaults from
the developer help's "Virtual Proxy: Create" sample where it shows them, else inferred."""

from __future__ import annotations

from .schema import (
    CUSTOM_PROPERTIES,
    TAGS,
    Field,
    Schema,
    boolean,
    children,
    enum,
    integer,
    references,
    string,
    strings,
)

AUTHENTICATION_METHODS = (
    "Ticket", "HeaderStaticUserDirectory", "HeaderDynamicUserDirectory", "SAML", "JWT", "OIDC",
)  # fmt: skip
SAME_SITE = ("NoAttribute", "None", "Lax", "Strict")
_MAP_END = (
    string("senseAttribute", 255, required=True),
    boolean("isMandatory", required=True),
)
JWT_MAP_ITEM = Schema(
    "VirtualProxyConfigJwtAttributeMapItem",
    (string("jwtAttribute", 255, required=True), *_MAP_END),
    owned=True,
)
SAML_MAP_ITEM = Schema(
    "VirtualProxyConfigSamlAttributeMapItem",
    (string("samlAttribute", 255, required=True), *_MAP_END),
    owned=True,
)
OIDC_MAP_ITEM = Schema(
    "VirtualProxyConfigOidcAttributeMapItem",
    (string("oidcAttribute", 255, required=True), *_MAP_END),
    owned=True,
)


def _uri(name: str) -> Field:
    return string(name, 1024, format="uri")


VIRTUAL_PROXY = Schema(
    "VirtualProxyConfig",
    (
        CUSTOM_PROPERTIES,
        string("prefix", 100),
        string("description", 500),
        _uri("authenticationModuleRedirectUri"),
        _uri("sessionModuleBaseUri"),
        _uri("loadBalancingModuleBaseUri"),
        boolean("useStickyLoadBalancing"),
        references("loadBalancingServerNodes", "servernodeconfiguration"),
        enum("authenticationMethod", AUTHENTICATION_METHODS),
        enum(
            "headerAuthenticationMode",
            ("NotAllowed", "StaticUserDirectory", "DynamicUserDirectory", "Undefined"),
        ),
        string("headerAuthenticationHeaderName", 256, format="http-header-name"),
        string("headerAuthenticationStaticUserDirectory", 256),
        string("headerAuthenticationDynamicUserDirectory", 256),
        enum("anonymousAccessMode", ("NoAnonymousUser", "AllowAnonymous", "AlwaysAnonymous")),
        string("windowsAuthenticationEnabledDevicePattern", 256, "Windows", min_length=1),
        string(
            "sessionCookieHeaderName", 256, min_length=1, format="http-header-name", required=True
        ),
        string("sessionCookieDomain", 256, min_length=1, empty_allowed=True),
        boolean("hasSecureAttributeHttps", True),
        enum("sameSiteAttributeHttps", SAME_SITE, 2),
        boolean("hasSecureAttributeHttp"),
        enum("sameSiteAttributeHttp", SAME_SITE),
        string("additionalResponseHeaders", 1024),
        integer("sessionInactivityTimeout", 30, 1, 71582, format="minutes"),
        boolean("extendedSecurityEnvironment"),
        strings("websocketCrossOriginWhiteList"),
        boolean("defaultVirtualProxy"),
        TAGS,
        string("samlMetadataIdP", 100000),
        string("samlHostUri", 1024, format="uri"),
        string("samlEntityId", 255),
        string("samlAttributeUserId", 255),
        string("samlAttributeUserDirectory", 255),
        enum("samlAttributeSigningAlgorithm", ("SHA1", "SHA256")),
        children("samlAttributeMap", SAML_MAP_ITEM.name),
        string("jwtAttributeUserId", 255),
        string("jwtAttributeUserDirectory", 255),
        string("jwtAudience", 255),
        string("jwtPublicKeyCertificate", 100000),
        children("jwtAttributeMap", JWT_MAP_ITEM.name),
        _uri("magicLinkHostUri"),
        string("magicLinkFriendlyName", 255),
        boolean("samlSlo"),
        boolean("disableOidcOptionalAttributesParsing"),
        _uri("oidcConfigurationEndpointUri"),
        string("oidcClientId", 255),
        string("oidcClientSecret", 255, format="encrypted-text"),
        string("oidcRealm", 255),
        string("oidcAttributeSub", 255),
        string("oidcAttributeName", 255),
        string("oidcAttributeGroups", 255),
        string("oidcAttributeEmail", 255),
        string("oidcAttributeClientId", 255),
        string("oidcAttributePicture", 255),
        string("oidcScope", 255),
        children("oidcAttributeMap", OIDC_MAP_ITEM.name),
        boolean("enableEngineSaturationCheck", release="current"),
        boolean("enableEngineHealthCheckData", release="current"),
        enum("loadBalancingAlgorithm", ("RoundRobin", "MemoryAllocation"), release="current"),
    ),
    condensed_keeps_unknown=True,
)

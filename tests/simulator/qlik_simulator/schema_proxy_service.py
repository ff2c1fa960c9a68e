# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ProxyService and what belongs to it: limits from the server's description (38.22.0)."""

from __future__ import annotations

from .schema import (
    CUSTOM_PROPERTIES,
    Field,
    Schema,
    boolean,
    enum,
    integer,
    reference,
    references,
    string,
)

_LOG_LEVELS = ("Off", "Fatal", "Error", "Warning", "Info", "Debug")
_AUDIT_LEVELS = ("Off", "Fatal", "Error", "Warning", "Basic", "Extended")
_PORT = (1, 65535)

LOG_VERBOSITY = Schema(
    "ProxyServiceSettingsLogVerbosity",
    (
        enum("logVerbosityAuditActivity", _AUDIT_LEVELS, 4),
        enum("logVerbosityAuditSecurity", _AUDIT_LEVELS, 4),
        enum("logVerbosityService", _LOG_LEVELS, 4),
        enum("logVerbosityAudit", _LOG_LEVELS, 4),
        enum("logVerbosityPerformance", _LOG_LEVELS, 4),
        enum("logVerbositySecurity", _LOG_LEVELS, 4),
        enum("logVerbositySystem", _LOG_LEVELS, 4),
    ),
    owned=True,
)

SETTINGS = Schema(
    "ProxyServiceSettings",
    (
        integer("listenPort", 443, *_PORT),
        boolean("allowHttp"),
        integer("unencryptedListenPort", 80, *_PORT),
        integer("authenticationListenPort", 4244, *_PORT),
        boolean("kerberosAuthentication"),
        integer("unencryptedAuthenticationListenPort", 4248, *_PORT),
        string("sslBrowserCertificateThumbprint", 256),
        integer("keepAliveTimeoutSeconds", 10, 1, 300, format="seconds"),
        integer("maxHeaderSizeBytes", 16384, 512, 131072),
        integer("maxHeaderLines", 100, 20, 1000),
        Field("logVerbosity", "object", None, target=LOG_VERBOSITY.name),
        boolean("useWsTrace"),
        integer("performanceLoggingInterval", 5, 1, 71582, format="minutes"),
        integer("restListenPort", 4243, *_PORT),
        references("virtualProxies", "virtualproxyconfig"),
        string("formAuthenticationPageTemplate", 500000),
        string("loggedOutPageTemplate", 500000),
        string("errorPageTemplate", 500000),
    ),
    owned=True,
)

PROXY_SERVICE = Schema(
    "ProxyService",
    (
        CUSTOM_PROPERTIES,
        Field("settings", "object", None, required=True, target=SETTINGS.name, condensed=False),
        reference(
            "serverNodeConfiguration", "servernodeconfiguration", required=True, condensed=False
        ),
        references("tags", "tag", condensed=False),
    ),
)

PROXY_SERVICE_CERTIFICATE = Schema(
    "ProxyServiceCertificate",
    (
        reference("proxyService", "proxyservice", required=True, condensed=False),
        string("x509Certificate", 65536, required=True, condensed=False),
    ),
)

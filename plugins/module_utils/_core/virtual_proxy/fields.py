# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The table of options: name, property, kind of value, limits, QMC label.

Names and limits are those of the server's own description (VirtualProxyConfig, QRS 38.22.0); the
labels are those of the management console (QMC).
"""

from __future__ import annotations

import typing as t

from ..entity.fields import Choice, Field, Flag, Number, Text
from .allow_list import HostNames
from .references import CustomProperties, Tags
from .types import HEADER_NAME, AttributeMap, Certificate, ClaimName, ResponseHeaders

#: RFC 3986, section 2: the characters of a URI; others are percent-encoded.
_URI = r"(?ia)https?://[a-z0-9\[][a-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*"

#: RFC 6265, section 5.1.3: a cookie's domain is a host name.
_DOMAIN = r"\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*"

METHODS = ("ticket", "header_static", "header_dynamic", "saml", "jwt", "oidc")
ANONYMOUS = ("none", "allow", "always")
SAME_SITE = ("no_attribute", "none", "lax", "strict")


FIELDS: t.Tuple[Field, ...] = (
    Field("description", "description", Text(500, lines=True), "Description"),
    Field(
        "session_cookie_header_name",
        "sessionCookieHeaderName",
        Text(
            256,
            least=1,
            pattern=HEADER_NAME,
            meaning="holds a character that no cookie name may have: use letters, digits and "
            "hyphens.",
        ),
        "Session cookie header name",
    ),
    Field(
        "session_cookie_domain",
        "sessionCookieDomain",
        Text(
            256,
            pattern=_DOMAIN,
            meaning="is not a domain name. Use one such as example.com, without scheme or port.",
        ),
        "Session cookie domain",
    ),
    Field(
        "session_inactivity_timeout",
        "sessionInactivityTimeout",
        Number(1, 71582),
        "Session inactivity timeout (minutes)",
    ),
    Field(
        "authentication_method", "authenticationMethod", Choice(*METHODS), "Authentication method"
    ),
    Field(
        "anonymous_access_mode",
        "anonymousAccessMode",
        Choice(*ANONYMOUS),
        "Anonymous access mode",
    ),
    Field("jwt_certificate", "jwtPublicKeyCertificate", Certificate(), "JWT certificate"),
    Field(
        "jwt_attribute_user_id", "jwtAttributeUserId", ClaimName(255), "JWT attribute for user ID"
    ),
    Field(
        "jwt_attribute_user_directory",
        "jwtAttributeUserDirectory",
        ClaimName(255),
        "JWT attribute for user directory",
    ),
    Field("jwt_audience", "jwtAudience", Text(255), "JWT audience"),
    Field("jwt_attribute_map", "jwtAttributeMap", AttributeMap(), "JWT attribute mapping"),
    Field("host_allow_list", "websocketCrossOriginWhiteList", HostNames(), "Host allow list"),
    Field(
        "use_sticky_load_balancing",
        "useStickyLoadBalancing",
        Flag(),
        "Sticky load balancing",
    ),
    Field(
        "authentication_module_redirect_uri",
        "authenticationModuleRedirectUri",
        Text(
            1024,
            pattern=_URI,
            meaning="is not an absolute http or https URI. Use one such as https://host/path.",
        ),
        "Authentication module redirect URI",
    ),
    Field(
        "additional_response_headers",
        "additionalResponseHeaders",
        ResponseHeaders(),
        "Additional response headers",
    ),
    Field(
        "windows_authentication_enabled_device_pattern",
        "windowsAuthenticationEnabledDevicePattern",
        Text(256, least=1),
        "Windows authentication pattern",
    ),
    Field(
        "extended_security_environment",
        "extendedSecurityEnvironment",
        Flag(),
        "Extended security environment",
    ),
    Field(
        "secure_attribute_https",
        "hasSecureAttributeHttps",
        Flag(),
        "Secure attribute (https)",
    ),
    Field("secure_attribute_http", "hasSecureAttributeHttp", Flag(), "Secure attribute (http)"),
    Field(
        "same_site_attribute_https",
        "sameSiteAttributeHttps",
        Choice(*SAME_SITE),
        "SameSite attribute (https)",
    ),
    Field(
        "same_site_attribute_http",
        "sameSiteAttributeHttp",
        Choice(*SAME_SITE),
        "SameSite attribute (http)",
    ),
    Field("tags", "tags", Tags(), "Tags"),
    Field("custom_properties", "customProperties", CustomProperties(), "Custom properties"),
)

BY_OPTION: t.Dict[str, Field] = {field.option: field for field in FIELDS}
BY_PROPERTY: t.Dict[str, Field] = {field.property: field for field in FIELDS}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The table of settings, and the kind of the certificate thumbprint.

Names and limits are those of the server's own description (ProxyServiceSettings, QRS 38.22.0); the
labels are those of the management console (QMC).
"""

from __future__ import annotations

import re
import typing as t

from ..entity.fields import Field, Flag, Number, Text, Value

_PORT = (1, 65535)


class Thumbprint(Text):
    """The thumbprint of a certificate in the Windows store: 40 hexadecimal digits.

    Case and separators are ignored. The certificate dialog of Windows puts an invisible mark in
    front of a copied thumbprint.
    """

    _NOISE = re.compile("[\\s:\u200e\u200f]")

    def write(self, wanted: Value, stored: Value) -> Value:
        return self._NOISE.sub("", wanted)

    def same(self, wanted: Value, present: Value) -> bool:
        return bool(self.write(wanted, None).lower() == self.write(present, None).lower())

    def fault(self, wanted: Value, present: Value = None) -> t.Optional[str]:
        digits = self.write(wanted, None)
        if not digits or re.fullmatch("[0-9A-Fa-f]{40}", digits):
            return None
        return (
            "is not a valid thumbprint. Set the 40 hexadecimal digits that Windows shows for the "
            "certificate, or an empty text for Qlik's own certificate."
        )


FIELDS: t.Tuple[Field, ...] = (
    Field("allow_http", "allowHttp", Flag(), "Allow HTTP"),
    Field("http_port", "unencryptedListenPort", Number(*_PORT), "Service listen port HTTP"),
    Field("https_port", "listenPort", Number(*_PORT), "Service listen port HTTPS"),
    Field("max_header_size_bytes", "maxHeaderSizeBytes", Number(512, 131072), "Max header size"),
    Field("max_header_lines", "maxHeaderLines", Number(20, 1000), "Max header lines"),
    Field(
        "keep_alive_timeout_seconds",
        "keepAliveTimeoutSeconds",
        Number(1, 300),
        "Keep-alive timeout",
    ),
    Field(
        "ssl_browser_certificate_thumbprint",
        "sslBrowserCertificateThumbprint",
        Thumbprint(256),
        "SSL browser certificate thumbprint",
    ),
    Field("kerberos_authentication", "kerberosAuthentication", Flag(), "Kerberos authentication"),
)

BY_OPTION: t.Dict[str, Field] = {field.option: field for field in FIELDS}

#: Every port that a proxy service listens on, and what a message calls it.
PORTS: t.Dict[str, str] = {
    "listenPort": "https_port",
    "unencryptedListenPort": "http_port",
    "authenticationListenPort": "authentication over HTTPS",
    "unencryptedAuthenticationListenPort": "authentication over HTTP",
    "restListenPort": "the proxy's REST API",
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which client certificates open the ports 4242 and 4243, and the servers' TLS contexts."""

from __future__ import annotations

import hashlib
import pathlib
import ssl

from aiohttp import web
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from .certificates import Files


class ClientCertificates:
    """Accepts what the site's own authority has issued."""

    def __init__(self, root: pathlib.Path):
        self._root = x509.load_pem_x509_certificate(root.read_bytes())
        self._judged: dict[bytes, bool] = {}

    def accepts(self, request: web.Request) -> bool:
        """Whether the connection showed a certificate of the site."""
        if request.transport is None:
            return False
        connection = request.transport.get_extra_info("ssl_object")
        der = connection.getpeercert(binary_form=True) if connection is not None else None
        if not der:
            return False
        digest = hashlib.sha256(der).digest()
        if digest not in self._judged:
            self._judged[digest] = self._is_ours(der)
        return self._judged[digest]

    def _is_ours(self, der: bytes) -> bool:
        try:
            x509.load_der_x509_certificate(der).verify_directly_issued_by(self._root)
        except (ValueError, TypeError, InvalidSignature):
            return False
        return True


def service_context(files: Files, node_name: str, refusal: str | int) -> ssl.SSLContext:
    """TLS of 4242 and 4243. ``refusal``: ``tls``, or 403, which needs a handshake first.

    OpenSSL cannot be told to finish a handshake with just any certificate, so under 403 the
    simulator knows one foreign authority whose clients get as far as the application.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stem = files.stem(node_name)
    context.load_cert_chain(files.path(f"server_{stem}"), files.path(f"server_{stem}_key"))
    context.load_verify_locations(files.path("root"))
    if refusal == "tls":
        context.verify_mode = ssl.CERT_REQUIRED
    else:
        context.load_verify_locations(files.path("foreign_ca"))
        context.verify_mode = ssl.CERT_OPTIONAL
    return context


def browser_context(files: Files, node_name: str) -> ssl.SSLContext:
    """TLS of 443."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    stem = files.stem(node_name)
    context.load_cert_chain(files.path(f"proxy_{stem}"), files.path(f"proxy_{stem}_key"))
    return context

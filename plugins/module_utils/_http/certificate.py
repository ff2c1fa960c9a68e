# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Explains why a server certificate is not accepted.

OpenSSL ends the handshake before Python can show the certificate, so it is read on a second
connection, on which nothing but the handshake is sent.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
import typing as t

from .._core.errors import TransportError
from .._core.text import one_line
from .limits import Exchange

# OpenSSL's X509_V_ERR_* numbers (x509_vfy.h); the ssl module has no names for them.
_NOT_YET_VALID, _EXPIRED = 9, 10
_HOSTNAME = (62, 64)
_PURPOSE = (26,)
_WEAK_KEY, _WEAK_SIGNATURE = (66, 67), (68,)
#: Before release 3, OpenSSL has 24 for a certificate that may not sign others.
_NOT_AN_AUTHORITY = (24, 25, 32, 79)

_AUTHORITY = (
    "Use the authority that signed it: the site's root.pem for the repository (port 4242), and "
    "usually that of its own certificate for a proxy (port 443)"
)
#: What is wrong, and what to do, for those that mean a lack of trust.
_UNTRUSTED = {
    2: (
        "its chain ends with an intermediate authority",
        "Use the root certificate as well as the intermediate one",
    ),
    7: (
        "its signature was made with another key than that of the authority with the same name",
        "If the site was reinstalled, or its certificates re-created, give its current root.pem",
    ),
    18: (
        "it is self-signed",
        "Use the certificate itself as the authority, or install one that an authority signed",
    ),
    19: ("the root of its chain is not one of the authorities that are trusted", _AUTHORITY),
    20: ("its authority is unknown", _AUTHORITY),
    21: ("its authority is unknown", _AUTHORITY),
    23: ("it was revoked", "Install a new certificate on the server"),
    **dict.fromkeys(
        _NOT_AN_AUTHORITY,
        (
            "the certificate that signed it may not sign others",
            "Use the certificate of the authority, or have the server's certificate reissued",
        ),
    ),
}

#: The second connection has little to do; the names are not worth a long wait.
_SECONDS, _BYTES = 5.0, 256 * 1024
_NAMES_SHOWN = 5


class Peer(t.NamedTuple):
    """What a server's certificate states."""

    names: t.Tuple[str, ...]
    not_before: dt.datetime
    not_after: dt.datetime


def unverified(
    error: ssl.SSLCertVerificationError, host: str, peer: t.Callable[[], t.Optional[Peer]]
) -> TransportError:
    """The cause and the remedy; ``peer`` reads the certificate where it says more."""
    code, words = error.verify_code, error.verify_message.rstrip(".")
    if code in _HOSTNAME:
        return _fault("tls_hostname", _other_name(host, words, peer()))
    if code in (_NOT_YET_VALID, _EXPIRED):
        return _fault("tls_expired", _not_now(host, words, peer()))
    if code in _PURPOSE:
        return _fault(
            "tls_purpose",
            f"The certificate of {host} is not for servers ({words}). Give the server a "
            "certificate with the extended key usage serverAuth. The authority is not the cause.",
        )
    if code in _WEAK_KEY or code in _WEAK_SIGNATURE:
        what = "signature" if code in _WEAK_SIGNATURE else "key"
        return _fault(
            "tls_weak",
            f"The certificate of {host}, or of its authority, has a {what} that is too weak "
            f"({words}). Give the server a certificate with an RSA key of 2048 bits or more, "
            "signed with SHA-256. The authority that was given is not the cause.",
        )
    what, remedy = _UNTRUSTED.get(code, ("it could not be verified", _AUTHORITY))
    return _fault(
        "tls_untrusted",
        f"The certificate of {host} is not trusted: {what} ({words}). {remedy}.",
    )


def read_peer(host: str, port: int, server_name: str) -> t.Optional[Peer]:
    """The certificate of a server, whether it can be trusted or not; None if it cannot be read."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    exchange = Exchange()
    exchange.begin(_SECONDS, _BYTES)
    exchange.bind(context)
    with contextlib.suppress(OSError, ValueError), socket.create_connection(
        (host, port), _SECONDS
    ) as plain, context.wrap_socket(plain, server_hostname=server_name) as connection:
        content = connection.getpeercert(binary_form=True)
        return None if content is None else _peer(content)
    return None


def _peer(content: bytes) -> t.Optional[Peer]:
    """None without cryptography: the modules that only speak to the repository do without it."""
    try:
        from cryptography import x509
        from cryptography.x509.oid import NameOID
    except ImportError:
        return None
    # Whatever the library says of an odd certificate: OpenSSL has found the cause already.
    with contextlib.suppress(Exception):
        found = x509.load_der_x509_certificate(content)
        names: t.List[t.Any] = [
            item.value for item in found.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        ]
        with contextlib.suppress(x509.ExtensionNotFound):
            held = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            names = [
                *held.get_values_for_type(x509.DNSName),
                *held.get_values_for_type(x509.IPAddress),
            ]
        return Peer(
            tuple(one_line(str(name))[:100] for name in names),
            found.not_valid_before_utc,
            found.not_valid_after_utc,
        )
    return None


def _other_name(host: str, words: str, peer: t.Optional[Peer]) -> str:
    held = ""
    if peer is not None and peer.names:
        more = len(peer.names) - _NAMES_SHOWN
        held = f" It holds {', '.join(peer.names[:_NAMES_SHOWN])}"
        held += f", and {more} more." if more > 0 else "."
    elif peer is not None:
        held = " It holds no name."
    return (
        f"The certificate of {host} is for another name ({words}).{held} Reach the server by a "
        "name in its certificate, or use such a name as the TLS server name."
    )


def _not_now(host: str, words: str, peer: t.Optional[Peer]) -> str:
    whose, now = f"The certificate of {host}", dt.datetime.now(dt.timezone.utc)
    when = ""
    if peer is not None and peer.not_before <= now <= peer.not_after:
        whose = f"The certificate of the authority that signed the certificate of {host}"
    elif peer is not None:
        when = f": it is valid from {peer.not_before:%Y-%m-%d} to {peer.not_after:%Y-%m-%d}"
    return (
        f"{whose} is not valid now ({words}){when}. Renew it, or correct the clock of this machine."
    )


def _fault(kind: str, text: str) -> TransportError:
    return TransportError(text, kind=kind, sent=False)

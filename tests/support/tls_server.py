# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A TLS server in a thread, and authorities to sign for it, for the tests of the transport."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import ssl
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

_KEYS: dict[str, rsa.RSAPrivateKey] = {}


def key(name: str) -> rsa.RSAPrivateKey:
    """A key of that name, made once a test run, for making one takes long.

    A name that begins with "weak" gets a key that OpenSSL does not accept for TLS.
    """
    if name not in _KEYS:
        size = 1024 if name.startswith("weak") else 2048
        _KEYS[name] = rsa.generate_private_key(public_exponent=65537, key_size=size)
    return _KEYS[name]


def key_pem(name: str, passphrase: str | None = None) -> str:
    """The private key as PKCS#8."""
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase.encode())
    return (
        key(name)
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)
        .decode()
    )


def certificate(
    name: str,
    *,
    issuer: str | None = None,
    names: t.Sequence[str] = (),
    days: int = 30,
    start: int = -60,
    purposes: t.Sequence[x509.ObjectIdentifier] = (),
    authority: bool | None = None,
    signed_with: rsa.RSAPrivateKey | None = None,
) -> str:
    """A certificate as Qlik's are: no KeyUsage, no ExtendedKeyUsage. Without issuer an authority.

    ``days`` below zero makes one that has expired, ``start`` above zero one that is not valid yet.
    ``authority`` is what the basic constraints say. ``signed_with`` is another key than that of
    the issuer.
    """
    now = dt.datetime.now(dt.UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signer = issuer or name
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, signer)]))
        .public_key(key(name).public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + dt.timedelta(days=start))
        .not_valid_after(now + dt.timedelta(days=days))
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key(name).public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(key(signer).public_key()),
            critical=False,
        )
    )
    if issuer is None and authority is None:
        authority = True
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=True)
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    if names:
        entries = [_general_name(item) for item in names]
        builder = builder.add_extension(x509.SubjectAlternativeName(entries), critical=False)
    signed = builder.sign(signed_with or key(signer), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.PEM).decode()


def loaded(name: str) -> x509.Certificate:
    """A certificate as an object."""
    return x509.load_pem_x509_certificate(certificate(name).encode())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


class Recorded(t.NamedTuple):
    """One request as it came in."""

    method: str
    target: str
    headers: dict[str, str]


class Server:
    """Answers 200 with ``ok`` unless the path has an entry in ``answers``; records requests."""

    def __init__(self) -> None:
        self.requests: list[Recorded] = []
        self.answers: dict[str, t.Callable[[BaseHTTPRequestHandler], None]] = {}
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens, by address: names are the matter of some tests."""
        return f"https://127.0.0.1:{self.port}"


@contextlib.contextmanager
def serve(directory: Path, *, cert: str, cert_key: str, client_ca: str | None = None) -> t.Any:
    """A ``Server`` with that certificate, asking for a client certificate when ``client_ca``."""
    chain = directory / "server.pem"
    chain.write_text(cert + cert_key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # for certificates that the other side rejects
    context.load_cert_chain(chain)
    if client_ca:
        context.verify_mode = ssl.CERT_REQUIRED
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.load_verify_locations(cadata=client_ca)
    server = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            server.requests.append(Recorded(self.command, self.path, dict(self.headers.items())))
            answer = server.answers.get(self.path.split("?")[0], _ok)
            answer(self)

        def log_message(self, format: str, *args: t.Any) -> None:  # noqa: A002 - as inherited
            """Say nothing: the tests read the record."""

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    httpd.handle_error = lambda *args: None  # type: ignore[method-assign]
    httpd.socket = context.wrap_socket(httpd.socket, server_side=True)
    server.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()


def _ok(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "2")
    handler.end_headers()
    handler.wfile.write(b"ok")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The TLS context of every connection: authorities, expected name, client certificate."""

from __future__ import annotations

import base64
import contextlib
import os
import socket
import ssl
import tempfile
import typing as t

from .._core.crypto import der
from .._core.errors import InvalidInput
from .._core.text import decode
from .._option_files import read_option

if t.TYPE_CHECKING:
    from .._file_trust import Guard

#: The certificates that OpenSSL reads from text as authorities.
_CERTIFICATES = ("CERTIFICATE", "X509 CERTIFICATE")


class Pem(t.NamedTuple):
    """PEM material as the user gave it: a path, or the content itself.

    ``name`` is that of the pair of options, without ``_path`` and ``_content``. The ``guard``
    decides whether a file can be trusted.
    """

    name: str
    path: t.Optional[str] = None
    content: t.Optional[str] = None
    guard: t.Optional[Guard] = None

    def __repr__(self) -> str:
        return f"Pem({self.name})"

    def read(self) -> t.Union[str, bytes]:
        """What was given. Raises ``InvalidInput`` for a file that cannot be read or trusted."""
        if self.content is not None:
            return self.content
        other = f"{self.name}_content"
        return read_option(
            self.path or "", option=self.option, content_option=other, guard=self.guard
        )

    @property
    def option(self) -> str:
        """The one of the pair that was given."""
        return self.name + ("_path" if self.content is None else "_content")

    @property
    def place(self) -> str:
        """How to name this material in a message."""
        if self.content is not None:
            return f"the content of {self.option}"
        return f"the file {self.path} ({self.option})"


class Context(ssl.SSLContext):
    """Knows the name to verify: urllib3 before 2 does not give it if it is an IP address."""

    expected: t.Optional[str] = None

    def wrap_socket(
        self,
        sock: socket.socket,
        server_side: bool = False,
        do_handshake_on_connect: bool = True,
        suppress_ragged_eofs: bool = True,
        server_hostname: t.Union[str, bytes, None] = None,
        session: t.Optional[ssl.SSLSession] = None,
    ) -> ssl.SSLSocket:
        """As the base class, with the name to verify where none is given."""
        name = server_hostname or self.expected
        return super().wrap_socket(
            sock, server_side, do_handshake_on_connect, suppress_ragged_eofs, name, session
        )


class TlsSettings(t.NamedTuple):
    """What one server's TLS needs; ``ca`` None means the system's own authorities."""

    validate: bool = True
    ca: t.Optional[Pem] = None
    server_name: t.Optional[str] = None
    client_cert: t.Optional[Pem] = None
    client_key: t.Optional[Pem] = None
    client_key_passphrase: t.Optional[str] = None
    directory: t.Optional[str] = None

    def __repr__(self) -> str:
        return f"TlsSettings(ca={self.ca}, client_cert={self.client_cert})"

    def context(self) -> ssl.SSLContext:
        """An SSL context of our own, so that no environment variable can widen or narrow trust."""
        context = Context(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.validate:
            self._trust(context)
        else:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if self.client_cert:
            self._identify(context, self.client_cert)
        return context

    def _trust(self, context: ssl.SSLContext) -> None:
        # Qlik's own authority has no KeyUsage extension, so Python rejects it since 3.13. Only
        # this check is disabled; a foreign authority and a wrong name are still rejected.
        context.verify_flags &= ~getattr(ssl, "VERIFY_X509_STRICT", 0)
        if self.ca is None:
            context.load_default_certs()
            return
        given = self.ca.read()
        # Text around the blocks is not ASCII in many bundles, but Python takes nothing else.
        text = _text(given).encode("ascii", "replace").decode("ascii")
        with contextlib.suppress(ssl.SSLError, ValueError):
            held = {content for label, content in _intact(text) if label in _CERTIFICATES}
            context.load_verify_locations(cadata=text)
            # OpenSSL passes over a block that does not begin its line.
            if held and context.cert_store_stats()["x509"] == len(held):
                return
        from .tls_material import authorities

        try:
            context.load_verify_locations(cadata=b"".join(authorities(given, self.ca)))
        except (ssl.SSLError, ValueError):
            raise InvalidInput(
                f"{_capital(self.ca.place)}: OpenSSL does not accept one of the certificates. Use "
                "the site's root.pem.",
                option=self.ca.option,
            ) from None

    def _identify(self, context: ssl.SSLContext, cert: Pem) -> None:
        key = self.client_key or cert
        given, given_key = cert.read(), key.read()
        # Given as a function, so that OpenSSL never asks for a passphrase at a terminal.
        passphrase = _Passphrase(self.client_key_passphrase)
        text, key_text = _text(given), _text(given_key)
        try:
            _intact(text)
            _intact(key_text)
            self._load(context, text, key_text, passphrase)
        except (ssl.SSLError, ValueError) as rejected:
            from .tls_material import chain, private_key

            # Whatever is wrong with the two as text is found here.
            clean = (chain(given, cert), private_key(given_key, key))
            if [item.splitlines() for item in clean] == [text.splitlines(), key_text.splitlines()]:
                raise _rejected(rejected, cert, key, passphrase) from None
            passphrase = _Passphrase(self.client_key_passphrase)
            try:
                self._load(context, *clean, passphrase)
            except (ssl.SSLError, ValueError) as error:
                raise _rejected(error, cert, key, passphrase) from None

    def _load(self, context: ssl.SSLContext, cert: str, key: str, passphrase: _Passphrase) -> None:
        with contextlib.ExitStack() as stack:
            cert_file = stack.enter_context(_as_file(cert, self.directory))
            key_file = stack.enter_context(_as_file(key, self.directory))
            context.load_cert_chain(cert_file, key_file, password=passphrase)


def _intact(text: str) -> t.List[t.Tuple[str, bytes]]:
    """The blocks of clean text; raises ``ValueError`` unless each is as long as it states.

    OpenSSL ignores what is added to a block, so that it may read another certificate than was
    meant. Keys in the old encrypted format state no length.
    """
    found = []
    for part in text.split("-----BEGIN ")[1:]:
        label, dummy, rest = part.partition("-----")
        body = rest.partition("-----END ")[0]
        if "Proc-Type:" in body:
            continue
        content = base64.b64decode("".join(body.split()), validate=True)
        if not der.is_whole(content):
            raise ValueError(label)
        found.append((label, content))
    return found


def _text(given: t.Union[str, bytes]) -> str:
    return decode(given) if isinstance(given, bytes) else given


class _Passphrase:
    """Gives the passphrase, and remembers that it was asked for."""

    def __init__(self, value: t.Optional[str]) -> None:
        self._value = value
        self.asked = False

    def __call__(self) -> str:
        self.asked = True
        return self._value or ""

    @property
    def missing(self) -> bool:
        return self.asked and not self._value


def _rejected(error: Exception, cert: Pem, key: Pem, passphrase: _Passphrase) -> InvalidInput:
    reason = getattr(error, "reason", None)
    if passphrase.missing:
        text = f"{_capital(key.place)} is encrypted. Set client_key_passphrase."
    elif passphrase.asked:
        text = f"The passphrase in client_key_passphrase does not open {key.place}."
    elif reason == "KEY_VALUES_MISMATCH":
        text = f"The private key in {key.place} does not belong to the certificate in {cert.place}."
    else:
        words = str(reason or "no reason given").lower().replace("_", " ")
        text = (
            f"OpenSSL rejects the client certificate in {cert.place} with the private key in "
            f"{key.place} ({words})."
        )
    return InvalidInput(text, option=key.option)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


@contextlib.contextmanager
def _as_file(text: str, directory: t.Optional[str]) -> t.Iterator[str]:
    """``text`` as a file that OpenSSL can open, because it does not accept keys in another form.

    If the system supports it, the file is in memory, without a name that others could open. If
    not, it is a temporary file with mode 0600, whatever the umask, in the module's own directory.
    """
    descriptor = _in_memory()
    path = f"/proc/self/fd/{descriptor}"
    remove = descriptor is None
    if descriptor is None:
        descriptor, path = tempfile.mkstemp(prefix="qlikops-", dir=directory)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            yield path
    finally:
        if remove:
            os.unlink(path)


def _in_memory() -> t.Optional[int]:
    """A file without a name; None where the system has none, or forbids it to containers."""
    if not hasattr(os, "memfd_create") or not os.path.isdir("/proc/self/fd"):
        return None
    try:
        descriptor = os.memfd_create("qlikops")
        os.fchmod(descriptor, 0o600)
    except OSError:
        return None
    return descriptor

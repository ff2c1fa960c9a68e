# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Windows logins (NTLM): the accounts, and the handshakes under way.

An NTLM login belongs to a connection: three requests on the same one. pyspnego plays the server;
it is imported only where somebody logs in so.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import os
import tempfile
import typing as t
import weakref

from aiohttp import web

from ..site import Site, WindowsAccount

_SCHEME = "NTLM"


class _Context(t.Protocol):
    """What of pyspnego's context is used."""

    @property
    def complete(self) -> bool:
        """Whether the login has ended."""

    @property
    def client_principal(self) -> str | None:
        """The account that logged in."""

    def step(self, in_token: bytes | None = None) -> bytes | None:
        """Read a message of the client; the answer to it."""


class WindowsLogins:
    """The accounts of the domain, and who is in the middle of logging in on which connection."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._contexts: weakref.WeakKeyDictionary[t.Any, _Context] = weakref.WeakKeyDictionary()
        self._targets: dict[str, str] = {}
        site.on_reset(self._clear)

    def remember(self, target_id: str, path: str) -> None:
        """Where a browser wanted to go that is sent to log in first."""
        self._targets[target_id] = path

    def target(self, target_id: str) -> str | None:
        """That place; it is given away once."""
        return self._targets.pop(target_id, None)

    def step(self, request: web.Request) -> tuple[str | None, str]:
        """The user that is logged in now as ``DIRECTORY\\user``, or None and the next challenge."""
        scheme, dummy, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.upper() != _SCHEME or request.transport is None:
            return None, _SCHEME
        try:
            return self._answer(request.transport, base64.b64decode(text, validate=True))
        except (binascii.Error, ValueError):
            return None, _SCHEME

    def _answer(self, connection: t.Any, token: bytes) -> tuple[str | None, str]:
        import spnego

        with _credential_file(self._site.windows_accounts):
            context = self._contexts.pop(connection, None)
            try:
                if context is None:
                    options = spnego.NegotiateOptions.use_ntlm
                    context = t.cast(_Context, spnego.server(protocol="ntlm", options=options))
                answer = context.step(token)
            except Exception:  # wrong credentials are an error, and rubbish is any
                return None, _SCHEME
        if context.complete:
            return context.client_principal, ""
        self._contexts[connection] = context
        return None, f"{_SCHEME} {base64.b64encode(answer or b'').decode()}"

    def _clear(self) -> None:
        self._contexts.clear()
        self._targets.clear()


@contextlib.contextmanager
def _credential_file(accounts: t.Sequence[WindowsAccount]) -> t.Iterator[None]:
    """pyspnego reads the accounts from a file that an environment variable names."""
    descriptor, path = tempfile.mkstemp()
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{a.directory}:{a.user_id}:{a.password}\n" for a in accounts)
    os.environ["NTLM_USER_FILE"] = path
    try:
        yield
    finally:
        del os.environ["NTLM_USER_FILE"]
        os.unlink(path)

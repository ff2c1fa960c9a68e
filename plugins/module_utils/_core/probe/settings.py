# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The settings of a run. They hold no secrets."""

from __future__ import annotations

import dataclasses
import re
import typing as t
from urllib.parse import quote, urlsplit

from ..errors import InvalidInput

SESSION, IDENTITY, PAGE, ENGINE, NEGATIVE = "session", "identity", "page", "engine", "negative"
CHECKS = (SESSION, IDENTITY, PAGE, ENGINE, NEGATIVE)

END_SESSION = ("auto", "own", "user", "never")

#: Seconds a day has; lifetimes and warnings are counted in days.
DAY = 86400

_PORTS = {"http": 80, "https": 443}


@dataclasses.dataclass(frozen=True)
class Settings:
    """One virtual proxy as clients reach it.

    ``url`` is scheme, host and port without a path; ``prefix`` has no slashes at its ends and is
    "" for the default virtual proxy. ``wait`` is in seconds, as is ``engine_timeout``, which bounds
    the conversation over the WebSocket. With ``expects_rejection``, a rejection is the expected
    result, so the probe does not retry. ``trusted_hosts`` has canonical names (``host_names.py``),
    ``repository_host`` is the option ``host``, and ``verifies`` is true if the proxy's certificate
    is verified.
    """

    url: str
    prefix: str
    origin: str
    app_id: t.Optional[str] = None
    page_path: t.Optional[str] = None
    checks: t.FrozenSet[str] = frozenset(CHECKS)
    allow_user_creation: bool = False
    end_session: str = "auto"
    wait: float = 0.0
    engine_timeout: float = 60.0
    expects_rejection: bool = False
    allow_insecure_transport: bool = False
    trusted_hosts: t.FrozenSet[str] = frozenset()
    repository_host: str = ""
    verifies: bool = True

    @property
    def secure(self) -> bool:
        """Whether the proxy is asked over TLS."""
        return self.url.startswith("https:")

    @property
    def host(self) -> str:
        """The host name that clients write, in lower case; an IPv6 address without brackets."""
        return host_of(self.url)

    @property
    def port(self) -> int:
        """The port of the proxy."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS[parts.scheme]

    @property
    def place(self) -> str:
        """The virtual proxy's address as a user would write it."""
        return f"{self.url}/{self.prefix}/" if self.prefix else f"{self.url}/"

    def address(self, path: str, *, prefix: t.Optional[str] = None) -> str:
        """The URL of ``path`` below the virtual proxy, or below another ``prefix``."""
        below = self.prefix if prefix is None else prefix
        base = f"{self.url}/{quote(below, safe='/~')}" if below else self.url
        return f"{base}/{path}"

    @property
    def page(self) -> str:
        """The path, below the prefix, of the page that a user would open."""
        if self.page_path is not None:
            return self.page_path
        return f"sense/app/{quote(self.app_id, safe='')}" if self.app_id else "hub/"


def site_url(value: str, option: str) -> str:
    """``value`` as scheme, host and port in lower case; raises ``InvalidInput`` for anything else.

    A path is rejected rather than dropped: it is a prefix in the wrong option.
    """
    text = value.strip().rstrip("/")
    found = re.fullmatch(r"(?ia)(https?)://([A-Z0-9._-]+|\[[0-9A-F:.]+\])(?::(\d{1,5}))?", text)
    if found is None:
        raise InvalidInput(
            f"{option}: '{_shown(value)}' is not a valid address of a proxy. Set scheme, host, "
            "and any port other than the default, such as https://qlik.example.com. The prefix "
            "has an option of its own.",
            option=option,
        )
    if found.group(3) and not 0 < int(found.group(3)) < 65536:
        raise InvalidInput(f"{option}: {found.group(3)} is not a valid port.", option=option)
    return text.lower()


def clean_prefix(value: str, option: str = "prefix") -> str:
    """The prefix without the slashes that users put around it."""
    prefix = value.strip().strip("/")
    if re.search(r"[\s?#%\\\x00-\x1f\x7f]", prefix):
        raise InvalidInput(
            f"{option}: '{_shown(value)}' is not a valid prefix. Set the part of the address "
            "between the host and /hub, such as jwt.",
            option=option,
        )
    return prefix


def clean_page_path(value: t.Optional[str]) -> t.Optional[str]:
    """The path below the prefix; a URL is rejected, because it could name another host."""
    if value is None:
        return None
    if "://" in value or value.startswith("//") or re.search(r"[\s#\\\x00-\x1f\x7f]", value):
        raise InvalidInput(
            f"page_path: '{_shown(value)}' is not a valid path. Set the part of the address "
            "after the prefix, such as sense/app/<id>.",
            option="page_path",
        )
    return value.lstrip("/")


def host_of(url: str) -> str:
    """The host of a URL or of an Origin, in lower case; "" when there is none."""
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""


def _shown(value: str) -> str:
    """The value as far as it belongs into a message: user names and passwords are cut out."""
    return re.sub(r"//[^/@]*@", "//…@", value)[:120]

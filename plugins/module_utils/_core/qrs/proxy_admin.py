# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""A proxy's administration port (4243): its sessions."""

from __future__ import annotations

import dataclasses
import typing as t
from urllib.parse import quote

from ..errors import QlikError
from ..json_text import BadJson, parse
from ..ports import Request
from ..text import is_encodable

if t.TYPE_CHECKING:
    from ..ports import Response, Transport


@dataclasses.dataclass(frozen=True)
class AdminPort:
    """One such port, with the transport that shows the site's certificate."""

    base_url: str
    transport: Transport

    def ask(self, method: str, prefix: str, path: str, *, xrfkey: str, timeout: float) -> Response:
        """The answer for ``path`` of the virtual proxy with that prefix, whatever its status."""
        below = f"/{quote(prefix, safe='/~', errors='surrogatepass')}" if prefix else ""
        url = f"{self.base_url}/qps{below}/{path}?Xrfkey={xrfkey}"
        return self.transport.send(Request(method, url, {"X-Qlik-Xrfkey": xrfkey}), timeout=timeout)

    def count(
        self,
        prefixes: t.Iterable[str],
        *,
        letters: t.Callable[[], str],
        left: t.Callable[[], float],
    ) -> t.Optional[int]:
        """The number of sessions of the virtual proxies with these prefixes; None if unknown.

        ``left`` are the seconds that may be spent. A session is counted once, should the list of
        one virtual proxy hold those of another.
        """
        found: t.Set[str] = set()
        for prefix in prefixes:
            seconds = left()
            if seconds <= 0:
                return None
            try:
                answer = self.ask("GET", prefix, "session", xrfkey=letters(), timeout=seconds)
            except QlikError:
                return None
            complete = answer.status == 200 and not answer.truncated
            ids = session_ids(answer.body) if complete else None
            if ids is None:
                return None
            found |= ids
        return len(found)


def session_ids(body: bytes) -> t.Optional[t.Set[str]]:
    """The ids in a list of sessions, whatever the case of its names; None when it is none."""
    try:
        found = parse(body)
    except BadJson:
        return None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        return None
    ids = [value for i in found for key, value in i.items() if str(key).lower() == "sessionid"]
    if len(ids) != len(found) or not all(value and is_encodable(value) for value in ids):
        return None
    return set(ids)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""How a request proves who is asking: ``Access``, and the client certificate.

On port 4242 the site's own certificate proves it, and a header names the user. Through a proxy a
login opens a session, whose cookie proves it from then on: see ``proxy_session.py``.
"""

from __future__ import annotations

import typing as t
from urllib.parse import quote

if t.TYPE_CHECKING:
    from ..ports import Request, Response

Send = t.Callable[["Request"], "Response"]


class Access(t.Protocol):
    """One way in. It is asked for every request, and may send more of them, such as a login."""

    def exchange(self, send: Send, request: Request) -> Response:
        """Send ``request`` in the name of the user who is asking; its answer."""

    def advice(self, response: Response) -> str:
        """What to do about an answer that is not the one asked for; "" when nothing is special."""


class CertificateAccess(t.NamedTuple):
    """The client certificate of the site, shown by the transport, speaks for any user."""

    directory: str
    user_id: str

    def exchange(self, send: Send, request: Request) -> Response:
        """Send ``request`` with the name of the user."""
        headers = {**request.headers, **user_header(self.directory, self.user_id)}
        return send(request._replace(headers=headers))

    def advice(self, response: Response) -> str:
        """Nothing special: the hints of ``answers.py`` are for this way in."""
        return ""


def user_header(directory: str, user_id: str) -> t.Dict[str, str]:
    """The header by which the holder of the site's certificate says whom it acts for.

    The values are URL-encoded UTF-8 (Qlik developer help, Authenticating requests).
    """
    value = "UserDirectory={}; UserId={}".format(quote(directory, safe=""), quote(user_id, safe=""))
    return {"X-Qlik-User": value}

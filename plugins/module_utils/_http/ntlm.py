# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Windows logins, by the optional library requests_ntlm."""

from __future__ import annotations

import typing as t

from .._core.errors import TransportError

try:
    import requests
    from requests_ntlm import HttpNtlmAuth as _Auth
    from urllib3.exceptions import HTTPError
except ImportError:  # the shell reports it, see _deps.py
    _Auth = object  # type: ignore[assignment, misc]

if t.TYPE_CHECKING:
    from requests import Response


class WindowsAuth(_Auth):
    """Answers a 401 with NTLM, as requests asks such an object to."""

    def response_hook(self, r: Response, **kwargs: t.Any) -> Response:
        """The steps of the login; a server that leaves them ends in one sentence."""
        try:
            return super().response_hook(r, **kwargs)
        except (requests.RequestException, HTTPError):
            raise
        except Exception as error:  # the library lets everything through that parsing may raise
            if isinstance(error, OSError) and not isinstance(error, PermissionError):
                raise
            raise TransportError(
                "The Windows login failed: the proxy did not answer as NTLM requires. Check "
                "api_prefix, and any load balancer between here and the proxy.",
                kind="login",
                sent=False,
            ) from None

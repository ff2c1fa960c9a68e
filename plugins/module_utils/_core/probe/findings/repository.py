# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about a repository that cannot be read."""

from __future__ import annotations

import typing as t

from ..evidence import Evidence, RepositoryFault
from ..sending import UNCHECKED_HOST, withheld
from .base import WARNING, Found, Result, finding

_REPOSITORY_FIRST = (
    "Let the probe read the repository, and it names the cause: see the finding about the "
    "repository."
)


@finding(
    "repository_unreachable",
    WARNING,
    summary="The repository could not be read, so {effect}.",
    remedy="Correct host, port, ca_path and the client certificate, or open port 4242 in the "
    "firewall. To log in anyway, name the host of url in trusted_hosts.",
    option="qlik_jwt_probe.host",
)
def repository_unreachable(e: Evidence) -> Result:
    """`host` was given, but no repository answered there. The probe continues from outside, so it
    can only report a rejected login as `token_rejected` or `not_routed`. It sends the token
    only to the host that `host` names, and to hosts in `trusted_hosts`. With any other host in
    `url`, the finding is an error, and no login is tried."""
    fault = e.repository_fault
    return _unread(e, fault) if fault and not fault.forbidden else None


@finding(
    "repository_forbidden",
    WARNING,
    summary="The repository does not show what the comparison needs, so {effect}.",
    remedy="Use client.pem of this site, and an administrator as api_user_directory and "
    "api_user_id. To log in anyway, name the host of url in trusted_hosts.",
    field="Users > Admin roles",
    option="qlik_jwt_probe.api_user_id",
)
def repository_forbidden(e: Evidence) -> Result:
    """The client certificate belongs to another site, or the user that the repository acts as
    can read only a part of it. Lists are then shorter without an error, so the probe concludes
    nothing from what is missing. As with `repository_unreachable`, the token is sent only to
    the host that `host` names and to hosts in `trusted_hosts`."""
    fault = e.repository_fault
    return _unread(e, fault) if fault and fault.forbidden else None


def read_it_first(e: Evidence) -> t.Optional[str]:
    """The remedy where the repository was asked in vain; None where it was not asked."""
    return _REPOSITORY_FIRST if e.repository_fault is not None else None


def _unread(e: Evidence, fault: RepositoryFault) -> Found:
    """An error where no token was sent because the host may not belong to the site."""
    if withheld(e) != UNCHECKED_HOST:
        effect = "the cause of a rejected login cannot be proven"
        return Found({"effect": effect, "cause": fault.message})
    effect = f"it is not known whether {e.settings.host} belongs to the site, and no token was sent"
    return Found({"effect": effect, "cause": fault.message}, "error")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Decides whether a token may be sent to an address."""

from __future__ import annotations

import typing as t

from .hosts import canonical, may_receive

if t.TYPE_CHECKING:
    from .evidence import Evidence

INSECURE, FOREIGN_HOST, UNCHECKED_HOST = "insecure", "foreign_host", "unchecked_host"

#: Why no token is sent, as the note of the login's step.
NOTES: t.Dict[str, str] = {
    INSECURE: "No token was sent: url begins with http://, and allow_insecure_transport is false.",
    FOREIGN_HOST: (
        "No token was sent: the host in url is not a node of the site, does not match the host "
        "allow list, and is not in trusted_hosts."
    ),
    UNCHECKED_HOST: (
        "No token was sent: the repository could not be read, so the host in url could not be "
        "compared with the site. It is neither the value of host nor in trusted_hosts."
    ),
}


def withheld(e: Evidence) -> t.Optional[str]:
    """Why no token and no cookie may be sent to the address; None when they may.

    Without a repository, the site's hosts are unknown. If the repository cannot be read, only the
    host that the options name as the repository's is known to belong to the site.
    """
    wanted = e.settings
    if not wanted.secure and not wanted.allow_insecure_transport:
        return INSECURE
    if e.view is not None:
        allowed = may_receive(e.view, wanted.host, wanted.trusted_hosts)
        return None if allowed else FOREIGN_HOST
    if e.repository_fault is None:
        return None
    known = {*wanted.trusted_hosts, canonical(wanted.repository_host)} - {""}
    return None if canonical(wanted.host) in known else UNCHECKED_HOST

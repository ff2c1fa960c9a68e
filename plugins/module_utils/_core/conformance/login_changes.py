# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about changes of what is linked: restarts, delays, links, deletion. They come last."""

from __future__ import annotations

import functools
import typing as t

from .question import FLAG, LOGIN, NUMBER, STATUS, Value, handled, question, setting
from .reserved import VIRTUAL_PROXY
from .wire import Unanswered, entity_of

if t.TYPE_CHECKING:
    from .bench import Bench
    from .wait import Change

ask = functools.partial(question, level=LOGIN)

_EDIT = "PUT /qrs/virtualproxyconfig/<id>"
_LINK = "PUT /qrs/proxyservice/<id>"
_RESTARTS = handled("The collection treats each write as a restart.")


def _edit(site: Bench) -> Change:
    """Change the linked virtual proxy once, and wait until the proxy knows it."""
    return site.changes.edit()


@ask(
    "edit_ends_sessions", "changes", "Does a change of a virtual proxy end sessions?",
    sent=_EDIT, mark="unv", kind=FLAG, assumed=[True], effects={False: _RESTARTS},
)  # fmt: skip
def edit_ends_sessions(site: Bench) -> t.Optional[Value]:
    """`allow_restart` protects sessions of users."""
    return _edit(site).ended_sessions


@ask(
    "edit_changes_service", "changes", "Does a change of a virtual proxy change its proxy service?",
    sent=_EDIT + ", GET /qrs/proxyservice/<id>", mark="unv", kind=FLAG, assumed=[False],
    effects={True: handled("The proxy service is read again after a conflict.")},
)  # fmt: skip
def edit_changes_service(site: Bench) -> t.Optional[Value]:
    """The modifiedDate of the proxy service decides about conflicts."""
    dummy = _edit(site)
    return site.changes.service_changed


@ask(
    "link_ends_sessions", "changes", "Does a change of links end sessions?", sent=_LINK,
    mark="unv", kind=FLAG, assumed=[True], effects={False: _RESTARTS},
)  # fmt: skip
def link_ends_sessions(site: Bench) -> t.Optional[Value]:
    """`allow_restart` protects sessions of users."""
    return site.changes.unlink_others().ended_sessions


@ask(
    "change_delay", "changes", "After how many seconds is a change in force?", sent=_EDIT,
    mark="inf", kind=NUMBER, between=(0, 30),
    otherwise=setting("Increase the option wait of the probe."),
)  # fmt: skip
def change_delay(site: Bench) -> t.Optional[Value]:
    """The role `jwt_verify` waits for changes."""
    return round(_edit(site).noticed)


@ask(
    "restart_time", "changes", "For how many seconds does the proxy refuse connections?",
    sent=f"{_EDIT}, {_LINK}", mark="code", kind=NUMBER, between=(0, 30),
    otherwise=setting("Increase the option wait of the probe."),
)  # fmt: skip
def restart_time(site: Bench) -> t.Optional[Value]:
    """The role `jwt_verify` waits for restarts."""
    return round(max(_edit(site).downtime, site.changes.unlink_others().downtime))


@ask(
    "slowest_answer", "changes", "How many seconds did the slowest answer take?",
    sent="GET /<prefix>/qps/csrftoken", mark="code", kind=NUMBER, between=(0, 30),
    otherwise=setting("Increase the option timeout."),
)  # fmt: skip
def slowest_answer(site: Bench) -> t.Optional[Value]:
    """The first answer after a restart takes long."""
    dummy = _edit(site), site.changes.unlink_others()
    return round(site.proxy.slowest)


@ask(
    "same_prefix_linked", "changes", "What is the status of a second link with the same prefix?",
    sent=_LINK, mark="unv", kind=STATUS, assumed=[400],
    effects={200: handled("The finding duplicate_prefix reports it.")},
)  # fmt: skip
def same_prefix_linked(site: Bench) -> t.Optional[Value]:
    """Two virtual proxies with one prefix disturb each other."""
    dummy = site.changes.unlink_others()
    draft = site.draft(site.names.prefix, "copy", site.material.certificate)
    response = site.post(VIRTUAL_PROXY, "virtualproxyconfig", draft)
    copy = entity_of(response).get("id")
    if response.status not in (200, 201) or not isinstance(copy, str):
        raise Unanswered("needs_other_site")
    return site.logins.link_status(copy)


@ask(
    "delete_linked", "changes", "What is the status of the deletion of a linked virtual proxy?",
    sent="DELETE /qrs/virtualproxyconfig/<id>", mark="inf", kind=STATUS, assumed=[204],
    effects={400: handled("The collection removes the links first.")},
)  # fmt: skip
def delete_linked(site: Bench) -> t.Optional[Value]:
    """`state: absent` depends on it."""
    dummy = site.changes.unlink_others()
    return site.repository.ask("DELETE", f"virtualproxyconfig/{site.main()['id']}").status

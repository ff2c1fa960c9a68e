# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about creation, uniqueness, users and deletion. The virtual proxy is not linked."""

from __future__ import annotations

import functools
import typing as t

from ..probe.responses import classify
from .claims import NO_PREFIX
from .question import FLAG, STATUS, WRITE, Value, handled, question, setting, unhandled
from .read_requests import NO_ID
from .reserved import USER, USER_DIRECTORY, VIRTUAL_PROXY
from .wire import content, entity_of

if t.TYPE_CHECKING:
    from .bench import Bench

ask = functools.partial(question, level=WRITE)

_POST = "POST /qrs/virtualproxyconfig"
_UNIQUE = handled("The collection checks prefixes and cookie names before it writes.")


@ask(
    "create_status", "create", "What is the status of a creation?", sent=_POST, mark="spec",
    kind=STATUS, assumed=[201],
    effects={403: setting("Use an account with the role RootAdmin.")},
)  # fmt: skip
def create_status(site: Bench) -> t.Optional[Value]:
    """Another status counts as a failure."""
    return site.creation().status


@ask(
    "created_is_readable", "create", "Can the account read what it has created?",
    sent="GET /qrs/virtualproxyconfig", mark="inf", kind=FLAG, assumed=[True],
    effects={False: setting("Use an account that can read all virtual proxies.")},
)  # fmt: skip
def created_is_readable(site: Bench) -> t.Optional[Value]:
    """Otherwise each run would create the virtual proxy again."""
    entity_id = site.main()["id"]
    found = content(site.repository.ask("GET", "virtualproxyconfig"))
    return isinstance(found, list) and any(
        isinstance(item, dict) and item.get("id") == entity_id for item in found
    )


@ask(
    "same_prefix", "create", "What is the status of a second virtual proxy with the same prefix?",
    sent=_POST, mark="unv", kind=STATUS, assumed=[400],
    effects={201: _UNIQUE, 409: _UNIQUE},
)  # fmt: skip
def same_prefix(site: Bench) -> t.Optional[Value]:
    """Two virtual proxies with one prefix disturb each other."""
    return _second(site, site.names.prefix, "copy")


@ask(
    "same_cookie", "create", "What is the status of a second one with the same cookie name?",
    sent=_POST, mark="unv", kind=STATUS, assumed=[400],
    effects={201: _UNIQUE, 409: _UNIQUE},
)  # fmt: skip
def same_cookie(site: Bench) -> t.Optional[Value]:
    """Two virtual proxies with one cookie name end each other's sessions."""
    return _second(site, site.names.copy, "main")


def _second(site: Bench, prefix: str, purpose: str) -> int:
    """The status of another creation. If it succeeded, the virtual proxy is deleted again."""
    dummy = site.main()
    draft = site.draft(prefix, purpose, site.material.certificate)
    response = site.post(VIRTUAL_PROXY, "virtualproxyconfig", draft)
    entity_id = entity_of(response).get("id")
    if response.status in (200, 201) and isinstance(entity_id, str):
        site.ports.qrs.delete("virtualproxyconfig", entity_id)
        site.reserved.ids[VIRTUAL_PROXY].discard(entity_id)
    return response.status


# -- users and deletion


@ask(
    "user_without_flags", "users", "What is the status of a new user without its flags?",
    sent="POST /qrs/user without removedExternally and blacklisted", mark="spec", kind=STATUS,
    assumed=[201],
    effects={400: handled("The module qlik_user sends the flags.")},
)  # fmt: skip
def user_without_flags(site: Bench) -> t.Optional[Value]:
    """The API description calls the flags required."""
    return site.plain_user().status


@ask(
    "user_in_other_case", "users", "What is the status of the same user in other case?",
    sent="POST /qrs/user", mark="unv", kind=STATUS, assumed=[400],
    effects={
        201: unhandled("A user can exist twice, in different case."),
        409: handled("It counts as existing."),
    },
)  # fmt: skip
def user_in_other_case(site: Bench) -> t.Optional[Value]:
    """User names are compared without case by the collection."""
    dummy = site.user()
    flags = {"removedExternally": False, "blacklisted": False}
    names = {"userDirectory": USER_DIRECTORY.lower(), "userId": site.names.user("test").upper()}
    return site.post(USER, "user", {**site.user_draft("test"), **flags, **names}).status


@ask(
    "delete_status", "delete", "What is the status of a deletion?",
    sent="DELETE /qrs/virtualproxyconfig/<id>", mark="spec", kind=STATUS, assumed=[204],
)  # fmt: skip
def delete_status(site: Bench) -> t.Optional[Value]:
    """Another status counts as a failure."""
    copy = site.create(
        VIRTUAL_PROXY,
        "virtualproxyconfig",
        site.draft(site.names.copy, "copy", site.material.certificate),
    )
    return site.repository.ask("DELETE", f"virtualproxyconfig/{copy['id']}").status


@ask(
    "delete_unknown", "delete", "What is the status of a second deletion?",
    sent="DELETE /qrs/virtualproxyconfig/<unknown id>", mark="inf", kind=STATUS, assumed=[404],
)  # fmt: skip
def delete_unknown(site: Bench) -> t.Optional[Value]:
    """An entity that no longer exists counts as deleted."""
    site.need_rights()
    return site.repository.ask("DELETE", f"virtualproxyconfig/{NO_ID}").status


@ask(
    "not_linked_page", "delete", "Is an unlinked virtual proxy answered like an unknown prefix?",
    sent="GET /<prefix>/qps/csrftoken", mark="code", kind=FLAG, assumed=[True],
)  # fmt: skip
def not_linked_page(site: Bench) -> t.Optional[Value]:
    """The finding `not_linked` depends on it."""
    dummy = site.main()
    one, other = (site.proxy.ask(prefix) for prefix in (site.names.prefix, NO_PREFIX))
    return classify(one).same_as(classify(other))

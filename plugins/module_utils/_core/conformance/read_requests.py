# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about requests and answers of the repository: keys, errors, filters, limits."""

from __future__ import annotations

import functools
import re
import typing as t

from ..errors import TransportError
from ..qrs.filters import equals, literal
from .question import (
    FLAG,
    NUMBER,
    READ,
    STATUS,
    VERSION,
    Value,
    handled,
    question,
    setting,
    unhandled,
)
from .wire import BODIES, Unanswered, body_kind, content, entity_of, is_rejected_by_tls
from .wire import clock_offset as offset_of

if t.TYPE_CHECKING:
    from .bench import Bench

ask = functools.partial(question, level=READ)

#: An id that no entity has.
NO_ID = "00000000-0000-4000-8000-00000000c0de"

_LIMIT = 100
#: More entities than that are not read only to see whether a list is cut.
_MOST = 3000
_COUNTED = ("tag", "virtualproxyconfig", "custompropertydefinition", "user")

_CLOCK = setting("Synchronize the clocks. Otherwise tokens can be expired or not yet valid.")


@ask(
    "build_version", "requests", "Which build is it?",
    sent="GET /qrs/about", mark="doc", kind=VERSION,
)  # fmt: skip
def build_version(site: Bench) -> t.Optional[Value]:
    """Answers of several sites are compared by build. The collection never branches on it."""
    found = entity_of(site.repository.ask("GET", "about")).get("buildVersion")
    return found if isinstance(found, str) else "other"


@ask(
    "clock_offset", "requests", "By how many seconds is the clock of the site ahead?",
    sent="GET /qrs/about, header Date", mark="unv", kind=NUMBER, between=(-60, 60),
    otherwise=_CLOCK,
)  # fmt: skip
def clock_offset(site: Bench) -> t.Optional[Value]:
    """A token is valid by the clock of the site."""
    response = site.repository.ask("GET", "about")
    seconds = offset_of(response, site.ports.tools.clock())
    return None if seconds is None else round(seconds)


@ask(
    "xrfkey_missing", "requests", "What is the status if the Xrfkey is missing?",
    sent="GET /qrs/about without Xrfkey in the address", mark="code", kind=STATUS, assumed=[403],
    effects={
        400: handled("The message names the repository's reason."),
        200: handled("The collection always sends the key."),
    },
)  # fmt: skip
def xrfkey_missing(site: Bench) -> t.Optional[Value]:
    """A wrong port or gateway that drops the key must be recognized by its status."""
    return site.repository.ask("GET", "about", xrfkey=False).status


@ask(
    "user_header_missing", "requests", "What is the status without X-Qlik-User?",
    sent="GET /qrs/about with the client certificate, without X-Qlik-User",
    mark="users", kind=STATUS, assumed=[403],
    effects={200: handled("The certificate alone acts as an administrator. Protect its key.")},
)  # fmt: skip
def user_header_missing(site: Bench) -> t.Optional[Value]:
    """Shows whether the client certificate alone is enough to act as an administrator."""
    return site.repository.ask_without_user().status


@ask(
    "certificate_missing", "requests", "How are clients without a client certificate rejected?",
    sent="GET /qrs/about without client certificate",
    mark="users", kind=STATUS, words=["tls"], assumed=[403],
    effects={"tls": handled("The message names the client certificate.")},
)  # fmt: skip
def certificate_missing(site: Bench) -> t.Optional[Value]:
    """The message about a wrong client certificate depends on it."""
    try:
        return site.repository.ask_without_certificate(site.ports.user).status
    except TransportError as error:
        if is_rejected_by_tls(error):
            return "tls"
        raise


@ask(
    "unknown_path", "requests", "What is the status of an unknown path?",
    sent="GET /qrs/<unknown path>", mark="users", kind=STATUS, assumed=[404],
)  # fmt: skip
def unknown_path(site: Bench) -> t.Optional[Value]:
    """A wrong host or port must be recognized."""
    return site.repository.ask("GET", "qlikopsconformance").status


@ask(
    "path_case", "requests", "Is the case of paths ignored?",
    sent="GET /qrs/ABOUT", mark="code", kind=FLAG,
)  # fmt: skip
def path_case(site: Bench) -> t.Optional[Value]:
    """Rules of gateways depend on it."""
    return site.repository.ask("GET", "ABOUT").status == 200


@ask(
    "unknown_id", "requests", "What is the status of an unknown id?",
    sent="GET /qrs/virtualproxyconfig/<unknown id>", mark="inf", kind=STATUS, assumed=[404],
    effects={
        400: unhandled("An entity that another administrator deleted is reported as invalid."),
    },
)  # fmt: skip
def unknown_id(site: Bench) -> t.Optional[Value]:
    """An entity that was deleted meanwhile counts as absent."""
    return site.repository.ask("GET", f"virtualproxyconfig/{NO_ID}").status


_READ = handled("The collection reads text, JSON and web pages.")
_BODY: t.Dict[Value, t.Any] = dict.fromkeys(BODIES, _READ)


@ask(
    "body_of_404", "requests", "What kind of body does the answer for an unknown id have?",
    sent="GET /qrs/virtualproxyconfig/<unknown id>",
    mark="unv", words=BODIES, assumed=["text"], effects=_BODY,
)  # fmt: skip
def body_of_404(site: Bench) -> t.Optional[Value]:
    """Messages repeat the repository's reason."""
    response = site.repository.ask("GET", f"virtualproxyconfig/{NO_ID}")
    return body_kind(response) if response.status == 404 else None


@ask(
    "count_form", "requests", "How is a number returned?",
    sent="GET /qrs/virtualproxyconfig/count", mark="code", words=["wrapped", "bare"],
    assumed=["wrapped"], effects={"bare": handled("Both forms are read.")},
)  # fmt: skip
def count_form(site: Bench) -> t.Optional[Value]:
    """The API description and public code contradict each other."""
    found = content(site.repository.ask("GET", "virtualproxyconfig/count"))
    if isinstance(found, dict) and isinstance(found.get("value"), int):
        return "wrapped"
    return "bare" if isinstance(found, int) else "other"


@ask(
    "plus_in_query", "requests", "What is a plus sign in a query?",
    sent="GET /qrs/tag/count, spaces of the filter written as +", mark="code",
    words=["literal", "space"], assumed=["literal"],
    effects={"space": handled("The collection writes %20 and %2B.")},
)  # fmt: skip
def plus_in_query(site: Bench) -> t.Optional[Value]:
    """Libraries write a space in two ways."""
    response = site.repository.ask("GET", "tag/count", raw_query="filter=name+eq+%27a%27")
    return {200: "space", 400: "literal"}.get(response.status, "other")


@ask(
    "filter_error", "requests", "What is the status of a filter that cannot be parsed?",
    sent="GET /qrs/tag/count with a filter that is not valid", mark="code", kind=STATUS,
    assumed=[400],
)  # fmt: skip
def filter_error(site: Bench) -> t.Optional[Value]:
    """A filter that is ignored would return foreign entities."""
    return site.repository.ask("GET", "tag/count", {"filter": "name eq"}).status


@ask(
    "filter_quote", "requests", "Does a backslash escape a quote in a filter?",
    sent="GET /qrs/tag/count with an escaped quote in the filter", mark="code", kind=FLAG,
    assumed=[True],
    effects={False: unhandled("Tags and names with a quote cannot be found.")},
)  # fmt: skip
def filter_quote(site: Bench) -> t.Optional[Value]:
    """The collection must find names with a quote."""
    return _is_parsed(site, "tag", equals("name", "it's"))


@ask(
    "filter_case", "requests", "Does a filter ignore the case of texts?",
    sent="GET /qrs/servernodeconfiguration/count, name of a node with other case", mark="unv",
    words=["insensitive", "sensitive"], assumed=["insensitive"],
    effects={"sensitive": handled("The collection compares names again by itself.")},
)  # fmt: skip
def filter_case(site: Bench) -> t.Optional[Value]:
    """A virtual proxy that differs only in case must be found before another one is created."""
    names = [str(node.get("name")) for node in site.nodes()]
    name = next((item for item in names if item.swapcase() != item and item.isascii()), None)
    if name is None:
        raise Unanswered("needs_other_site")
    query = {"filter": f"name eq {literal(name.swapcase())}"}
    found = content(site.repository.ask("GET", "servernodeconfiguration/count", query))
    number = found.get("value") if isinstance(found, dict) else found
    return "insensitive" if number else "sensitive"


@ask(
    "filter_by_node", "requests", "Can proxy services be filtered by their node?",
    sent="GET /qrs/proxyservice/count, filter serverNodeConfiguration.isCentral eq true",
    mark="unv", kind=FLAG,
)  # fmt: skip
def filter_by_node(site: Bench) -> t.Optional[Value]:
    """It would save a request. The collection does not depend on it."""
    return _is_parsed(site, "proxyservice", "serverNodeConfiguration.isCentral eq true")


def _is_parsed(site: Bench, kind: str, condition: str) -> bool:
    return site.repository.ask("GET", f"{kind}/count", {"filter": condition}).status == 200


@ask(
    "full_limit", "requests", "At how many entities is a full list cut?",
    sent="GET /qrs/<type>/full for a type with more than 100 entities", mark="code",
    kind=NUMBER, words=["none"], assumed=["none"],
    effects={_LIMIT: handled("The collection compares lists with the count, and filters.")},
)  # fmt: skip
def full_limit(site: Bench) -> t.Optional[Value]:
    """What is missing in a list must not be taken as absent."""
    for kind in _COUNTED:
        number = entity_of(site.repository.ask("GET", f"{kind}/count")).get("value")
        if isinstance(number, int) and _LIMIT < number <= _MOST:
            found = content(site.repository.ask("GET", f"{kind}/full"))
            read = len(found) if isinstance(found, list) else 0
            return "none" if read >= number else read
    raise Unanswered("needs_other_site")


_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@ask(
    "date_form", "requests", "Do dates have milliseconds and end with Z?",
    sent="GET /qrs/servernodeconfiguration/full", mark="doc", kind=FLAG, assumed=[True],
    effects={False: handled("The collection returns dates as it read them.")},
)  # fmt: skip
def date_form(site: Bench) -> t.Optional[Value]:
    """The date of an entity has to be sent back unchanged."""
    dates = [str(node.get("modifiedDate")) for node in site.nodes()]
    return all(_DATE.fullmatch(item) for item in dates) if dates else None

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about what the repository validates and stores. The virtual proxy is not linked."""

from __future__ import annotations

import functools
import typing as t

from .claims import USER_ID_CLAIM
from .question import FLAG, STATUS, WRITE, Value, handled, question, unhandled
from .reserved import DESCRIPTION
from .wire import BODIES, body_kind

if t.TYPE_CHECKING:
    from .bench import Bench, Trial

ask = functools.partial(question, level=WRITE)

_PUT = "PUT /qrs/virtualproxyconfig/<id>"

#: A certificate only by its first and last line.
_NO_CERTIFICATE = "-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n"
_COMMENT = "subject=conformance check\n"
_OLD, _NEW = "2000-01-01T00:00:00.000Z", "2999-01-01T00:00:00.000Z"


def _saved(trial: Trial, name: str, sent: t.Any, words: t.Mapping[str, t.Any]) -> Value:
    """How a value was stored: ``rejected``, ``unchanged``, or a word for another value."""
    if trial.response.status != 200:
        return "rejected"
    value = trial.stored.get(name)
    if value == sent:
        return "unchanged"
    return next((word for word, other in words.items() if value == other), "other")


@ask(
    "upper_case_prefix", "values", "What happens to an upper-case prefix?", sent=_PUT, mark="unv",
    words=["lower", "rejected", "unchanged"], assumed=["lower"],
    effects={
        "rejected": handled("The collection accepts only lower case for new virtual proxies."),
        "unchanged": handled("The collection accepts only lower case for new virtual proxies."),
    },
)  # fmt: skip
def upper_case_prefix(site: Bench) -> t.Optional[Value]:
    """A prefix that is stored otherwise than sent would be a difference in each run."""
    upper = site.names.prefix.upper()
    return _saved(site.trial({"prefix": upper}), "prefix", upper, {"lower": upper.lower()})


@ask(
    "certificate_line_ends", "values", "What happens to the line ends of the JWT certificate?",
    sent=_PUT, mark="unv", words=["unchanged", "lf", "rejected"], assumed=["unchanged"],
    effects={"lf": handled("Certificates are compared by their content.")},
)  # fmt: skip
def certificate_line_ends(site: Bench) -> t.Optional[Value]:
    """A certificate that is stored otherwise than sent must not be a difference."""
    windows = site.material.certificate.replace("\n", "\r\n")
    name = "jwtPublicKeyCertificate"
    return _saved(site.trial({name: windows}), name, windows, {"lf": site.material.certificate})


@ask(
    "certificate_comment", "values", "What happens to text beside the JWT certificate?",
    sent=_PUT, mark="inf", words=["unchanged", "removed", "rejected"], assumed=["unchanged"],
    effects={
        "removed": handled("Certificates are compared by their content."),
        "rejected": handled("The collection writes the certificate alone."),
    },
)  # fmt: skip
def certificate_comment(site: Bench) -> t.Optional[Value]:
    """Exported files have text before the certificate."""
    text = _COMMENT + site.material.certificate
    name = "jwtPublicKeyCertificate"
    return _saved(site.trial({name: text}), name, text, {"removed": site.material.certificate})


@ask(
    "certificate_check", "values", "What happens to a JWT certificate that cannot be read?",
    sent=_PUT, mark="unv", words=["unchanged", "rejected"], assumed=["unchanged"],
    effects={"rejected": handled("The collection checks it before it writes.")},
)  # fmt: skip
def certificate_check(site: Bench) -> t.Optional[Value]:
    """If the repository stores it, only failing logins show it."""
    name = "jwtPublicKeyCertificate"
    return _saved(site.trial({name: _NO_CERTIFICATE}), name, _NO_CERTIFICATE, {})


@ask(
    "bare_key_saved", "values", "What happens to a public key instead of a JWT certificate?",
    sent=_PUT, mark="unv", words=["unchanged", "rejected"], assumed=["unchanged"],
    effects={"rejected": handled("The finding certificate_bare_public_key reports bare keys.")},
)  # fmt: skip
def bare_key_saved(site: Bench) -> t.Optional[Value]:
    """Some recipes use a bare public key."""
    name = "jwtPublicKeyCertificate"
    return _saved(site.trial({name: site.material.public_key}), name, site.material.public_key, {})


@ask(
    "omitted_property", "values", "What happens to a property that a PUT leaves out?", sent=_PUT,
    mark="doc", words=["default", "kept", "rejected"], assumed=["default"],
    effects={"kept": handled("The collection sends back the whole entity.")},
)  # fmt: skip
def omitted_property(site: Bench) -> t.Optional[Value]:
    """Clients that send a part of an entity reset the rest."""
    trial = site.trial({}, omit=["description"])
    return {"unchanged": "kept"}.get(
        str(_saved(trial, "description", DESCRIPTION, {"default": ""})),
        "default" if trial.stored.get("description") in ("", None) and trial.stored else "rejected",
    )


@ask(
    "null_list", "values", "What is the status if a list is null?", sent=_PUT, mark="users",
    kind=STATUS, assumed=[500],
    effects={
        400: handled("The collection never sends null for a list."),
        200: handled("The collection never sends null for a list."),
    },
)  # fmt: skip
def null_list(site: Bench) -> t.Optional[Value]:
    """Other tools send null and fail."""
    return site.trial({"jwtAttributeMap": None}).response.status


_ITEM = {"jwtAttribute": USER_ID_CLAIM, "senseAttribute": "Group", "isMandatory": False}


@ask(
    "empty_child_id", "values", "What is the status if a new item of a list has an empty id?",
    sent=_PUT, mark="code", kind=STATUS, assumed=[400],
    effects={200: handled("The collection leaves the id out.")},
)  # fmt: skip
def empty_child_id(site: Bench) -> t.Optional[Value]:
    """New attributes must be sent without id."""
    return site.trial({"jwtAttributeMap": [{**_ITEM, "id": ""}]}).response.status


@ask(
    "child_without_id", "values", "What is the status if a new item of a list has no id?",
    sent=_PUT, mark="inf", kind=STATUS, assumed=[200],
    effects={400: unhandled("The option jwt_attribute_map cannot change attributes.")},
)  # fmt: skip
def child_without_id(site: Bench) -> t.Optional[Value]:
    """The option `jwt_attribute_map` depends on it."""
    return site.trial({"jwtAttributeMap": [dict(_ITEM)]}).response.status


@ask(
    "list_is_replaced", "values", "Does a PUT replace a list as a whole?", sent=_PUT, mark="code",
    kind=FLAG, assumed=[True],
    effects={False: unhandled("Entries of lists cannot be removed.")},
)  # fmt: skip
def list_is_replaced(site: Bench) -> t.Optional[Value]:
    """The collection removes entries that the options no longer list."""
    hosts = ["conformance.invalid"]
    stored = site.trial({"websocketCrossOriginWhiteList": hosts}).stored
    return stored.get("websocketCrossOriginWhiteList") == hosts


@ask(
    "unknown_property", "values", "What happens to a property that the server does not know?",
    sent=_PUT, mark="inf", words=["dropped", "rejected", "unchanged"], assumed=["dropped"],
    effects={"rejected": handled("The collection sends only properties that the server returned.")},
)  # fmt: skip
def unknown_property(site: Bench) -> t.Optional[Value]:
    """Snapshots of newer releases may hold such properties."""
    name = "qlikopsConformance"
    return _saved(site.trial({name: "a"}), name, "a", {"dropped": None})


@ask(
    "tag_assigned", "values", "Can a tag be assigned by its id alone?",
    sent=f"POST /qrs/tag, {_PUT}", mark="code", kind=FLAG, assumed=[True],
    effects={False: unhandled("The option tags does not work.")},
)  # fmt: skip
def tag_assigned(site: Bench) -> t.Optional[Value]:
    """The option `tags` depends on it."""
    tag_id = site.tag()["id"]
    tags = site.trial({"tags": [{"id": tag_id}]}).stored.get("tags")
    return isinstance(tags, list) and [t_.get("id") for t_ in tags if isinstance(t_, dict)] == [
        tag_id
    ]


# -- conflicts and errors


@ask(
    "date_old", "conflicts", "What is the status if modifiedDate is older?", sent=_PUT, mark="doc",
    kind=STATUS, assumed=[409],
    effects={200: unhandled("Changes of other administrators can be lost.")},
)  # fmt: skip
def date_old(site: Bench) -> t.Optional[Value]:
    """Protects changes that other administrators make at the same time."""
    return site.trial({"modifiedDate": _OLD}).response.status


@ask(
    "date_missing", "conflicts", "What is the status without modifiedDate?", sent=_PUT,
    mark="users", kind=STATUS, assumed=[409],
    effects={
        200: handled("The collection always sends it."),
        400: handled("The collection always sends it."),
    },
)  # fmt: skip
def date_missing(site: Bench) -> t.Optional[Value]:
    """Other tools leave it out."""
    return site.trial({}, omit=["modifiedDate"]).response.status


@ask(
    "date_newer", "conflicts", "What is the status if modifiedDate is newer?", sent=_PUT,
    mark="doc", kind=STATUS, assumed=[200],
    effects={409: handled("The collection sends the date that it read.")},
)  # fmt: skip
def date_newer(site: Bench) -> t.Optional[Value]:
    """Documentation pages contradict each other: older dates conflict, or different ones."""
    return site.trial({"modifiedDate": _NEW}).response.status


_READ = handled("The collection reads text, JSON and web pages.")
_BODY: t.Dict[Value, t.Any] = dict.fromkeys(BODIES, _READ)
_body = functools.partial(ask, mark="unv", words=BODIES, assumed=["text"], effects=_BODY)


@_body(
    "body_of_400", "conflicts", "What kind of body does a 400 have?",
    sent=_PUT,
)  # fmt: skip
def body_of_400(site: Bench) -> t.Optional[Value]:
    """Messages repeat the repository's reason."""
    response = site.trial({"sessionInactivityTimeout": -1}).response
    return body_kind(response) if response.status == 400 else None


@_body("body_of_409", "conflicts", "What kind of body does a conflict have?", sent=_PUT)
def body_of_409(site: Bench) -> t.Optional[Value]:
    """Messages repeat the repository's reason."""
    response = site.trial({"modifiedDate": _OLD}).response
    return body_kind(response) if response.status == 409 else None


@_body("body_of_500", "conflicts", "What kind of body does a failure have?", sent=_PUT)
def body_of_500(site: Bench) -> t.Optional[Value]:
    """Messages repeat the repository's reason."""
    response = site.trial({"jwtAttributeMap": None}).response
    return body_kind(response) if response.status == 500 else None


@ask(
    "invalid_value", "conflicts", "What is the status of a value that is not valid?", sent=_PUT,
    mark="doc", kind=STATUS, assumed=[400],
)  # fmt: skip
def invalid_value(site: Bench) -> t.Optional[Value]:
    """The message names the option for this status."""
    return site.trial({"sessionInactivityTimeout": -1}).response.status

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about tokens, certificates and users, and about parallel sessions."""

from __future__ import annotations

import functools
import typing as t

from ..crypto import tokens
from .claims import ALLOWED_HOST, ATTRIBUTE, USER_ID_CLAIM
from .question import FLAG, LOGIN, NUMBER, STATUS, Value, handled, question, setting, unhandled
from .sockets import MOST_SESSIONS
from .wire import BODIES, Unanswered, body_kind, entity_of

if t.TYPE_CHECKING:
    from .bench import Bench
    from .logins import Entry

ask = functools.partial(question, level=LOGIN)

_SENT = "GET /<prefix>/qps/csrftoken with such a token"
_BAD = unhandled(
    "The proxy accepts tokens that it must reject. See the finding bad_token_accepted."
)
_REJECTED = handled("The probe compares the token with the repository.")
_DAY = 86400

#: A bad token: rejected with 400 or 401, by release.
token = functools.partial(
    ask,
    sent=_SENT,
    kind=STATUS,
    words=["accepted"],
    assumed=[400, 401],
    effects={"accepted": _BAD, 403: _REJECTED, 302: _REJECTED},
)


def _rejected(site: Bench, **changes: t.Any) -> Value:
    """The outcome of a login with a token whose claims are changed; None leaves a claim out."""
    return _outcome(site, site.material.token(_claims(site, **changes)))


def _claims(site: Bench, **changes: t.Any) -> t.Dict[str, t.Any]:
    dummy = site.logins.session()
    claims = {**site.logins.claims(), **changes}
    return {name: value for name, value in claims.items() if value is not None}


def _outcome(site: Bench, bearer: str) -> Value:
    return site.logins.log_in(bearer).outcome


def _expired(site: Bench, seconds: int) -> Entry:
    past = int(site.logins.now) - seconds
    claims = _claims(site, exp=past, iat=past - 3600)
    return site.logins.log_in(site.material.token(claims))


@token("token_expired", "tokens", "Is an expired token rejected?", mark="code")
def token_expired(site: Bench) -> t.Optional[Value]:
    """The status does not show why a token was rejected."""
    return _expired(site, _DAY).outcome


@token("token_foreign_key", "tokens", "Is a token with a foreign signature rejected?", mark="code")
def token_foreign_key(site: Bench) -> t.Optional[Value]:
    """The security of all logins depends on it."""
    return _outcome(site, site.material.token(_claims(site), foreign=True))


@token("token_unsigned", "tokens", "Is a token without signature rejected?", mark="inf")
def token_unsigned(site: Bench) -> t.Optional[Value]:
    """The security of all logins depends on it."""
    return _outcome(site, tokens.unsigned(_claims(site)))


@token("token_malformed", "tokens", "Is a text that is not a token rejected?", mark="code")
def token_malformed(site: Bench) -> t.Optional[Value]:
    """The finding `token_malformed` describes it."""
    dummy = site.logins.session()
    return _outcome(site, "a.b.c")


@token(
    "token_without_user", "tokens", "Is a token without the user id's claim rejected?", mark="inf"
)
def token_without_user(site: Bench) -> t.Optional[Value]:
    """Names of claims are the most frequent mistake."""
    return _rejected(site, **{USER_ID_CLAIM: None})


@token("token_not_yet_valid", "tokens", "Is a token rejected that is not yet valid?", mark="inf")
def token_not_yet_valid(site: Bench) -> t.Optional[Value]:
    """The finding `token_not_yet_valid` describes it."""
    return _rejected(site, nbf=int(site.logins.now) + _DAY)


@token(
    "token_without_attribute", "tokens", "Is a token without a mandatory attribute rejected?",
    mark="inf",
)  # fmt: skip
def token_without_attribute(site: Bench) -> t.Optional[Value]:
    """The finding `mandatory_attribute_missing` describes it."""
    return _rejected(site, **{ATTRIBUTE: None})


@token("token_other_audience", "tokens", "Is a token for another audience rejected?", mark="code")
def token_other_audience(site: Bench) -> t.Optional[Value]:
    """The finding `audience_mismatch` describes it."""
    return _rejected(site, aud="other")


@ask(
    "token_without_audience", "tokens", "Is a token without audience rejected?", sent=_SENT,
    mark="inf", kind=STATUS, words=["accepted"], assumed=[400, 401],
    effects={"accepted": handled("audience_mismatch is reported only if a login fails.")},
)  # fmt: skip
def token_without_audience(site: Bench) -> t.Optional[Value]:
    """Decides whether `jwt_audience` protects against tokens without audience."""
    return _rejected(site, aud=None)


@ask(
    "token_body", "tokens", "What kind of body does the rejection have?", sent=_SENT, mark="code",
    words=BODIES, assumed=["empty", "html"],
)  # fmt: skip
def token_body(site: Bench) -> t.Optional[Value]:
    """Shows whether users see why they are rejected."""
    dummy = site.logins.session()
    entry = site.logins.log_in("a.b.c")
    return None if entry.cookie else body_kind(entry.response)


@ask(
    "token_challenge", "tokens", "Does the rejection have a WWW-Authenticate header?", sent=_SENT,
    mark="unv", kind=FLAG,
)  # fmt: skip
def token_challenge(site: Bench) -> t.Optional[Value]:
    """Browsers show a login dialog if it exists."""
    dummy = site.logins.session()
    entry = site.logins.log_in("a.b.c")
    return None if entry.cookie else entry.response.header("WWW-Authenticate") is not None


#: Seconds since a token has expired, in the order in which they are tried.
_STEPS = (10, 45, 75, 150, 270, 330, 700)


@ask(
    "clock_tolerance", "tokens", "For how many seconds is an expired token accepted at least?",
    sent=_SENT, mark="unv", kind=NUMBER, words=["no_limit"], between=(0, 330),
    effects={"no_limit": _BAD},
    otherwise=setting("Shorten the lifetime of tokens accordingly."),
)  # fmt: skip
def clock_tolerance(site: Bench) -> t.Optional[Value]:
    """The finding `clock_skew` depends on it."""
    if _expired(site, _DAY).cookie:
        return "no_limit"
    longest = 0
    for seconds in _STEPS:
        if not _expired(site, seconds).cookie:
            break
        longest = seconds
    return longest


@ask(
    "expired_certificate", "tokens", "Is a token accepted if the certificate has expired?",
    sent="GET /<prefix>-expired/qps/csrftoken with a good token", mark="unv", kind=STATUS,
    words=["accepted"], assumed=["accepted"],
    effects={
        400: setting("Renew certificates in time. See the finding certificate_expires_soon."),
        401: setting("Renew certificates in time. See the finding certificate_expires_soon."),
    },
)  # fmt: skip
def expired_certificate(site: Bench) -> t.Optional[Value]:
    """Decides whether an expired certificate stops all logins."""
    dummy = site.logins.session(), site.logins.expired()
    return _elsewhere(site, site.names.expired)


@ask(
    "bare_key_login", "tokens", "Is a token accepted if only the public key was saved?",
    sent="GET /<prefix>-key/qps/csrftoken with a good token", mark="unv", kind=STATUS,
    words=["accepted"], assumed=[400, 401],
    effects={"accepted": handled("The finding certificate_bare_public_key reports bare keys.")},
)  # fmt: skip
def bare_key_login(site: Bench) -> t.Optional[Value]:
    """Some recipes use a bare public key."""
    dummy = site.logins.session(), site.logins.bare_key()
    return _elsewhere(site, site.names.bare_key)


def _elsewhere(site: Bench, prefix: str) -> Value:
    """The outcome of a login at another virtual proxy, by a name that its list has."""
    bearer = site.material.token(site.logins.claims())
    return site.logins.log_in(bearer, prefix=prefix, host=ALLOWED_HOST).outcome


# -- users


@ask(
    "unknown_user", "accounts", "Is a user created at the first login?", sent=_SENT, mark="code",
    words=["created", "rejected", "not_created"], assumed=["created"],
    effects={
        "rejected": setting("Create users first: module qlik_user, or a user directory connector."),
    },
)  # fmt: skip
def unknown_user(site: Bench) -> t.Optional[Value]:
    """`allow_user_creation` of the probe protects against it."""
    dummy = site.logins.session()
    if not site.logins.log_in(purpose="new").cookie:
        return "rejected"
    query = {"filter": f"userId eq '{site.names.user('new')}'"}
    number = entity_of(site.repository.ask("GET", "user/count", query)).get("value")
    return "created" if number else "not_created"


@ask(
    "inactive_user", "accounts", "Is the login of an inactive user rejected?",
    sent="PUT /qrs/user/<id>, " + _SENT, mark="code", kind=STATUS, words=["accepted"],
    assumed=[403],
    effects={"accepted": handled("The page and the engine are rejected. The probe checks both.")},
)  # fmt: skip
def inactive_user(site: Bench) -> t.Optional[Value]:
    """The finding `user_inactive` depends on it."""
    dummy = site.logins.session()
    user = site.new_user("inactive")
    changed = {**user, "inactive": True}
    if site.repository.ask("PUT", f"user/{user['id']}", body=changed).status != 200:
        raise Unanswered("set_up")
    return site.logins.log_in(purpose="inactive").outcome


@ask(
    "parallel_sessions", "accounts", "How many parallel sessions can a user have?",
    sent="WebSocket /<prefix>/app/engineData in several sessions of one user", mark="doc",
    kind=NUMBER, between=(5, 5),
    otherwise=setting("Count sessions of programs accordingly. See the finding session_limit."),
)  # fmt: skip
def parallel_sessions(site: Bench) -> t.Optional[Value]:
    """The finding `session_limit` names the number."""
    return site.sockets.session_limit()


@ask(
    "session_slot", "accounts", "When is the slot of an ended session free?",
    sent="DELETE /<prefix>/qps/user, then a WebSocket", mark="doc", words=["later", "at_once"],
    assumed=["later"], effects={"at_once": handled("Programs don't have to wait.")},
)  # fmt: skip
def session_slot(site: Bench) -> t.Optional[Value]:
    """Programs that log in often run out of slots."""
    if site.sockets.session_limit() >= MOST_SESSIONS:
        raise Unanswered("needs_other_site")
    site.logins.end_user("many")
    entry = site.logins.log_in(purpose="many")
    if not entry.cookie:
        raise Unanswered("set_up")
    said = site.sockets.greeting(entry)
    return {"connected": "at_once", "sessions": "later"}.get(said, "other")

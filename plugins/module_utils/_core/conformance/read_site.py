# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Questions about rights, shapes, defaults, ports and certificates, answered by reading."""

from __future__ import annotations

import functools
import typing as t

from ..errors import TransportError
from ..probe.responses import classify
from .claims import NO_PREFIX
from .question import FLAG, NUMBER, READ, STATUS, Value, handled, question, setting
from .wire import Unanswered, content, entity_of

if t.TYPE_CHECKING:
    from .bench import Bench

ask = functools.partial(question, level=READ)

_RIGHTS = setting(
    "Use an account with the role RootAdmin, or INTERNAL\\sa_api with the client certificate. "
    "See docs/rights.md."
)
_ADMIN_PORT_TIMEOUT = 15.0


@ask(
    "read_rights", "rights", "Does the account see the whole site?",
    sent="GET /qrs/proxyservice/full, servernodeconfiguration/full, virtualproxyconfig",
    mark="inf", words=["all", "part", "none"], assumed=["all"],
    effects={"part": _RIGHTS, "none": _RIGHTS},
)  # fmt: skip
def read_rights(site: Bench) -> t.Optional[Value]:
    """The repository does not report missing rights. Its lists are shorter instead."""
    return site.read_rights()


@ask(
    "may_update_virtual_proxies", "rights", "Can the account change virtual proxies?",
    sent="GET /qrs/virtualproxyconfig/full?privileges=true", mark="doc", kind=FLAG,
    assumed=[True], effects={False: _RIGHTS},
)  # fmt: skip
def may_update_virtual_proxies(site: Bench) -> t.Optional[Value]:
    """The modules `qlik_virtual_proxy` and `qlik_virtual_proxies` need it."""
    return _may(site, "virtualproxyconfig", "update")


@ask(
    "may_update_proxy_services", "rights", "Can the account change proxy services?",
    sent="GET /qrs/proxyservice/full?privileges=true", mark="doc", kind=FLAG,
    assumed=[True], effects={False: _RIGHTS},
)  # fmt: skip
def may_update_proxy_services(site: Bench) -> t.Optional[Value]:
    """Links of virtual proxies and the module `qlik_proxy_service` need it."""
    return _may(site, "proxyservice", "update")


@ask(
    "may_read_users", "rights", "Can the account read users?",
    sent="GET /qrs/user/count", mark="inf", kind=FLAG, assumed=[True], effects={False: _RIGHTS},
)  # fmt: skip
def may_read_users(site: Bench) -> t.Optional[Value]:
    """The modules `qlik_user` and `qlik_jwt_probe` need it. Each site has users."""
    return bool(_number(site, "user/count"))


@ask(
    "may_read_tags", "rights", "Can the account read tags?",
    sent="GET /qrs/tag/count", mark="inf", kind=STATUS, assumed=[200], effects={403: _RIGHTS},
)  # fmt: skip
def may_read_tags(site: Bench) -> t.Optional[Value]:
    """The option `tags` needs it."""
    return site.repository.ask("GET", "tag/count").status


def _may(site: Bench, kind: str, privilege: str) -> bool:
    """Whether the account has the privilege for an entity, by the server's own answer."""
    found = content(site.repository.ask("GET", f"{kind}/full", {"privileges": "true"}))
    entities = [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
    lists = [item.get("privileges") for item in entities]
    return any(privilege in names for names in lists if isinstance(names, list))


def _number(site: Bench, path: str) -> int:
    found = content(site.repository.ask("GET", path))
    number = found.get("value") if isinstance(found, dict) else found
    return number if isinstance(number, int) else 0


# -- shapes and defaults


def _defaults(site: Bench) -> t.Dict[str, t.Any]:
    return entity_of(site.repository.ask("GET", "about/api/default/virtualproxyconfig"))


def _default(site: Bench, name: str) -> t.Optional[Value]:
    found = _defaults(site)
    if not found:
        raise Unanswered("needs_other_site")
    value = found.get(name, "absent")
    return value if isinstance(value, (bool, int, str)) else "other"


@ask(
    "has_audience", "shapes", "Do virtual proxies have a JWT audience?",
    sent="GET /qrs/about/api/default/virtualproxyconfig", mark="spec", kind=FLAG, assumed=[True],
    effects={False: handled("If you set jwt_audience, the task fails and names the property.")},
)  # fmt: skip
def has_audience(site: Bench) -> t.Optional[Value]:
    """The option `jwt_audience` needs the property."""
    return _default(site, "jwtAudience") != "absent"


@ask(
    "has_engine_checks", "shapes", "Does the release have the engine checks of 2024?",
    sent="GET /qrs/about/api/default/virtualproxyconfig", mark="code", kind=FLAG,
)  # fmt: skip
def has_engine_checks(site: Bench) -> t.Optional[Value]:
    """Shows how old the release is. The collection keeps properties that it does not know."""
    return _default(site, "enableEngineSaturationCheck") != "absent"


@ask(
    "default_secure_https", "shapes", "Is the session cookie Secure by default?",
    sent="GET /qrs/about/api/default/virtualproxyconfig", mark="inf", kind=FLAG, assumed=[True],
    words=["absent"],
    effects={False: setting("Set secure_attribute_https to true.")},
)  # fmt: skip
def default_secure_https(site: Bench) -> t.Optional[Value]:
    """Decides whether browsers send the session cookie over HTTPS only."""
    return _default(site, "hasSecureAttributeHttps")


@ask(
    "default_secure_http", "shapes", "Is the cookie of plain HTTP Secure by default?",
    sent="GET /qrs/about/api/default/virtualproxyconfig", mark="inf", kind=FLAG, assumed=[False],
    words=["absent"],
    effects={True: setting("Set secure_attribute_http to false if you allow plain HTTP.")},
)  # fmt: skip
def default_secure_http(site: Bench) -> t.Optional[Value]:
    """Browsers drop a Secure cookie that arrives over plain HTTP."""
    return _default(site, "hasSecureAttributeHttp")


@ask(
    "default_same_site_https", "shapes",
    "Which SameSite attribute does the session cookie have by default?",
    sent="GET /qrs/about/api/default/virtualproxyconfig", mark="spec", kind=NUMBER, assumed=[2],
    words=["absent"],
    effects={
        value: setting("Set same_site_attribute_https, if pages of other sites embed Qlik Sense.")
        for value in (0, 1, 3)
    },
)  # fmt: skip
def default_same_site_https(site: Bench) -> t.Optional[Value]:
    """Decides whether other sites can embed Qlik Sense. 0: not set, 1: None, 2: Lax, 3: Strict."""
    return _default(site, "sameSiteAttributeHttps")


@ask(
    "condensed_service", "shapes",
    "Does a condensed proxy service have more than id and privileges?",
    sent="GET /qrs/proxyservice", mark="spec", kind=FLAG, assumed=[False],
    effects={True: handled("The collection reads the full form.")},
)  # fmt: skip
def condensed_service(site: Bench) -> t.Optional[Value]:
    """Shows whether links could be read with less data."""
    found = content(site.repository.ask("GET", "proxyservice"))
    first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None
    return None if first is None else bool(set(first) - {"id", "privileges"})


@ask(
    "condensed_node", "shapes", "Does a condensed node show whether it is central?",
    sent="GET /qrs/servernodeconfiguration", mark="spec", kind=FLAG, assumed=[False],
    effects={True: handled("The collection reads the full form.")},
)  # fmt: skip
def condensed_node(site: Bench) -> t.Optional[Value]:
    """`proxies: central` needs one more request because of it."""
    found = content(site.repository.ask("GET", "servernodeconfiguration"))
    first = found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None
    return None if first is None else "isCentral" in first


# -- ports


@ask(
    "admin_port", "ports", "Does the administration port of the proxy answer?",
    sent="GET /qps/alive on port 4243", mark="spec", words=["open", "closed"], assumed=["open"],
    effects={
        "closed": setting(
            "Open port 4243 for this host. Until then the probe cannot end single sessions, and "
            "the number of sessions that a change ends is unknown."
        )
    },
)  # fmt: skip
def admin_port(site: Bench) -> t.Optional[Value]:
    """`end_session: own`, and the number of sessions before a restart, need it."""
    if site.ports.admin is None:
        raise Unanswered("needs_certificate")
    letters = site.ports.tools.letters()
    try:
        site.ports.admin.ask("GET", "", "alive", xrfkey=letters, timeout=_ADMIN_PORT_TIMEOUT)
    except TransportError as error:
        if error.kind in ("refused", "timeout", "reset"):
            return "closed"
        raise
    return "open"


@ask(
    "unknown_prefix", "ports", "What does the proxy answer for an unknown prefix?",
    sent="GET /<unknown prefix>/qps/csrftoken", mark="code", kind=STATUS, assumed=[400],
)  # fmt: skip
def unknown_prefix(site: Bench) -> t.Optional[Value]:
    """The probe compares other answers with it. So far it was seen on sites with several nodes."""
    return site.proxy.ask(NO_PREFIX).status


@ask(
    "unknown_prefix_page", "ports", "Is it the page \"The http request header is incorrect\"?",
    sent="GET /<unknown prefix>/qps/csrftoken", mark="code", kind=FLAG, assumed=[True],
    effects={False: handled("The probe compares the whole answers.")},
)  # fmt: skip
def unknown_prefix_page(site: Bench) -> t.Optional[Value]:
    """The findings `prefix_unknown`, `not_linked` and `host_not_allowed` recognize this page."""
    return classify(site.proxy.ask(NO_PREFIX)).kind == "header_incorrect"


# -- certificates of the site


def _certificate(name: str) -> t.Callable[[Bench], t.Optional[Value]]:
    def observe(site: Bench) -> t.Optional[Value]:
        if name not in site.ports.certificates:
            raise Unanswered("needs_certificate")
        value: t.Optional[Value] = site.ports.certificates[name]
        return value

    return observe


@ask(
    "authority_key_usage", "certificates",
    "Does the site's authority have the key usage extension?",
    sent="the file of the option ca_path", mark="code", kind=FLAG, assumed=[False],
    effects={True: handled("Nothing has to be relaxed for Python 3.13 and newer.")},
)  # fmt: skip
def authority_key_usage(site: Bench) -> t.Optional[Value]:
    """Python 3.13 and newer reject authorities without it, unless the client relaxes the rule."""
    return _certificate("authority_key_usage")(site)


@ask(
    "authority_key_bits", "certificates", "How long is the key of the site's authority?",
    sent="the file of the option ca_path", mark="code", kind=NUMBER, assumed=[2048],
    effects={bits: handled("OpenSSL accepts it.") for bits in (3072, 4096)},
)  # fmt: skip
def authority_key_bits(site: Bench) -> t.Optional[Value]:
    """Newer releases of OpenSSL reject short keys."""
    return _certificate("authority_key_bits")(site)


@ask(
    "client_key_form", "certificates", "Which format does the client key have?",
    sent="the file of the option client_key_path", mark="code", words=["pkcs1", "pkcs8"],
    assumed=["pkcs1"], effects={"pkcs8": handled("Both formats are read.")},
)  # fmt: skip
def client_key_form(site: Bench) -> t.Optional[Value]:
    """Exports of newer releases may have another format."""
    return _certificate("client_key_form")(site)

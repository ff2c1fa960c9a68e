# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From method and path to the function that answers."""

from __future__ import annotations

import functools
import re
import typing as t

from ..site import Site
from . import about, reads, selections, services, writes
from .call import Answer, Call
from .errors import QrsError, not_found
from .types import SELECTABLE, TYPES

Handler = t.Callable[..., Answer]
_ID = r"(?P<entity_id>[0-9a-f-]{36})"


def answer(site: Site, call: Call) -> Answer:
    """The answer to a request whose sender is known; QrsError when it is refused."""
    path = call.path.lower()
    known = False
    for method, pattern, handler in _routes():
        match = pattern.fullmatch(path)
        if match is not None:
            known = True
            if method == call.method:
                return handler(site, call, **match.groupdict())
    raise QrsError(405, "Method Not Allowed") if known else not_found()


@functools.cache
def _routes() -> list[tuple[str, re.Pattern[str], Handler]]:
    found: list[tuple[str, str, Handler]] = [
        ("GET", "/about", about.get_about),
        ("GET", "/about/api/default", about.get_defaults),
        ("GET", r"/about/api/default/(?P<path>\w+)", about.get_default),
        ("GET", "/about/api/enums", about.get_enums),
        ("GET", "/about/api/relations", about.get_relations),
        ("GET", "/about/api/description", about.get_description),
        ("GET", "/about/openapi", about.get_interfaces),
        ("GET", r"/about/openapi/(?P<name>\w+)", about.get_openapi),
        ("GET", "/license", services.get_license),
        ("GET", "/license/accesstypeoverview", services.get_access_overview),
        (
            "GET",
            r"/license/(?P<kind>professional|analyzer|user)accesstype/full",
            services.get_passes,
        ),
        ("POST", "/certificatedistribution/exportcertificates", services.post_export),
        ("GET", "/certificatedistribution/exportcertificatespath", services.get_export_path),
        ("POST", "/loadbalancing/validnodes", services.post_valid_nodes),
        ("POST", "/loadbalancing/validengines", services.post_valid_engines),
        (
            "GET",
            f"/virtualproxyconfig/{_ID}/generate/samlmetadata",
            services.get_saml_metadata,
        ),
    ]
    for path in TYPES:
        found += _of_type(path)
    for path in SELECTABLE:
        found += _of_selection(path)
    return [(method, re.compile(pattern), handler) for method, pattern, handler in found]


def _of_type(path: str) -> list[tuple[str, str, Handler]]:
    def bind(handler: Handler) -> Handler:
        return functools.partial(handler, path=path)

    routes = TYPES[path]
    one = f"/{path}/{_ID}"
    found: list[tuple[str, str, Handler]] = [
        ("GET", f"/{path}", bind(reads.get_condensed)),
        ("GET", f"/{path}/full", bind(reads.get_full)),
        ("GET", f"/{path}/count", bind(reads.get_count)),
        ("GET", one, bind(reads.get_one)),
        ("POST", f"/{path}/table", bind(reads.post_table)),
        ("POST", f"/{path}/previewprivileges", services.post_preview_privileges),
    ]
    if routes.create:
        found.append(("POST", f"/{path}", bind(writes.post)))
        found.append(("POST", f"/{path}/previewcreateprivilege", services.post_preview_create))
    if routes.many:
        found.append(("POST", f"/{path}/many", bind(writes.post_many)))
    if routes.change:
        found.append(("PUT", one, bind(writes.put)))
    if routes.remove:
        found.append(("DELETE", one, bind(writes.delete)))
    if routes.local:
        found.append(("GET", f"/{path}/local", bind(reads.get_local)))
    return found


def _of_selection(path: str) -> list[tuple[str, str, Handler]]:
    def bind(handler: Handler, **more: t.Any) -> Handler:
        return functools.partial(_with_selection, handler, path=path, **more)

    base = f"/selection/{_ID}/{path}"
    return [
        ("POST", f"/selection/{path}", functools.partial(selections.post_by_filter, path=path)),
        ("GET", base, bind(selections.get_members, form="condensed")),
        ("GET", f"{base}/full", bind(selections.get_members, form="full")),
        ("GET", f"{base}/count", bind(selections.get_members, form="count")),
        ("DELETE", base, bind(selections.delete_members)),
        ("GET", f"{base}/synthetic", bind(selections.get_synthetic)),
        ("PUT", f"{base}/synthetic", bind(selections.put_synthetic)),
    ]


def _with_selection(
    handler: Handler, site: Site, call: Call, *, entity_id: str, **more: str
) -> Answer:
    return handler(site, call, selection_id=entity_id, **more)

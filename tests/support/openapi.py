# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Holds recorded answers against an OpenAPI 2.0 description, with the wire's known quirks."""

from __future__ import annotations

import copy
import importlib
import json
import re
import typing as t

# Loaded by name: only this check needs the library, and type checkers need no stubs for it.
jsonschema: t.Any = importlib.import_module("jsonschema")
referencing: t.Any = importlib.import_module("referencing")

Json = dict[str, t.Any]
_URI = "urn:description"
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

# The wire differs from the description in these ways, on live servers too.
NULL_PRIVILEGES = "privileges"  # null unless asked for
EMPTY_ALLOWED = {"sessionCookieDomain", "userDirectoryConnectorName"}  # "" when not set
ANY_VALUE = {("SyntheticPropertyCondensed", "value"), ("Table", "rows")}
# Known from servers newer than the description.
NEWER = {
    "VirtualProxyConfig": (
        "enableEngineSaturationCheck",
        "enableEngineHealthCheckData",
        "loadBalancingAlgorithm",
    )
}
NEWER["VirtualProxyConfigCondensed"] = NEWER["VirtualProxyConfig"]
# An entity of defaults has no value for what a client must give, and refers to nothing.
_DEFAULTS = "/about/api/default/"
WRAPPED = ("integer", "boolean")


class Description:
    """A server's description, prepared for checks. ``complete``: types sent with every property."""

    def __init__(self, document: Json, complete: t.Collection[str] = ()):
        self._paths: Json = document["paths"]
        self._patterns: dict[str, re.Pattern[str]] = {
            template: re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template.lower())))
            for template in self._paths
        }
        self._base: str = document.get("basePath", "")
        definitions = copy.deepcopy(document["definitions"])
        for name, definition in definitions.items():
            self._prepare(name, definition, name in complete)
        resource = importlib.import_module("referencing.jsonschema").DRAFT7.create_resource(
            {"definitions": definitions}
        )
        self._registry = referencing.Registry().with_resource(_URI, resource).crawl()
        self._checker = jsonschema.FormatChecker(formats=["uuid"])
        self._checker.checks("date-time")(_is_date)

    def _prepare(self, name: str, definition: Json, complete: bool) -> None:
        properties: Json = definition.get("properties", {})
        if not properties:
            return
        for newer in NEWER.get(name, ()):
            properties[newer] = {}
        if complete:
            definition["required"] = sorted(properties)
        for key, schema in properties.items():
            if key == NULL_PRIVILEGES:
                properties[key] = {"anyOf": [schema, {"type": "null"}]}
            elif key in EMPTY_ALLOWED:
                schema.pop("minLength", None)
            elif (name, key) in ANY_VALUE:
                properties[key] = {}
        # A property that the server does not know is a misspelt one.
        definition["additionalProperties"] = False

    def check(self, method: str, path: str, status: int, body: t.Any) -> str:
        """The path template that the answer was held against; AssertionError when it differs."""
        template = self._template(method, path)
        responses = self._paths[template][method.lower()]["responses"]
        where = f"{method} {template} -> {status}"
        assert str(status) in responses, f"{where}: only {sorted(responses)} are described"
        schema = responses[str(status)].get("schema")
        if schema is None:
            assert body is None, f"{where}: a body that is not described"
            return template
        self._validate(where, schema, body)
        return template

    def _template(self, method: str, path: str) -> str:
        assert path.lower().startswith(self._base), path
        wanted = path.lower()[len(self._base) :]
        found = [
            template
            for template, pattern in self._patterns.items()
            if method.lower() in self._paths[template] and pattern.fullmatch(wanted)
        ]
        assert found, f"{method} {path} is not described"
        return min(found, key=lambda template: template.count("{"))

    def _validate(self, where: str, schema: Json, body: t.Any) -> None:
        if schema.get("type") in WRAPPED or schema.get("format") == "uuid":
            assert isinstance(body, dict), f"{where}: a scalar is wrapped"
            assert set(body) == {"value"}, f"{where}: a scalar is wrapped"
            body = body["value"]
        text = json.dumps(schema).replace('"#/definitions/', f'"{_URI}#/definitions/')
        validator = jsonschema.Draft7Validator(
            json.loads(text), registry=self._registry, format_checker=self._checker
        )
        errors = [
            f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
            for error in validator.iter_errors(body)
            if not (_DEFAULTS in where and error.instance in ("", None))
        ]
        assert not errors, f"{where}: {'; '.join(errors[:10])}"


def _is_date(value: object) -> bool:
    return not isinstance(value, str) or _DATE.fullmatch(value) is not None

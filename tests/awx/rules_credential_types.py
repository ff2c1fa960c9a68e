# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX demands of a credential type, written from its source.

``awx/main/fields.py`` (CredentialTypeInputField, CredentialTypeInjectorField),
``awx/main/validators.py`` (validate_ssh_private_key) and ``awx/main/constants.py``.
Each function yields a sentence for each thing that AWX would refuse.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Iterator

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from awx.definitions import Json

IDENTIFIER = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
FILE_KEY = re.compile(r"template(\.[a-zA-Z_]+[a-zA-Z0-9_]*)?")
EXTRA_VARS_KEY = re.compile(r"[a-zA-Z_{}]+[a-zA-Z0-9_{}]*")
FIELD_KEYS: dict[str, type] = {
    "id": str,
    "label": str,
    "type": str,
    "format": str,
    "choices": list,
    "help_text": str,
    "multiline": bool,
    "secret": bool,
    "ask_at_runtime": bool,
    "default": object,
}
ONLY_OF_STRINGS = ("choices", "multiline", "format", "secret")
BLOCK = re.compile(
    r"(?P<dashes>-{4,}) *BEGIN (?P<type>[A-Z ]+?) *(?P=dashes).+?"
    r"(?P=dashes) *END (?P=type) *(?P=dashes)",
    re.DOTALL,
)
PRIVATE_KEYS = {
    f"{kind}PRIVATE KEY" for kind in ("", "ENCRYPTED ", "RSA ", "DSA ", "EC ", "OPENSSH ")
}
BLOCKED = {
    "VIRTUAL_ENV",
    "PATH",
    "PYTHONPATH",
    "JOB_ID",
    "INVENTORY_ID",
    "INVENTORY_SOURCE_ID",
    "INVENTORY_UPDATE_ID",
    "AD_HOC_COMMAND_ID",
    "REST_API_URL",
    "REST_API_TOKEN",
    "MAX_EVENT_RES",
    "CALLBACK_QUEUE",
    "CALLBACK_CONNECTION",
    "CACHE",
    "JOB_CALLBACK_DEBUG",
    "INVENTORY_HOSTVARS",
    "AWX_HOST",
    "PROJECT_REVISION",
    "SUPERVISOR_CONFIG_PATH",
}


def faults(definition: Json) -> Iterator[str]:
    """Everything that AWX would refuse in a credential type."""
    if definition.get("kind") not in ("cloud", "net"):
        yield f"kind is {definition.get('kind')!r}: only cloud and net can be made"
    inputs = list(of_inputs(definition["inputs"]))
    yield from inputs
    # AWX does not look at the templates while the fields are wrong.
    if not inputs:
        yield from of_injectors(definition["injectors"], definition["inputs"])


def of_inputs(inputs: Json) -> Iterator[str]:
    """What is wrong with the fields."""
    yield from (f"inputs: {key} is unknown" for key in inputs.keys() - {"fields", "required"})
    fields = inputs.get("fields", [])
    ids = [field.get("id") for field in fields]
    yield from (
        f"fields: {one} is there twice" for one in sorted({i for i in ids if ids.count(i) > 1})
    )
    for field in fields:
        yield from (f"{field.get('id')}: {what}" for what in of_field(field))
    required = inputs.get("required", [])
    if not isinstance(required, list) or not all(isinstance(name, str) for name in required):
        yield "required is no list of names"
    # AWX takes a required field that does not exist, and nobody could ever fill it in.
    yield from (f"required: there is no field {name}" for name in required if name not in ids)


def of_field(field: Json) -> Iterator[str]:
    """What is wrong with a field."""
    yield from (f"{key} is missing" for key in ("id", "label") if key not in field)
    yield from (f"{key} is unknown" for key in field.keys() - FIELD_KEYS.keys())
    yield from (
        f"{key} is no {kind.__name__}"
        for key, kind in FIELD_KEYS.items()
        if key in field and not isinstance(field[key], kind)
    )
    kind = field.get("type", "string")
    if kind not in ("string", "boolean"):
        yield f"type {kind} is unknown"
    if field.get("format", "url") not in ("ssh_private_key", "url"):
        yield f"format {field['format']} is unknown"
    choices = field.get("choices", ["one"])
    if not choices or len(choices) != len(set(choices)):
        yield "choices are none, or one of them is there twice"
    if not IDENTIFIER.fullmatch(str(field.get("id", ""))) or field.get("id") == "tower":
        yield "id is no name of a variable, or reserved"
    if kind != "string":
        yield from (f"{key} is for strings only" for key in ONLY_OF_STRINGS if key in field)
    if "default" in field and not isinstance(field["default"], str if kind == "string" else bool):
        yield f"default is no {kind}"
    if field.get("ask_at_runtime"):
        yield "ask_at_runtime is for the types that AWX brings itself"


def of_injectors(injectors: Json, inputs: Json) -> Iterator[str]:
    """What is wrong with the injectors."""
    kinds = ("file", "env", "extra_vars")
    yield from (f"injectors: {key} is unknown" for key in injectors.keys() - {*kinds})
    files = injectors.get("file", {})
    yield from (f"file: {key} is no key" for key in files if not FILE_KEY.fullmatch(key))
    if "template" in files and len(files) > 1:
        yield "file: one template, or several with names"
    for key, value in injectors.get("env", {}).items():
        yield from (f"env: {key} {what}" for what in of_variable(key, value))
    for key, value in injectors.get("extra_vars", {}).items():
        if not EXTRA_VARS_KEY.fullmatch(key):
            yield f"extra_vars: {key} is no key"
        if not isinstance(value, (str, list, dict)):
            yield f"extra_vars: {key} is neither text nor list nor mapping"
    names = example(inputs, files)
    for kind in kinds:
        for text in texts(injectors.get(kind, {})):
            yield from (f"{kind}: {text!r} {what}" for what in of_template(text, names))


def of_key(text: str) -> Iterator[str]:
    """What is wrong with the answer to a field that holds a private key."""
    keys = 0
    rest = text.lstrip()
    while rest:
        block = BLOCK.match(rest)
        if not block:
            yield "text outside of BEGIN and END"
            return
        if block["type"] in PRIVATE_KEYS:
            keys += 1
        elif block["type"] != "CERTIFICATE":
            yield f"{block['type']} is not supported"
        rest = rest[block.end() :].lstrip()
    if not keys:
        yield "there is no private key"


def of_variable(name: str, value: object) -> Iterator[str]:
    """What is wrong with an environment variable."""
    if not IDENTIFIER.fullmatch(name):
        yield "is no name"
    if name.startswith("ANSIBLE_") or name in BLOCKED:
        yield "may not be set by a credential"
    if not isinstance(value, str) or not value.isascii():
        yield "is no ASCII text"


def of_template(text: object, names: Json) -> Iterator[str]:
    """What is wrong with a template."""
    if not isinstance(text, str):
        yield "is no text"
        return
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        environment.from_string(text).render(names)
    except UndefinedError as error:
        yield f"uses what no field defines ({error})"
    except SecurityError as error:
        yield f"runs what may not run ({error})"
    except TemplateSyntaxError as error:
        yield f"cannot be read ({error})"


class _Filename:
    """``tower.filename``: a path where one file is injected, else the names of several."""

    def __init__(self, files: Json):
        self._is_one = "template" in files
        for key in files:
            if "." in key:
                setattr(self, key.partition(".")[2], "EXAMPLE_FILENAME")

    def __str__(self) -> str:
        if not self._is_one:
            raise UndefinedError("tower.filename needs a file injector without a name")
        return "EXAMPLE_FILENAME"


class _Tower:
    """``tower``, of which a template may use a part only."""

    def __init__(self, files: Json):
        self.filename = _Filename(files)

    def __str__(self) -> str:
        raise UndefinedError("tower itself cannot be used")


def example(inputs: Json, files: Json) -> Json:
    """What the templates are rendered with when a credential type is saved."""
    names: Json = {field["id"]: "EXAMPLE" for field in inputs.get("fields", [])}
    return {**names, "tower": _Tower(files)}


def texts(value: t.Any) -> Iterator[object]:
    """All that is rendered in an injector."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    else:
        yield value

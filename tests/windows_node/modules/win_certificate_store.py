# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_certificate_store``: certificates into a store, out of it, and from it into a file."""

from __future__ import annotations

import dataclasses
import typing as t

from ..model import certificates
from ..model.certificates import StoredCertificate
from ..model.filesystem import AccessDeniedError
from ..model.stores import MACHINE, USER, StoreId
from ..settings import MISSING, REFUSED
from .base import Call, Json, Model, ModuleFailure
from .stores import chosen_store

_WRONG_PASSWORD = "The specified network password is not correct."
_UNREADABLE = (
    certificates.WrongPasswordError,
    certificates.NotACertificateError,
    AccessDeniedError,
)
_REQUIRED: t.Final[dict[str, tuple[tuple[str, ...], bool]]] = {
    "absent": (("path", "thumbprint"), True),
    "exported": (("path", "thumbprint"), False),
    "present": (("path",), False),
}


def run(call: Call) -> Json:
    """Brings store or file into the state."""
    _check_required(call)
    store = chosen_store(call)
    return _STATES[call.options["state"]](call, store)


def _check_required(call: Call) -> None:
    state = call.options["state"]
    names, any_of_them = _REQUIRED[state]
    missing = [name for name in names if call.options[name] is None]
    if missing and not (any_of_them and len(missing) < len(names)):
        how = "any" if any_of_them else "all"
        raise ModuleFailure(
            f"state is {state} but {how} of the following are missing: {', '.join(missing)}"
        )


def _present(call: Call, store: StoreId) -> Json:
    thumbprints, changed = [], False
    for item in _certificates_in(call, call.path(call.options["path"])):
        thumbprints.append(item.thumbprint)
        found = call.node.stores.find(store, item.thumbprint)
        if found and (item.key is None or found[0].key is not None):
            continue
        changed = True
        if not call.check:
            call.node.stores.add(store, item)
    return {"changed": changed, "thumbprints": thumbprints}


def _absent(call: Call, store: StoreId) -> Json:
    if call.options["path"] is not None:
        items = _certificates_in(call, call.path(call.options["path"]))
        thumbprints = [item.thumbprint for item in items]
    else:
        thumbprints = [call.options["thumbprint"]]
    found = [item for print_ in thumbprints for item in call.node.stores.find(store, print_)]
    if not call.check:
        for item in found:
            call.node.stores.remove(store, item.thumbprint)
    return {"changed": bool(found), "thumbprints": thumbprints}


def _exported(call: Call, store: StoreId) -> Json:
    """A file that is there already is kept when it is of the kind and has this certificate.

    Otherwise it is removed, in check mode too (a fault of the real module), and made anew with
    the access list that its directory gives. For a container, the real module returns
    ``key_exported: false`` whenever it exports, whether the container has the key or not. A failure
    returns the thumbprint like a success.
    """
    path = call.path(call.options["path"])
    thumbprint = call.options["thumbprint"]
    answer: Json = {"changed": False, "thumbprints": [thumbprint]}
    entry = call.see(path)
    if entry is not None and entry.is_directory:
        raise ModuleFailure(
            f"Cannot export cert to path '{call.options['path']}' as it is a directory", answer
        )
    if entry is not None and _file_type(call, path) == call.options["file_type"]:
        held = _certificates_in(call, path)
        if [item.thumbprint for item in held] == [thumbprint.upper()]:
            return answer
    found = call.node.stores.find(store, thumbprint)
    if len(found) != 1:
        raise ModuleFailure(f"Found {len(found)} certs when only expecting 1", answer)
    if entry is not None:
        call.node.files.remove(call.who, path)
        answer["changed"] = True
    try:
        data = _file_of(call, store, found[0])
    except (certificates.KeyNotExportableError, _KeyError) as error:
        raise ModuleFailure(
            "Failed to export certificate as bytes: Exception calling "
            f'"Export" with "2" argument(s): "{error}\r\n"',
            answer,
        ) from None
    if call.options["file_type"] == "pkcs12":
        answer["key_exported"] = False
        if found[0].key is not None:
            answer["key_exportable"] = found[0].exportable
    if not call.check:
        call.node.files.write(call.who, path, data)
    return {**answer, "changed": True}


_STATES: t.Final[dict[str, t.Callable[[Call, StoreId], Json]]] = {
    "present": _present,
    "absent": _absent,
    "exported": _exported,
}


def _file_of(call: Call, store: StoreId, item: StoredCertificate) -> bytes:
    kind = call.options["file_type"]
    if kind == "der":
        return item.der
    if kind == "pem":
        return item.pem
    _demand_key(call, store, item)
    settings = call.node.settings
    if settings.container_keys == MISSING:
        item = dataclasses.replace(item, key=None)
    return item.container(call.options["password"], settings.containers)


class _KeyError(Exception):
    """The private key is there, but not for this user."""


def _demand_key(call: Call, store: StoreId, item: StoredCertificate) -> None:
    if item.key is None:
        return
    if store.location == MACHINE and not call.who.is_administrator:
        raise _KeyError("Keyset does not exist")
    bars = call.node.settings.network_logon_keys == REFUSED
    if store.location == USER and call.who.over_network and bars:
        raise _KeyError(_WRONG_PASSWORD)


def _certificates_in(call: Call, path: str) -> list[StoredCertificate]:
    entry = call.see(path)
    if entry is None or entry.is_directory:
        raise ModuleFailure(f"File at '{path}' either does not exist or is not a file")
    options = call.options
    try:
        data = call.node.files.read(call.who, path)
        return certificates.read(data, options["password"], exportable=options["key_exportable"])
    except _UNREADABLE as error:
        raise ModuleFailure(
            'Failed to load cert from file: Exception calling "Import" with "3" argument(s): '
            f'"{error}\r\n"'
        ) from None


def _file_type(call: Call, path: str) -> str:
    """What the module takes a file for: one that cannot be read is a container to it."""
    try:
        data = call.node.files.read(call.who, path)
        held = certificates.read(data, call.options["password"])
    except _UNREADABLE:
        return "pkcs12"
    if data.startswith(b"-----BEGIN CERTIFICATE-----"):
        return "pem"
    if held and held[0].key is not None:
        return "pkcs12"
    return "pkcs12" if path.lower().endswith((".pfx", ".p12")) else "der"


MODEL = Model(run, secret=frozenset(("password",)))

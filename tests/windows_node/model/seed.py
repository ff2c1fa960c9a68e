# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Puts files and certificates on a node as a test asks, without regard to anybody's rights."""

from __future__ import annotations

import base64
import typing as t

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from . import paths, rights
from .acl import Ace, Acl
from .certificates import StoredCertificate
from .node import Node
from .stores import MACHINE, SERVICE, USER, StoreId

Json = dict[str, t.Any]


class SeedError(ValueError):
    """An order that makes no sense."""


def apply(node: Node, order: t.Mapping[str, t.Any]) -> None:
    """``files``, ``certificates``, ``remove``: see the README; SeedError and the model's errors."""
    if unknown := set(order) - {"files", "certificates", "remove"}:
        raise SeedError(f"not known: {', '.join(sorted(unknown))}")
    for path in order.get("remove", ()):
        node.files.remove(node.system(), _path(node, path))
    for item in order.get("files", ()):
        _file(node, item)
    for item in order.get("certificates", ()):
        _certificate(node, item)


def _path(node: Node, text: str) -> str:
    variables = node.variables(node.administrator)
    return paths.absolute(paths.expand(text, variables), base="C:\\")


def _file(node: Node, item: Json) -> None:
    path = _path(node, item["path"])
    data: bytes | None = None
    if "content" in item:
        data = str(item["content"]).encode(item.get("encoding", "utf-8"))
    elif "content_base64" in item:
        data = base64.b64decode(item["content_base64"])
    root = paths.root(path)
    if paths.is_share(path) and node.files.get(root) is None:
        node.files.place(root, owner=node.system().owner)
    if directory := paths.parent(path):
        node.files.make_directory(node.system(), directory)
    owner = node.accounts.sid_of(item.get("owner", node.system().owner))
    entries = [_ace(node, entry) for entry in item.get("acl", ())]
    acl = Acl(entries, inherits=bool(item.get("inherits", True)))
    entry = node.files.place(path, owner=owner, data=data, acl=acl)
    entry.hidden = bool(item.get("hidden"))


def _ace(node: Node, entry: Json) -> Ace:
    inherit = str(entry.get("inherit", "None"))
    return Ace(
        node.accounts.sid_of(entry["user"]),
        rights.parse(entry["rights"]) | rights.SYNCHRONIZE,
        entry.get("type", "allow"),
        containers="ContainerInherit" in inherit,
        objects="ObjectInherit" in inherit,
        propagation=entry.get("propagation", "None"),
    )


def _certificate(node: Node, item: Json) -> None:
    location = item.get("location", MACHINE)
    holder = ""
    if location == USER:
        holder = node.accounts.by_name(item.get("account", node.administrator.name)).sid
    elif location == SERVICE:
        holder = item["service"]
    key = None
    if "key" in item:
        loaded = load_pem_private_key(item["key"].encode(), None)
        if not isinstance(loaded, rsa.RSAPrivateKey):
            raise SeedError("only RSA keys are modelled")
        key = loaded
    stored = StoredCertificate(
        x509.load_pem_x509_certificate(item["certificate"].encode()),
        key,
        bool(item.get("exportable", True)),
        item.get("friendly_name", ""),
    )
    node.stores.add(StoreId(location, holder, item.get("name", "My")), stored)

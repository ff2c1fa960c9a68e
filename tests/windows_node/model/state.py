# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Shows a node to a test: everything, without regard to anybody's rights."""

from __future__ import annotations

import base64
import hashlib
import typing as t

from . import rights
from .acl import Ace
from .certificates import StoredCertificate
from .filesystem import Entry
from .node import Node
from .stores import USER

Json = dict[str, t.Any]


def show(node: Node) -> Json:
    """``files`` by path, ``stores``, ``accounts``, ``services``."""
    return {
        "files": {entry.path: _entry(node, entry) for entry in node.files.all()},
        "stores": [
            {
                "location": store.location,
                "name": store.name,
                "account": node.accounts.display(store.holder)
                if store.location == USER
                else store.holder,
                "certificates": [_certificate(stored) for stored in certificates],
            }
            for store, certificates in node.stores
        ],
        "accounts": {account.sid: account.full_name for account in node.accounts},
        "services": [service.name for service in node.services],
    }


def _entry(node: Node, entry: Entry) -> Json:
    shown: Json = {
        "directory": entry.is_directory,
        "owner": entry.owner,
        "owner_name": node.accounts.display(entry.owner),
        "inherits": entry.acl.inherits,
        "acl": [_ace(node, ace) for ace in node.files.access_list(entry)],
    }
    if not entry.is_directory:
        shown["size"] = len(entry.content)
        shown["sha256"] = hashlib.sha256(entry.content).hexdigest()
        shown["content"] = base64.b64encode(entry.content).decode()
    return shown


def _ace(node: Node, ace: Ace) -> Json:
    return {
        "sid": ace.sid,
        "name": node.accounts.display(ace.sid),
        "rights": rights.show(ace.mask & ~rights.SYNCHRONIZE)
        if ace.mask != rights.FULL_CONTROL
        else "FullControl",
        "type": ace.kind,
        "inherit": ace.inherit,
        "propagation": ace.propagation,
        "inherited": ace.inherited,
    }


def _certificate(stored: StoredCertificate) -> Json:
    return {
        "thumbprint": stored.thumbprint,
        "subject": stored.certificate.subject.rfc4514_string(),
        "friendly_name": stored.friendly_name,
        "has_private_key": stored.key is not None,
        "exportable": stored.exportable,
    }

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The certificate files of a simulated site, made once per directory and then reused."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import pathlib
import typing as t

from . import certificate_shapes as shapes
from .certificate_shapes import Pair

_MANIFEST = "manifest.json"
_OTHER_NAMES = ("localhost", "127.0.0.1")


@dataclasses.dataclass(frozen=True)
class Files:
    """Paths below one directory."""

    directory: pathlib.Path

    def path(self, name: str) -> pathlib.Path:
        """The path of ``<name>.pem``."""
        return self.directory / f"{name}.pem"

    @staticmethod
    def stem(node_name: str) -> str:
        """A file name for a node, whatever characters its name has."""
        return hashlib.sha256(node_name.encode()).hexdigest()[:12]

    def as_dict(self, central: str) -> dict[str, str]:
        """The ``certificates`` of the ready file."""
        stem = self.stem(central)
        names = {
            "client_cert": "client",
            "client_key": "client_key",
            "root": "root",
            "server_cert": f"server_{stem}",
            "server_key": f"server_{stem}_key",
            "foreign_client_cert": "foreign_client",
            "foreign_client_key": "foreign_client_key",
        }
        return {name: str(self.path(file)) for name, file in names.items()}


def prepare(
    directory: pathlib.Path,
    nodes: t.Sequence[tuple[str, str]],
    *,
    short_names: bool,
    expired: bool,
) -> Files:
    """Makes all files, unless the directory has them for the same nodes already.

    ``nodes`` are (name, host name), the central one first. ``short_names``: certificates carry
    the node's name alone. ``expired``: those that browsers see have expired.
    """
    files = Files(directory)
    manifest = {"nodes": [list(node) for node in nodes], "short": short_names, "expired": expired}
    try:
        if json.loads((directory / _MANIFEST).read_text()) == manifest:
            return files
    except (OSError, ValueError):
        pass
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    root = shapes.qlik_root(nodes[0][0])
    proxy_root = shapes.ordinary_root("Simulated browser authority")
    foreign_root = shapes.ordinary_root("Some other authority")
    _write(files, "root", root, crlf=True)
    _write(files, "proxy_ca", proxy_root, crlf=False)
    _write(files, "foreign_ca", foreign_root, crlf=False)
    _write(files, "client", shapes.qlik_client(root), crlf=True)
    _write(files, "foreign_client", shapes.ordinary_client(foreign_root, "Stranger"), crlf=True)
    for name, host_name in nodes:
        stem = files.stem(name)
        names = [name.lower()] if short_names else _unique([host_name, *_OTHER_NAMES])
        subject = names[0]
        _write(files, f"server_{stem}", shapes.qlik_server(root, subject, names), crlf=True)
        proxy = shapes.ordinary_server(proxy_root, subject, names, expired=expired)
        _write(files, f"proxy_{stem}", proxy, crlf=False)
    _write_file(directory / _MANIFEST, json.dumps(manifest).encode())
    return files


def _write(files: Files, name: str, pair: Pair, *, crlf: bool) -> None:
    _write_file(files.path(f"{name}_key"), shapes.key_pem(pair.key, crlf=crlf))
    _write_file(files.path(name), shapes.certificate_pem(pair.certificate, crlf=crlf))


def _write_file(path: pathlib.Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _unique(names: t.Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))

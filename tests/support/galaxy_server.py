# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Galaxy server on the loopback address, for what ansible-galaxy asks when it installs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import tarfile
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

from tools import archive, checkout

#: Galaxy's own API, and a repository of a private automation hub.
PATHS = ("/api/", "/api/galaxy/content/published/")


class Galaxy(ThreadingHTTPServer):
    """The server. ``tokens`` are those that it was asked with."""

    daemon_threads = True

    def __init__(self, archives: t.Iterable[Path]):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.archives = [*archives]
        self.tokens: set[str | None] = set()

    def url(self, path: str = PATHS[0]) -> str:
        """The address of one of its paths."""
        return f"http://127.0.0.1:{self.server_port}{path}"

    def answer(self, path: str) -> object:
        """The content at a path; None if nothing is there."""
        for file in self.archives:
            if path == f"/download/{file.name}":
                return file.read_bytes()
        root = next((root for root in reversed(PATHS) if path.startswith(root)), None)
        if root is None:
            return None
        if path == root:
            return {"available_versions": {"v3": "v3/"}}
        asked = re.fullmatch(
            r"v3/collections/(\w+)/(\w+)/(versions/)?(?:([^/]+)/)?", path.removeprefix(root)
        )
        if asked is None:
            return None
        start = f"{asked[1]}-{asked[2]}-"
        found = [_version(file) for file in self.archives if file.name.startswith(start)]
        if not asked[3]:
            return {"created_at": "2026", "updated_at": "2026"} if found else None
        if not asked[4]:
            return {"data": found, "links": {"next": None}}
        return next((one for one in found if one["version"] == asked[4]), None)


class _Handler(BaseHTTPRequestHandler):
    server: Galaxy

    def do_GET(self) -> None:
        self.server.tokens.add(self.headers["Authorization"])
        content = self.server.answer(self.path.partition("?")[0])
        body = content if isinstance(content, bytes) else json.dumps(content or {}).encode()
        self.send_response(404 if content is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


def _version(file: Path) -> dict[str, t.Any]:
    with tarfile.open(file) as content:
        manifest = content.extractfile("MANIFEST.json")
        assert manifest is not None
        info = json.load(manifest)["collection_info"]
    return {
        "version": info["version"],
        "namespace": {"name": info["namespace"]},
        "collection": {"name": info["name"]},
        "download_url": f"/download/{file.name}",
        "artifact": {"sha256": hashlib.sha256(file.read_bytes()).hexdigest()},
        "metadata": {"dependencies": info["dependencies"]},
        "href": "",
    }


@contextlib.contextmanager
def serve(archives: t.Iterable[Path]) -> t.Iterator[Galaxy]:
    """The server while it runs."""
    with Galaxy(archives) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()


def release(directory: Path) -> Path:
    """The archive of the checkout, as it is released."""
    copy = checkout.copy("released")
    described = copy / "galaxy.yml"
    text = described.read_text(encoding="utf-8")
    described.write_text(re.sub(r"(?m)^(version: \S+)-dev$", r"\1", text), encoding="utf-8")
    return archive.build(copy, directory / "qlikops.sense")


def substitute(
    directory: Path, name: str, version: str, files: t.Mapping[str, str] | None = None
) -> Path:
    """The archive of a collection that is not available offline; it has only these files."""
    namespace, dummy, short = name.partition(".")
    place = directory / f"{name}-source"
    described = {
        "namespace": namespace,
        "name": short,
        "version": version,
        "readme": "README.md",
        "authors": ["tests"],
    }
    content = {"galaxy.yml": yaml.safe_dump(described), "README.md": name, **(files or {})}
    for file, text in content.items():
        (place / file).parent.mkdir(parents=True, exist_ok=True)
        (place / file).write_text(text, encoding="utf-8")
    return archive.build(place, directory / name)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys given as content: which files appear while a module runs, and who can read them."""

from __future__ import annotations

import dataclasses
import errno
import os
import ssl
import stat
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbooks.leaks import leaks
from support.case import Case, Json, without
from support.module_runner import connection
from support.simulator import Simulator

READ_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclasses.dataclass
class Watch:
    """Files that were opened for writing, and what OpenSSL got to read: path, mode and content."""

    active: bool = True
    written: list[str] = dataclasses.field(default_factory=list)
    read: list[tuple[str, int, bytes]] = dataclasses.field(default_factory=list)

    def event(self, name: str, arguments: tuple[t.Any, ...]) -> None:
        """Note what Python itself reports of every file that it opens."""
        if self.active and name == "open" and arguments[2] & READ_WRITE:
            self.written.append(str(arguments[0]))

    def load(self, *paths: str) -> None:
        """Look at the files that OpenSSL is about to read."""
        for path in paths:
            mode = stat.S_IMODE(os.stat(path).st_mode)
            self.read.append((path, mode, Path(path).read_bytes()))


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """It watches this process, which has the most careless umask meanwhile."""
    watching = Watch()
    # Such a hook stays as long as the process; it only stops noting.
    sys.addaudithook(watching.event)
    load = ssl.SSLContext.load_cert_chain

    def watched(context: ssl.SSLContext, cert: str, key: str, password: t.Any = None) -> None:
        watching.load(cert, key)
        load(context, cert, key, password)

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    before = os.umask(0)
    yield watching
    os.umask(before)
    watching.active = False


@pytest.fixture(params=["in memory", "no memory", "memory forbidden"])
def in_memory(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether the system has files in memory."""
    if request.param == "no memory":
        monkeypatch.delattr(os, "memfd_create")
    if request.param == "memory forbidden":

        def refuse(name: str) -> int:
            raise OSError(errno.EPERM, name)

        monkeypatch.setattr(os, "memfd_create", refuse)
    return bool(request.param == "in memory")


def as_content(site: Simulator, key: str) -> Json:
    """The connection with everything given as content."""
    certificates = site.certificates
    return {
        **without(connection(site), "client_cert_path", "client_key_path", "ca_path"),
        "client_cert_content": Path(certificates["client_cert"]).read_text(),
        "client_key_content": key,
        "ca_content": Path(certificates["root"]).read_text(),
    }


@pytest.mark.parametrize("fails", ["", "half a key", "another site's key", "no such site"])
def test_nobody_else_can_read_the_key(
    site: Simulator, watch: Watch, in_memory: bool, fails: str
) -> None:
    key = Path(site.certificates["client_key"]).read_text()
    changes: dict[str, t.Any] = {}
    if fails == "half a key":
        key = key[:-200]
    elif fails == "another site's key":
        key = Path(site.certificates["foreign_client_key"]).read_text()
    elif fails:
        changes = {"host": "127.0.0.1", "port": 1, "retries": 0}

    result = Case("qlik_virtual_proxy_info", site, as_content(site, key)).run(**changes)

    assert bool(result.get("failed")) is bool(fails), result
    assert leaks(key, str(result).encode()) == []
    if fails == "half a key":
        assert (watch.read, watch.written) == ([], [])
        return
    assert len(watch.read) == 2
    assert [mode for dummy, mode, dummy_content in watch.read] == [0o600] * 2
    assert key.encode().replace(b"\r", b"") in watch.read[1][2].replace(b"\r", b"")
    paths = [path for path, dummy, dummy_content in watch.read]
    named = [path for path in watch.written if "qlikops-" in path]
    if in_memory:
        assert all(path.startswith("/proc/self/fd/") for path in paths)
        assert named == []
    else:
        # The directory is the module's own, made by Ansible for nobody else.
        assert named == paths
        assert not any(os.path.exists(path) for path in paths)
    assert not [path for path in watch.written if os.path.isfile(path) and holds(path, key)]


def holds(path: str, key: str) -> bool:
    """Whether that file has any of the key in it."""
    return bool(leaks(key, Path(path).read_bytes()))

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of the connection that another user could have written, on real files."""

from __future__ import annotations

import os
import shutil
import tempfile
import typing as t
from pathlib import Path

import pytest

from support.module_runner import Result, connection, run_module
from support.probe_bench import Bench
from support.simulator import Simulator

OTHER = 12345
FILES = {"ca_path": "root", "client_cert_path": "client_cert", "client_key_path": "client_key"}

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def place(tmp_path: Path, site: Simulator) -> Path:
    directory = tmp_path / "place"
    directory.mkdir()
    for option, name in FILES.items():
        shutil.copyfile(site.certificates[name], directory / option)
        (directory / option).chmod(0o600)
    return directory


def info(site: Simulator, place: Path, **options: t.Any) -> Result:
    given = {**connection(site), **{option: str(place / option) for option in FILES}, **options}
    site.clear_requests()
    given = {option: value for option, value in given.items() if value is not None}
    return run_module("qlik_virtual_proxy_info", given)


def assert_rejected(result: Result, site: Simulator, option: str, *words: str) -> None:
    assert result["failed"]
    for word in (f"{option}: ", *words):
        assert word in result["msg"]
    assert site.requests(port="qrs") == []


def warnings(result: Result, place: Path) -> list[str]:
    assert not result.get("failed"), result
    return [text for text in map(str, result.get("warnings", [])) if str(place) in text]


def test_files_of_the_user_of_the_task(site: Simulator, place: Path) -> None:
    (place / "ca_path").chmod(0o644)
    (place / "client_cert_path").chmod(0o644)
    assert warnings(info(site, place), place) == []
    (place / "client_key_path").chmod(0o644)
    (warning,) = warnings(info(site, place), place)
    assert "client_key_path is readable by everyone (mode 0644)" in warning


@as_root
@pytest.mark.parametrize("option", ["ca_path", "client_key_path"])
def test_planted_files(site: Simulator, place: Path, option: str) -> None:
    os.chown(place / option, OTHER, OTHER)
    content = option.replace("path", "content")
    words = (f"owned by {OTHER}", f"give its text in {content}, or run: chown root {place}")
    assert_rejected(info(site, place), site, option, *words)
    given = {option: None, content: (place / option).read_text()}
    assert warnings(info(site, place, **given), place) == []


@as_root
def test_planted_authorities_in_a_shared_directory(site: Simulator, place: Path) -> None:
    shared = place.parent / "shared"
    shared.mkdir()
    shared.chmod(0o1777)
    path = shutil.move(place / "ca_path", shared / "root.pem")
    assert warnings(info(site, place, ca_path=str(path)), shared) == []
    os.chown(path, OTHER, OTHER)
    result = info(site, place, ca_path=str(path))
    assert_rejected(result, site, "ca_path", f"{path} is owned by {OTHER}")
    os.chown(path, 0, 0)
    shared.chmod(0o777)
    assert_rejected(info(site, place, ca_path=str(path)), site, "ca_path", f"chmod o-w {shared}")


@pytest.mark.parametrize("option", ["ca_path", "client_key_path"])
def test_files_that_everyone_can_write_to(site: Simulator, place: Path, option: str) -> None:
    (place / option).chmod(0o666)
    assert_rejected(info(site, place), site, option, "is writable by everyone (mode 0666)")


def test_a_certificate_with_its_private_key(site: Simulator, place: Path) -> None:
    both = place / "client_cert_path"
    both.write_text(both.read_text() + (place / "client_key_path").read_text())
    both.chmod(0o666)
    result = info(site, place, client_key_path=None)
    assert_rejected(result, site, "client_cert_path", "could have replaced the private key")
    assert not info(site, place).get("failed")


@as_root
def test_links_to_the_bundle_of_the_system(site: Simulator, place: Path) -> None:
    link = place.parent / "link"
    link.symlink_to(place / "ca_path")
    assert warnings(info(site, place, ca_path=str(link)), place.parent) == []
    place.parent.chmod(0o1777)
    os.lchown(link, OTHER, OTHER)
    assert_rejected(info(site, place, ca_path=str(link)), site, "ca_path", "symbolic link")


@as_root
def test_the_environment(site: Simulator, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QLIK_CA", str(place / "ca_path"))
    assert warnings(info(site, place, ca_path=None), place) == []
    os.chown(place / "ca_path", OTHER, OTHER)
    assert_rejected(info(site, place, ca_path=None), site, "ca_path", f"owned by {OTHER}")


@as_root
def test_without_root(site: Simulator, place: Path) -> None:
    """The files of an execution environment belong to root or to the user of the task."""
    with tempfile.TemporaryDirectory() as directory:
        inside = Path(shutil.move(place, Path(directory) / "place"))
        for path in (Path(directory), inside, *inside.iterdir()):
            os.chown(path, OTHER, OTHER)
        os.chown(inside / "ca_path", 0, 0)
        (inside / "ca_path").chmod(0o644)
        os.seteuid(OTHER)
        try:
            result = info(site, inside)
        finally:
            os.seteuid(0)
    assert warnings(result, inside) == []


@as_root
def test_the_authorities_of_the_proxy(simulator: Simulator, place: Path) -> None:
    bench = Bench(simulator)
    bench.prepare()
    path = place / "ca_path"
    shutil.copyfile(simulator.proxy_ca, path)
    os.chown(path, OTHER, OTHER)
    result = bench.run(url_ca_path=str(path), url_ca_content=None)
    assert result["failed"]
    assert f"url_ca_path: {path} is owned by {OTHER}" in result["msg"]
    assert simulator.requests(port="https") == []

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that were killed while they wrote, and the runs after them."""

from __future__ import annotations

import os
import stat
import typing as t
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils import _staging
from support import key_material as km
from support.killed_module import filled, kill_at_every_point
from support.module_runner import Result, run_module

OLD, NEW = km.rsa_key(), km.rsa_key(number=1)
OLD_FILES = {
    "jwt.key": km.key_pem(OLD),
    "jwt.crt": km.certificate_pem(km.certificate(OLD)),
}
NEW_PAIR = km.key_pem(NEW) + km.certificate_pem(km.certificate(NEW))
KEYPAIR = {
    "source": "pem",
    "src_content": NEW_PAIR.decode(),
    "private_key_path": "{0}/jwt.key",
    "certificate_path": "{0}/jwt.crt",
    "regenerate": "full_idempotence",
}
TOKEN = {
    "private_key_content": OLD_FILES["jwt.key"].decode(),
    "user_id": "jdoe",
    "user_directory": "ACME",
    "path": "{0}/token",
}


def leftovers(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if ".qlikops-" in path.name]


def warned(result: Result) -> str:
    return str(result.get("warnings", ""))


def assert_next_runs_clean_up(name: str, arguments: dict[str, t.Any], directory: Path) -> None:
    """The prediction removes nothing, the run removes all of it, the next finds nothing to do."""
    options = filled(arguments, directory)
    left = leftovers(directory)
    for path in left:
        if b"PRIVATE KEY" in path.read_bytes() or path.name.startswith(".token"):
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    predicted = run_module(name, options, check=True)
    assert sorted(leftovers(directory)) == sorted(left)
    result = run_module(name, options)
    assert not result.get("failed"), result
    assert predicted["changed"] is result["changed"]
    assert result["changed"] or not left
    assert leftovers(directory) == []
    for path in left:
        assert f"Check mode: would remove {path}" in warned(predicted)
        assert f"Removed {path}" in warned(result)
    assert run_module(name, options)["changed"] is False


def different(directories: list[Path]) -> list[Path]:
    """Those that do not look like an earlier one but for the random part of names."""
    found: dict[t.Any, Path] = {}
    for directory in directories:
        state = sorted(
            (path.name[:17], path.read_bytes(), path.stat().st_mode) for path in directory.iterdir()
        )
        found.setdefault(repr(state), directory)
    return list(found.values())


@pytest.mark.parametrize("present", [True, pytest.param(False, marks=pytest.mark.long)])
def test_key_pair(tmp_path: Path, present: bool) -> None:
    start, place = tmp_path / "start", tmp_path / "place"
    start.mkdir()
    place.mkdir()
    for name, content in OLD_FILES.items() if present else ():
        (start / name).write_bytes(content)
        (start / name).chmod(0o600)
    arguments = {**KEYPAIR, "backup": True}
    found = 0
    for directory in different(kill_at_every_point("qlik_keypair", arguments, start, place)):
        for name, content in OLD_FILES.items():
            file = directory / name
            if present or file.exists():
                assert file.read_bytes() in (content, *map(bytes, new_files()))
        found += len(leftovers(directory))
        assert_next_runs_clean_up("qlik_keypair", arguments, directory)
        assert (directory / "jwt.key").read_bytes() == new_files()[0]
    assert found


def new_files() -> list[bytes]:
    key, begin, rest = NEW_PAIR.partition(b"-----BEGIN CERT")
    return [key, begin + rest]


@pytest.mark.parametrize("present", [True, pytest.param(False, marks=pytest.mark.long)])
def test_token(tmp_path: Path, present: bool) -> None:
    start, place = tmp_path / "start", tmp_path / "place"
    start.mkdir()
    place.mkdir()
    if present:
        run_module("qlik_jwt_token", {**filled(TOKEN, start), "user_id": "other"})
    directories = kill_at_every_point("qlik_jwt_token", TOKEN, start, place)
    assert any(leftovers(directory) for directory in directories)
    for directory in different(directories):
        assert_next_runs_clean_up("qlik_jwt_token", TOKEN, directory)


def test_files_of_a_run_at_the_same_moment_stay(tmp_path: Path) -> None:
    options = filled(KEYPAIR, tmp_path)
    with _staging.staged(options["private_key_path"], b"theirs") as name:
        result = run_module("qlik_keypair", options)
        assert result["changed"]
        assert name not in warned(result)
        assert leftovers(tmp_path) == [Path(name)]
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize(
    "name",
    [
        ".jwt.key.qlikops-",
        ".jwt.key.qlikops-1234567",
        ".jwt.key.qlikops-12345678.pem",
        ".other.key.qlikops-12345678",
        "jwt.key.qlikops-12345678",
    ],
)
def test_files_of_other_names_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"theirs")
    run_module("qlik_keypair", filled(KEYPAIR, tmp_path))
    assert (tmp_path / name).read_bytes() == b"theirs"


def test_links_directories_and_files_of_others_stay(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    (tmp_path / ".jwt.key.qlikops-aaaaaaaa").symlink_to(tmp_path / "file")
    (tmp_path / ".jwt.key.qlikops-bbbbbbbb").mkdir()
    os.mkfifo(tmp_path / ".jwt.key.qlikops-cccccccc")
    if os.geteuid() == 0:
        (tmp_path / ".jwt.key.qlikops-dddddddd").touch()
        os.chown(tmp_path / ".jwt.key.qlikops-dddddddd", 12345, -1)
    before = {path.name for path in tmp_path.iterdir()}
    run_module("qlik_keypair", filled(KEYPAIR, tmp_path))
    assert before <= {path.name for path in tmp_path.iterdir()}


def test_long_names(tmp_path: Path) -> None:
    name = "ä" * 120 + ".key"
    options = {**filled(KEYPAIR, tmp_path), "private_key_path": str(tmp_path / name)}
    assert run_module("qlik_keypair", options)["changed"]
    assert (tmp_path / name).read_bytes() == new_files()[0]


def test_backups_never_overwrite_and_are_as_private_as_the_file(tmp_path: Path) -> None:
    for name, content in OLD_FILES.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o600)
    options = {**filled(KEYPAIR, tmp_path), "backup": True}
    opened: list[int] = []
    real = os.open

    def watched(path: t.Any, flags: int, *rest: t.Any, **more: t.Any) -> int:
        if str(path).endswith("~"):
            opened.append(flags)
        return real(path, flags, *rest, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "open", watched)
        backups = run_module("qlik_keypair", options)["backup_files"]
    assert [Path(path).read_bytes() for path in backups] == list(OLD_FILES.values())
    assert all(flags & os.O_EXCL for flags in opened)
    assert len(opened) == len(OLD_FILES)
    assert stat.S_IMODE(os.stat(backups[0]).st_mode) == 0o600
    assert os.stat(backups[0]).st_uid == os.stat(tmp_path / "jwt.key").st_uid

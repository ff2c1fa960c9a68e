# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys and tokens that another user could have written, on real files."""

from __future__ import annotations

import os
import stat
import struct
import tempfile
import typing as t
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.qlikops.sense.plugins.module_utils import _file_trust
from support import key_material as km
from support.module_runner import Result, run_module

KEY = km.rsa_key()
PLAIN = km.key_pem(KEY)
CERTIFICATE = km.certificate_pem(km.certificate(KEY))
OTHER = 12345
TOKEN = {"user_id": "jdoe", "user_directory": "ACME"}

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def outside() -> t.Iterator[Path]:
    """A directory that other users can enter, but not list."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o711)
        yield Path(directory)


def laid(path: Path, content: bytes = PLAIN, *, uid: int = -1, mode: int = 0o600) -> str:
    path.write_bytes(content)
    path.chmod(mode)
    os.chown(path, uid, uid)
    return str(path)


def keypair(**options: t.Any) -> Result:
    return run_module("qlik_keypair", {"size": 2048, **options})


def token(**options: t.Any) -> Result:
    return run_module("qlik_jwt_token", {**TOKEN, **options}, no_log="path" not in options)


def assert_rejected(result: Result, option: str, path: Path, *words: str) -> None:
    assert result["failed"]
    for word in (f"{option}: ", str(path), *words):
        assert word in result["msg"]


def state(directory: Path) -> dict[str, tuple[bytes, int, int]]:
    return {
        path.name: (path.read_bytes(), path.stat().st_uid, stat.S_IMODE(path.stat().st_mode))
        for path in directory.iterdir()
    }


@as_root
@pytest.mark.parametrize("policy", ["never", "fail", "full_idempotence", "always"])
def test_a_planted_key_is_not_adopted(tmp_path: Path, policy: str) -> None:
    path = laid(tmp_path / "jwt.key", uid=OTHER)
    before = state(tmp_path)
    result = keypair(private_key_path=path, regenerate=policy)
    assert_rejected(result, "private_key_path", tmp_path, f"owned by {OTHER}", "chown root")
    assert state(tmp_path) == before


@as_root
def test_the_owner_option_names_another_trusted_user(tmp_path: Path) -> None:
    path = laid(tmp_path / "jwt.key", uid=OTHER)
    assert keypair(private_key_path=path, owner=str(OTHER))["changed"] is False
    assert keypair(private_key_path=path, owner=str(OTHER), regenerate="always")["changed"]
    assert state(tmp_path)["jwt.key"][1:] == (OTHER, 0o600)
    assert keypair(source="pem", src_path=path, owner=str(OTHER))["fingerprint"]
    assert_rejected(keypair(private_key_path=path, owner="99"), "private_key_path", tmp_path)


@as_root
@pytest.mark.parametrize("source", ["pem", "pkcs12"])
def test_a_planted_source_is_not_adopted(tmp_path: Path, source: str) -> None:
    content = PLAIN
    if source == "pkcs12":
        content = pkcs12.serialize_key_and_certificates(
            b"", KEY, km.certificate(KEY), None, serialization.NoEncryption()
        )
    path = laid(tmp_path / "source", content, uid=OTHER)
    result = keypair(source=source, src_path=path)
    assert_rejected(result, "src_path", tmp_path, f"owned by {OTHER}")


@as_root
def test_public_material_of_others_is_read(tmp_path: Path) -> None:
    path = laid(tmp_path / "server.pem", CERTIFICATE, uid=OTHER, mode=0o644)
    result = keypair(source="pem", src_path=path)
    assert result["thumbprint"]
    (warning,) = warned(result, tmp_path)
    assert f"owned by {OTHER}, who could replace the certificate" in warning
    assert keypair(source="pem", src_path=path, owner=str(OTHER))["thumbprint"]


@as_root
def test_public_material_that_others_could_have_planted(tmp_path: Path) -> None:
    path = laid(tmp_path / "server.pem", CERTIFICATE, mode=0o644)
    tmp_path.chmod(0o777)
    result = keypair(source="pem", src_path=path)
    assert_rejected(result, "src_path", tmp_path, "chmod o-w", "replace the certificate")
    tmp_path.chmod(0o1777)
    assert keypair(source="pem", src_path=path)["thumbprint"]
    os.chown(path, OTHER, OTHER)
    assert_rejected(keypair(source="pem", src_path=path), "src_path", tmp_path, f"by {OTHER}")


@pytest.mark.parametrize("kind", ["certificate", "public_key"])
def test_public_files_are_written_where_others_cannot_replace_them(
    tmp_path: Path, kind: str
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    options = {
        "private_key_path": str(tmp_path / "jwt.key"),
        f"{kind}_path": str(place / "file"),
    }
    words = ("chmod o-w", f"replace the {kind.replace('_', ' ')}")
    for mode in (0o777, 0o1777, 0o777):
        place.chmod(mode)
        if mode == 0o777:
            assert_rejected(keypair(**options), f"{kind}_path", place, *words)
        else:
            assert keypair(**options)["changed"]
    place.chmod(0o755)
    (place / "file").chmod(0o666)
    assert keypair(**options)["changed"]
    assert stat.S_IMODE((place / "file").stat().st_mode) == 0o644


@pytest.mark.parametrize("policy", ["full_idempotence", "always"])
def test_an_empty_file_is_like_any_other(tmp_path: Path, policy: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    for name in ("jwt.key", "token"):
        laid(place / name, b"")
    place.chmod(0o777)
    result = keypair(private_key_path=str(place / "jwt.key"), regenerate=policy)
    assert_rejected(result, "private_key_path", place, "chmod o-w")
    result = token(private_key_path=laid(tmp_path / "good.key"), path=str(place / "token"))
    assert_rejected(result, "path", place, "chmod o-w")


@as_root
def test_a_replaced_public_file_is_not_given_to_its_old_owner(tmp_path: Path) -> None:
    laid(tmp_path / "jwt.key")
    crt = laid(tmp_path / "jwt.crt", CERTIFICATE, uid=OTHER, mode=0o644)
    options = {"private_key_path": str(tmp_path / "jwt.key"), "certificate_path": crt}
    assert keypair(**options)["changed"] is False
    assert os.stat(crt).st_uid == OTHER
    result = keypair(**options, valid_days=30)
    assert result["diff"]["after"]["certificate"]["owner"] == 0
    assert os.stat(crt).st_uid == 0


@pytest.mark.parametrize("mode", [0o777, 0o1777])
@pytest.mark.parametrize("present", [True, False])
def test_directories_that_everyone_can_write_to(tmp_path: Path, mode: int, present: bool) -> None:
    place = tmp_path / "place"
    place.mkdir()
    if present:
        laid(place / "jwt.key")
    place.chmod(mode)
    before = state(place)
    for check in (True, False):
        options = {"size": 2048, "private_key_path": str(place / "jwt.key")}
        result = run_module("qlik_keypair", options, check=check)
        assert_rejected(result, "private_key_path", place, f"mode {mode:04o}")
    key = laid(tmp_path / "good.key")
    assert_rejected(token(private_key_path=key, path=str(place / "token")), "path", place)
    assert state(place) == before
    if present:
        path = str(place / "jwt.key")
        assert_rejected(keypair(source="pem", src_path=path), "src_path", place)
        assert_rejected(token(private_key_path=path), "private_key_path", place)


@pytest.mark.parametrize("mode", [0o777, 0o1777])
def test_directories_above_need_the_sticky_bit(tmp_path: Path, mode: int) -> None:
    place = tmp_path / "above" / "place"
    place.mkdir(parents=True)
    place.parent.chmod(mode)
    result = keypair(private_key_path=str(place / "jwt.key"))
    if mode & stat.S_ISVTX:
        assert result["changed"]
    else:
        assert_rejected(result, "private_key_path", place.parent, "chmod o-w")


@as_root
def test_directories_of_others(tmp_path: Path) -> None:
    place = tmp_path / "theirs" / "place"
    place.mkdir(parents=True)
    os.chown(place, OTHER, OTHER)
    path = str(place / "jwt.key")
    assert_rejected(keypair(private_key_path=path), "private_key_path", place, f"by {OTHER}")
    assert keypair(private_key_path=path, owner=str(OTHER))["changed"]
    laid(place / "jwt.key")
    os.chown(place, 0, 0)
    tmp_path.chmod(0o1777)
    os.chown(place.parent, OTHER, OTHER)
    assert_rejected(keypair(private_key_path=path), "private_key_path", place.parent)


@as_root
def test_links_of_others(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir(mode=0o700)
    key = Path(laid(place / "jwt.key"))
    tmp_path.chmod(0o1777)
    for target, link, path in ((place, "dir", "dir/jwt.key"), (key, "file", "file")):
        (tmp_path / link).symlink_to(target)
        options = {"source": "pem", "src_path": str(tmp_path / path)}
        assert keypair(**options)["fingerprint"]
        os.lchown(tmp_path / link, OTHER, OTHER)
        assert_rejected(keypair(**options), "src_path", tmp_path / link, "symbolic link")


def test_a_link_is_judged_by_what_it_leads_to(tmp_path: Path) -> None:
    place = tmp_path / "open"
    place.mkdir()
    laid(place / "jwt.key")
    place.chmod(0o777)
    (tmp_path / "good").symlink_to(place)
    path = str(tmp_path / "good" / ".." / "open" / "jwt.key")
    assert_rejected(keypair(source="pem", src_path=path), "src_path", place, "chmod o-w")


def test_a_key_that_everyone_can_write_to(tmp_path: Path) -> None:
    path = laid(tmp_path / "jwt.key", mode=0o666)
    assert_rejected(keypair(private_key_path=path), "private_key_path", tmp_path, "mode 0666")
    assert_rejected(token(private_key_path=path), "private_key_path", tmp_path, "mode 0666")


@as_root
def test_tokens_of_others(tmp_path: Path) -> None:
    key = laid(tmp_path / "jwt.key")
    path = str(tmp_path / "token")
    assert token(private_key_path=key, path=path)["changed"]
    os.chown(path, OTHER, OTHER)
    before = state(tmp_path)
    for lifetime in (3600, 60):
        result = token(private_key_path=key, path=path, lifetime=lifetime)
        assert_rejected(result, "path", tmp_path, f"owned by {OTHER}", "token")
    assert state(tmp_path) == before
    assert token(private_key_path=key, path=path, lifetime=60, owner=str(OTHER))["changed"]
    assert os.stat(path).st_uid == OTHER


@as_root
def test_the_signing_key_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = laid(tmp_path / "jwt.key", uid=OTHER)
    probe = {**TOKEN, "url": "https://192.0.2.1", "prefix": "portal", "private_key_path": key}
    for result in (token(private_key_path=key), run_module("qlik_jwt_probe", probe)):
        assert_rejected(result, "private_key_path", tmp_path, f"private_key_owner: {OTHER}")
    assert token(private_key_path=key, private_key_owner=str(OTHER))["token"]
    path = str(tmp_path / "token")
    assert token(private_key_path=key, path=path, owner=str(OTHER))["changed"]
    monkeypatch.setenv("QLIK_JWT_PRIVATE_KEY", key)
    assert_rejected(token(), "private_key_path", tmp_path)


def warned(result: Result, path: Path) -> list[str]:
    """The warnings about a path; those of earlier modules in this process are still in a result."""
    assert not result.get("failed"), result
    texts = [str(warning) for warning in result.get("warnings", [])]
    return [text for text in texts if str(path) in text]


def give_access(path: Path, tag: int, number: int, *, mask: int = 7, granted: int = 7) -> None:
    """An access list with one named user (tag 2) or group (tag 8), as setfacl writes it."""
    none = 0xFFFFFFFF
    owner, group, other = (0x01, 7, none), (0x04, 0, none), (0x20, 0, none)
    named = (tag, granted, number)
    entries = [owner, *([named, group] if tag == 2 else [group, named]), (0x10, mask, none), other]
    content = struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)
    try:
        os.setxattr(path, "system.posix_acl_access", content)
    except OSError as error:
        pytest.skip(f"no access lists here: {error}")


@as_root
def test_users_in_access_lists(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    path = str(place / "jwt.key")
    give_access(place, 2, OTHER)
    words = (f"lets the user {OTHER} write", f"Run: setfacl -x u:{OTHER} {place}")
    assert_rejected(keypair(private_key_path=path), "private_key_path", place, *words)
    assert list(place.iterdir()) == []
    result = keypair(private_key_path=path, owner=str(OTHER))
    assert result["changed"]
    assert warned(result, place) == []
    assert_rejected(keypair(source="pem", src_path=path), "src_path", place)
    for mask, granted in ((5, 7), (7, 5)):
        give_access(place, 2, OTHER, mask=mask, granted=granted)
        os.chown(path, 0, 0)
        assert warned(keypair(private_key_path=path), place) == []


@as_root
def test_groups_in_access_lists(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    for group, words in ((0, []), (OTHER, [f"setfacl -x g:{OTHER} {place}"])):
        give_access(place, 8, group)
        warnings = warned(keypair(private_key_path=str(place / "jwt.key")), place)
        assert len(warnings) == len(words)
        assert all(word in warnings[0] for word in words)


def test_an_access_list_that_is_not_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_file_trust, "_access_list", lambda dummy: b"?")
    place = tmp_path / "place"
    place.mkdir()
    place.chmod(0o770)
    (warning,) = warned(keypair(private_key_path=str(place / "jwt.key")), place)
    assert f"the directory {place} is writable by its group (mode 0770)" in warning


@as_root
def test_access_lists_of_files(tmp_path: Path) -> None:
    key = Path(laid(tmp_path / "jwt.key"))
    give_access(key, 2, OTHER)
    result = keypair(private_key_path=str(key))
    assert_rejected(result, "private_key_path", key, f"setfacl -x u:{OTHER} {key}")
    assert_rejected(token(private_key_path=str(key)), "private_key_path", key)
    assert keypair(private_key_path=str(key), regenerate="always")["changed"]
    assert keypair(private_key_path=str(key))["changed"] is False


@as_root
def test_without_root(outside: Path) -> None:
    """A task without root trusts its own user and root, and needs no right to list directories."""
    place = outside / "place"
    place.mkdir(mode=0o700)
    os.chown(place, OTHER, OTHER)
    laid(place / "own.key", uid=OTHER)
    laid(place / "theirs.key", uid=OTHER + 1, mode=0o644)
    laid(outside / "root.key", mode=0o644)
    results = []
    os.seteuid(OTHER)
    try:
        for path in (place / "own.key", outside / "root.key", place / "theirs.key"):
            results.append(keypair(source="pem", src_path=str(path)))
        results.append(keypair(private_key_path=str(place / "new.key")))
    finally:
        os.seteuid(0)
    assert [result.get("failed", False) for result in results] == [False, False, True, False]
    assert f"owned by {OTHER + 1}" in results[2]["msg"]
    assert (place / "new.key").stat().st_uid == OTHER

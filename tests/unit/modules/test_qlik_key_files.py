# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_key_files: removes the files of the key pair, and no others."""

from __future__ import annotations

import base64
import os
import typing as t
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from ansible_collections.qlikops.sense.plugins.module_utils._modules import key_files as _key_files
from support import key_material as km
from support.module_runner import Result, run_module

KEY, OTHER = km.rsa_key(), km.rsa_key(number=1)
PRIVATE, PUBLIC = km.key_pem(KEY), km.public_pem(KEY)
CERTIFICATE = km.certificate_pem(km.certificate(KEY))
FOREIGN = km.certificate_pem(km.certificate(OTHER))
ENCRYPTED = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.PKCS8,
    serialization.BestAvailableEncryption(b"open sesame"),
)


def fingerprint(pem: bytes) -> str:
    found: str = run_module("qlik_keypair", {"source": "pem", "src_content": pem.decode()})[
        "fingerprint"
    ]
    return found


OURS, THEIRS = fingerprint(CERTIFICATE), fingerprint(FOREIGN)


def run(paths: t.Sequence[Path | str], *, check: bool = False, **options: t.Any) -> Result:
    given = {"paths": [str(path) for path in paths], "fingerprints": [OURS], **options}
    return run_module("qlik_key_files", given, check=check)


REMOVED = {
    "private key": PRIVATE,
    "public key": PUBLIC,
    "certificate": CERTIFICATE,
    "bundle of one pair": PRIVATE + CERTIFICATE + PUBLIC,
    "Windows line ends": CERTIFICATE.replace(b"\n", b"\r\n"),
    "UTF-16": CERTIFICATE.decode().encode("utf-16"),
    "encrypted key": ENCRYPTED,
}
KEPT = {
    "text": (b"important\n", "is not a key or certificate"),
    "empty": (b"", "is empty"),
    "blank": (b" \n", "is empty"),
    "binary": (bytes(range(256)), "is not a key or certificate"),
    "key of another pair": (km.key_pem(OTHER), "belongs to another key pair"),
    "certificate of another pair": (FOREIGN, "belongs to another key pair"),
    "public key of another pair": (km.public_pem(OTHER), "belongs to another key pair"),
    "bundle with another pair": (PRIVATE + FOREIGN, "belongs to another key pair"),
    "key and notes": (b"Call Anna before you delete this.\n" + PRIVATE, "also holds other text"),
    "notes between": (PRIVATE + b"notes\n" + CERTIFICATE, "also holds other text"),
    "notes after": (CERTIFICATE + b"notes", "also holds other text"),
    "damaged certificate": (
        CERTIFICATE[:200] + CERTIFICATE[300:],
        "holds data that cannot be matched to the key pair (CERTIFICATE)",
    ),
    "cut off": (PRIVATE + CERTIFICATE[:200], "holds data that cannot be matched"),
    "other block": (
        PRIVATE + b"-----BEGIN DH PARAMETERS-----\nMAA=\n-----END DH PARAMETERS-----\n",
        "holds data that cannot be matched to the key pair (DH PARAMETERS)",
    ),
    "large": (PRIVATE + b"\n" * 1024 * 1024, "is larger than 1 MiB"),
}


@pytest.mark.parametrize("check", [False, True], ids=["run", "check"])
@pytest.mark.parametrize("data", REMOVED.values(), ids=REMOVED)
def test_files_of_the_pair_are_removed(tmp_path: Path, data: bytes, check: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)

    result = run([path, tmp_path / "gone"], check=check, passphrases=["no", "open sesame"])

    assert result["removed"] == [str(path)]
    assert result["missing"] == [str(tmp_path / "gone")]
    assert result["changed"]
    assert path.exists() == check


@pytest.mark.parametrize(("data", "sentence"), KEPT.values(), ids=KEPT)
def test_other_files_stay_and_so_do_those_beside_them(
    tmp_path: Path, data: bytes, sentence: str
) -> None:
    ours, path = tmp_path / "jwt.key", tmp_path / "file"
    ours.write_bytes(PRIVATE)
    path.write_bytes(data)

    result = run([ours, path])

    assert result["failed"]
    assert f"{path} {sentence}" in result["msg"]
    assert "No file was removed." in result["msg"]
    assert ours.exists()
    assert path.read_bytes() == data


def test_an_encrypted_key_needs_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(ENCRYPTED)

    assert "(ENCRYPTED PRIVATE KEY)" in run([path], passphrases=["wrong"])["msg"]
    assert "(ENCRYPTED PRIVATE KEY)" in run([path])["msg"]
    assert path.exists()


@pytest.mark.parametrize("data", [b"anything", b"", ENCRYPTED, FOREIGN])
def test_the_path_of_the_pair_is_proof_enough(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(data)
    (tmp_path / "link").symlink_to(tmp_path)

    result = run([path], fingerprints=[], pair_paths=[str(tmp_path / "link" / "jwt.key")])

    assert result["removed"] == [str(path)]
    assert not path.exists()


def test_a_key_that_is_still_trusted_stays_wherever_it_is(tmp_path: Path) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(PRIVATE)

    for named in ([], [str(path)]):
        result = run([path], trusted=[OURS], pair_paths=named)
        assert "holds a key that a virtual proxy still trusts" in result["msg"]
    assert path.exists()


@pytest.mark.parametrize(
    "data",
    [
        ENCRYPTED,
        KEY.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    ],
    ids=["encrypted", "DER"],
)
def test_a_key_that_cannot_be_compared_stays_while_keys_are_trusted(
    tmp_path: Path, data: bytes
) -> None:
    path = tmp_path / "portal.key"
    path.write_bytes(data)
    options: t.Any = {"pair_paths": [str(path)], "trusted": [OURS]}
    result = run([path], **options)
    assert result["failed"]
    assert "cannot be compared with the keys" in result["msg"]
    assert path.exists()
    assert not run([path], **{**options, "trusted": []}).get("failed")
    assert not path.exists()


def test_without_a_certificate_to_compare_with(tmp_path: Path) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(PRIVATE)

    assert "a certificate to compare it with is missing" in run([path], fingerprints=[""])["msg"]
    assert path.exists()


def test_what_is_not_a_regular_file(tmp_path: Path) -> None:
    path, link, folder, pipe = (tmp_path / name for name in ("jwt.key", "link", "keys", "pipe"))
    path.write_bytes(PRIVATE)
    link.symlink_to(path)
    folder.mkdir()
    os.mkfifo(pipe)

    result = run([link, folder, pipe], pair_paths=[str(link), str(folder), str(pipe)])

    assert f"{link} is a symbolic link" in result["msg"]
    assert f"{folder} is a directory" in result["msg"]
    assert f"{pipe} is not a regular file" in result["msg"]
    assert path.exists()
    assert folder.is_dir()
    # Nothing is expanded.
    assert run([tmp_path / "*.key"])["missing"] == [str(tmp_path / "*.key")]


def test_a_file_is_named_once(tmp_path: Path) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(PRIVATE)

    result = run([path, f"{tmp_path}/./jwt.key", path])

    assert result["removed"] == [str(path)]


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "jwt.key"
    path.write_bytes(PRIVATE)

    def deny(*arguments: object, **options: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(_key_files, "_no_follow", deny)
        result = run([path])
    assert f"{path} cannot be read: Permission denied" in result["msg"]
    with monkeypatch.context() as patch:
        patch.setattr("os.access", lambda *arguments: False)
        result = run([path])
    assert f"{path} is in a directory that this user cannot write to" in result["msg"]
    assert path.exists()


def test_a_failure_names_what_was_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    for path in (first, second):
        path.write_bytes(PRIVATE)
    unlink = os.unlink

    def fail(path: str) -> None:
        if path == str(second):
            raise PermissionError(13, "Permission denied")
        unlink(path)

    monkeypatch.setattr("os.unlink", fail)
    result = run([first, second])

    assert result["failed"]
    assert f"{second} was not removed: Permission denied" in result["msg"]
    assert result["removed"] == [str(first)]
    assert second.exists()


def test_files_of_another_machine_are_checked_alone(tmp_path: Path) -> None:
    def content(path: str, data: bytes) -> list[dict[str, str]]:
        return [{"path": path, "content": base64.b64encode(data).decode()}]

    ours = content("D:\\keys\\jwt.key", PRIVATE)
    named = ["d:/KEYS/jwt.txt"]
    assert not run([], contents=ours)["changed"]
    assert not run([], contents=content("D:\\keys\\jwt.txt", b"x"), pair_paths=named)["changed"]
    refused = run([], contents=[*ours, *content("D:\\keys\\notes.txt", b"notes")])
    assert "D:\\keys\\notes.txt is not a key or certificate" in refused["msg"]
    path = tmp_path / "jwt.key"
    path.write_bytes(PRIVATE)
    assert run([path], contents=content("D:\\a", b"a"))["failed"]
    assert path.exists()

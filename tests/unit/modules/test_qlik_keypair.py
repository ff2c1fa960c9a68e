# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""qlik_keypair on real files: what may be touched, what stays, and what is never seen."""

from __future__ import annotations

import base64
import copy
import os
import stat
import typing as t
from pathlib import Path
from unittest import mock

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible.module_utils.basic import AnsibleModule

from support import key_material as km
from support.module_runner import Result, run_module

KEY = km.rsa_key()
PLAIN = km.key_pem(KEY)
PAIR = {
    "jwt.key": PLAIN,
    "jwt.pub": km.public_pem(KEY),
    "jwt.crt": km.certificate_pem(km.certificate(KEY)),
}


def run(directory: Path, *, no_log: bool = False, check: bool = False, **options: t.Any) -> Result:
    arguments = {
        "size": 2048,
        "private_key_path": str(directory / "jwt.key"),
        "public_key_path": str(directory / "jwt.pub"),
        "certificate_path": str(directory / "jwt.crt"),
        **options,
    }
    given = {name: value for name, value in arguments.items() if value is not None}
    return run_module("qlik_keypair", given, no_log=no_log, check=check)


def lay(directory: Path, files: t.Mapping[str, bytes], mode: int = 0o600) -> None:
    for name, content in files.items():
        (directory / name).write_bytes(content)
        (directory / name).chmod(mode)


def seen(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Every file, forgotten temporary ones included, with its mode."""
    return {
        path.name: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in directory.iterdir()
    }


def predictable(result: Result) -> Result:
    """A result without dates, generated key material and the note that says so."""
    rest = copy.deepcopy(result)
    for name in (
        "certificate",
        "certificate_fingerprint",
        "thumbprint",
        "not_before",
        "not_after",
        "notes",
    ):
        rest.pop(name, None)
    for name in ("public_key", "fingerprint", "private_key", "backup_files", "invocation"):
        rest.pop(name, None)
    rest.get("diff", {}).get("after", {}).get("certificate", {}).pop("not_after", None)
    return rest


STATES: dict[str, tuple[bytes | None, str | None, str]] = {
    "absent": (None, None, "NNNNN"),
    "good": (PLAIN, None, "KKKKN"),
    "encrypted": (km.key_pem(KEY, passphrase=km.PASSPHRASE), km.PASSPHRASE, "KKKKN"),
    "wrong size": (km.key_pem(km.rsa_key(1024)), None, "KRNNN"),
    "not RSA": (km.key_pem(km.ec_key()), None, "RRNNN"),
    "passphrase missing": (km.key_pem(KEY, passphrase=km.PASSPHRASE), None, "RRRNN"),
    "passphrase wrong": (km.key_pem(KEY, passphrase=km.PASSPHRASE), "wrong one", "RRRNN"),
    "unreadable": (b"\x00garbage\xff" * 9, None, "RRRNN"),
    "truncated": (PLAIN[:700], None, "RRRNN"),
    "empty": (b"", None, "RRRNN"),
    "vault": (km.VAULT, None, "RRRNN"),
}
POLICIES = ("never", "fail", "partial_idempotence", "full_idempotence", "always")


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("state", STATES)
def test_every_policy_on_every_state(tmp_path: Path, state: str, policy: str) -> None:
    content, passphrase, letters = STATES[state]
    letter = letters[POLICIES.index(policy)]
    if content is not None:
        lay(tmp_path, {"jwt.key": content})
    before = seen(tmp_path)
    options: dict[str, t.Any] = {"regenerate": policy, "passphrase": passphrase}
    alone: dict[str, t.Any] = {"public_key_path": None, "certificate_path": None}
    predicted = run(tmp_path, check=True, **options, **alone)
    assert seen(tmp_path) == before
    result = run(tmp_path, **options, **alone)
    assert predictable(predicted) == predictable(result)
    assert not any(line in repr(result) for line in km.body_lines(PLAIN))
    if letter == "R":
        assert result["failed"]
        assert "jwt.key" in result["msg"]
        assert seen(tmp_path) == before
        return
    assert result["changed"] is (letter == "N")
    if letter == "K":
        assert seen(tmp_path) == before
        return
    assert list(seen(tmp_path)) == ["jwt.key"]
    text, mode = seen(tmp_path)["jwt.key"]
    assert mode == 0o600
    assert text != content
    key = serialization.load_pem_private_key(text, passphrase.encode() if passphrase else None)
    assert getattr(key, "key_size", None) == 2048
    assert (b"ENCRYPTED" in text) is (passphrase is not None)
    if policy != "always":
        assert not run(tmp_path, **options, **alone)["changed"]


def test_from_nothing_and_again(tmp_path: Path) -> None:
    predicted = run(tmp_path, check=True, common_name="portal")
    assert seen(tmp_path) == {}
    assert "thrown away" in predicted["notes"][0]
    result = run(tmp_path, common_name="portal")
    assert predictable(predicted) == predictable(result)
    files = seen(tmp_path)
    assert {name: mode for name, (dummy, mode) in files.items()} == {
        "jwt.key": 0o600,
        "jwt.pub": 0o644,
        "jwt.crt": 0o644,
    }
    certificate = x509.load_pem_x509_certificate(files["jwt.crt"][0])
    assert certificate.subject.rfc4514_string() == "CN=portal"
    assert result["certificate"].encode() == files["jwt.crt"][0]
    assert result["public_key"].encode() == files["jwt.pub"][0]
    assert result["matches"] is True
    assert (result["size"], result["days_left"]) == (2048, 3650)
    again = run(tmp_path, common_name="portal")
    assert not again["changed"]
    assert again["diff"] == {"before": {}, "after": {}}
    assert again["certificate"] == result["certificate"]
    assert seen(tmp_path) == files
    for shown in (result, again, predicted):
        assert not any(line in repr(shown) for line in km.body_lines(files["jwt.key"][0]))


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
def test_openssl_agrees(tmp_path: Path) -> None:
    result = run(tmp_path, passphrase=km.PASSPHRASE)
    key, certificate = str(tmp_path / "jwt.key"), str(tmp_path / "jwt.crt")
    opened = ("-in", key, "-passin", f"pass:{km.PASSPHRASE}")
    moduli = [
        km.openssl("rsa", "-noout", "-modulus", *opened),
        km.openssl("x509", "-noout", "-modulus", "-in", certificate),
    ]
    assert moduli[0] == moduli[1]
    shown = km.openssl("x509", "-noout", "-fingerprint", "-sha256", "-in", certificate).decode()
    assert result["certificate_fingerprint"] in shown
    assert km.openssl("verify", "-CAfile", certificate, "-partial_chain", certificate)


def test_renewal_leaves_the_key(tmp_path: Path) -> None:
    lay(tmp_path, PAIR)
    before = seen(tmp_path)
    result = run(tmp_path, valid_days=30, public_mode="0600", backup=True)
    after = seen(tmp_path)
    assert after["jwt.key"] == before["jwt.key"]
    assert after["jwt.crt"] != before["jwt.crt"]
    (backup,) = result["backup_files"]
    assert Path(backup).read_bytes() == PAIR["jwt.crt"]
    assert list(result["diff"]["after"]) == ["certificate"]
    assert not run(tmp_path, valid_days=30, public_mode="0600", renew_before_days=29)["changed"]


@pytest.mark.parametrize("failing", [1, 2, 3])
@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("how", ["exception", "fail_json", "after the rename"])
def test_all_or_none(tmp_path: Path, failing: int, present: bool, how: str) -> None:
    if present:
        lay(tmp_path, PAIR, mode=0o640)
    before = seen(tmp_path)
    real: t.Callable[..., None] = AnsibleModule.atomic_move
    calls = [0]

    def move(module: AnsibleModule, source: str, target: str) -> None:
        calls[0] += 1
        if calls[0] < failing:
            real(module, source, target)
            return
        if how == "after the rename":
            real(module, source, target)
        if how == "fail_json":
            t.cast(t.Any, module).fail_json(msg="no")
        raise OSError(28, "No space left on device")

    with mock.patch.object(AnsibleModule, "atomic_move", move):
        result = run(tmp_path, regenerate="always", mode="0640", public_mode="0640")
    assert result["failed"]
    assert seen(tmp_path) == before
    if how != "fail_json":
        assert "No space left on device; nothing was changed" in result["msg"]
    assert run(tmp_path, regenerate="always")["changed"]


def test_a_full_disk_is_met_before_anything_is_replaced(tmp_path: Path) -> None:
    lay(tmp_path, PAIR)
    before = seen(tmp_path)
    with mock.patch("os.fsync", side_effect=[None, None, OSError(28, "No space left on device")]):
        result = run(tmp_path, regenerate="always", public_mode="0600")
    assert "No space left" in result["msg"]
    assert seen(tmp_path) == before


@pytest.mark.parametrize("old_mode", [None, 0o644, 0o666])
def test_the_key_is_at_no_moment_readable_for_others(tmp_path: Path, old_mode: int | None) -> None:
    if old_mode is not None:
        lay(tmp_path, {"jwt.key": PLAIN}, mode=old_mode)
    real = os.rename
    modes: list[int] = []

    def rename(source: t.Any, target: t.Any, **rest: t.Any) -> None:
        modes.append(stat.S_IMODE(os.stat(source).st_mode))
        real(source, target, **rest)
        modes.append(stat.S_IMODE(os.stat(target).st_mode))

    former = os.umask(0)
    try:
        with mock.patch("os.rename", rename):
            run(tmp_path, regenerate="always", public_key_path=None, certificate_path=None)
    finally:
        os.umask(former)
    assert modes == [0o600, 0o600]
    assert seen(tmp_path)["jwt.key"][1] == 0o600


def test_a_loose_mode_is_tightened_and_predicted(tmp_path: Path) -> None:
    lay(tmp_path, PAIR, mode=0o644)
    predicted = run(tmp_path, check=True)
    assert seen(tmp_path)["jwt.key"][1] == 0o644
    result = run(tmp_path)
    assert predictable(predicted) == predictable(result)
    assert result["diff"] == {
        "before": {"private_key": {"mode": "0644"}},
        "after": {"private_key": {"mode": "0600"}},
    }
    assert seen(tmp_path)["jwt.key"] == (PLAIN, 0o600)
    assert not run(tmp_path)["changed"]


def test_return_content_needs_no_log(tmp_path: Path) -> None:
    result = run(tmp_path, return_content=True)
    assert "no_log: true" in result["msg"]
    assert seen(tmp_path) == {}
    hidden = run(tmp_path, return_content=True, no_log=True)
    assert hidden["private_key"].encode() == seen(tmp_path)["jwt.key"][0]
    assert run(tmp_path, return_content=True, no_log=True)["private_key"] == hidden["private_key"]
    assert "private_key" not in run(tmp_path, no_log=True)


def test_in_memory(tmp_path: Path) -> None:
    nowhere: dict[str, t.Any] = dict.fromkeys(
        ("private_key_path", "public_key_path", "certificate_path")
    )
    assert "The generated key would be lost" in run(tmp_path, **nowhere)["msg"]
    result = run(tmp_path, **nowhere, return_content=True, no_log=True)
    assert result["changed"]
    certificate = x509.load_pem_x509_certificate(result["certificate"].encode())
    key = serialization.load_pem_private_key(result["private_key"].encode(), None)
    assert certificate.public_key() == key.public_key()
    predicted = run(tmp_path, **nowhere, return_content=True, no_log=True, check=True)
    assert predicted["changed"]
    assert predicted["private_key"] is None


def test_pem_with_text_around(tmp_path: Path) -> None:
    bundle = (b"Bag Attributes\n" + PAIR["jwt.crt"] + PLAIN).replace(b"\n", b"\r\n")
    source = tmp_path / "in"
    source.mkdir()
    lay(source, {"bundle.pem": bundle})
    target = tmp_path / "out"
    target.mkdir()
    options: dict[str, t.Any] = {"source": "pem", "src_path": str(source / "bundle.pem")}
    assert run(target, **options)["changed"]
    assert {name: content for name, (content, dummy) in seen(target).items()} == PAIR
    assert not run(target, **options)["changed"]


def test_describe_writes_nothing(tmp_path: Path) -> None:
    nowhere: dict[str, t.Any] = dict.fromkeys(
        ("private_key_path", "public_key_path", "certificate_path")
    )
    text = (PAIR["jwt.pub"] + PAIR["jwt.crt"]).decode()
    result = run(tmp_path, **nowhere, source="pem", src_content=text)
    assert not result["changed"]
    assert result["matches"] is True
    # Not masked: a certificate that was given as src_content is no secret.
    only = PAIR["jwt.crt"].decode()
    assert run(tmp_path, **nowhere, source="pem", src_content=only)["certificate"] == only
    key = PLAIN.decode()
    shown = run(tmp_path, **nowhere, source="pem", src_content=key)
    assert not any(line in repr(shown) for line in km.body_lines(PLAIN))
    hidden = run(
        tmp_path, **nowhere, source="pem", src_content=key, return_content=True, no_log=True
    )
    assert hidden["private_key"] == key


def test_pkcs12(tmp_path: Path) -> None:
    data = pkcs12.serialize_key_and_certificates(
        b"QlikClient",
        KEY,
        km.certificate(KEY),
        None,
        serialization.BestAvailableEncryption(km.PASSPHRASE.encode()),
    )
    options: dict[str, t.Any] = {"source": "pkcs12", "src_passphrase": km.PASSPHRASE}
    content = base64.b64encode(data).decode()
    assert run(tmp_path, **options, src_content=content)["changed"]
    assert {name: text for name, (text, dummy) in seen(tmp_path).items()} == PAIR
    lay(tmp_path, {"in.pfx": data})
    assert not run(tmp_path, **options, src_path=str(tmp_path / "in.pfx"))["changed"]
    assert "base64" in run(tmp_path, **options, src_content="ü")["msg"]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"src_path": "{0}/vault", "source": "pem"}, "ansible.builtin.unvault', '{0}/vault') }}"),
        ({"src_path": "{0}/vault", "source": "pkcs12"}, "| b64encode }}"),
        ({"src_path": "{0}/none", "source": "pem"}, "{0}/none does not exist"),
        ({"src_path": "{0}", "source": "pem"}, "a directory"),
        ({"src_path": "/dev/zero", "source": "pem"}, "no regular file"),
        ({"src_path": "{0}/huge", "source": "pem"}, "larger than 1 MiB"),
        ({"source": "pem"}, "Set src_path or src_content"),
        ({"src_content": "x"}, "source: generate makes a key"),
        ({"private_key_path": "{0}/no/jwt.key"}, "the directory {0}/no does not exist"),
        ({"private_key_path": "{0}"}, "a directory"),
        ({"private_key_path": "{0}/link"}, "symbolic link"),
        ({"certificate_path": "{0}/jwt.key"}, "different files"),
        ({"owner": "no-such-user"}, "owner: there is no no-such-user"),
        ({"group": "no-such-group"}, "group: there is no no-such-group"),
        ({"valid_days": 10, "renew_before_days": 10}, "in every run"),
    ],
)
@pytest.mark.parametrize("check", [True, False])
def test_refused_before_anything_is_written(
    tmp_path: Path, options: dict[str, t.Any], words: str, check: bool
) -> None:
    lay(tmp_path, {"vault": km.VAULT, "huge": b"x" * (1024 * 1024 + 1)})
    (tmp_path / "link").symlink_to(tmp_path / "target")
    before = sorted(path.name for path in tmp_path.iterdir())
    filled: dict[str, t.Any] = {
        name: value.replace("{0}", str(tmp_path)) if isinstance(value, str) else value
        for name, value in options.items()
    }
    result = run(tmp_path, check=check, **filled)
    assert result["failed"]
    assert words.replace("{0}", str(tmp_path)) in result["msg"]
    assert sorted(path.name for path in tmp_path.iterdir()) == before

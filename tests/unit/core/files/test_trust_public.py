# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which files without a secret are trusted: authorities, certificates, and public keys."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.files import trust as ft

ROOT, SELF, MALLORY = 0, 1000, 666
NAMES = {ROOT: "root", SELF: "deploy", MALLORY: "mallory"}
Entries = list[ft.Entry]


def judged(place: Entries, file: ft.Entry | None, **more: t.Any) -> ft.Judgement:
    rule = ft.Rule(
        option="ca_path",
        what="certificate",
        user=SELF,
        uids=frozenset({ROOT, SELF}),
        name=lambda uid: NAMES[uid],
        **{"owner_option": None, "is_public": True, **more},
    )
    return ft.judge(place, file, rule)


def holder(uid: int = ROOT, mode: int = 0o755, **more: t.Any) -> Entries:
    root = ft.Entry("/", ft.DIRECTORY, ROOT, 0o755)
    return [root, ft.Entry("/pki", ft.DIRECTORY, uid, mode, root, **more)]


def file(uid: int = ROOT, mode: int = 0o644, **more: t.Any) -> ft.Entry:
    return ft.Entry("/pki/ca.pem", ft.FILE, uid, mode, **more)


@pytest.mark.parametrize(
    ("place", "found"),
    [
        (holder(), file()),
        (holder(), file(SELF, 0o444)),
        (holder(SELF, 0o700), file()),
        (holder(mode=0o1777), file(SELF)),
        (holder(mode=0o1777), None),
        (holder(mode=0o1770, users=(MALLORY,)), file()),
        (holder(MALLORY, is_read_only=True), file(MALLORY, is_read_only=True)),
    ],
)
def test_trusted(place: Entries, found: ft.Entry | None) -> None:
    assert judged(place, found) == ft.Judgement()
    assert judged(place, found, allows_owners=True) == ft.Judgement()


@pytest.mark.parametrize(
    ("place", "found", "words"),
    [
        (holder(), file(mode=0o666), "run: chmod 0644 /pki/ca.pem"),
        (holder(), file(MALLORY, 0o666), "/pki/ca.pem is "),
        (holder(mode=0o777), file(), "chmod o-w /pki"),
        (holder(mode=0o1777), file(MALLORY), "/pki/ca.pem is owned by mallory"),
        (holder(mode=0o1770, users=(MALLORY,)), file(MALLORY), "/pki/ca.pem is owned by mallory"),
        (holder(mode=0o770, users=(MALLORY,)), file(), "setfacl -x u:mallory /pki"),
    ],
)
def test_not_trusted(place: Entries, found: ft.Entry, words: str) -> None:
    for allows_owners in (True, False):
        fault = judged(place, found, allows_owners=allows_owners).fault
        assert fault is not None
        assert words in fault


@pytest.mark.parametrize(
    ("place", "found", "words"),
    [
        (holder(), file(MALLORY), "/pki/ca.pem is owned by mallory"),
        (holder(MALLORY), file(), "the directory /pki is owned by mallory"),
    ],
)
def test_other_owners(place: Entries, found: ft.Entry, words: str) -> None:
    fault = judged(place, found).fault
    assert fault is not None
    assert words in fault
    assert "give its text in ca_content, or run: chown deploy /pki" in fault
    judgement = judged(place, found, allows_owners=True, owner_option="owner")
    assert judgement.fault is None
    (warning,) = judgement.warnings
    assert f"{words}, who could replace the certificate." in warning


def test_a_secret_on_a_read_only_file_system() -> None:
    place = holder(MALLORY, is_read_only=True)
    key = file(MALLORY, 0o600, is_read_only=True)
    assert judged(place, key, is_public=False) == ft.Judgement()
    assert judged(place, key, is_public=False, owner_option="owner").fault

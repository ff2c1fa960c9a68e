# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which owners and modes along a path are trusted, and what is said about the others."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.files import trust as ft

ROOT, SELF, OWNER, MALLORY, NOBODY = 0, 1000, 1001, 666, 65534
NAMES = {ROOT: "root", SELF: "deploy", OWNER: "portal", MALLORY: "mallory"}


def rule(**change: t.Any) -> ft.Rule:
    return ft.Rule(
        **{
            "option": "private_key_path",
            "what": "private key",
            "user": SELF,
            "uids": frozenset({ROOT, SELF, OWNER}),
            "name": lambda uid: NAMES.get(uid, str(uid)),
            "owner_option": "owner",
            **change,
        }
    )


def way(*parts: tuple[str, int, int] | ft.Entry, **last: t.Any) -> list[ft.Entry]:
    """Directories below /, each with its name, owner and mode; ``last`` changes the last one."""
    entries = [ft.Entry("/", ft.DIRECTORY, ROOT, 0o755)]
    for part in parts:
        if isinstance(part, ft.Entry):
            entries.append(part)
            continue
        name, uid, mode = part
        parent = entries[-1]
        path = f"{parent.path.rstrip('/')}/{name}"
        more = last if part is parts[-1] else {}
        entries.append(ft.Entry(path, ft.DIRECTORY, uid, mode, parent, **more))
    return entries


def key(uid: int = SELF, mode: int = 0o600, **more: t.Any) -> ft.Entry:
    return ft.Entry("/srv/keys/jwt.key", ft.FILE, uid, mode, **more)


SAFE = way(("srv", ROOT, 0o755), ("keys", SELF, 0o700))
TMP = ("tmp", ROOT, 0o1777)


@pytest.mark.parametrize(
    ("place", "file"),
    [
        (SAFE, key()),
        (SAFE, key(ROOT)),
        (SAFE, key(OWNER)),
        (SAFE, key(mode=0o640)),
        (SAFE, key(mode=0o660)),  # of a private group
        (SAFE, None),
        (way(TMP, ("run", SELF, 0o700)), key()),
        (way(("srv", SELF, 0o775)), key()),
        (way(("keys", OWNER, 0o750)), key(OWNER)),
        (way(("secret", ROOT, 0o1777), is_read_only=True), key(ROOT, 0o644, is_read_only=True)),
    ],
)
def test_trusted(place: list[ft.Entry], file: ft.Entry | None) -> None:
    assert ft.judge(place, file, rule()) == ft.Judgement()


@pytest.mark.parametrize(
    ("place", "file", "words"),
    [
        (SAFE, key(MALLORY), "/srv/keys/jwt.key is owned by mallory (mode 0600)"),
        (SAFE, key(MALLORY), "set owner: mallory, or run: chown deploy /srv/keys/jwt.key"),
        (SAFE, key(NOBODY), "owned by 65534"),
        (SAFE, key(mode=0o666), "is writable by everyone (mode 0666)"),
        (SAFE, key(mode=0o602), "run: chmod 0600 /srv/keys/jwt.key"),
        (way(("a b", SELF, 0o777)), None, "Run: chmod o-w '/a b'"),
        (way(("srv", SELF, 0o777), ("keys", SELF, 0o700)), key(), "/srv is writable by everyone"),
        (way(("srv", SELF, 0o702), ("keys", SELF, 0o700)), key(), "chmod o-w /srv"),
        (way(TMP), key(), "/tmp is writable by everyone (mode 1777)"),
        (way(TMP), None, "mkdir -m 0700"),
        (way(("ro", ROOT, 0o777), is_read_only=True), key(), "writable by everyone"),
        (way(("keys", MALLORY, 0o755)), key(), "directory /keys is owned by mallory"),
        (way(("keys", MALLORY, 0o755)), None, "chown deploy /keys"),
        (
            way(TMP, ("theirs", MALLORY, 0o755), ("keys", SELF, 0o700)),
            key(),
            "directory /tmp/theirs is owned by mallory",
        ),
    ],
)
def test_not_trusted(place: list[ft.Entry], file: ft.Entry | None, words: str) -> None:
    fault = ft.judge(place, file, rule()).fault
    assert fault is not None
    assert fault.startswith("private_key_path: ")
    assert words in fault


@pytest.mark.parametrize(
    ("place", "file", "words"),
    [
        (SAFE, key(mode=0o660, has_private_group=False), "jwt.key is writable by its group"),
        (SAFE, key(mode=0o644), "is readable by everyone (mode 0644)"),
        (way(("keys", SELF, 0o770), has_private_group=False), key(), "chmod g-w /keys"),
        (way(("home", MALLORY, 0o755), ("keys", SELF, 0o700)), key(), "/home is owned by mallory"),
    ],
)
def test_warned_of(place: list[ft.Entry], file: ft.Entry | None, words: str) -> None:
    judgement = ft.judge(place, file, rule())
    assert judgement.fault is None
    (warning,) = judgement.warnings
    assert words in warning


LISTED: dict[str, t.Any] = {"users": (MALLORY,)}


@pytest.mark.parametrize(
    ("place", "file", "is_unused"),
    [
        (way(("keys", SELF, 0o770), users=(ROOT, SELF, OWNER)), key(), False),
        (SAFE, key(mode=0o660, users=(OWNER,)), False),
        (SAFE, key(mode=0o660, **LISTED), True),
        (way(("srv", SELF, 0o1770), ("keys", SELF, 0o700)), key(), False),
    ],
)
def test_access_lists_that_are_trusted(
    place: list[ft.Entry], file: ft.Entry, is_unused: bool
) -> None:
    assert ft.judge(place, file, rule(is_unused=is_unused)) == ft.Judgement()


@pytest.mark.parametrize(
    ("place", "file", "words"),
    [
        (
            way(("keys", SELF, 0o770), **LISTED),
            None,
            "directory /keys lets the user mallory write, so that user could replace",
        ),
        (way(("keys", SELF, 0o770), **LISTED), key(), "Run: setfacl -x u:mallory /keys"),
        (way(("keys", SELF, 0o1770), **LISTED), key(), "the user mallory"),
        (way(("a b", SELF, 0o770), users=(SELF, NOBODY)), key(), "setfacl -x u:65534 '/a b'"),
        (
            SAFE,
            key(mode=0o660, **LISTED),
            "the access list of the file /srv/keys/jwt.key lets the user mallory write",
        ),
    ],
)
def test_access_lists_that_are_not_trusted(
    place: list[ft.Entry], file: ft.Entry | None, words: str
) -> None:
    fault = ft.judge(place, file, rule()).fault
    assert fault is not None
    assert words in fault


def above(mode: int, **more: t.Any) -> list[ft.Entry]:
    srv = way(("srv", SELF, mode), **more)
    return [*srv, ft.Entry("/srv/keys", ft.DIRECTORY, SELF, 0o700, srv[-1])]


def test_access_lists_of_directories_above() -> None:
    (warning,) = ft.judge(above(0o770, **LISTED), key(), rule()).warnings
    assert "directory /srv lets the user mallory write" in warning
    assert ft.judge(above(0o1770, **LISTED), key(), rule()) == ft.Judgement()
    srv = above(0o1770, **LISTED)[:2]
    theirs = ft.Entry("/srv/keys", ft.DIRECTORY, NOBODY, 0o755, srv[-1])
    inner = ft.Entry("/srv/keys/own", ft.DIRECTORY, SELF, 0o700, theirs)
    assert ft.judge([*srv, theirs, inner], key(), rule()).fault
    link = ft.Entry("/srv/link", ft.LINK, MALLORY, 0o777, srv[-1])
    assert ft.judge([*srv, link, *SAFE], key(), rule()).fault


@pytest.mark.parametrize(
    ("place", "file", "words"),
    [
        (way(("keys", SELF, 0o770), groups=("ops",)), key(), "run: setfacl -x g:ops /keys"),
        (above(0o770, groups=("ops",)), key(), "directory /srv lets the group ops write"),
        (SAFE, key(mode=0o660, groups=("a b",)), "setfacl -x 'g:a b' /srv/keys/jwt.key"),
    ],
)
def test_access_lists_with_groups(place: list[ft.Entry], file: ft.Entry, words: str) -> None:
    judgement = ft.judge(place, file, rule())
    assert judgement.fault is None
    (warning,) = judgement.warnings
    assert words in warning


def test_links_in_shared_directories() -> None:
    (root, tmp) = way(TMP)
    for uid, is_trusted in ((MALLORY, False), (SELF, True), (ROOT, True)):
        link = ft.Entry("/tmp/link", ft.LINK, uid, 0o777, tmp)
        place = [root, tmp, link, *way(("keys", SELF, 0o700))]
        assert (ft.judge(place, key(), rule()).fault is None) is is_trusted
    link = ft.Entry("/srv/link", ft.LINK, MALLORY, 0o777, SAFE[1])
    assert ft.judge([*SAFE[:2], link, *SAFE], key(), rule()).fault is None


def test_a_file_that_is_replaced_or_tightened() -> None:
    assert ft.judge(SAFE, key(mode=0o644), rule(is_managed=True)) == ft.Judgement()
    loose = key(mode=0o666)
    assert ft.judge(SAFE, loose, rule(is_managed=True)).fault
    assert ft.judge(SAFE, loose, rule(is_managed=True, is_unused=True)) == ft.Judgement()
    assert ft.judge(SAFE, key(MALLORY), rule(is_managed=True, is_unused=True)).fault


@pytest.mark.parametrize(
    ("uid_map", "uid"),
    [
        ("         0          0 4294967295\n", None),
        ("", None),
        ("         0       1000          1\n", NOBODY),
        ("         0       1000          1\n         1     100000      65536\n", NOBODY),
    ],
)
def test_users_outside_of_a_user_namespace(uid_map: str, uid: int | None) -> None:
    assert ft.unmapped_uid(uid_map, NOBODY) == uid

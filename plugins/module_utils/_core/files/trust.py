# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Decides whether a file can be trusted, by owners, modes and access lists: errors and warnings.

Another user who can plant a private key gets a site to trust that key, and one who can replace a
file gets the next secret. Therefore the owner and mode of the file, of its directory, and of every
directory and symbolic link on the way to it are checked. A user whom an access list lets write is
like an owner. What only a group or the owner of a directory further up could do is a warning: that
is how many machines are set up.

Files without a secret (``is_public``) decide whom to trust, so the same applies to them, but
everyone may read them, and a directory with the sticky bit may hold them.
"""

from __future__ import annotations

import dataclasses
import shlex
import typing as t

DIRECTORY, LINK, FILE = "directory", "link", "file"
_EVERYONE, _GROUP, _STICKY, _READABLE = 0o002, 0o020, 0o1000, 0o004


@dataclasses.dataclass(frozen=True)
class Entry:
    """One component of a path.

    ``kind`` is ``directory``, ``link`` or ``file``, ``mode`` holds the permission bits.
    ``has_private_group``: the group has no member besides the owner, is root's, or cannot write.
    ``users`` and ``groups`` are those whom an access list names and lets write.
    ``is_read_only``: the file system is mounted read-only.
    """

    path: str
    kind: str
    uid: int
    mode: int
    parent: t.Optional[Entry] = dataclasses.field(default=None, repr=False)
    has_private_group: bool = True
    users: t.Tuple[int, ...] = ()
    groups: t.Tuple[str, ...] = ()
    is_read_only: bool = False


@dataclasses.dataclass(frozen=True)
class Rule:
    """Which users are trusted, and how messages name things.

    ``what`` is what the file holds. ``is_managed``: the module sets the file's mode itself.
    ``is_unused``: what the file holds now is replaced, or proven in another way.
    ``owner_option`` is the option that adds a user to ``uids``. Where there is none, other owners
    are trusted on a read-only file system, such as a mount in a container.
    ``allows_owners``: another owner is only a warning, unless others can create such a file.
    """

    option: str
    what: str
    user: int
    uids: t.FrozenSet[int]
    name: t.Callable[[int], str]
    owner_option: t.Optional[str]
    is_managed: bool = False
    is_unused: bool = False
    is_public: bool = False
    allows_owners: bool = False


@dataclasses.dataclass(frozen=True)
class Judgement:
    """``fault`` is a sentence when the file must not be used or written."""

    fault: t.Optional[str] = None
    warnings: t.Tuple[str, ...] = ()


class _NotTrusted(Exception):
    """Its text is the sentence."""


def judge(place: t.Sequence[Entry], file: t.Optional[Entry], rule: Rule) -> Judgement:
    """Judge a file and the directories and links on the way to it, from the root on.

    The last directory is the one that holds the file. ``file`` is None when there is none yet.
    """
    holder = next((entry for entry in reversed(place) if entry.kind == DIRECTORY), None)
    warnings: t.List[str] = []
    try:
        for entry in place:
            if entry.kind == LINK:
                _check_link(entry, rule)
            else:
                warnings.extend(_check_directory(entry, entry is holder, rule))
        if file is not None:
            warnings.extend(_check_file(file, holder, rule))
    except _NotTrusted as fault:
        return Judgement(f"{rule.option}: {fault}")
    return Judgement(warnings=tuple(f"{rule.option}: {text}" for text in dict.fromkeys(warnings)))


def unmapped_uid(uid_map: str, overflow_uid: int) -> t.Optional[int]:
    """The uid that stands for all users outside of a user namespace; None in the initial one.

    In a container without root, files of the host that belong to root or to another user show it.
    """
    ranges = [line.split() for line in uid_map.splitlines() if line.strip()]
    is_initial = not ranges or [int(number) for number in ranges[0]] == [0, 0, 2**32 - 1]
    return None if is_initial else overflow_uid


def _check_link(entry: Entry, rule: Rule) -> None:
    if _is_open(entry.parent, rule) and entry.uid not in rule.uids:
        raise _NotTrusted(
            f"{entry.path} is a symbolic link of {rule.name(entry.uid)} in a directory that "
            f"other users can write to, so it could lead to a {rule.what} of another user. Use the "
            "path of the file itself."
        )


def _check_directory(entry: Entry, is_holder: bool, rule: Rule) -> t.Iterator[str]:
    shown = f"the directory {entry.path} is writable by everyone (mode {entry.mode:04o})"
    risk = f"another user could replace the {rule.what}"
    path = shlex.quote(entry.path)
    if _is_shared(entry) and not entry.mode & _STICKY:
        raise _NotTrusted(f"{shown}, so {risk}. Run: chmod o-w {path}")
    # Kubernetes mounts secrets this way, and a read-only file system has no new files.
    has_new_files = is_holder and not (entry.is_read_only or rule.is_public)
    if _is_shared(entry) and has_new_files:
        raise _NotTrusted(
            f"{shown}, so {risk}. Move the file to a directory that only its owner can write to, "
            "such as one created with: mkdir -m 0700"
        )
    if _has_other_owner(entry, rule):
        owned = f"the directory {entry.path} is owned by {rule.name(entry.uid)}"
        if (is_holder and not rule.allows_owners) or _is_open(entry.parent, rule):
            raise _NotTrusted(
                f"{owned} (mode {entry.mode:04o}), so {risk}. {_how_to_trust(entry, rule)}"
            )
        yield f"{owned}, who could replace the {rule.what}."
    elif entry.mode & _GROUP and not entry.has_private_group:
        yield (
            f"the directory {entry.path} is writable by its group (mode {entry.mode:04o}), so a "
            f"member could replace the {rule.what}. To prevent that, run: chmod g-w {path}"
        )
    is_fault = is_holder and not (rule.is_public and entry.mode & _STICKY)
    yield from _check_access_list(entry, rule, is_fault=is_fault)


def _check_file(entry: Entry, holder: t.Optional[Entry], rule: Rule) -> t.Iterator[str]:
    path, mode = shlex.quote(entry.path), f"(mode {entry.mode:04o})"
    if _has_other_owner(entry, rule):
        owned = f"{entry.path} is owned by {rule.name(entry.uid)}"
        if not rule.allows_owners or _is_open(holder, rule):
            raise _NotTrusted(
                f"{owned} {mode}, so the {rule.what} in it could be theirs. Find out where the "
                f"file comes from. {_how_to_trust(entry, rule)}"
            )
        yield f"{owned}, who could replace the {rule.what}."
    if _is_shared(entry) and not rule.is_unused:
        raise _NotTrusted(
            f"{entry.path} is writable by everyone {mode}, so another user could have replaced "
            f"the {rule.what}. Find out whether it is yours, then run: chmod "
            f"{'0644' if rule.is_public else '0600'} {path}"
        )
    if entry.mode & _GROUP and not entry.has_private_group:
        yield (
            f"{entry.path} is writable by its group {mode}, so a member could replace the "
            f"{rule.what}. To prevent that, run: chmod g-w {path}"
        )
    elif entry.mode & _READABLE and not (rule.is_managed or rule.is_public or entry.is_read_only):
        yield (
            f"{entry.path} is readable by everyone {mode}, and the {rule.what} in it is a secret. "
            f"Run: chmod 0600 {path}"
        )
    if not rule.is_unused:
        yield from _check_access_list(entry, rule, is_fault=True)


def _check_access_list(entry: Entry, rule: Rule, *, is_fault: bool) -> t.Iterator[str]:
    path = shlex.quote(entry.path)
    shown = f"{entry.kind} {entry.path}"
    for name in (rule.name(uid) for uid in _other_users(entry, rule)):
        text = (
            f"the access list of the {shown} lets the user {name} write, so that user could "
            f"replace the {rule.what}. Run: setfacl -x {shlex.quote('u:' + name)} {path}"
        )
        if is_fault:
            raise _NotTrusted(text)
        if not entry.mode & _STICKY:
            yield text
    for name in entry.groups:
        yield (
            f"the access list of the {shown} lets the group {name} write, so a member could "
            f"replace the {rule.what}. To prevent that, run: setfacl -x "
            f"{shlex.quote('g:' + name)} {path}"
        )


def _how_to_trust(entry: Entry, rule: Rule) -> str:
    command = f"chown {rule.name(rule.user)} {shlex.quote(entry.path)}"
    if rule.owner_option is None:
        content = rule.option.replace("_path", "_content")
        return f"To use it, give its text in {content}, or run: {command}"
    return f"To use it, set {rule.owner_option}: {rule.name(entry.uid)}, or run: {command}"


def _has_other_owner(entry: Entry, rule: Rule) -> bool:
    is_fixed = rule.owner_option is None and entry.is_read_only
    return entry.uid not in rule.uids and not is_fixed


def _other_users(entry: Entry, rule: Rule) -> t.List[int]:
    return [uid for uid in entry.users if uid not in rule.uids]


def _is_open(entry: t.Optional[Entry], rule: Rule) -> bool:
    """Whether users who are not trusted can create files in a directory."""
    return entry is not None and (_is_shared(entry) or bool(_other_users(entry, rule)))


def _is_shared(entry: Entry) -> bool:
    return bool(entry.mode & _EVERYONE)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads owners, modes and access lists along a path, for ``_core/files/trust.py``."""

from __future__ import annotations

import dataclasses
import grp
import os
import pwd
import stat
import typing as t

from ._core.errors import InvalidInput
from ._core.files import access_list
from ._core.files import trust as file_trust
from ._core.files.trust import DIRECTORY, FILE, LINK, Entry

#: As many as Linux follows.
_MOST_LINKS = 40


@dataclasses.dataclass(frozen=True)
class Guard:
    """What a file may hold only when it can be trusted, and who may own it.

    Besides the task's user and root, that is the user whom ``owner_option`` names. ``is_secret``
    decides by the content; other content is public. The others are as in ``file_trust.Rule``.
    """

    what: str
    warn: t.Callable[[str], None] = dataclasses.field(repr=False)
    owners: t.Tuple[t.Optional[str], ...] = ()
    owner_option: t.Optional[str] = "owner"
    is_secret: t.Optional[t.Callable[[bytes], bool]] = dataclasses.field(default=None, repr=False)
    is_managed: bool = False
    is_unused: bool = False
    is_public: bool = False
    allows_owners: bool = False

    def public(self, what: str) -> Guard:
        """The same for a file with a certificate or public key, which other users may provide."""
        return dataclasses.replace(
            self, what=what, is_secret=None, is_public=True, allows_owners=True
        )

    def of(self, content: bytes) -> Guard:
        """The guard of a file with this content."""
        if self.is_secret is None or self.is_secret(content):
            return self
        return self.public("certificate")

    def walk(self, path: str) -> t.Tuple[str, t.List[Entry]]:
        """See ``walk`` below."""
        return walk(path)

    def check(
        self, option: str, place: t.Sequence[Entry], path: str, file: t.Optional[os.stat_result]
    ) -> None:
        """Warn, or raise ``InvalidInput``; ``file`` is that of the open file, if there is one."""
        user = os.geteuid()
        rule = file_trust.Rule(
            option=option,
            what=self.what,
            user=user,
            uids=trusted_uids(self.owners),
            name=_user_name,
            owner_option=self.owner_option,
            is_managed=self.is_managed,
            is_unused=self.is_unused,
            is_public=self.is_public,
            allows_owners=self.allows_owners,
        )
        entry = None if file is None else _entry(path, FILE, file, None)
        judgement = file_trust.judge(place, entry, rule)
        if judgement.fault is not None:
            raise InvalidInput(judgement.fault, untrusted=path)
        for warning in judgement.warnings:
            self.warn(warning)


def trusted_uids(owners: t.Sequence[t.Optional[str]]) -> t.FrozenSet[int]:
    """The task's user, root and ``owners``; in a user namespace also those it does not know."""
    found = {os.geteuid(), 0, _unmapped_uid(), *(_uid(owner) for owner in owners)}
    return frozenset(uid for uid in found if uid is not None)


def walk(path: str) -> t.Tuple[str, t.List[Entry]]:
    """The path without symbolic links, and every directory and link on the way to it.

    From the root on: what the first directories do not let others change, the later ones cannot
    have become in the meantime. Raises ``OSError`` where a component cannot be examined; a missing
    file or directory ends the way.
    """
    root = _entry("/", DIRECTORY, os.lstat("/"), None)
    entries, current = [root], root
    links = 0
    pending = os.path.join(os.getcwd(), path).split("/")[::-1]
    while pending:
        part = pending.pop()
        if part in ("", "."):
            continue
        if part == "..":
            current = current.parent or root
            entries.append(current)
            continue
        name = os.path.join(current.path, part)
        try:
            shown = os.lstat(name)
        except FileNotFoundError:
            return (os.path.join(name, *pending[::-1]), entries)
        if stat.S_ISLNK(shown.st_mode):
            links += 1
            if links > _MOST_LINKS:
                raise OSError(40, "Too many levels of symbolic links")
            entries.append(_entry(name, LINK, shown, current))
            target = os.readlink(name)
            current = root if target.startswith("/") else current
            entries.append(current)
            pending.extend(target.split("/")[::-1])
        elif stat.S_ISDIR(shown.st_mode):
            current = _entry(name, DIRECTORY, shown, current)
            entries.append(current)
        else:
            return (os.path.join(name, *pending[::-1]), entries)
    return (current.path, entries)


def _entry(path: str, kind: str, shown: os.stat_result, parent: t.Optional[Entry]) -> Entry:
    mode = stat.S_IMODE(shown.st_mode)
    # With an access list, the group's bits of the mode limit what the list grants.
    content = _access_list(path) if mode & stat.S_IWGRP else b""
    listed = access_list.writers(content)
    is_understood = listed is not None or not content
    found = listed or access_list.Writers((), (), owning_group=bool(mode & stat.S_IWGRP))
    return Entry(
        path=path,
        kind=kind,
        uid=shown.st_uid,
        mode=mode,
        parent=parent,
        has_private_group=not found.owning_group
        or (is_understood and _is_private_group(shown.st_gid, shown.st_uid)),
        users=found.users,
        groups=tuple(
            _group_name(gid) for gid in found.groups if not _is_private_group(gid, shown.st_uid)
        ),
        is_read_only=_is_read_only(path),
    )


def _is_private_group(gid: int, uid: int) -> bool:
    """Whether a group is root's, or named like the owner and without another member."""
    if gid == 0:
        return True
    try:
        owner, group = pwd.getpwuid(uid).pw_name, grp.getgrgid(gid)
    except KeyError:
        return False
    return group.gr_name == owner and set(group.gr_mem) <= {owner}


def _access_list(path: str) -> bytes:
    """The access list; empty if there is none besides the mode."""
    try:
        return os.getxattr(path, "system.posix_acl_access", follow_symlinks=False)
    except (AttributeError, OSError):  # no such list, or a system without such attributes
        return b""


def _is_read_only(path: str) -> bool:
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _unmapped_uid() -> t.Optional[int]:
    try:
        with open("/proc/self/uid_map", encoding="ascii") as file:
            uid_map = file.read()
        with open("/proc/sys/kernel/overflowuid", encoding="ascii") as file:
            return file_trust.unmapped_uid(uid_map, int(file.read()))
    except (OSError, ValueError):  # a system without user namespaces
        return None


def _uid(owner: t.Optional[str]) -> t.Optional[int]:
    """The uid of a name or number; None for an unknown name, which is reported elsewhere."""
    if owner is None:
        return None
    try:
        return int(owner)
    except ValueError:
        pass
    try:
        return pwd.getpwnam(owner).pw_uid
    except KeyError:
        return None


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _group_name(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)

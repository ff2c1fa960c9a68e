# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Temporary files beside a destination, backups, and leftovers of killed runs.

A run that is killed cannot remove its files, and they hold secrets. So their names are derived from
the destination's, and each is locked as long as its run lives: the next run with the same
destination removes those that are not locked, and never those of a run at the same moment.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import stat
import tempfile
import time
import typing as t

#: Characters of the destination's name; a file name has 255 bytes at most.
_NAME_LENGTH = 50
#: What tempfile appends.
_RANDOM = r"[a-z0-9_]{8}"


@contextlib.contextmanager
def staged(path: str, content: bytes) -> t.Iterator[str]:
    """A new 0600 file beside ``path``, locked and flushed, removed in the end unless renamed."""
    descriptor, name = _locked(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def back_up(path: str) -> str:
    """Copy a file beside itself, to a name that is new, readable for those who can read it."""
    directory, name = os.path.split(path)
    moment = time.strftime("%Y-%m-%d@%H:%M:%S")
    with open(path, "rb") as old:
        present = os.fstat(old.fileno())
        descriptor, made = tempfile.mkstemp(
            prefix=f"{name}.{moment}.", suffix="~", dir=directory or "."
        )
        with os.fdopen(descriptor, "wb") as new:
            new.write(old.read())
            new.flush()
            os.fsync(new.fileno())
            with contextlib.suppress(PermissionError):
                os.fchown(new.fileno(), present.st_uid, present.st_gid)
            os.fchmod(new.fileno(), stat.S_IMODE(present.st_mode))
    return made


def abandoned(paths: t.Iterable[str], *, uids: t.Container[int], remove: bool) -> t.List[str]:
    """The staged files of killed runs beside ``paths`` that belong to ``uids``; removes them."""
    found: t.List[str] = []
    for path in paths:
        directory = os.path.dirname(path) or "."
        pattern = re.compile(re.escape(_prefix(path)) + _RANDOM)
        try:
            names = os.listdir(directory)
        except OSError:  # reported when the file itself is read
            continue
        candidates = [os.path.join(directory, n) for n in sorted(names) if pattern.fullmatch(n)]
        found.extend(n for n in candidates if n not in found and _is_abandoned(n, uids, remove))
    return found


def _prefix(path: str) -> str:
    return f".{os.path.basename(path)[:_NAME_LENGTH]}.qlikops-"


def _locked(path: str) -> t.Tuple[int, str]:
    """A new file with a lock on it."""
    while True:
        descriptor, name = tempfile.mkstemp(prefix=_prefix(path), dir=os.path.dirname(path) or ".")
        with contextlib.suppress(OSError):  # a file system without locks: see _is_abandoned
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        # Another run may have removed it in the moment before it was locked.
        if os.fstat(descriptor).st_nlink:
            return descriptor, name
        os.close(descriptor)


def _is_abandoned(name: str, uids: t.Container[int], remove: bool) -> bool:
    try:
        descriptor = _open(name)
    except OSError:  # gone, a link, or not ours
        return False
    try:
        shown = os.fstat(descriptor)
        if not stat.S_ISREG(shown.st_mode) or shown.st_uid not in uids:
            return False
        # Fails when a run holds it, and where locks are not supported: nothing is known then.
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if remove:
            os.unlink(name)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _open(name: str) -> int:
    flags = os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        # Over NFS, a lock needs a file that is open for writing.
        return os.open(name, os.O_RDWR | flags)
    except PermissionError:
        return os.open(name, os.O_RDONLY | flags)

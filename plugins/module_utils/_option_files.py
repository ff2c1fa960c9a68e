# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reads the files that options name."""

from __future__ import annotations

import os
import stat
import typing as t

from ._core.errors import InvalidInput
from ._core.text import decode, is_vault

if t.TYPE_CHECKING:
    from ._core.files.trust import Entry
    from ._file_trust import Guard

#: More than any bundle of keys and certificates; keeps /dev/zero and log files out of memory.
_SIZE_LIMIT = 1024 * 1024


def read_option(
    path: str,
    *,
    option: str,
    content_option: str,
    filters: str = "",
    guard: t.Optional[Guard] = None,
) -> bytes:
    """The content of the file that ``option`` names; raises ``InvalidInput``.

    ``content_option`` is the option that accepts the same as text, with ``filters`` such as
    " | b64encode": the message about a file that ansible-vault encrypted names it.
    """
    content = read_file(path, option, guard=guard)
    if content is None:
        raise InvalidInput(f"{option}: {path} does not exist on the machine where the task runs.")
    if is_vault(decode(content[:64])):
        template = f"{{{{ lookup('ansible.builtin.unvault', '{path}'){filters} }}}}"
        raise InvalidInput(
            f"{option}: {path} is encrypted by ansible-vault, which a module cannot open. Use "
            f'{content_option}: "{template}" instead.'
        )
    return content


def read_file(path: str, option: str, *, guard: t.Optional[Guard] = None) -> t.Optional[bytes]:
    """The content of a file of usual size; None when there is none. Raises ``InvalidInput``.

    With a ``guard``, the file has to be one that can be trusted. Its owner and mode are those of
    the opened file, so it cannot be replaced between the check and the reading.
    """
    place: t.Sequence[Entry] = ()
    try:
        if guard is not None:
            path, place = guard.walk(path)
        file = _opened(path, option, 0 if guard is None else os.O_NOFOLLOW)
        if file is None:
            if guard is not None and guard.is_managed:
                guard.check(option, place, path, None)
            return None
        with file:
            shown = os.fstat(file.fileno())
            content = file.read(_SIZE_LIMIT + 1)
    except OSError as error:
        raise InvalidInput(f"{option}: {path} cannot be read: {error.strerror}.") from None
    if len(content) > _SIZE_LIMIT:
        raise InvalidInput(f"{option}: {path} is larger than 1 MiB, so it is not key material.")
    if guard is not None:
        guard.of(content).check(option, place, path, shown)
    return content


def _opened(path: str, option: str, flags: int) -> t.Optional[t.BinaryIO]:
    """The regular file, opened; None when there is none."""
    try:
        # A pipe is not waited for: what was a file a moment ago may be one.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | flags)
    except FileNotFoundError:
        return None
    shown = os.fstat(descriptor)
    if not stat.S_ISREG(shown.st_mode):
        os.close(descriptor)
        what = "a directory" if stat.S_ISDIR(shown.st_mode) else "no regular file"
        raise InvalidInput(f"{option}: {path} is {what}. Use the path of a file.")
    return os.fdopen(descriptor, "rb")


def is_plainly_trusted(path: str, *, is_secret: bool) -> bool:
    """Whether a look at owners and modes suffices to see that no other user can have written it.

    The rule itself is in ``_core/files/trust``. It is imported only for the other files: it also
    knows access lists, links, private groups and read-only file systems, and makes the messages.
    """
    place, name = os.path.split(os.path.abspath(path))
    above = [place]
    while above[-1] != "/":
        above.append(os.path.dirname(above[-1]))
    try:
        file = os.lstat(os.path.join(place, name))
        directories = [os.lstat(each) for each in above]
    except OSError:
        return False
    return (
        stat.S_ISREG(file.st_mode)
        and not (is_secret and file.st_mode & 0o077)
        and all(stat.S_ISDIR(each.st_mode) for each in directories)
        and all(_is_closed(each) for each in (file, directories[0]))
        and all(_is_closed(each, stat.S_ISVTX) for each in directories[1:])
    )


def _is_closed(shown: os.stat_result, sticky: int = 0) -> bool:
    """Whether only root and this user can write, or remove what is not theirs."""
    # Where the group has no right to write, an access list cannot give it.
    may_write = shown.st_mode & 0o022 and not shown.st_mode & sticky
    return shown.st_uid in (0, os.geteuid()) and not may_write

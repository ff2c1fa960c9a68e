# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Writes files: all or none.

What is promised about writing: a file holds its old content or its new one, never a part; a secret
is at no moment readable for others; and of several files that belong together either all are
written or none. How:

1. Paths, owner and group are checked, in check mode too.
2. Files that are there get their mode, owner and group first, because ``atomic_move`` hands those
   of the old file to the new one: an old 0644 would make the new key readable for a moment.
   No file keeps an owner who is not trusted: such a private key or token fails the task earlier
   (``_file_trust.py``), and a public file belongs to the task's user afterwards.
3. Every new content is written to a 0600 file beside its destination, with its owner and mode. A
   full disk, a read-only directory or a forbidden owner fails here, with nothing replaced yet.
   (A file in the module's own temporary directory would have to be copied across file systems at
   the last step instead, where it may fail.)
4. The files are renamed, the private key first. When one fails, those before it are put back from
   copies that step 3 made. Only a run that is killed between two renames leaves a new key with an
   old certificate, and the next run with the same options then reissues the certificate. It also
   removes the files of step 3 that a killed run leaves (``_staging.py``).
"""

from __future__ import annotations

import contextlib
import dataclasses
import grp
import os
import pwd
import shutil
import typing as t

from . import _staging
from ._core.errors import InvalidInput, QlikError
from ._file_trust import trusted_uids
from ._option_files import read_file

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

    from ._file_trust import Guard


class FileProblem(QlikError):
    """A file could not be written; what was written before it was put back."""


@dataclasses.dataclass(frozen=True)
class Target:
    """The desired state of a file. ``content`` None keeps the content and sets only the rest.

    ``mode``, ``owner`` and ``group`` are as in ``ansible.builtin.file``; None leaves them.
    """

    name: str
    path: str
    content: t.Optional[bytes] = dataclasses.field(repr=False)
    mode: t.Any = None
    owner: t.Optional[str] = None
    group: t.Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What ``write_all`` did, or in check mode would do.

    ``before`` and ``after`` hold changed modes, owners and groups by the target's name.
    """

    changed: bool
    backup_files: t.Tuple[str, ...]
    before: t.Mapping[str, t.Mapping[str, t.Any]]
    after: t.Mapping[str, t.Mapping[str, t.Any]]


def read_present(path: str, *, option: str, guard: t.Optional[Guard] = None) -> t.Optional[bytes]:
    """What is in the file to be written; None when there is none. Raises ``InvalidInput``."""
    if os.path.islink(path):
        # Renaming would replace the link. Following it would write a key to a path, and with an
        # owner, that another user may have chosen.
        raise InvalidInput(f"{option}: {path} is a symbolic link. Use the path of the file itself.")
    content = read_file(path, option, guard=guard)
    if content is None:
        directory = os.path.dirname(path) or "."
        if not os.path.isdir(directory):
            raise InvalidInput(
                f"{option}: the directory {directory} does not exist. Create it first."
            )
    return content


def write_all(module: AnsibleModule, targets: t.Sequence[Target], *, backup: bool) -> Outcome:
    """Bring every file to what its target says, all or none; see the top of this file.

    In check mode it checks and predicts the same and writes nothing. Raises ``InvalidInput`` and
    ``FileProblem``.
    """
    for target in targets:
        _check(target)
    targets = [_without_strange_owner(target) for target in targets]
    written = [target for target in targets if target.content is not None]
    changed = bool(written)
    before: t.Dict[str, t.Dict[str, t.Any]] = {}
    after: t.Dict[str, t.Dict[str, t.Any]] = {}
    for target in targets:
        if os.path.exists(target.path):
            diff: t.Dict[str, t.Dict[str, t.Any]] = {}
            changed = _set_attributes(module, target, target.path, diff) or changed
            for side, shown in ((before, diff.get("before")), (after, diff.get("after"))):
                if shown:
                    side[target.name] = {k: v for k, v in shown.items() if k != "path"}
    backups: t.List[str] = []
    if written and not module.check_mode:
        with contextlib.ExitStack() as stack:
            _write(module, written, stack, backups if backup else None)
    return Outcome(changed, tuple(backups), before, after)


def remove_leftovers(
    module: AnsibleModule, paths: t.Iterable[str], *, owner: t.Optional[str]
) -> bool:
    """Remove what killed runs left beside the files at ``paths``, and warn; whether there was any.

    In check mode it only warns.
    """
    found = _staging.abandoned(paths, uids=trusted_uids([owner]), remove=not module.check_mode)
    for name in found:
        done = "Check mode: would remove" if module.check_mode else "Removed"
        module.warn(f"{done} {name}, which a run that was killed left behind.")
    return bool(found)


def _without_strange_owner(target: Target) -> Target:
    """The target with an owner of its own where the old file's owner is not trusted."""
    if target.content is None or target.owner is not None or not os.path.exists(target.path):
        return target
    if os.stat(target.path).st_uid in trusted_uids([]):
        return target
    return dataclasses.replace(target, owner=str(os.geteuid()))


def _check(target: Target) -> None:
    directory = os.path.dirname(target.path) or "."
    if target.content is not None and not os.access(directory, os.W_OK | os.X_OK):
        raise InvalidInput(f"The directory {directory} cannot be written to by the task's user.")
    for what, name, find in (
        ("owner", target.owner, pwd.getpwnam),
        ("group", target.group, grp.getgrnam),
    ):
        if name is None or name.lstrip("+-").isdigit():
            continue
        try:
            find(name)
        except KeyError:
            raise InvalidInput(f"{what}: there is no {name} on this machine.") from None


def _write(
    module: AnsibleModule,
    written: t.Sequence[Target],
    stack: contextlib.ExitStack,
    backups: t.Optional[t.List[str]],
) -> None:
    former_umask = os.umask(0o077)
    stack.callback(os.umask, former_umask)
    done: t.List[t.Tuple[Target, t.Optional[str]]] = []
    target = written[0]
    try:
        staged = [_stage(module, target, stack) for target in written]
        copies = [_copy(target, stack) for target in written]
        for target, new, copy in zip(written, staged, copies):
            if backups is not None and copy is not None:
                backups.append(_staging.back_up(target.path))
            done.append((target, copy))
            module.atomic_move(new, target.path)
            _set_attributes(module, target, target.path, {})
    except SystemExit:  # fail_json of an Ansible function: it has said why
        _put_back(done)
        raise
    except Exception as error:
        lost = _put_back(done)
        what = f"; could not be put back: {', '.join(lost)}" if lost else "; nothing was changed"
        reason = getattr(error, "strerror", None) or str(error)
        raise FileProblem(f"{target.path} could not be written: {reason}{what}.") from error


def _stage(module: AnsibleModule, target: Target, stack: contextlib.ExitStack) -> str:
    """The new content in a file beside the destination, which is gone when ``stack`` ends."""
    path = stack.enter_context(_staging.staged(target.path, target.content or b""))
    _set_attributes(module, target, path, {})
    return path


def _copy(target: Target, stack: contextlib.ExitStack) -> t.Optional[str]:
    """The old file once more, to be put back when a later one fails."""
    if not os.path.exists(target.path):
        return None
    with open(target.path, "rb") as file:
        path = stack.enter_context(_staging.staged(target.path, file.read()))
    present = os.stat(target.path)
    with contextlib.suppress(PermissionError):
        os.chown(path, present.st_uid, present.st_gid)
    shutil.copystat(target.path, path)
    return path


def _put_back(done: t.Sequence[t.Tuple[Target, t.Optional[str]]]) -> t.List[str]:
    """Undo the renames; returns the paths where that was not possible."""
    lost: t.List[str] = []
    for target, copy in reversed(done):
        try:
            if copy is not None:
                os.replace(copy, target.path)
            elif os.path.exists(target.path):
                os.unlink(target.path)
        except OSError:
            lost.append(target.path)
    return lost


def _set_attributes(
    module: AnsibleModule, target: Target, path: str, diff: t.Dict[str, t.Dict[str, t.Any]]
) -> bool:
    arguments = {
        "path": path,
        "mode": target.mode,
        "owner": target.owner,
        "group": target.group,
        "secontext": [None, None, None],
        "attributes": None,
    }
    return bool(module.set_fs_attributes_if_different(arguments, False, diff))

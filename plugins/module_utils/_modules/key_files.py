# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The action of the module qlik_key_files."""

from __future__ import annotations

import base64
import binascii
import ntpath
import os
import stat
import typing as t

from .._core.errors import InvalidInput
from .._core.keypair.files import Pair, why_kept

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

#: More than any file of keys and certificates.
_SIZE_LIMIT = 1024 * 1024


def key_files_spec() -> t.Dict[str, t.Any]:
    """The argument spec of qlik_key_files."""
    return {
        "paths": {"type": "list", "elements": "path", "default": []},
        "contents": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "path": {"type": "str", "required": True},
                "content": {"type": "str", "required": True, "no_log": True},
            },
        },
        "fingerprints": {"type": "list", "elements": "str", "default": []},
        "trusted": {"type": "list", "elements": "str", "default": []},
        "pair_paths": {"type": "list", "elements": "str", "default": []},
        "passphrases": {"type": "list", "elements": "str", "no_log": True, "default": []},
    }


def run_key_files(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Check every file, then remove those of this machine."""
    params = module.params
    pair = Pair(
        frozenset(filter(None, params["fingerprints"])),
        frozenset(filter(None, params["trusted"])),
        tuple(filter(None, params["passphrases"])),
    )
    found = {path: _why_kept(path, pair, params["pair_paths"]) for path in _unique(params["paths"])}
    reasons = {path: why for path, why in found.items() if why}
    for item in params["contents"]:
        why = _why_content_kept(item["path"], item["content"], pair, params["pair_paths"])
        if why:
            reasons[item["path"]] = why
    if reasons:
        raise InvalidInput(
            "Key files: {}. No file was removed. Only files of the key pair that is removed are "
            "deleted; take the others off the list.".format(
                "; ".join(f"{path} {why}" for path, why in reasons.items())
            ),
            option="paths",
        )
    present = [path for path, why in found.items() if why is not None]
    missing = [path for path, why in found.items() if why is None]
    result = {"changed": bool(present), "removed": present, "missing": missing}
    return result if module.check_mode else {**result, **_remove(present)}


def _remove(paths: t.Sequence[str]) -> t.Dict[str, t.Any]:
    removed: t.List[str] = []
    for path in paths:
        try:
            os.unlink(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            failure = InvalidInput(f"Key files: {path} was not removed: {error.strerror}.")
            failure.result.update(changed=bool(removed), removed=removed)
            raise failure from None
        removed.append(path)
    return {"changed": bool(removed), "removed": removed}


def _why_kept(path: str, pair: Pair, pair_paths: t.Sequence[str]) -> t.Optional[str]:
    """Why a file must stay; an empty text if it can go; None if there is none."""
    try:
        status = os.lstat(path)
        if stat.S_ISLNK(status.st_mode):
            return "is a symbolic link; name the file it points to"
        if stat.S_ISDIR(status.st_mode):
            return "is a directory; name the files in it"
        if not stat.S_ISREG(status.st_mode):
            return "is not a regular file"
        if not os.access(os.path.dirname(path) or ".", os.W_OK | os.X_OK):
            return "is in a directory that this user cannot write to"
        with open(path, "rb", opener=_no_follow) as file:
            data = file.read(_SIZE_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    named = _real(path) in {_real(os.path.expanduser(os.path.expandvars(p))) for p in pair_paths}
    return _why_data_kept(data, pair, named)


def _why_content_kept(
    path: str, content: str, pair: Pair, pair_paths: t.Sequence[str]
) -> t.Optional[str]:
    try:
        data = base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return "has a content that is not base64"
    named = _windows(path) in {_windows(p) for p in pair_paths}
    return _why_data_kept(data, pair, named)


def _why_data_kept(data: bytes, pair: Pair, named: bool) -> str:
    if len(data) > _SIZE_LIMIT:
        return "is larger than 1 MiB, so it is not key material"
    return why_kept(data, pair, named=named) or ""


def _unique(paths: t.Iterable[str]) -> t.List[str]:
    """Each file once, by whichever spelling comes first."""
    return list({_real(path): path for path in reversed(list(paths))}.values())[::-1]


def _real(path: str) -> str:
    """The file that a path names, without following it if it is a link itself."""
    directory, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(directory), name)


def _windows(path: str) -> str:
    return ntpath.normcase(ntpath.normpath(path))


def _no_follow(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)

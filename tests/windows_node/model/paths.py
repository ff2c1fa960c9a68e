# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths as Windows reads them: either slash, no case, drive letters, shares, %VARIABLES%."""

from __future__ import annotations

import ntpath
import re
import typing as t

_VARIABLE = re.compile(r"%([^%]+)%")
_DRIVE = re.compile(r"[A-Za-z]:")
_FORBIDDEN = re.compile(r'[<>"|?*\x00-\x1f:]')


class PathError(Exception):
    """A text that is no path to a file on a drive."""


def expand(text: str, variables: t.Mapping[str, str]) -> str:
    """Replaces ``%NAME%`` where the variable exists, whatever its case."""
    known = {name.lower(): value for name, value in variables.items()}
    return _VARIABLE.sub(lambda found: known.get(found[1].lower(), found[0]), text)


def absolute(text: str, *, base: str) -> str:
    """The full path with backslashes, capital drive letter and no trailing one; PathError."""
    plain = text.removeprefix("\\\\?\\").replace("/", "\\")
    path = ntpath.normpath(ntpath.join(base, plain))
    drive, rest = ntpath.splitdrive(path)
    if not _DRIVE.fullmatch(drive) and not (is_share(drive) and drive.count("\\") == 3):
        raise PathError(f"{text}: a path on a drive or a share is expected")
    if _FORBIDDEN.search(rest):
        raise PathError(f"{text}: Illegal characters in path.")
    # Windows drops spaces and full stops at the end of a name.
    kept = "\\".join(part.rstrip(" .") for part in rest.strip("\\").split("\\"))
    return f"{drive if is_share(drive) else drive.upper()}\\{kept}"


def is_share(path: str) -> bool:
    """Whether a path leads to another machine: ``\\\\server\\share``."""
    return path.startswith("\\\\")


def key(path: str) -> str:
    """What two absolute paths have in common when they name the same file."""
    return path.lower()


def parent(path: str) -> str | None:
    """The directory that an absolute path lies in; None for a drive's root."""
    found = ntpath.dirname(path)
    return None if found == path else found


def root(path: str) -> str:
    """The drive or share of an absolute path."""
    return ntpath.splitdrive(path)[0] + "\\"


def name(path: str) -> str:
    """The last part of an absolute path."""
    return ntpath.basename(path)


def join(directory: str, *names: str) -> str:
    """Names below a directory."""
    return ntpath.join(directory, *names)

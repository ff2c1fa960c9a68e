# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Drives, directories and files; every access is one by somebody, and may be denied."""

from __future__ import annotations

import dataclasses
import typing as t

from . import paths, rights
from .accounts import Identity
from .acl import Ace, Acl, is_allowed

Clock = t.Callable[[], float]


class FileError(Exception):
    """What .NET says when a file cannot be used."""


class AccessDeniedError(FileError):
    """The access list does not allow it."""

    def __init__(self, path: str | None = None):
        super().__init__(f"Access to the path '{path}' is denied." if path else "Access is denied")


@dataclasses.dataclass
class Entry:
    """A file, or (``data`` is None) a directory. Times are seconds since 1970. ``creator``: who
    made it, for whom inherited entries for CREATOR OWNER count whoever owns it later."""

    path: str
    owner: str
    creator: str
    acl: Acl
    data: bytes | None
    created: float
    modified: float
    accessed: float
    hidden: bool = False

    @property
    def is_directory(self) -> bool:
        """Whether it is a directory."""
        return self.data is None

    @property
    def content(self) -> bytes:
        """The bytes of a file."""
        return self.data or b""


@dataclasses.dataclass(frozen=True)
class Written:
    """Bytes that somebody wrote, and the SIDs that the access list let read them right then."""

    path: str
    data: bytes
    readers: tuple[str, ...]


class FileSystem:
    """All drives. Paths are absolute ones (see :mod:`.paths`)."""

    def __init__(self, clock: Clock):
        self._clock = clock
        self._entries: dict[str, Entry] = {}
        self._written: list[Written] = []

    # Looking, without regard to rights

    def get(self, path: str) -> Entry | None:
        """What is there."""
        return self._entries.get(paths.key(path))

    def all(self) -> list[Entry]:
        """Everything, sorted by path."""
        return [self._entries[key] for key in sorted(self._entries)]

    def children(self, path: str) -> list[Entry]:
        """What lies directly in a directory."""
        wanted = paths.key(path)
        return [e for e in self.all() if _parent_key(e.path) == wanted]

    def access_list(self, entry: Entry) -> list[Ace]:
        """Its own entries, then those it inherits."""
        found = list(entry.acl.entries)
        directory = paths.parent(entry.path)
        above = self.get(directory) if directory else None
        if entry.acl.inherits and above:
            for ace in self.access_list(above):
                found += ace.inherited_by(directory=entry.is_directory, creator=entry.creator)
        return found

    # What somebody may do

    def may(self, who: Identity, entry: Entry, wanted: int) -> bool:
        """Whether the access list gives somebody these rights.

        A network logon has no credentials for another machine, the "double hop".
        """
        if paths.is_share(entry.path) and who.over_network:
            return False
        return is_allowed(self.access_list(entry), entry.owner, who.sids, wanted)

    def demand(self, who: Identity, entry: Entry, wanted: int) -> None:
        """AccessDeniedError unless it does."""
        if not self.may(who, entry, wanted):
            raise AccessDeniedError(entry.path)

    def see(self, who: Identity, path: str) -> Entry | None:
        """What Get-Item finds: an entry whose attributes cannot be read is not there."""
        entry = self.get(path)
        if entry is None or self.may(who, entry, rights.READ_ATTRIBUTES):
            return entry
        directory = paths.parent(path)
        above = self.get(directory) if directory else None
        return entry if above and self.may(who, above, rights.READ_DATA) else None

    def test(self, who: Identity, path: str) -> Entry | None:
        """What Test-Path shows where errors stop the script, as they do in modules: of what cannot
        be seen it says that access is denied, not that nothing is there."""
        entry = self.see(who, path)
        if entry is None and self.get(path) is not None:
            raise AccessDeniedError
        return entry

    def read(self, who: Identity, path: str) -> bytes:
        """The bytes of a file."""
        entry = self._existing(path)
        if entry.is_directory:
            raise AccessDeniedError(entry.path)
        self.demand(who, entry, rights.READ_DATA)
        return entry.content

    def write(self, who: Identity, path: str, data: bytes) -> Entry:
        """Makes a file, or replaces the bytes of one, which keeps owner and access list."""
        entry = self.get(path)
        if entry is None:
            entry = self._add(who, path, data)
        elif entry.is_directory:
            raise AccessDeniedError(entry.path)
        else:
            self.demand(who, entry, rights.WRITE_DATA)
            entry.data = data
            entry.modified = entry.accessed = self._clock()
        self._written.append(Written(entry.path, data, self._readers(entry)))
        return entry

    def take_written(self) -> list[Written]:
        """What was written since the last time somebody asked."""
        taken, self._written = self._written, []
        return taken

    def make_directory(self, who: Identity, path: str) -> Entry:
        """A directory with all above it; the one that is there already stays as it is."""
        entry = self.get(path)
        if entry is not None:
            if not entry.is_directory:
                raise FileError(f"An item with the specified name {path} already exists.")
            return entry
        directory = paths.parent(path)
        if directory:
            self.make_directory(who, directory)
        return self._add(who, path, None)

    def remove(self, who: Identity, path: str) -> None:
        """Removes a file, or a directory with all in it."""
        entry = self._existing(path)
        for child in self.children(entry.path):
            self.remove(who, child.path)
        directory = paths.parent(entry.path)
        above = self.get(directory) if directory else None
        if above is None:
            raise AccessDeniedError(entry.path)
        if not self.may(who, above, rights.DELETE_CHILD):
            self.demand(who, entry, rights.DELETE)
        del self._entries[paths.key(entry.path)]

    def touch(self, entry: Entry, *, modified: float | None, accessed: float | None) -> bool:
        """Sets times; whether that changed one."""
        before = (entry.modified, entry.accessed)
        entry.modified = entry.modified if modified is None else modified
        entry.accessed = entry.accessed if accessed is None else accessed
        return (entry.modified, entry.accessed) != before

    def _readers(self, entry: Entry) -> tuple[str, ...]:
        entries = self.access_list(entry)
        sids = {ace.sid for ace in entries}
        wanted = rights.READ_DATA
        return tuple(sorted(sid for sid in sids if is_allowed(entries, entry.owner, {sid}, wanted)))

    def _existing(self, path: str) -> Entry:
        entry = self.get(path)
        if entry is None:
            raise FileError(f"Could not find file '{path}'.")
        return entry

    def _add(self, who: Identity, path: str, data: bytes | None) -> Entry:
        directory = paths.parent(path)
        above = self.get(directory) if directory else None
        if above is None or not above.is_directory:
            raise FileError(f"Could not find a part of the path '{path}'.")
        self.demand(who, above, rights.APPEND_DATA if data is None else rights.WRITE_DATA)
        return self.place(path, owner=who.owner, data=data)

    # Setting up, without regard to rights

    def place(
        self, path: str, *, owner: str, data: bytes | None = None, acl: Acl | None = None
    ) -> Entry:
        """Puts a file or directory there, whatever was there before."""
        now = self._clock()
        entry = Entry(path, owner, owner, acl or Acl(), data, now, now, now)
        self._entries[paths.key(path)] = entry
        return entry


def _parent_key(path: str) -> str | None:
    directory = paths.parent(path)
    return paths.key(directory) if directory else None

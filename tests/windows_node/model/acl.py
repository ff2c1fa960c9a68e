# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Access lists: entries, what children inherit of them, and what they let an account do."""

from __future__ import annotations

import dataclasses
import typing as t

from . import languages, rights

Kind = t.Literal["allow", "deny"]
Propagation = t.Literal["None", "InheritOnly", "NoPropagateInherit"]


@dataclasses.dataclass(frozen=True)
class Ace:
    """One entry. ``containers`` and ``objects``: which children inherit it."""

    sid: str
    mask: int
    kind: Kind = "allow"
    containers: bool = False
    objects: bool = False
    propagation: Propagation = "None"
    inherited: bool = False

    @property
    def place(self) -> tuple[str, Kind, bool, bool, Propagation]:
        """What two entries share that Windows merges into one."""
        return (self.sid, self.kind, self.containers, self.objects, self.propagation)

    @property
    def inherit(self) -> str:
        """Its flags as .NET prints InheritanceFlags."""
        names = {"ContainerInherit": self.containers, "ObjectInherit": self.objects}
        return ", ".join(name for name, is_set in names.items() if is_set) or "None"

    def inherited_by(self, *, directory: bool, creator: str) -> list[Ace]:
        """What a child directory or file inherits of it.

        An entry for CREATOR OWNER becomes one for the account that made the child; a directory
        keeps the original for what is made in it.
        """
        ace = self._for_child(directory=directory)
        if ace is None:
            return []
        if ace.sid != languages.CREATOR_OWNER:
            return [ace]
        found = []
        if ace.propagation != "InheritOnly":
            own = dataclasses.replace(ace, sid=creator, containers=False, objects=False)
            found.append(own)
        if ace.containers or ace.objects:
            found.append(dataclasses.replace(ace, propagation="InheritOnly"))
        return found

    def _for_child(self, *, directory: bool) -> Ace | None:
        stops = self.propagation == "NoPropagateInherit"
        if not directory:
            return Ace(self.sid, self.mask, self.kind, inherited=True) if self.objects else None
        if self.containers:
            return dataclasses.replace(
                self,
                containers=not stops,
                objects=self.objects and not stops,
                propagation="None",
                inherited=True,
            )
        if self.objects and not stops:
            return dataclasses.replace(self, propagation="InheritOnly", inherited=True)
        return None


@dataclasses.dataclass
class Acl:
    """The entries of a file's own, and whether it takes those of its directory as well."""

    entries: list[Ace] = dataclasses.field(default_factory=list)
    inherits: bool = True

    def add(self, ace: Ace) -> None:
        """Adds an entry; one for the same account, kind and inheritance is extended instead."""
        for index, entry in enumerate(self.entries):
            if entry.place == ace.place:
                self.entries[index] = dataclasses.replace(entry, mask=entry.mask | ace.mask)
                return
        self.entries.append(ace)

    def remove(self, ace: Ace) -> None:
        """Takes the rights of an entry away where they are the file's own."""
        kept = []
        for entry in self.entries:
            if entry.place == ace.place:
                entry = dataclasses.replace(entry, mask=entry.mask & ~ace.mask)
            if entry.mask:
                kept.append(entry)
        self.entries = kept


def is_allowed(entries: t.Iterable[Ace], owner: str, sids: t.Collection[str], wanted: int) -> bool:
    """Whether somebody with these SIDs gets all wanted rights, as Windows evaluates a list.

    Own entries before inherited ones, denials first; an owner may always read and change the list.
    """
    granted = rights.READ_PERMISSIONS | rights.CHANGE_PERMISSIONS if owner in sids else 0
    ordered = sorted(entries, key=lambda ace: (ace.inherited, ace.kind == "allow"))
    for ace in ordered:
        if ace.sid not in sids or ace.propagation == "InheritOnly":
            continue
        if ace.kind == "deny" and ace.mask & wanted & ~granted:
            return False
        if ace.kind == "allow":
            granted |= ace.mask
    return granted & wanted == wanted

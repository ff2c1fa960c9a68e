# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts of the node: who they are, which groups they are in, who can log in."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from . import languages

_SID = re.compile(r"S-1-\d+(-\d+)+", re.IGNORECASE)
_GROUP_SIDS = (
    languages.ADMINISTRATORS,
    languages.USERS,
    languages.REMOTE_MANAGEMENT_USERS,
    languages.EVERYONE,
    languages.AUTHENTICATED_USERS,
    languages.CREATOR_OWNER,
)


class UnknownAccountError(Exception):
    """A name or SID that no account of the node has."""


@dataclasses.dataclass(frozen=True)
class Account:
    """A user or group. One with a ``password`` can log in; ``groups`` are SIDs."""

    sid: str
    domain: str
    name: str
    password: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        """As Windows shows it: ``NT AUTHORITY\\SYSTEM``; without a domain the bare name."""
        return f"{self.domain}\\{self.name}" if self.domain else self.name

    @property
    def is_group(self) -> bool:
        """Whether it is one of the built-in groups."""
        return self.sid in _GROUP_SIDS

    @property
    def profile(self) -> str:
        """The profile directory."""
        if self.sid == languages.SYSTEM:
            return r"C:\Windows\System32\config\systemprofile"
        return f"C:\\Users\\{self.name}"


@dataclasses.dataclass(frozen=True)
class Identity:
    """In whose name something is done. ``over_network``: a logon without the user's password,
    as WinRM's is, and not one by become."""

    account: Account
    over_network: bool = True

    @property
    def sids(self) -> frozenset[str]:
        """All SIDs of its token."""
        everybody = (languages.EVERYONE, languages.AUTHENTICATED_USERS, languages.USERS)
        return frozenset((self.account.sid, *self.account.groups, *everybody))

    @property
    def is_administrator(self) -> bool:
        """Whether it has administrative rights."""
        return languages.ADMINISTRATORS in self.sids

    @property
    def owner(self) -> str:
        """The SID that owns what it makes: an elevated administrator's token names the group."""
        return languages.ADMINISTRATORS if self.is_administrator else self.account.sid


class Accounts:
    """The accounts of a machine."""

    def __init__(self, machine: str, language: str):
        self.machine = machine
        self._by_sid: dict[str, Account] = {}
        self._serial = 1000
        for sid, (domain, name) in languages.BUILT_IN[language].items():
            groups = (languages.ADMINISTRATORS,) if sid == languages.SYSTEM else ()
            self._by_sid[sid] = Account(sid, domain, name, groups=groups)

    def add_user(self, name: str, password: str, *, administrator: bool) -> Account:
        """A new local user who may log in over WinRM."""
        group = languages.ADMINISTRATORS if administrator else languages.REMOTE_MANAGEMENT_USERS
        sid = f"S-1-5-21-1004336348-1177238915-682003330-{self._serial}"
        self._serial += 1
        account = Account(sid, self.machine, name, password, (group,))
        self._by_sid[sid] = account
        return account

    def __iter__(self) -> t.Iterator[Account]:
        return iter(self._by_sid.values())

    def by_sid(self, sid: str) -> Account:
        """An account by its SID; UnknownAccountError."""
        try:
            return self._by_sid[sid.upper()]
        except KeyError:
            raise UnknownAccountError(sid) from None

    def sid_of(self, text: str) -> str:
        """The SID that a name or SID stands for; any well-formed SID is taken, as Windows does."""
        return text.upper() if _SID.fullmatch(text) else self.by_name(text).sid

    def by_name(self, text: str) -> Account:
        """An account by ``name``, ``DOMAIN\\name`` or ``.\\name``; UnknownAccountError."""
        domain, backslash, name = text.rpartition("\\")
        domain = self.machine if domain == "." else domain
        for account in self:
            if account.name.lower() != name.lower():
                continue
            if not backslash or account.domain.lower() == domain.lower():
                return account
        raise UnknownAccountError(text)

    def display(self, sid: str) -> str:
        """The name of a SID as Windows shows it; the SID itself when it has none."""
        try:
            return self.by_sid(sid).full_name
        except UnknownAccountError:
            return sid

    def log_in(self, name: str, password: str) -> Identity | None:
        """The identity of a user who gives the right password; None for anybody else."""
        try:
            account = self.by_name(name)
        except UnknownAccountError:
            return None
        if account.password is None or account.password != password:
            return None
        return Identity(account)

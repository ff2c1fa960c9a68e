# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The node itself: a fresh one has a system drive, accounts, services and empty stores."""

from __future__ import annotations

import dataclasses
import time

from ..settings import Settings
from . import languages, rights, services
from .accounts import Account, Accounts, Identity
from .acl import Ace, Acl
from .filesystem import Clock, FileSystem
from .stores import Stores

_PROFILE_DIRECTORIES = (r"AppData\Local\Temp", "Desktop", "Documents")


class Node:
    """All that a test can look at, and a module can change."""

    def __init__(
        self,
        settings: Settings,
        administrator_password: str,
        service_password: str,
        clock: Clock = time.time,
    ):
        self.settings = settings
        self.clock = clock
        self.accounts = Accounts(settings.machine, settings.language)
        add = self.accounts.add_user
        self.administrator = add(settings.administrator, administrator_password, administrator=True)
        self.service_account = add(settings.service_account, service_password, administrator=False)
        self.files = FileSystem(clock)
        self.stores = Stores()
        display = self.accounts.display
        self.services = services.of_a_site(
            self.service_account.full_name,
            display(languages.NETWORK_SERVICE),
            display(languages.SYSTEM),
            settings.secondary_logon,
        )
        self._lay_system_drive()

    def variables(self, account: Account) -> dict[str, str]:
        """The environment of somebody's processes, as far as paths need it."""
        home = account.profile
        temporary = home + r"\AppData\Local\Temp"
        if account.sid == languages.SYSTEM:
            temporary = r"C:\Windows\Temp"
        return {
            "ALLUSERSPROFILE": r"C:\ProgramData",
            "COMPUTERNAME": self.settings.machine,
            "ProgramData": r"C:\ProgramData",
            "ProgramFiles": r"C:\Program Files",
            "PUBLIC": r"C:\Users\Public",
            "SystemDrive": "C:",
            "SystemRoot": r"C:\Windows",
            "TEMP": temporary,
            "TMP": temporary,
            "USERNAME": account.name,
            "USERPROFILE": home,
            "windir": r"C:\Windows",
        }

    def system(self) -> Identity:
        """The operating system."""
        return Identity(self.accounts.by_sid(languages.SYSTEM), over_network=False)

    def _lay_system_drive(self) -> None:
        everything = [_full(languages.SYSTEM), _full(languages.ADMINISTRATORS)]
        reading = _below(rights.READ_AND_EXECUTE)
        creators = dataclasses.replace(_full(languages.CREATOR_OWNER), propagation="InheritOnly")
        # icacls C:\ and D:\ as Windows formats them: Users may make directories anywhere, and
        # files in all but the root. What they make is theirs.
        making = [
            _below(rights.APPEND_DATA, objects=False),
            dataclasses.replace(
                _below(rights.WRITE_DATA, objects=False), propagation="InheritOnly"
            ),
        ]
        drive = [*everything, reading, *making, creators]
        self.files.place("C:\\", owner=languages.TRUSTED_INSTALLER, acl=Acl(drive, inherits=False))
        self.files.place("D:\\", owner=languages.SYSTEM, acl=Acl(list(drive), inherits=False))
        closed = [*everything, reading, creators]
        for path, owner in (
            (r"C:\Windows", languages.TRUSTED_INSTALLER),
            (r"C:\Windows\System32", languages.TRUSTED_INSTALLER),
            (r"C:\Windows\System32\config", languages.SYSTEM),
            (r"C:\Program Files", languages.TRUSTED_INSTALLER),
            (r"C:\Users", languages.SYSTEM),
            (r"C:\Users\Public", languages.SYSTEM),
        ):
            self.files.place(path, owner=owner, acl=Acl(list(closed), inherits=False))
        # icacls C:\ProgramData: Users may make files and directories there.
        data = _below(rights.WRITE_DATA | rights.APPEND_DATA, objects=False)
        acl = Acl([*closed, data], inherits=False)
        self.files.place(r"C:\ProgramData", owner=languages.SYSTEM, acl=acl)
        # icacls C:\Windows\Temp: Users may make things there, and not list what others have.
        mask = rights.WRITE_DATA | rights.APPEND_DATA | rights.TRAVERSE
        temporary = Acl([*everything, creators, _below(mask, objects=False)], inherits=False)
        self.files.place(r"C:\Windows\Temp", owner=languages.SYSTEM, acl=temporary)
        own = Acl(list(everything), inherits=False)
        profile = r"C:\Windows\System32\config\systemprofile"
        self.files.place(profile, owner=languages.SYSTEM, acl=own)
        for account in (self.administrator, self.service_account):
            acl = Acl([*everything, _full(account.sid)], inherits=False)
            self.files.place(account.profile, owner=languages.SYSTEM, acl=acl)
            for directory in _PROFILE_DIRECTORIES:
                self.files.make_directory(self.system(), f"{account.profile}\\{directory}")


def _below(mask: int, *, objects: bool = True) -> Ace:
    """An entry for Users that what lies below inherits."""
    return Ace(languages.USERS, mask | rights.SYNCHRONIZE, containers=True, objects=objects)


def _full(sid: str) -> Ace:
    return Ace(sid, rights.FULL_CONTROL, containers=True, objects=True)

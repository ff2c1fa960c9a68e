# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Windows calls its built-in accounts; the names differ by language, the SIDs do not."""

from __future__ import annotations

import typing as t

SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
ADMINISTRATORS = "S-1-5-32-544"
USERS = "S-1-5-32-545"
REMOTE_MANAGEMENT_USERS = "S-1-5-32-580"
EVERYONE = "S-1-1-0"
AUTHENTICATED_USERS = "S-1-5-11"
CREATOR_OWNER = "S-1-3-0"
TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

#: By language: SID → (domain, name). Windows knows no other name than that of its own language.
BUILT_IN: t.Final[dict[str, dict[str, tuple[str, str]]]] = {
    "en": {
        SYSTEM: ("NT AUTHORITY", "SYSTEM"),
        LOCAL_SERVICE: ("NT AUTHORITY", "LOCAL SERVICE"),
        NETWORK_SERVICE: ("NT AUTHORITY", "NETWORK SERVICE"),
        AUTHENTICATED_USERS: ("NT AUTHORITY", "Authenticated Users"),
        ADMINISTRATORS: ("BUILTIN", "Administrators"),
        USERS: ("BUILTIN", "Users"),
        REMOTE_MANAGEMENT_USERS: ("BUILTIN", "Remote Management Users"),
        EVERYONE: ("", "Everyone"),
        CREATOR_OWNER: ("", "CREATOR OWNER"),
        TRUSTED_INSTALLER: ("NT SERVICE", "TrustedInstaller"),
    },
    "de": {
        SYSTEM: ("NT-AUTORITÄT", "SYSTEM"),
        LOCAL_SERVICE: ("NT-AUTORITÄT", "LOKALER DIENST"),
        NETWORK_SERVICE: ("NT-AUTORITÄT", "NETZWERKDIENST"),
        AUTHENTICATED_USERS: ("NT-AUTORITÄT", "Authentifizierte Benutzer"),
        ADMINISTRATORS: ("VORDEFINIERT", "Administratoren"),
        USERS: ("VORDEFINIERT", "Benutzer"),
        REMOTE_MANAGEMENT_USERS: ("VORDEFINIERT", "Remoteverwaltungsbenutzer"),
        EVERYONE: ("", "Jeder"),
        CREATOR_OWNER: ("", "ERSTELLER-BESITZER"),
        TRUSTED_INSTALLER: ("NT SERVICE", "TrustedInstaller"),
    },
    "fr": {
        SYSTEM: ("AUTORITE NT", "Système"),
        LOCAL_SERVICE: ("AUTORITE NT", "SERVICE LOCAL"),
        NETWORK_SERVICE: ("AUTORITE NT", "SERVICE RÉSEAU"),
        AUTHENTICATED_USERS: ("AUTORITE NT", "Utilisateurs authentifiés"),
        ADMINISTRATORS: ("BUILTIN", "Administrateurs"),
        USERS: ("BUILTIN", "Utilisateurs"),
        REMOTE_MANAGEMENT_USERS: ("BUILTIN", "Utilisateurs de gestion à distance"),
        EVERYONE: ("", "Tout le monde"),
        CREATOR_OWNER: ("", "CREATEUR PROPRIETAIRE"),
        TRUSTED_INSTALLER: ("NT SERVICE", "TrustedInstaller"),
    },
}
LANGUAGES = tuple(BUILT_IN)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``win_whoami``: the account, its groups and the kind of its logon."""

from __future__ import annotations

import datetime

from ..model import languages
from ..model.accounts import Account
from .base import Call, Json, Model

_LABELS = {True: ("S-1-16-12288", "High Mandatory Level"), False: ("S-1-16-8192", "Medium")}


def run(call: Call) -> Json:
    """What the token says."""
    node, who = call.node, call.who
    label, label_name = _LABELS[who.is_administrator]
    groups = [node.accounts.by_sid(s) for s in sorted(who.sids - {who.account.sid})]
    started = datetime.datetime.fromtimestamp(node.clock(), datetime.UTC)
    is_system = who.account.sid == languages.SYSTEM
    return {
        "changed": False,
        "account": _account(who.account),
        "authentication_package": "Negotiate" if is_system else "NTLM",
        "dns_domain_name": "",
        "groups": [
            {
                **_account(group),
                "attributes": ["Mandatory", "Enabled by default", "Enabled"],
            }
            for group in groups
        ],
        "impersonation_level": "SecurityAnonymous",
        "label": {
            "account_name": label_name,
            "domain_name": "Mandatory Label",
            "sid": label,
            "type": "Label",
        },
        "login_domain": who.account.domain,
        "login_time": started.isoformat(),
        "logon_id": 999 if is_system else 20470143,
        "logon_server": "" if is_system else node.settings.machine,
        "logon_type": "Network" if who.over_network else "Service" if is_system else "Interactive",
        "privileges": {"SeChangeNotifyPrivilege": "enabled-by-default"},
        "rights": ["SeNetworkLogonRight"],
        "token_type": "TokenPrimary",
        "upn": None,
        "user_flags": "NtlmV2Enabled",
    }


def _account(account: Account) -> Json:
    kind = "User"
    if account.is_group:
        alias = account.sid.startswith("S-1-5-32-")
        kind = "Alias" if alias else "WellKnownGroup"
    return {
        "account_name": account.name,
        "domain_name": account.domain,
        "sid": account.sid,
        "type": kind,
    }


MODEL = Model(run)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter windows_owners."""

from __future__ import annotations

import typing as t

DOCUMENTATION = r"""
name: windows_owners
short_description: Find files on a Windows node that untrusted accounts own
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - The owner of a file or directory can always change its access list. This filter returns files
    and directories that untrusted accounts own, and links.
  - Trusted owners are the account in O(who), built-in groups such as Administrators but not Users,
    and the owners of the files in O(system). Files in O(owned) are also trusted.
positional: _input, who, system
options:
  _input:
    description:
      - Results of M(ansible.windows.win_stat). The files may be missing.
    type: list
    elements: dict
    required: true
  who:
    description:
      - Result of M(ansible.windows.win_whoami).
    type: dict
    required: true
  system:
    description:
      - Results of M(ansible.windows.win_stat) for files of Windows itself.
    type: list
    elements: dict
    required: true
  owned:
    description:
      - Paths of files that belong to an additional trusted account.
      - To find them, use M(ansible.windows.win_owner) in check mode. It reports no change for such
        files, and accepts all forms of account names and SIDs.
    type: list
    elements: str
    default: []
"""

EXAMPLES = r"""
- name: Validate the owner of the directory
  ansible.builtin.assert:
    that: not foreign
    fail_msg: "{{ foreign | join('; ') }}"
  vars:
    foreign: "{{ [directory] | qlikops.sense.windows_owners(whoami, [windows]) }}"
"""

RETURN = r"""
_value:
  description:
    - What is wrong with each of these files, such as C(D:\keys belongs to QLIKNODE\guest).
  type: list
  elements: str
"""

#: What the SIDs of the built-in groups begin with. Their domain has another name in each language.
_BUILT_IN = "S-1-5-32-"
_ADMINISTRATORS = "S-1-5-32-544"
Json = t.Mapping[str, t.Any]


def windows_owners(
    stats: t.Iterable[Json], who: Json, system: t.Iterable[Json], owned: t.Iterable[str] = ()
) -> t.List[str]:
    """What is wrong with those of ``stats`` that belong to none of the trusted accounts."""
    account = who["account"]
    names = {_name(account)}
    names |= {str(item["stat"].get("owner")).lower() for item in system}
    built_in = [group for group in who["groups"] if group["sid"].startswith(_BUILT_IN)]
    domains = {str(group["domain_name"]).lower() for group in built_in}
    # An account that is not an administrator does not see the name of that group, but of these.
    others = {_name(group) for group in built_in if group["sid"] != _ADMINISTRATORS}
    trusted = _Trusted(names - {"none"}, domains, others, frozenset(owned))
    found = (item["stat"] for item in stats if item["stat"]["exists"])
    return [sentence for sentence in (trusted.complaint(stat) for stat in found) if sentence]


def _name(account: Json) -> str:
    return f"{account['domain_name']}\\{account['account_name']}".lower()


class _Trusted(t.NamedTuple):
    """Names of accounts, domains all of whose accounts count but ``others``, and paths."""

    names: t.AbstractSet[str]
    domains: t.AbstractSet[str]
    others: t.AbstractSet[str]
    paths: t.AbstractSet[str]

    def complaint(self, stat: Json) -> t.Optional[str]:
        """What is wrong with a file; None if it belongs to one of them."""
        if stat.get("islnk") or stat.get("isjunction"):
            volume = "volume{" in str(stat.get("lnk_target", "")).lower()
            if not volume:
                return f"{stat['path']} is a link"
        shown = stat.get("owner")
        if not shown:
            return f"{stat['path']} has an owner that this account cannot see"
        name = str(shown).lower()
        is_built_in = name.rpartition("\\")[0] in self.domains and name not in self.others
        if name in self.names or is_built_in or stat["path"] in self.paths:
            return None
        return f"{stat['path']} belongs to {shown}"


def windows_parents(path: str) -> t.List[str]:
    """The path and all directories above it, the topmost one first."""
    plain = path.replace("/", "\\").rstrip("\\")
    root, dummy, rest = plain[2:].partition("\\") if plain.startswith("\\\\") else ("", "", "")
    if root:
        share, dummy, rest = rest.partition("\\")
        top = f"\\\\{root}\\{share}"
    else:
        top, dummy, rest = plain.partition("\\")
    parts = [part for part in rest.split("\\") if part]
    found = [top if root else top + "\\"]
    for part in parts:
        found.append(found[-1].rstrip("\\") + "\\" + part)
    return found


class FilterModule:
    """The filters of this file."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """By name."""
        return {"windows_owners": windows_owners, "windows_parents": windows_parents}

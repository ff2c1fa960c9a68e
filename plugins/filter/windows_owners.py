# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter windows_owners."""

from __future__ import annotations

import typing as t

DOCUMENTATION = r"""
name: windows_owners
short_description: Find files on a Windows node that other accounts own
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - The owner of a file or directory can always change its access list. Returns those files and
    directories that belong to another account than the trusted ones, and links.
  - These owners are trusted. The account in O(who), built-in groups such as Administrators, the
    owners of the files in O(system), and O(owner).
positional: _input, who, system
options:
  _input:
    description:
      - Results of M(ansible.windows.win_stat), of files that may not exist.
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
  owner:
    description:
      - One more account to trust, by name.
    type: str
    default: ""
"""

EXAMPLES = r"""
- name: Fail if the directory belongs to someone else
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
Json = t.Mapping[str, t.Any]


def windows_owners(
    stats: t.Iterable[Json], who: Json, system: t.Iterable[Json], owner: str = ""
) -> t.List[str]:
    """What is wrong with those of ``stats`` that belong to none of the trusted accounts."""
    account = who["account"]
    names = {f"{account['domain_name']}\\{account['account_name']}".lower()}
    names |= {str(item["stat"].get("owner")).lower() for item in system}
    domains = {
        str(group["domain_name"]).lower()
        for group in who["groups"]
        if group["sid"].startswith(_BUILT_IN)
    }
    trusted = _Trusted(names - {"none"}, domains, str(owner or "").lower())
    found = (item["stat"] for item in stats if item["stat"]["exists"])
    return [sentence for sentence in (trusted.complaint(stat) for stat in found) if sentence]


class _Trusted(t.NamedTuple):
    """Names of accounts, domains all of whose accounts count, and an account that may be named
    without its domain."""

    names: t.AbstractSet[str]
    domains: t.AbstractSet[str]
    owner: str

    def complaint(self, stat: Json) -> t.Optional[str]:
        """What is wrong with a file; None if it belongs to one of them."""
        if stat.get("islnk") or stat.get("isjunction"):
            volume = "volume{" in str(stat.get("lnk_target", "")).lower()
            if not volume:
                return f"{stat['path']} is a link"
        shown = stat.get("owner")
        if not shown:
            return f"{stat['path']} has an owner that this account cannot see"
        domain, dummy, name = str(shown).lower().rpartition("\\")
        if shown.lower() in self.names or domain in self.domains or self._is_owner(domain, name):
            return None
        return f"{stat['path']} belongs to {shown}"

    def _is_owner(self, domain: str, name: str) -> bool:
        wanted, dummy, wanted_name = self.owner.rpartition("\\")
        return bool(self.owner) and name == wanted_name and wanted in ("", ".", domain)


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

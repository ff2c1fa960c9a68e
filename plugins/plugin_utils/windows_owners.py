# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The owners of files and directories on a Windows node.

An owner can always change the access list, so a private key must not be in a directory that another
user created first, and a certificate is not trusted if another user could have put it there.
"""

from __future__ import annotations

import typing as t

from .variables import Variables

#: What the SIDs of the built-in groups begin with. Their domain has another name in each language.
_BUILT_IN = "S-1-5-32-"
_ADMINISTRATORS = "S-1-5-32-544"
Json = t.Mapping[str, t.Any]


def complaints(
    stats: t.Iterable[Json], who: Json, system: t.Iterable[Json], owned: t.Iterable[str] = ()
) -> t.List[str]:
    """What is wrong with those of ``stats`` that belong to none of the trusted accounts.

    ``who`` is the result of win_whoami, ``system`` are the results of win_stat for directories of
    Windows, and ``owned`` are paths whose owners were compared by SID.
    """
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


#: Directories of Windows. Their owners are trusted.
SYSTEM = ("%SystemRoot%", "%ProgramData%")


def pairs(
    variables: Variables,
    *,
    owners: t.Sequence[Json],
    who: Json,
    services: t.Iterable[Json] = (),
) -> t.List[t.Dict[str, str]]:
    """The paths to compare with other trusted accounts, each with an account.

    Those are the owner that the variables name and the account of the repository service.
    """
    system, own = owners[: len(SYSTEM)], owners[len(SYSTEM) :]
    accounts = [variables.text("jwt_keypair_windows_owner")]
    accounts += [str(one.get("username") or "") for one in services]
    doubtful = [one for one in own if complaints([one], who, system)]
    return [
        {"user": account, "path": one["stat"]["path"]}
        for account in dict.fromkeys(filter(None, accounts))
        for one in doubtful
    ]


def foreign(
    dummy: Variables,
    *,
    owners: t.Sequence[Json],
    who: Json,
    compared: t.Iterable[Json] = (),
    is_source: bool = False,
) -> t.List[str]:
    """The sentences about paths that belong to another account.

    What was read (``is_source``) has to be there, or it was not examined.
    """
    system, own = owners[: len(SYSTEM)], owners[len(SYSTEM) :]
    proven = [
        one["qrs_connection_pair"]["path"]
        for one in compared
        if not one.get("changed") and "msg" not in one and "skipped" not in one
    ]
    found = complaints(own, who, system, proven)
    if is_source:
        missing = (one for one in own if not one["stat"]["exists"])
        found += [f"{one['qrs_connection_path']} cannot be examined" for one in missing]
    return found


PLANS: t.Dict[str, t.Callable[..., t.Any]] = {"pairs": pairs, "foreign": foreign}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Names of variables that no role has.

A name that begins with a role's prefix is the collection's own, so an unknown one is an error.
Other collections have variables that begin with ``qlik_`` or ``jwt_``. Those are errors only if
they are a near miss of a known name.
"""

from __future__ import annotations

import difflib
import re
import typing as t

#: Options of the playbooks, which no role has.
OF_PLAYBOOKS = frozenset({"qlik_target", "qlik_serial"})
#: Variables that the roles set for each other, for later runs, or for the tasks of a user.
SET_BY_ROLES = frozenset(
    {
        "jwt_keypair_foretold",
        "jwt_keypair_is_told",
        "jwt_keypair_new",
        "jwt_keypair_outcome",
        "jwt_restore_job",
        "jwt_restore_proven",
        "jwt_restore_set_up_failed",
        "jwt_virtual_proxy_drift",
        "jwt_virtual_proxy_outcome",
        "qrs_credentials_ca_content",
        "qrs_credentials_client_cert_content",
        "qrs_credentials_client_key_content",
        "qrs_credentials_host_name",
    }
)
_PATTERNS_SET_BY_ROLES = re.compile(r"jwt_restore_((set_up|verify)_)?of_[0-9a-f]+$")
#: The beginnings of the names that are compared with the known ones.
FAMILIES = ("jwt_", "qlik_", "qrs_credential")
# In short names, two edits lead to another word: port, host, post.
_LONG = 10


def problems(
    names: t.Iterable[str],
    options: t.Mapping[str, t.AbstractSet[str]],
    private: t.AbstractSet[str] = frozenset(),
) -> t.List[str]:
    """A sentence for each name that is not known, in the order of the names.

    ``options`` are the names that each role knows. A role owns its prefix if its options carry it.
    ``private`` are the names that the roles set for themselves. They are known but never suggested.
    """
    owned = tuple(
        role + "_"
        for role, known in options.items()
        if any(n.startswith(role + "_") for n in known)
    )
    known = OF_PLAYBOOKS | SET_BY_ROLES | {role + "_result" for role in options}
    known = known.union(*options.values())
    accepted = known | private
    return [
        sentence
        for name in sorted(set(names))
        if name not in accepted and not _PATTERNS_SET_BY_ROLES.match(name)
        for sentence in _sentences(name, known, owned)
    ]


def _sentences(name: str, known: t.AbstractSet[str], owned: t.Tuple[str, ...]) -> t.Iterator[str]:
    # No option has an upper-case letter or two underscores in a row.
    plain = re.sub("_+", "_", name.lower())
    near = nearest(plain, known)
    if near:
        yield f"{name}: unknown variable. Did you mean {near}?"
    elif plain.startswith(owned):
        prefix = max((one for one in owned if plain.startswith(one)), key=len)
        own = sorted(one for one in known if one.startswith(prefix))
        (similar,) = difflib.get_close_matches(plain, own, n=1, cutoff=0)
        yield (
            f"{name}: unknown variable. The prefix {prefix} belongs to the role {prefix[:-1]}; the"
            f" most similar of its variables is {similar}."
        )


def nearest(name: str, known: t.AbstractSet[str]) -> str:
    """The known name that ``name`` is a near miss of, or an empty text."""
    if not name.startswith(FAMILIES):
        return ""
    found = [(edits(name, one), one) for one in sorted(known) if _is_near(name, one)]
    return min(found)[1] if found else ""


def _is_near(name: str, known: str) -> bool:
    if abs(len(name) - len(known)) <= 2:
        allowed = 2 if len(known.partition("_")[2]) >= _LONG else 1
        if edits(name, known) <= allowed:
            return True
    words, others = name.split("_"), known.split("_")
    if len(words) != len(others) or len(words) < 3:
        return False
    return sorted(words) == sorted(others) or all(map(_is_short_for, words, others))


def _is_short_for(one: str, other: str) -> bool:
    """Whether one of two words abbreviates the other, such as ``cert`` and ``certificate``."""
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) >= 4 and long.startswith(short))


def edits(one: str, other: str) -> int:
    """How many letters are missing, added, replaced or swapped with their neighbor."""
    before: t.List[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
    return row[-1]

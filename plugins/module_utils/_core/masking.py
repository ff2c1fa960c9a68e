# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Secrets of a site, hidden in results; masked texts in input; what Ansible would mask of a result.

ansible-core up to 2.21 replaces the value of each secret option wherever it occurs in a module's
result. A short passphrase that is also a word of the site therefore damages the data. From 2.22 on,
only the output of a run is masked.
"""

from __future__ import annotations

import re
import typing as t

STARS = "********"

#: In place of a private key that the site holds: one pasted as JWT certificate in QMC is stored
#: like any text, and every administrator's tool shows it. This collection does not.
HIDDEN_KEY = "(a private key, not shown)"

_ANSIBLE, _AWX, _OWN = "Ansible", "AWX", "this collection"

#: Texts that replace a secret, with the program that writes them.
MARKS: t.Dict[str, str] = {
    STARS: _ANSIBLE,
    "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER": _ANSIBLE,
    "NOT_LOGGING_PARAMETER": _ANSIBLE,
    "NOT_LOGGING_PASSWORD": _ANSIBLE,
    "$REDACTED$": _ANSIBLE,
    "<redacted>": _ANSIBLE,
    "the output has been hidden due to the fact that 'no_log: true' was specified": _ANSIBLE,
    "$encrypted$": _AWX,
    HIDDEN_KEY: _OWN,
}


class Masked(t.NamedTuple):
    """A masked text, its place in a value, such as ``[0].description``, and the mark in it."""

    place: str
    mark: str
    text: str

    @property
    def fault(self) -> str:
        """What is wrong, as the end of the sentence "<option> …"."""
        return (
            f"contains {self.mark}, which {MARKS[self.mark]} writes in place of a secret. Use the "
            "original value, or leave the option out."
        )


def masked(value: t.Any, place: str = "") -> t.Iterator[Masked]:
    """Every masked text in ``value``, the names in mappings included."""
    if isinstance(value, str):
        for mark in MARKS:
            if mark in value:
                yield Masked(place, mark, value)
    elif isinstance(value, t.Mapping):
        for name, item in value.items():
            yield from masked(name, place)
            yield from masked(item, f"{place}.{name}" if place else str(name))
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            yield from masked(item, f"{place}[{number}]")


def newly_masked(wanted: t.Any, present: t.Any) -> t.Optional[Masked]:
    """The first masked text in ``wanted`` that is not a text of ``present``, too; else None."""
    found = list(masked(wanted))
    if not found:
        return None
    known = {item.text for item in masked(present)}
    return next((item for item in found if item.text not in known), None)


class Damage(t.NamedTuple):
    """A place in a result that Ansible would mask, and the secret that occurs there."""

    place: t.Tuple[t.Union[str, int], ...]
    secret: str

    def __str__(self) -> str:
        """The place as in ``virtual_proxies[0].description``."""
        steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in self.place)
        return "".join(steps).lstrip(".")


def damage(
    result: t.Any, secrets: t.Iterable[str], place: t.Tuple[t.Union[str, int], ...] = ()
) -> t.Iterator[Damage]:
    """Every value of ``result`` that Ansible would mask because one of ``secrets`` occurs in it.

    Ansible searches texts and numbers, but not the names of mappings.
    """
    if isinstance(result, t.Mapping):
        for name, item in result.items():
            yield from damage(item, secrets, (*place, name))
    elif isinstance(result, (list, tuple)):
        for number, item in enumerate(result):
            yield from damage(item, secrets, (*place, number))
    elif isinstance(result, (str, int, float)) and not isinstance(result, bool):
        text = str(result)
        found = next((secret for secret in secrets if secret in text), None)
        if found is not None:
            yield Damage(place, found)


def without(result: t.Any, places: t.Iterable[t.Tuple[t.Union[str, int], ...]]) -> t.Any:
    """``result`` with null at those places."""
    return _without(result, frozenset(places), ())


def _without(value: t.Any, places: t.FrozenSet[t.Any], place: t.Tuple[t.Any, ...]) -> t.Any:
    if place in places:
        return None
    if isinstance(value, t.Mapping):
        return {name: _without(item, places, (*place, name)) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without(item, places, (*place, n)) for n, item in enumerate(value)]
    return value


#: Readers accept more labels than the usual one, such as with another case or two spaces.
_LABEL = re.compile(r"-----BEGIN [^-\n]{0,40}PRIVATE\s+KEY", re.IGNORECASE)


#: How the base64 of a private key begins, whatever its label: a sequence of more than 255 bytes
#: (PKCS#1, PKCS#8, or PKCS#12) whose first member is a version number. A certificate does not.
_KEY_DATA = re.compile(r"MII[A-Za-z0-9+/]{2}[AQgw]IBA")


def holds_key(value: t.Any) -> bool:
    """Whether a text holds a private key, encrypted and damaged ones included."""
    return isinstance(value, str) and ("PRIVATE KEY" in value or holds_key_data(value))


def holds_key_data(text: str) -> bool:
    """Whether a text holds the data of a private key, and does not only mention one."""
    return _KEY_DATA.search(text) is not None or _LABEL.search(text) is not None


def names_secret(name: t.Any) -> bool:
    """Whether a name calls what it stands for a secret."""
    return isinstance(name, str) and "secret" in name.lower()


def redacted(value: t.Any) -> t.Any:
    """``value`` as JSON without private keys, and without what its name calls a secret."""
    # Texts come first and by far most often.
    if isinstance(value, str):
        return HIDDEN_KEY if holds_key(value) else value
    if isinstance(value, (dict, t.Mapping)):
        return {key: redacted(item) for key, item in value.items() if not names_secret(key)}
    if isinstance(value, (list, tuple)):
        return [redacted(item) for item in value]
    return value

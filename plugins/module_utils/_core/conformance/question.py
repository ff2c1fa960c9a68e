# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The registry of questions. Each rule registers itself with ``@question``.

An answer is a status code, a number, a boolean, a version number or one word of the question's own
list. Everything else becomes ``other``, so that no text of a site can be in a result.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
import typing as t

READ, WRITE, LOGIN = "read", "write", "login"
LEVELS = (READ, WRITE, LOGIN)

STATUS, NUMBER, FLAG, WORD, VERSION = "status", "number", "flag", "word", "version"

#: How the collection copes with an answer.
YES, SETTING, NO, UNKNOWN = "yes", "setting", "no", "unknown"
COPES = (YES, SETTING, NO, UNKNOWN)

#: Where an assumption comes from, as the page explains it.
MARKS = {
    "doc": "Qlik's documentation",
    "spec": "the API description that a server generates",
    "code": "public code that works with real servers",
    "users": "reports of users",
    "inf": "concluded from the other sources",
    "unv": "not verified",
}

OTHER = "other"

Value = t.Union[bool, int, str]
Observe = t.Callable[[t.Any], t.Optional[Value]]

_VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){1,4}")
_LARGEST = 10_000_000


@dataclasses.dataclass(frozen=True)
class Effect:
    """What another answer than the assumed one means for the collection."""

    copes: str
    text: str


@dataclasses.dataclass(frozen=True)
class Question:
    """One question to a site.

    ``sent`` is the request without any value of the site. ``assumed`` is empty if the collection
    depends on no answer, or if a range (``between``) is assumed. ``effects`` explains other
    answers, ``otherwise`` all the rest.
    """

    id: str
    level: str
    group: str
    about: str
    why: str
    sent: str
    mark: str
    kind: str
    words: t.Tuple[str, ...]
    assumed: t.Tuple[Value, ...]
    between: t.Optional[t.Tuple[int, int]]
    effects: t.Mapping[Value, Effect]
    otherwise: Effect
    observe: Observe

    @property
    def family(self) -> str:
        """The name of the file that registers the question."""
        return self.observe.__module__

    def closed(self, value: Value) -> Value:
        """``value`` if the question allows it, otherwise the word ``other``."""
        if isinstance(value, bool):
            return value if self.kind == FLAG else OTHER
        if isinstance(value, int):
            low, high = (100, 599) if self.kind == STATUS else (-_LARGEST, _LARGEST)
            return value if self.kind in (STATUS, NUMBER) and low <= value <= high else OTHER
        if self.kind == VERSION and _VERSION.fullmatch(value):
            return value
        return value if value in self.words else OTHER

    @property
    def expected(self) -> t.List[Value]:
        """The assumed answers as a result lists them. Empty if any answer will do."""
        return [f"{self.between[0]}..{self.between[1]}"] if self.between else list(self.assumed)

    def is_assumed(self, value: Value) -> bool:
        """Whether it is an assumed answer, or any will do."""
        if self.between:
            return isinstance(value, int) and self.between[0] <= value <= self.between[1]
        return not self.assumed or _is_in(value, self.assumed)

    def effect(self, value: Value) -> Effect:
        """How the collection copes with this answer."""
        if self.is_assumed(value):
            return Effect(YES, "")
        for known, effect in self.effects.items():
            if _is_in(value, (known,)):
                return effect
        return self.otherwise


def _is_in(value: Value, values: t.Iterable[Value]) -> bool:
    """Whether it is one of them; true is not the number 1."""
    return any(
        value == item and isinstance(value, bool) == isinstance(item, bool) for item in values
    )


_UNTESTED = Effect(UNKNOWN, "The collection has not been tested with this answer. Report it.")

QUESTIONS: t.Dict[str, Question] = {}


def question(
    id: str,  # noqa: A002
    group: str,
    about: str,
    *,
    sent: str,
    mark: str,
    kind: str = WORD,
    words: t.Sequence[str] = (),
    assumed: t.Sequence[Value] = (),
    between: t.Optional[t.Tuple[int, int]] = None,
    effects: t.Optional[t.Mapping[Value, Effect]] = None,
    otherwise: Effect = _UNTESTED,
    level: str,
) -> t.Callable[[Observe], Observe]:
    """Register a rule. Its docstring says why the answer matters."""

    def register(observe: Observe) -> Observe:
        QUESTIONS[id] = Question(
            id=id,
            level=level,
            group=group,
            about=about,
            why=" ".join((inspect.getdoc(observe) or "").split()),
            sent=sent,
            mark=mark,
            kind=kind,
            words=tuple(words),
            assumed=tuple(assumed),
            between=between,
            effects=dict(effects or {}),
            otherwise=otherwise,
            observe=observe,
        )
        return observe

    return register


def handled(text: str) -> Effect:
    """The collection handles the answer by itself."""
    return Effect(YES, text)


def setting(text: str) -> Effect:
    """An option or a setting of the site handles the answer."""
    return Effect(SETTING, text)


def unhandled(text: str) -> Effect:
    """The collection does not work as documented with this answer."""
    return Effect(NO, text)

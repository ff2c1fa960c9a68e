# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The reserved names of the check: what exists of them, whether it is its own, and its removal."""

from __future__ import annotations

import dataclasses
import re
import typing as t

from ..errors import AnswerError, InvalidInput, NotFound, QlikError
from ..qrs.filters import any_of, equals
from .claims import NO_PREFIX
from .links import unlink

if t.TYPE_CHECKING:
    from ..qrs.client import Entity, Qrs

DESCRIPTION = "Created by qlikops.sense.qlik_conformance, which removes it"
USER_DIRECTORY = "QLIKOPS-CONFORMANCE"
USER_NAME = "Conformance check"

VIRTUAL_PROXY, USER, TAG = "virtual_proxy", "user", "tag"
KINDS = {VIRTUAL_PROXY: "virtualproxyconfig", USER: "user", TAG: "tag"}

_COOKIE = "X-Qlikops-Conformance-"
_PREFIX = re.compile(r"[a-z0-9][a-z0-9._~-]{0,79}")
_ROUNDS = 3

#: Words that follow the prefix in an address, and the prefix that must be unknown.
_WORDS = (
    "api", "app", "client", "content", "extensions", "form", "hub", "qmc", "qps", "qrs",
    "resources", "sense", NO_PREFIX,
)  # fmt: skip

#: Filters may depend on the case.
_USERS = any_of(*(equals("userDirectory", n) for n in (USER_DIRECTORY, USER_DIRECTORY.lower())))


@dataclasses.dataclass(frozen=True)
class Names:
    """The names that are derived from the option ``prefix``."""

    prefix: str

    def __post_init__(self) -> None:
        if self.prefix in _WORDS:
            raise InvalidInput(
                f"prefix: '{self.prefix}' has a meaning in addresses. Set prefix to another name.",
                option="prefix",
            )
        if not _PREFIX.fullmatch(self.prefix):
            raise InvalidInput(
                "prefix: use 1 to 80 characters of a-z, 0-9, '.', '_', '~' and '-', beginning with "
                "a letter or digit.",
                option="prefix",
            )

    @property
    def expired(self) -> str:
        """The prefix of the virtual proxy with an expired certificate."""
        return self.prefix + "-expired"

    @property
    def bare_key(self) -> str:
        """The prefix of the virtual proxy with a public key instead of a certificate."""
        return self.prefix + "-key"

    @property
    def copy(self) -> str:
        """The prefix of the virtual proxy that is created and deleted at once."""
        return self.prefix + "-copy"

    @property
    def prefixes(self) -> t.Tuple[str, ...]:
        """All prefixes that the check uses."""
        return (self.prefix, self.expired, self.bare_key, self.copy)

    @property
    def tag(self) -> str:
        """The name of the tag."""
        return f"qlikops.sense conformance check ({self.prefix})"

    def user(self, purpose: str) -> str:
        """The id of a test user."""
        return f"{self.prefix}-{purpose}"

    def cookie(self, purpose: str) -> str:
        """The session cookie header name, which marks a virtual proxy of the check."""
        return f"{_COOKIE}{self.prefix}-{purpose}"

    @staticmethod
    def owns(entity: Entity) -> bool:
        """Whether a virtual proxy with a reserved prefix was created by the check."""
        cookie = entity.get("sessionCookieHeaderName")
        return isinstance(cookie, str) and cookie.lower().startswith(_COOKIE.lower())


class Reserved:
    """Entities with reserved names. ``ids`` are those that this run has created, by kind."""

    def __init__(self, qrs: Qrs, names: Names) -> None:
        self.names = names
        self.ids: t.Dict[str, t.Set[str]] = {kind: set() for kind in KINDS}
        self._qrs = qrs

    def note(self, kind: str, entity: Entity) -> None:
        """This run has created ``entity``."""
        if isinstance(entity.get("id"), str):
            self.ids[kind].add(entity["id"])

    def survey(self) -> t.Dict[str, t.List[Entity]]:
        """What exists of the check's own, by kind; ``InvalidInput`` if a name is taken."""
        found = {kind: self._find(kind) for kind in KINDS}
        for kind, what, is_own in (
            (VIRTUAL_PROXY, "a virtual proxy", self.names.owns),
            (USER, f"a user of the directory {USER_DIRECTORY}", _is_own_user),
        ):
            if not all(is_own(entity) for entity in found[kind]):
                raise InvalidInput(
                    f"prefix: the site has {what} with a reserved name that this module did not "
                    "create. Nothing was written. Set prefix to another name.",
                    option="prefix",
                )
        return found

    def remove(self) -> t.List[str]:
        """Remove all of it. Returns the kinds of which something may be left."""
        return [kind for kind in KINDS if not self._remove(kind)]

    def _remove(self, kind: str) -> bool:
        """Whether nothing is left of that kind."""
        for dummy in range(_ROUNDS):
            try:
                ids = self.ids[kind] | {entity["id"] for entity in self._own(kind)}
                if not ids:
                    return True
                for entity_id in sorted(ids):
                    self._delete(kind, entity_id)
                    self.ids[kind].discard(entity_id)
            except QlikError:
                continue
        return False

    def _own(self, kind: str) -> t.List[Entity]:
        is_own = {VIRTUAL_PROXY: self.names.owns, USER: _is_own_user}.get(kind)
        return [entity for entity in self._find(kind) if is_own is None or is_own(entity)]

    def _delete(self, kind: str, entity_id: str) -> None:
        path = KINDS[kind]
        try:
            self._qrs.delete(path, entity_id)
        except NotFound:
            return
        except AnswerError:
            if kind != VIRTUAL_PROXY:
                raise
            unlink(self._qrs, [entity_id])
            self._qrs.delete(path, entity_id)

    def _find(self, kind: str) -> t.List[Entity]:
        names = self.names
        if kind == VIRTUAL_PROXY:
            # The case of a prefix may be stored, and filters may depend on it.
            every = self._qrs.condensed(KINDS[kind])
            return [e for e in _with_ids(every) if str(e.get("prefix")).lower() in names.prefixes]
        condition = equals("name", names.tag) if kind == TAG else _USERS
        found = _with_ids(self._qrs.entities(KINDS[kind], condition))
        if kind == USER:
            start = names.user("")
            return [e for e in found if str(e.get("userId")).lower().startswith(start)]
        return [e for e in found if e.get("name") == names.tag]


def _with_ids(entities: t.Sequence[Entity]) -> t.List[Entity]:
    return [entity for entity in entities if isinstance(entity.get("id"), str)]


def _is_own_user(entity: Entity) -> bool:
    """Whether the user has no roles, tags, and custom properties."""
    is_plain = not any(entity.get(name) for name in ("roles", "tags", "customProperties"))
    name = str(entity.get("name"))
    return is_plain and (name == USER_NAME or name.lower() == str(entity.get("userId")).lower())

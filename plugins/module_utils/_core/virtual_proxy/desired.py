# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The desired state of one virtual proxy, and of a site."""

from __future__ import annotations

import typing as t

from .convert import ALLOW_LIST_OPTION, PROXIES_DEFAULT, Options, default_cookie_name
from .references import PROPERTIES_PROPERTY, definition_name

if t.TYPE_CHECKING:
    from .snapshot import Snapshot

APPEND, REPLACE = "append", "replace"

#: The lists that can be added to what is there, and whether they are when the user does not say.
DEFAULT_MODES = {"proxies": APPEND, ALLOW_LIST_OPTION: REPLACE, "tags": REPLACE}


class Wish(t.NamedTuple):
    """What the user wants of one virtual proxy; ``options`` holds only what was given.

    ``modes`` are the lists that are appended to the current ones; others replace them. With
    ``snapshot``, the desired state is the snapshot, and ``options`` is empty.
    """

    prefix: str
    options: Options
    absent: bool = False
    modes: t.Mapping[str, str] = {}
    allow_restart: bool = True
    snapshot: t.Optional[Snapshot] = None

    def adds(self, option: str) -> bool:
        """Whether the list of that option is added to what is there."""
        return self.modes.get(option) == APPEND

    def once_created(self) -> Wish:
        """The same wish when the virtual proxy has just been created: a new one is linked."""
        options = {"proxies": PROXIES_DEFAULT, **self.options}
        return self._replace(options=options)

    def tagged(self, tag: str) -> Wish:
        """The same wish, with that tag in addition to those of the options.

        The default virtual proxy cannot be removed, so it is not tagged.
        """
        if self.absent or not self.prefix:
            return self
        modes = self.modes if "tags" in self.options else {**self.modes, "tags": APPEND}
        options = {**self.options, "tags": [*self.options.get("tags", []), tag]}
        return self._replace(options=options, modes=modes)

    @property
    def cookie_name(self) -> t.Optional[str]:
        """The cookie name to look for among the other virtual proxies."""
        if self.absent:
            return None
        if self.snapshot and self.snapshot.entity:
            return str(self.snapshot.entity["sessionCookieHeaderName"])
        return self.options.get("session_cookie_header_name") or default_cookie_name(self.prefix)

    @property
    def custom_properties(self) -> t.Set[str]:
        """The names of the custom properties that are spoken of."""
        was = (self.snapshot and self.snapshot.entity) or {}
        restored = {definition_name(item) for item in was.get(PROPERTIES_PROPERTY) or []}
        return restored | set(self.options.get("custom_properties") or {})


class Prune(t.NamedTuple):
    """Remove what carries ``tag`` and is not wished for, ``limit`` virtual proxies at most."""

    tag: str
    limit: int


class Job(t.NamedTuple):
    """Everything that one task wants of a site.

    ``user`` is the one that it acts as, as the site writes the name; "" if that is not known.
    """

    wishes: t.Tuple[Wish, ...]
    prune: t.Optional[Prune] = None
    allow_restart: bool = True
    user: str = ""

    @property
    def prefixes(self) -> t.FrozenSet[str]:
        """The prefixes that are spoken of."""
        return frozenset(wish.prefix for wish in self.wishes)

    @property
    def custom_properties(self) -> t.List[str]:
        """The names of the custom properties that are spoken of."""
        return sorted({name for wish in self.wishes for name in wish.custom_properties})

    @property
    def snapshots(self) -> t.Dict[str, Snapshot]:
        """What is to be restored, by prefix."""
        return {wish.prefix: wish.snapshot for wish in self.wishes if wish.snapshot is not None}

    def allows_restart(self, prefix: str) -> bool:
        """Whether proxy services may restart for that virtual proxy."""
        own = all(wish.allow_restart for wish in self.wishes if wish.prefix == prefix)
        return own and self.allow_restart

    def own(self, prefix: str, options: t.Iterable[str]) -> t.List[str]:
        """Those of ``options`` that the task alone decides for that virtual proxy.

        Proxy services are written by others too, and so are lists that it only adds to.
        """
        wishes = [wish for wish in self.wishes if wish.prefix == prefix]
        return [
            option
            for option in options
            if option != "proxies" and not any(wish.adds(option) for wish in wishes)
        ]

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a model of a module is given, and how it says that it failed."""

from __future__ import annotations

import dataclasses
import typing as t

from ..model import paths
from ..model.accounts import Identity
from ..model.filesystem import Entry
from ..model.node import Node

Json = dict[str, t.Any]


class ModuleFailure(Exception):
    """The module failed with a message. ``result``: what it returns besides."""

    def __init__(self, message: str, result: Json | None = None):
        super().__init__(message)
        self.result = result or {}


@dataclasses.dataclass(frozen=True)
class Call:
    """A task on its way into a model. ``options`` are validated; ``internal`` are those that an
    action plugin of Ansible adds and no documentation knows."""

    node: Node
    who: Identity
    options: Json
    internal: Json
    check: bool
    diff: bool

    def path(self, text: str, *, expands: bool = True) -> str:
        """The absolute path that an option means for this user. ``expands``: whether the option
        is of the type ``path``, so that %VARIABLES% are replaced."""
        variables = self.node.variables(self.who.account)
        text = paths.expand(text, variables) if expands else text
        try:
            return paths.absolute(text, base=variables["USERPROFILE"])
        except paths.PathError as error:
            raise ModuleFailure(str(error)) from None

    def see(self, path: str) -> Entry | None:
        """What this user sees there; what is denied is not there."""
        return self.node.files.see(self.who, path)

    def test(self, path: str) -> Entry | None:
        """The same by Test-Path; AccessDeniedError for what is denied."""
        return self.node.files.test(self.who, path)


@dataclasses.dataclass(frozen=True)
class Model:
    """How a module behaves.

    ``internal``: options that Ansible's action plugins add. ``secret``: options that the real
    module keeps out of what it returns. ``basic``: it is built on Ansible.Basic, which returns
    its arguments as ``invocation``; older ones do not. ``check_since``: the version of the
    collection since which it has a check mode.
    """

    run: t.Callable[[Call], Json]
    basic: bool = True
    internal: frozenset[str] = frozenset()
    secret: frozenset[str] = frozenset()
    check_since: tuple[int, ...] = ()

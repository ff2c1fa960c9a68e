# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variables of a host, as Python reads them.

The functions in this directory decide what a role does. They get the variables as a mapping, so
tests call them with a dictionary.
"""

from __future__ import annotations

import os
import typing as t


class Variables(t.Mapping[str, t.Any]):
    """The variables of a host. Templates are evaluated when a variable is read."""

    def __init__(
        self,
        raw: t.Mapping[str, t.Any],
        evaluate: t.Callable[[t.Any], t.Any] = lambda value: value,
        *,
        environment: t.Optional[t.Mapping[str, str]] = None,
        directory: str = "",
    ) -> None:
        self._raw = raw
        self._evaluate = evaluate
        self._read: t.Dict[str, t.Any] = {}
        #: The environment of ansible-playbook.
        self.environment = os.environ if environment is None else environment
        #: The directory in which ansible-playbook was called.
        self.directory = directory or os.path.realpath(".")

    def __getitem__(self, name: str) -> t.Any:
        if name not in self._read:
            self._read[name] = plain(self._evaluate(self._raw[name]))
        return self._read[name]

    def __iter__(self) -> t.Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)

    def __contains__(self, name: object) -> bool:
        return name in self._raw

    def answer(self, name: str, default: t.Any = None) -> t.Any:
        """The value of a variable; the default if it is not set or empty."""
        if name not in self._raw:
            return default
        value = self[name]
        return default if is_nothing(value) else value

    def text(self, name: str) -> str:
        """The value of a variable as text; empty if it is not set."""
        return str(self.answer(name, ""))

    def is_on(self, name: str, default: bool = False) -> bool:
        """Whether a variable is true, also as one of Ansible's words for it."""
        value = self.answer(name, default)
        return value is True or str(value).strip().lower() in ("true", "yes", "on", "1", "y", "t")

    def has_host(self) -> bool:
        """Whether these are the variables of a host.

        Before 2.19, ansible-core also evaluates the name of an included file without a host, to
        find the directory of the files that it imports. Variables of the play can need a host.
        """
        return "inventory_hostname" in self._raw

    def of_host(self, host: str) -> Variables:
        """The variables of another host of the inventory; none for an unknown host.

        Ansible evaluates them by itself, among the variables of that host.
        """
        every = self._raw.get("hostvars", {})
        raw: t.Mapping[str, t.Any] = {}
        # HostVars of Ansible returns something for an unknown host, too.
        if host in every:
            raw = every[host]
        return Variables(
            raw,
            environment=self.environment,
            directory=self.directory,
        )


def is_nothing(value: t.Any) -> bool:
    """Whether a value means that the variable is not set. False and 0 are values.

    A job template passes an empty text for a question that was not answered.
    """
    return value is None or (isinstance(value, (str, list, tuple, dict)) and not value)


def given(variables: Variables, prefix: str, names: t.Iterable[str]) -> t.Dict[str, t.Any]:
    """The options whose variables (prefix and name of the option) are set."""
    found = ((name, variables.answer(prefix + name)) for name in names)
    return {name: value for name, value in found if value is not None}


def plain(value: t.Any) -> t.Any:
    """A value without the lazy containers and encrypted texts of Ansible."""
    if getattr(value, "__ENCRYPTED__", False):
        return str(value)
    if isinstance(value, t.Mapping):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The current values of all switches, by attribute, checked against the table."""

from __future__ import annotations

import math
import typing as t

from .switch_table import BY_NAME, RELEASES, SWITCHES, Switch, Value


class SwitchError(ValueError):
    """An unknown switch, release or value; the message says what is allowed."""


class Switches:
    """Values of every switch of ``switch_table``: ``switches.csrf``, ``switches.restart_seconds``.

    ``release`` is the preset they started from.
    """

    def __init__(self, release: str = "current", values: t.Mapping[str, t.Any] | None = None):
        if release not in RELEASES:
            raise SwitchError(f"unknown release {release!r}: choose from {', '.join(RELEASES)}")
        self.release = release
        self._values: dict[str, Value] = {s.name: s.preset(release) for s in SWITCHES}
        self.update(values or {})

    def __getattr__(self, name: str) -> t.Any:
        values: dict[str, Value] = self.__dict__.get("_values", {})
        if name not in values:
            raise AttributeError(f"there is no switch {name!r}")
        return values[name]

    def update(self, values: t.Mapping[str, t.Any]) -> None:
        """Sets several switches, or none of them when one is refused."""
        checked = {name: parse(name, value) for name, value in values.items()}
        self._values.update(checked)

    def as_dict(self) -> dict[str, Value]:
        """A copy for the control API."""
        return dict(self._values)


def parse(name: str, value: t.Any) -> Value:
    """The value of the right type for the switch ``name``; texts of the command line included."""
    if name not in BY_NAME:
        raise SwitchError(f"unknown switch {name!r}")
    switch = BY_NAME[name]
    if not switch.allowed:
        return _number(switch, value)
    for allowed in switch.allowed:
        if value is allowed or (type(value) is type(allowed) and value == allowed):
            return allowed
        if isinstance(value, str) and value.lower() == str(allowed).lower():
            return allowed
    # YAML-minded callers write on and off as booleans.
    if isinstance(value, bool) and ("on" if value else "off") in switch.allowed:
        return "on" if value else "off"
    names = ", ".join(str(allowed) for allowed in switch.allowed)
    raise SwitchError(f"switch {name} cannot be {value!r}: choose from {names}")


def _number(switch: Switch, value: t.Any) -> Value:
    if isinstance(value, bool):
        raise SwitchError(f"switch {switch.name} must be a number")
    try:
        number = float(value)
        if not math.isfinite(number):
            raise ValueError
    except (TypeError, ValueError):
        raise SwitchError(f"switch {switch.name} must be a number, not {value!r}") from None
    if switch.minimum is not None and number < switch.minimum:
        raise SwitchError(f"switch {switch.name} must be {switch.minimum} or more")
    return int(number) if number.is_integer() else number

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Key files, a vault, and a site in memory, on which the steps of a rotation are executed.

Each change is one action. An action can fail before or after its effect, and a run can be killed
there. A key is a text such as "key 1".
"""

from __future__ import annotations

import dataclasses
import functools
import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils import rotation_state as machine

Json = dict[str, t.Any]
FIRST = ("portal", "report")


class Failed(Exception):
    """A task failed."""


class Killed(BaseException):
    """The run was killed: no rescue is executed."""


@dataclasses.dataclass
class World:
    """What exists between runs; ``fault`` is about one action of the next run."""

    is_vault: bool = False
    is_stored: bool = False
    has_files: bool = True
    method: str = "replace"
    keeps: bool = False
    is_forced: bool = False
    files: dict[str, str] = dataclasses.field(default_factory=dict)
    vault: str = ""
    site: dict[str, str] = dataclasses.field(default_factory=dict)
    #: The number of the action, and what happens there: before, after, or killed.
    fault: tuple[int, str] | None = None
    #: A second one, on the way back.
    second_fault: tuple[int, str] | None = None
    rejects_new_key: bool = False
    #: The actions of the last run.
    actions: int = 0
    #: Called after each action.
    watch: t.Callable[[World], None] = lambda world: None
    _made: int = 1

    def __post_init__(self) -> None:
        self.site = self.site or dict.fromkeys(FIRST, "key 1")
        if self.has_files:
            self.files = self.files or {"key": "key 1", "certificate": "key 1"}
        if self.is_vault or self.is_stored:
            self.vault = self.vault or "key 1"

    def settings(self) -> Json:
        """What the variables of the role ask for."""
        return {
            "method": self.method,
            "keeps": self.keeps,
            "is_forced": self.is_forced,
            "is_vault": self.is_vault,
            "is_stored": self.is_stored,
            "key_path": "/keys/jwt.key" if self.has_files else "",
            "seconds": {prefix: f"{prefix}-next" for prefix in FIRST},
        }

    def found(self) -> Json:
        """What the tasks of the role read."""
        virtual_proxies = [
            {"prefix": prefix, "jwt_certificate": f"certificate of {key}", "proxies": ["Central"]}
            for prefix, key in self.site.items()
        ]
        judgements = [
            {"prefix": prefix, "certificate": {"fingerprint": key}}
            for prefix, key in self.site.items()
        ]
        named = ("key", "next", "next_certificate")
        return {
            "existing": [name for name in named if name in self.files],
            "fingerprints": {name: self.files.get(name) for name in ("key", "next")},
            "old_secret": {"fingerprint": self.vault} if self.vault else {},
            "site": {"virtual_proxies": virtual_proxies, "judgements": judgements},
        }

    def run(self) -> str:
        """One run of the role: rotated, rolled back, not rolled back, or killed."""
        self.actions = 0
        run = _Run(self)
        try:
            run.forward()
        except Killed:
            return "killed"
        except Failed:
            try:
                return run.back()
            except Failed:
                return "not rolled back"
            except Killed:
                return "killed"
        try:
            run.promote()
        except Killed:
            return "killed"
        except Failed:
            return "not promoted"
        return "rotated"

    def act(self, effect: t.Callable[[], object]) -> None:
        """One action, which a fault may meet."""
        self.actions += 1
        faults = [fault for fault in (self.fault, self.second_fault) if fault]
        kinds = [kind for number, kind in faults if number == self.actions]
        if "before" in kinds:
            raise Failed
        effect()
        self.watch(self)
        if "killed" in kinds:
            raise Killed
        if "after" in kinds:
            raise Failed

    def new_key(self) -> str:
        """A key that did not exist."""
        self._made += 1
        return f"key {self._made}"


class _Run:
    def __init__(self, world: World):
        self.world = world
        self.settings = world.settings()
        self.state = machine.state(self.settings, world.found())
        self.steps = machine.steps(self.settings, self.state)
        self.old_vault = world.vault
        self.new = ""

    def forward(self) -> None:
        for step in self.steps:
            if step != "promote":
                getattr(self, step, lambda: None)()

    def create(self) -> None:
        world = self.world
        if self.settings["is_vault"]:
            self.new = world.new_key()
            return
        if "next" not in world.files:
            key = world.new_key()
            world.act(lambda: world.files.update(next=key))
        self.new = world.files["next"]
        if world.files.get("next_certificate") != self.new:
            world.act(lambda: world.files.update(next_certificate=self.new))

    def store(self) -> None:
        self.world.act(lambda: setattr(self.world, "vault", self.new))

    def change(self) -> None:
        new = self.new or self.world.vault
        seconds = self.settings["seconds"]
        for prefix in self.state["targets"]:
            name = seconds[prefix] if self.world.method == "begin" else prefix
            self.trust(name, new)

    def verify_new(self) -> None:
        self.world.act(lambda: None)
        if self.world.rejects_new_key:
            raise Failed

    def remove_first(self) -> None:
        for one in self.state["on_current"]:
            self.remove(one["prefix"])

    def promote(self) -> None:
        if "promote" not in self.steps:
            return
        files = self.world.files
        new = self.world.vault if self.settings["is_vault"] else files["next"]
        effects: dict[str, t.Callable[[], object]] = {
            "keep_previous": lambda: files.update(previous=self.state["current"]),
            "replace_key": lambda: files.update(key=new),
            "replace_certificate": lambda: files.update(certificate=new),
        }
        for step in machine.promotion(self.settings, self.state, new):
            if step == "remove_new":
                self.remove_new()
                continue
            self.world.act(effects[step])
            if step == "replace_key" and self.settings["is_vault"]:
                self.world.act(effects["replace_certificate"])

    def back(self) -> str:
        steps = machine.steps_back(self.settings, self.state)
        if self.state["is_behind"]:
            raise Failed
        for step in steps:
            getattr(self, step, lambda: None)()
        return "rolled back" if steps else "not rolled back"

    def restore(self) -> None:
        for one in self.state["on_current"] + self.state["on_next"]:
            self.trust(one["prefix"], self.state["current"])

    def remove_second(self) -> None:
        for prefix in machine.second(self.state):
            self.remove(prefix)

    def store_old(self) -> None:
        self.world.act(lambda: setattr(self.world, "vault", self.old_vault))

    def remove_new(self) -> None:
        for name in ("next_certificate", "next"):
            self.world.act(functools.partial(self.world.files.pop, name, None))

    def trust(self, prefix: str, key: str) -> None:
        self.world.act(functools.partial(self.world.site.update, {prefix: key}))

    def remove(self, prefix: str) -> None:
        self.world.act(functools.partial(self.world.site.pop, prefix, None))

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Carries orders out on the node, notes each, and strikes where a failure was ordered."""

from __future__ import annotations

import hashlib
import json
import typing as t

from ..faults import Fault
from ..model.filesystem import FileError
from ..model.paths import PathError
from ..world import World
from . import before_2_19, manifest, scripts
from .manifest import ModuleOrder, RefusedError, ScriptOrder
from .session import DroppedError, Output, Session
from .tasks import run_module
from .transfers import KINDS, remove_directory, run_script

Json = dict[str, t.Any]


class Executor:
    """What both transports hand over to."""

    def __init__(self, world: World):
        self._world = world

    def run(
        self,
        session: Session,
        script: str,
        lines: list[str],
        arguments: t.Sequence[str] = (),
    ) -> Output:
        """Runs a script that came with lines of input. DroppedError when it breaks off."""
        with self._world.lock:
            try:
                return self._run(session, script, lines, arguments)
            except RefusedError as error:
                self._world.record(
                    kind="refused", script=script, transport=session.transport, msg=str(error)
                )
                return Output(error=f"Refused: {error}.", code=1)

    def _run(
        self, session: Session, script: str, lines: list[str], arguments: t.Sequence[str]
    ) -> Output:
        directory = scripts.removed_directory(script)
        if directory is not None:
            note = self._note(session, "remove", path=directory)
            return self._act(note, lambda: remove_directory(self._world.node, session, directory))
        if not scripts.is_bootstrap(script):
            if known := before_2_19.read_script(script, lines, arguments):
                return self._run_script(session, known)
            raise RefusedError("only scripts of ansible-core are known, and no PowerShell is run")
        order = before_2_19.read_module(lines) or manifest.read(lines)
        if isinstance(order, ScriptOrder):
            return self._run_script(session, order)
        return self._run_module(session, order)

    def _run_script(self, session: Session, order: ScriptOrder) -> Output:
        note = self._note(session, KINDS[order.script], **_without_data(order))
        return self._act(note, lambda: run_script(self._world.node, session, order, note))

    def _run_module(self, session: Session, order: ModuleOrder) -> Output:
        settings = order.settings
        note = self._note(
            session,
            "module",
            module=order.module,
            called_as=settings.get("module_name"),
            arguments=order.arguments,
            no_log=bool(settings.get("no_log")),
            check=bool(settings.get("check_mode")),
            diff=bool(settings.get("diff")),
            become=order.become.user if order.become else None,
            environment=order.environment,
            undocumented=[],
        )
        return self._act(note, lambda: _as_output(run_module(self._world, session, order, note)))

    def _note(self, session: Session, kind: str, **what: t.Any) -> Json:
        return self._world.record(
            kind=kind,
            **what,
            user=session.who.account.full_name,
            transport=session.transport,
            scheme=session.scheme,
            fault=None,
            written=[],
        )

    def _act(self, note: Json, act: t.Callable[[], Output]) -> Output:
        fault = self._world.faults.next(note["kind"], note.get("module"))
        if fault is None:
            return self._watched(note, act)
        note["fault"] = fault.action
        if fault.action == "drop_before":
            raise DroppedError
        if fault.action != "fail":
            self._watched(note, act)
        if fault.action == "drop_after":
            raise DroppedError
        return _failure(note, fault)

    def _watched(self, note: Json, act: t.Callable[[], Output]) -> Output:
        files = self._world.node.files
        files.take_written()
        try:
            return act()
        except (FileError, PathError) as error:
            return Output(error=str(error), code=1)
        finally:
            note["written"] = [
                {
                    "path": written.path,
                    "sha256": hashlib.sha256(written.data).hexdigest(),
                    "readers": list(written.readers),
                }
                for written in files.take_written()
            ]


def _failure(note: Json, fault: Fault) -> Output:
    if note["kind"] == "module":
        return _as_output({"failed": True, "changed": False, "msg": fault.msg})
    return Output(error=fault.msg, code=1)


def _as_output(answer: Json) -> Output:
    return Output(lines=(json.dumps(answer),), code=1 if answer.get("failed") else 0)


def _without_data(order: ScriptOrder) -> Json:
    path = order.parameters.get("Path") or order.parameters.get("Name")
    return {"path": path}

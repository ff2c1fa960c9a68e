# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Prints how `plugins/module_utils` is built: files, packages, cycles, and the path of a write.

    python -m tools.layout

The write is one run of `qlik_virtual_proxies` that changes the host allow list of a virtual proxy.
"""

from __future__ import annotations

import sys
import tempfile
import typing as t
from collections.abc import Iterable
from pathlib import Path
from types import CodeType, FrameType

from meta import source
from support import simulator
from support.module_runner import connection, run_module
from tools import surroundings
from tools.checkout import ROOT

_OWN = f"{source.COLLECTION}.plugins.module_utils."
_NAMES = ("<module>", "<lambda>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>")


class Trace(t.NamedTuple):
    """The files of which a run called functions, and its own frames when it sent the PUT."""

    files: frozenset[str]
    frames: tuple[str, ...]


def packages() -> dict[str, set[str]]:
    """The packages below ``module_utils``, each with the others that it imports.

    A package within one counts as a part of it. Files beside the packages are left out.
    """
    found: dict[str, set[str]] = {}
    for name, imported in modules().items():
        here = _package(name)
        others = {_package(other) for other in imported} - {here, ""}
        if here:
            found.setdefault(here, set()).update(others)
    return found


def modules() -> dict[str, set[str]]:
    """The files below ``module_utils`` by their dotted names, each with those that it imports."""
    files = {_dotted(path): path for path in source.python_files(source.MODULE_UTILS)}
    return {
        name: {
            _known(item.name.removeprefix(_OWN), files)
            for item in source.imports(path)
            if item.guard != "types"
        }
        & {*files} - {name}
        for name, path in files.items()
    }


def cycles(graph: t.Mapping[str, t.Iterable[str]]) -> list[list[str]]:
    """The groups of nodes that import each other, directly or through others."""
    reach = {name: _reachable(graph, name) for name in graph}
    groups = {
        tuple(sorted(other for other in reach[name] if name in reach.get(other, ())))
        for name in graph
        if name in reach[name]
    }
    return [list(group) for group in sorted(groups)]


def trace() -> Trace:
    """Follow the write."""
    with tempfile.TemporaryDirectory() as place, simulator.start(place) as site:
        options: dict[str, t.Any] = {"prefix": "portal", "authentication_method": "ticket"}
        arguments = {**connection(site), "virtual_proxies": [options]}
        _done(run_module("qlik_virtual_proxies", arguments))
        options["host_allow_list"] = ["qlik.example.com"]
        # What is imported is not part of what is called.
        _done(run_module("qlik_virtual_proxies", arguments, check=True))
        seen: set[CodeType] = set()
        frames: list[str] = []

        def watch(frame: FrameType, event: str, argument: t.Any) -> None:
            if event != "call":
                return
            seen.add(frame.f_code)
            sending = frame.f_code.co_name == "send" and frame.f_locals.get("request")
            if sending and getattr(sending, "method", "") == "PUT":
                frames[:] = frames or [f"{_own(c)}: {c.co_name}" for c in _stack(frame) if _own(c)]

        sys.setprofile(watch)
        try:
            result = run_module("qlik_virtual_proxies", arguments)
        finally:
            sys.setprofile(None)
        _done(result)
    called = {_own(code) for code in seen if code.co_name not in _NAMES}
    return Trace(frozenset(called - {""}), tuple(reversed(frames)))


def main() -> None:
    """Print the figures."""
    files = source.python_files(source.MODULE_UTILS)
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    longest = max(files, key=lambda path: lengths[path])
    print(
        f"{len(files)} files, {sum(path.parent == source.CORE for path in files)} in _core itself"
    )
    print(f"longest: {source.relative(longest)}, {lengths[longest]} lines")
    print(f"import cycles: {cycles(modules()) or 'none'}")
    print(f"packages that import each other: {cycles(packages()) or 'none'}")
    sys.path.insert(0, str(surroundings.link_checkout()))
    found = trace()
    print(f"\nA change of host_allow_list calls functions in {len(found.files)} files:")
    print("  " + "\n  ".join(sorted(found.files)))
    print(f"\nand has {len(found.frames)} frames on the stack at the PUT:")
    print("  " + "\n  ".join(found.frames))


def _done(result: t.Mapping[str, t.Any]) -> None:
    if result.get("failed") or not result["changed"]:
        raise SystemExit(f"The run to follow did nothing: {result.get('msg')}")


def _stack(frame: FrameType | None) -> Iterable[CodeType]:
    while frame is not None:
        yield frame.f_code
        frame = frame.f_back


def _own(code: CodeType) -> str:
    path = Path(code.co_filename).resolve()
    if not path.is_relative_to(source.PLUGINS):
        return ""
    return path.relative_to(ROOT).as_posix()


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(source.MODULE_UTILS).with_suffix("").parts)


def _package(name: str) -> str:
    """``_core.probe`` for ``_core.probe.findings.order``; "" for a file beside the packages."""
    parts = name.split(".")[:-1]
    return "" if parts in ([], ["_core"]) else ".".join(parts[:2])


def _known(name: str, files: t.Container[str]) -> str:
    """The file of an imported name, which is a file or something in one."""
    return name if name in files else name.rpartition(".")[0]


def _reachable(graph: t.Mapping[str, t.Iterable[str]], start: str) -> set[str]:
    found: set[str] = set()
    todo = list(graph[start])
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += graph.get(name, ())
    return found


if __name__ == "__main__":
    main()

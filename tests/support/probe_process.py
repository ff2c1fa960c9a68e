# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The probe as a process of its own, to be interrupted and weighed."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
import typing as t
from pathlib import Path

_TESTS = Path(__file__).resolve().parents[1]
_SCRIPT = r"""
import json, re, signal, sys
# A shell has what runs in the background ignore this signal.
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path[:0] = [{tests!r}, {collections!r}]
from support.module_runner import run_module
result = run_module("qlik_jwt_probe", json.load(sys.stdin))
# Of this program alone: getrusage also counts the process that started it, up to that moment.
peak = re.search(r"VmHWM:\s+(\d+) kB", open("/proc/self/status").read())[1]
print(json.dumps({{"result": result, "peak_kib": int(peak)}}))
"""
_SECONDS = 90


@dataclasses.dataclass
class Outcome:
    """What the process printed and took. Memory is the highest ever resident, in MiB."""

    result: dict[str, t.Any]
    mebibytes: float
    seconds: float


class ProbeProcess:
    """One run of the module; the options go in by standard input, for they hold a key."""

    def __init__(self, options: t.Mapping[str, t.Any]) -> None:
        collections = _TESTS.parent / ".build" / "collections"
        script = _SCRIPT.format(tests=str(_TESTS), collections=str(collections))
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        )
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(dict(options)))
        self._process.stdin.close()
        self._process.stdin = None

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *exception: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()

    def interrupt(self, how: signal.Signals, when: t.Callable[[], bool]) -> None:
        """Send the signal as soon as ``when`` holds."""
        deadline = time.monotonic() + _SECONDS
        while not when():
            assert time.monotonic() < deadline, "the moment never came"
            assert self._process.poll() is None, "it ended too early"
            time.sleep(0.05)
        self._process.send_signal(how)

    def outcome(self) -> Outcome:
        """Wait for the end."""
        printed, complaint = self._process.communicate(timeout=_SECONDS)
        seconds = time.monotonic() - self._started
        assert printed, complaint
        found = json.loads(printed.strip().splitlines()[-1])
        return Outcome(found["result"], found["peak_kib"] / 1024, seconds)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A server of the tests as a process of its own: started, told what to do, and ended.

It writes a ready file when it listens, and takes orders over HTTP on loopback. Standard library
only, so that any Python can drive it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

_START_SECONDS = 60
_STOP_SECONDS = 10
Json = dict[str, t.Any]


class ProcessError(Exception):
    """The process did not start, or refused an order."""


class ControlledProcess:
    """A running server; as a context manager it is stopped at the end.

    ``ready`` is the content of its ready file.
    """

    def __init__(self, process: subprocess.Popen[bytes], ready: Json):
        self._process = process
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self.ready = ready
        self.pid: int = ready["pid"]
        self.control_url: str = ready["control_url"]

    @classmethod
    def launch(
        cls, folder: Path, command: t.Sequence[str], environment: t.Mapping[str, str]
    ) -> t.Self:
        """Starts ``command``, which gets the option ``--ready-file``, and waits until it listens.

        What it prints goes to a file in ``folder``; ProcessError when it ends or takes too long.
        """
        folder.mkdir(parents=True, exist_ok=True)
        ready_file, log = folder / "ready.json", folder / "output.log"
        ready_file.unlink(missing_ok=True)
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--ready-file", str(ready_file)],
                cwd=folder,
                env={**os.environ, **environment},
                stdout=output,
                stderr=output,
            )
        try:
            return cls(process, _wait(process, ready_file, log))
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            process.wait()
            raise

    def __enter__(self) -> t.Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def call(self, method: str, path: str, body: t.Any = None) -> t.Any:
        """One call of the control API; ProcessError with its explanation when it refuses."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.control_url + path, data, method=method)
        request.add_header("Content-Type", "application/json")
        try:
            with self._opener.open(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            text = error.read().decode(errors="replace")
            raise ProcessError(f"{method} {path}: {error.code} {text}") from None

    def stop(self) -> None:
        """Ends the process; by force when it does not obey."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _wait(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> Json:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if ready_file.exists():
            return t.cast(Json, json.loads(ready_file.read_text()))
        if process.poll() is not None:
            text = log.read_text(errors="replace")
            raise ProcessError(f"ended with status {process.returncode}: {text}")
        time.sleep(0.02)
    raise ProcessError(f"not ready after {_START_SECONDS} seconds: {log.read_text()}")

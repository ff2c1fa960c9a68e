# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m windows_node``: starts a node and runs until it is told to stop."""

from __future__ import annotations

import argparse
import dataclasses
import signal
import sys
import threading
import typing as t
from pathlib import Path

from .documentation import DocumentationError
from .model.site import CertificateFilesError
from .server import Options, Server
from .settings import CHOICES, SettingError, Settings

_DESCRIPTION = """\
Stands for a Windows node on 127.0.0.1, as far as Ansible's connection plugins winrm and psrp and
some modules of ansible.windows see one: WS-Management over HTTP and HTTPS with Basic
authentication, and a control API for tests. When all ports listen, FILE is written: JSON with
ports, users and passwords. SIGTERM and SIGINT (kill PID; the pid stands in FILE) end it and
remove FILE."""


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Parses the command line and serves; the exit status."""
    parser = _parser()
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *dummy: stopped.set())
    try:
        server = Server(_options(parser, arguments))
    except (OSError, CertificateFilesError, DocumentationError) as error:
        sys.stderr.write(f"windows_node: {error}\n")
        return 1
    try:
        server.announce()
        stopped.wait()
    finally:
        server.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m windows_node",
        description=_DESCRIPTION,
        epilog=_settings_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--directory", type=Path, required=True, metavar="DIR", help="for the files it makes")
    add(
        "--ready-file",
        type=Path,
        required=True,
        metavar="FILE",
        help="written when the node is ready, removed when it stops",
    )
    add(
        "--certificates",
        type=Path,
        metavar="DIR",
        help="the directory of a site simulator, whose certificates are laid on the node",
    )
    add(
        "--collections",
        metavar="PATH",
        help="where ansible-doc finds ansible.windows (default: as ansible is set up)",
    )
    add(
        "--cache",
        type=Path,
        metavar="DIR",
        help="keeps what ansible-doc said for the next start (default: DIR of --directory)",
    )
    add(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="chooses one setting; may be repeated",
    )
    for name in ("http", "https", "control"):
        add(f"--{name}-port", type=int, default=0, metavar="PORT", help="(default: a free one)")
    return parser


def _settings_help() -> str:
    lines = ["settings (name: default | other values):"]
    for field in dataclasses.fields(Settings):
        choices = CHOICES.get(field.name, ())
        if isinstance(field.default, bool):
            choices = ("True", "False")
        others = [value for value in choices if value != str(field.default)]
        lines.append(f"  {field.name}: " + " | ".join([str(field.default), *others]))
    return "\n".join(lines)


def _options(parser: argparse.ArgumentParser, arguments: t.Sequence[str] | None) -> Options:
    parsed = parser.parse_args(arguments)
    changes: dict[str, t.Any] = {}
    for text in parsed.set:
        name, equals, value = text.partition("=")
        if not equals:
            parser.error(f"--set {text}: write NAME=VALUE")
        changes[name] = {"True": True, "False": False}.get(value, value)
    try:
        settings = Settings().changed(changes)
    except SettingError as error:
        parser.error(str(error))
    return Options(
        directory=parsed.directory.absolute(),
        ready_file=parsed.ready_file.absolute(),
        settings=settings,
        certificates=parsed.certificates,
        collections=parsed.collections,
        cache=parsed.cache,
        http_port=parsed.http_port,
        https_port=parsed.https_port,
        control_port=parsed.control_port,
    )


if __name__ == "__main__":
    sys.exit(main())

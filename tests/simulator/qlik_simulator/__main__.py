# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``python -m qlik_simulator``: starts a simulated site and runs until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import pathlib
import signal
import sys
import typing as t

from .reported import ReportError, settings_of
from .server import Options, Server
from .switch_table import RELEASES, SWITCHES

_DESCRIPTION = """\
Simulates a Qlik Sense Enterprise on Windows site on 127.0.0.1: the repository (QRS) on mutual
TLS, a proxy (QPS) for each node on TLS, plain HTTP and its administration port, and a control
API for tests. When all ports listen, FILE is written: JSON with ports, ids and the paths of the
certificates. SIGTERM and SIGINT (kill PID; the pid stands in FILE) end it and remove FILE."""


def main(arguments: t.Sequence[str] | None = None) -> int:
    """Parses the command line and serves; the exit status."""
    options = _options(_parser(), arguments)
    try:
        asyncio.run(_serve(options))
    except (OSError, ValueError) as error:
        print(f"qlik_simulator: {error}", file=sys.stderr)
        return 1
    return 0


async def _serve(options: Options) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    server = Server(options)
    try:
        await server.start()
        await stopped.wait()
    finally:
        await server.stop()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m qlik_simulator",
        description=_DESCRIPTION,
        epilog=_switch_help(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--directory",
        type=pathlib.Path,
        required=True,
        metavar="DIR",
        help="where certificates and keys are made, and found again at the next start",
    )
    add(
        "--ready-file",
        type=pathlib.Path,
        required=True,
        metavar="FILE",
        help="written when the simulator is ready, removed when it stops",
    )
    add(
        "--as",
        dest="like",
        type=pathlib.Path,
        metavar="FILE",
        help="release and switches as in a conformance.json; --release and --switch override it",
    )
    add(
        "--release",
        choices=RELEASES,
        help="preset of the switches marked * below (default: current)",
    )
    add(
        "--switch",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="sets one switch; may be repeated",
    )
    add(
        "--nodes",
        default="Central",
        metavar="NAME[,NAME…]",
        help="nodes, the central one first (default: Central); host names: localhost, rim1, …",
    )
    add(
        "--certificate-names",
        choices=("full", "short"),
        default="full",
        help="full: host name, localhost and 127.0.0.1; short: only the node's name in lower "
        "case, as a real site's certificates have it",
    )
    add(
        "--proxy-certificate",
        choices=("valid", "expired"),
        default="valid",
        help="the certificate that browsers see on the proxies",
    )
    for name, what in (
        ("qrs", "the repository's port"),
        ("https", "the central proxy's TLS port"),
        ("http", "the central proxy's plain port, open while allowHttp is true"),
        ("admin", "the central proxy's administration port"),
        ("control", "the control API's port"),
    ):
        add(f"--{name}-port", type=int, default=0, metavar="PORT", help=f"{what} (default: free)")
    return parser  # fmt: skip


def _switch_help() -> str:
    lines = ["switches (name: default | other values, mark of the default, meaning):"]
    for switch in SWITCHES:
        others = [str(value) for value in switch.allowed if value is not switch.default]
        star = "*" if switch.classic is not None else " "
        values = " | ".join([str(switch.default), *(others or ["any number"])])
        lines.append(f" {star}{switch.name}: {values} [{switch.mark}] {switch.about}")
    return "\n".join(lines)


def _options(parser: argparse.ArgumentParser, arguments: t.Sequence[str] | None) -> Options:
    parsed = parser.parse_args(arguments)
    release, switches = _like(parser, parsed.like)
    for text in parsed.switch:
        name, equals, value = text.partition("=")
        if not equals:
            parser.error(f"--switch {text}: write NAME=VALUE")
        switches[name.strip()] = value.strip()
    nodes = tuple(name.strip() for name in parsed.nodes.split(","))
    if not all(nodes) or len(set(nodes)) != len(nodes):
        parser.error("--nodes: names must be given and differ")
    return Options(
        directory=parsed.directory.absolute(),
        ready_file=parsed.ready_file.absolute(),
        release=parsed.release or release,
        switches=switches,
        nodes=nodes,
        short_names=parsed.certificate_names == "short",
        expired=parsed.proxy_certificate == "expired",
        qrs_port=parsed.qrs_port,
        https_port=parsed.https_port,
        http_port=parsed.http_port,
        admin_port=parsed.admin_port,
        control_port=parsed.control_port,
    )


def _like(
    parser: argparse.ArgumentParser, path: pathlib.Path | None
) -> tuple[str, dict[str, t.Any]]:
    """The release and the switches to start with."""
    if path is None:
        return "current", {}
    try:
        return settings_of(path)
    except (OSError, ReportError) as error:
        parser.error(f"--as: {error}")


if __name__ == "__main__":
    sys.exit(main())

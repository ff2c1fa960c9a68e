# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The process: its options, its ready file, its end; and the control API."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from support.controlled_process import ProcessError
from support.windows_node import TESTS, WindowsNode, start


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "windows_node", *arguments]
    return subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)


def test_help_names_every_setting() -> None:
    shown = _run("--help")
    assert shown.returncode == 0
    for line in ("language: en | de | fr", "containers: 3des | rc2-40 | aes", "--certificates DIR"):
        assert line in shown.stdout


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--set", "language"), "write NAME=VALUE"),
        (("--set", "language=xx"), "language cannot be 'xx'"),
        (("--set", "colour=red"), "there is no setting colour"),
        (("--collections", "/nowhere"), "ansible-doc knows nothing of"),
    ],
)
def test_options_that_make_no_sense(tmp_path: Path, option: tuple[str, str], message: str) -> None:
    place = str(tmp_path / "node")
    ended = _run("--directory", place, "--ready-file", str(tmp_path / "ready"), *option)
    assert ended.returncode in (1, 2)
    assert message in ended.stderr
    assert not (tmp_path / "ready").exists()


def test_the_ready_file_comes_and_goes(tmp_path: Path, node: WindowsNode) -> None:
    with start(tmp_path, settings={"machine": "OTHER", "server_key_exportable": False}) as other:
        ready_file = tmp_path / "ready.json"
        assert stat.S_IMODE(ready_file.stat().st_mode) == 0o600
        assert set(other.ready) == {
            "pid",
            "host",
            "http_port",
            "https_port",
            "control_url",
            "ca",
            "administrator",
            "service_account",
        }
        assert r"OTHER\admin" in other.state()["accounts"].values()
        assert other.state()["stores"] == []
        assert other.control_url != node.control_url
    assert not ready_file.exists()
    assert (tmp_path / "output.log").read_text() == ""


def test_a_directory_without_certificates(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ProcessError, match=r"manifest\.json"):
        start(tmp_path / "node", certificates=tmp_path / "empty")


def test_seed_and_reset(node: WindowsNode) -> None:
    fresh = node.state()
    node.seed(
        files=[
            {"path": "%ProgramData%/Ä b", "owner": "qliksvc"},
            {"path": r"C:\t.txt", "content": "ü", "encoding": "utf-16"},
            {
                "path": r"C:\closed\k",
                "content_base64": "AAE=",
                "inherits": False,
                "acl": [{"user": "S-1-5-18", "rights": "Read, Write", "type": "deny"}],
            },
        ],
        remove=[r"C:\ProgramData\Qlik"],
    )
    directory, closed = node.file(r"c:\programdata\ä B"), node.file("C:/closed/K")
    assert directory
    assert directory["owner_name"] == r"QLIKNODE\qliksvc"
    assert closed
    assert (closed["size"], [a["type"] for a in closed["acl"]]) == (2, ["deny"])
    assert closed["acl"][0]["rights"] == "Write, Read"
    assert node.file(r"C:\ProgramData\Qlik") is None
    with pytest.raises(ProcessError, match="not known: file"):
        node.seed(file=[])
    with pytest.raises(ProcessError, match="no setting"):
        node.reset(colour="red")
    with pytest.raises(ProcessError, match="404"):
        node.call("GET", "/nothing")
    node.reset()
    assert node.state() == fresh

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ordered failures: the task that they strike, what it has done by then, and what goes on after."""

from __future__ import annotations

import pytest

from support.controlled_process import ProcessError
from support.windows_node import Transport, WindowsNode
from unit.windows_node.plays import Player, task

ANYWAY = {"ignore_errors": True, "ignore_unreachable": True}


@pytest.mark.parametrize("transport", ["winrm", "psrp"])
def test_each_kind(player: Player, node: WindowsNode, transport: Transport) -> None:
    node.fault("fail", module="win_file", nth=1, msg="not now")
    node.fault("fail_after", module="win_file", nth=2)
    node.fault("drop_before", module="win_file", nth=3)
    node.fault("drop_after", module="win_file", nth=4)
    node.fault("fail", kind="put", msg="disk full")
    node.fault("drop_before", kind="put", nth=2)
    tasks = [
        task(str(n), "win_file", ANYWAY, path=rf"C:\{n}", state="directory") for n in range(1, 6)
    ]
    tasks += [
        task(f"copy {n}", "win_copy", ANYWAY, content="x", dest=rf"C:\c{n}") for n in range(3)
    ]
    run = player.play(tasks, hosts={"node": node.inventory(transport)})

    failed = {name for name, (dummy, failed) in run.verdicts("node").items() if failed}
    assert failed == {"1", "2", "3", "4", "copy 0", "copy 1"}, run.output
    assert run("1", "node")["msg"] == "not now"
    there = {path for path in node.state()["files"] if len(path) <= 5}
    assert there >= {r"C:\2", r"C:\4", r"C:\5", r"C:\c2"}
    assert there.isdisjoint({r"C:\1", r"C:\3", r"C:\c0", r"C:\c1"})
    struck = [entry["fault"] for entry in node.tasks() if entry.get("fault")]
    assert struck == ["fail", "fail_after", "drop_before", "drop_after", "fail", "drop_before"]


def test_every_request_counts_without_a_choice(player: Player, node: WindowsNode) -> None:
    hosts = {"node": node.inventory("winrm")}
    copy = [task("copy", "win_copy", content="x", dest=r"C:\x")]
    assert player.play(copy, hosts=hosts).code == 0
    kinds = [entry["kind"] for entry in node.tasks()]
    assert kinds == ["module", "mkdtemp", "put", "module", "remove"]
    node.reset()
    node.fault("drop_after", nth=3)
    run = player.play(copy, hosts=hosts)
    assert run.code in (2, 4)
    # The bytes are on the node, and nobody removed them: what a test for leftovers must see.
    left = [path for path in node.state()["files"] if path.endswith(r"\source")]
    assert len(left) == 1


def test_orders_that_make_no_sense(node: WindowsNode) -> None:
    with pytest.raises(ProcessError, match="action is one of"):
        node.fault("explode")
    with pytest.raises(ProcessError, match="kind is one of"):
        node.fault("fail", kind="all")
    with pytest.raises(ProcessError, match="colour"):
        node.fault("fail", colour="red")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Owners and access lists: by SID and by name, in other languages, and who is kept out."""

from __future__ import annotations

from support.windows_node import WindowsNode
from unit.windows_node.plays import Json, Player, task

KEY = r"C:\Schlüssel\jwt.key"
DIRECTORY = r"C:\Schlüssel"
SYSTEM = {"become": True, "become_method": "runas", "become_user": "SYSTEM"}
ANYWAY = {"ignore_errors": True}


def _closed(owner: str, system: str) -> list[Json]:
    """Tasks that leave a directory to one account and the operating system."""
    right: Json = {"path": DIRECTORY, "rights": "FullControl", "type": "allow"}
    return [
        task("directory", "win_file", SYSTEM, path=DIRECTORY, state="directory"),
        task("inheritance", "win_acl_inheritance", SYSTEM, path=DIRECTORY, state="absent"),
        task("system", "win_acl", SYSTEM, user=system, **right),
        task("account", "win_acl", SYSTEM, user=owner, **right),
        task("owner", "win_owner", SYSTEM, path=DIRECTORY, user=owner),
        task("key", "win_copy", SYSTEM, content="secret", dest=KEY),
    ]


def test_a_closed_directory(player: Player, node: WindowsNode) -> None:
    host = {"winrm": node.inventory("winrm")}
    run = player.play(_closed("qliksvc", "S-1-5-18"), hosts=host)
    assert run.code == 0, run.output
    assert all(changed for changed, dummy in run.verdicts("winrm").values())

    tasks = [
        *_closed(r".\qliksvc", r"NT AUTHORITY\SYSTEM"),
        task("stat by administrator", "win_stat", path=KEY),
        task("slurp by administrator", "slurp", ANYWAY, src=KEY),
        task("list by administrator", "win_acl_inheritance", ANYWAY, path=DIRECTORY),
        task("slurp by owner", "slurp", {"vars": node.become()}, src=KEY),
    ]
    again = player.play(tasks, hosts=host)

    assert again.code == 0, again.output
    verdicts = again.verdicts("winrm")
    assert not any(changed for changed, dummy in verdicts.values())
    assert not again("stat by administrator", "winrm")["stat"]["exists"]
    assert "Access is denied" in again("slurp by administrator", "winrm")["msg"]
    assert "is denied" in again("list by administrator", "winrm")["msg"]
    assert again("slurp by owner", "winrm")["content"] == "c2VjcmV0"
    # Nobody else could read the key at any moment.
    assert [written["readers"] for written in node.written(KEY)] == [
        sorted(["S-1-5-18", node.existing(KEY)["acl"][1]["sid"]])
    ]
    for path in (DIRECTORY, KEY):
        entry = node.existing(path)
        owner = node.existing(DIRECTORY)["owner"]
        assert {ace["sid"] for ace in entry["acl"]} == {"S-1-5-18", owner}
        assert all(ace["rights"] == "FullControl" for ace in entry["acl"])
        assert all(ace["inherited"] == (path == KEY) for ace in entry["acl"])


def test_names_in_another_language(player: Player, node: WindowsNode) -> None:
    node.reset(language="de")
    administrators = r"VORDEFINIERT\Administratoren"
    right: Json = {"path": r"C:\ProgramData\Qlik", "rights": "Modify, Synchronize", "type": "allow"}
    tasks = [
        task("stat", "win_stat", path=r"C:\ProgramData\Qlik"),
        task("english", "win_acl", ANYWAY, user=r"BUILTIN\Administrators", **right),
        task("sid", "win_acl", user="S-1-5-32-544", **right),
        task("own name", "win_acl", user=administrators, **right),
        task("short name", "win_acl", user=administrators.rpartition("\\")[2].lower(), **right),
        task("with a star", "win_acl", ANYWAY, user="*S-1-5-18", **right),
        task("owner", "win_owner", ANYWAY, path=r"C:\ProgramData", user="Everyone"),
    ]
    run = player.play(tasks, hosts={"psrp": node.inventory("psrp")})

    assert run("stat", "psrp")["stat"]["owner"] == administrators
    assert run.verdicts("psrp") == {
        "stat": (False, False),
        "english": (False, True),
        "sid": (True, False),
        "own name": (False, False),
        "short name": (False, False),
        "with a star": (False, True),
        "owner": (False, True),
    }
    assert run("own name", "psrp")["msg"] == "the specified rule already exists"

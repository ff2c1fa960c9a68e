# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every module that the node models, called by Ansible over winrm and over psrp."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest

from support.windows_node import WindowsNode
from tools import windows_collection
from unit.windows_node.plays import ANSIBLE, Player, task
from windows_node.modules import MODELS

PLACE = r"D:\Prüf Stand\{{ inventory_hostname }}"
SYSTEM = {"become": True, "become_method": "runas", "become_user": "SYSTEM"}
#: Neither text nor valid in any encoding.
BYTES = bytes(range(256)) * 3
#: Since ansible.windows 3.7.0, win_acl has a check mode.
CHECKS_ACL = (windows_collection.installed(windows_collection.ensure()) or "") >= "3.7.0"
CLIENT_FILE = (
    r"C:\ProgramData\Qlik\Sense\Repository\Exported Certificates\.Local Certificates\client.pem"
)


def _tasks() -> list[dict[str, object]]:
    return [
        task("facts", "ansible.builtin.setup"),
        task("ping", "win_ping", data="grüß dich"),
        task("directory", "win_file", path=PLACE.replace("\\", "/") + "/", state="directory"),
        task("directory again", "win_file", path=PLACE.replace("rüf", "RÜF"), state="directory"),
        task("content", "win_copy", content="grün\n", dest=PLACE + r"\a.txt"),
        task("content again", "win_copy", content="grün\n", dest=PLACE + r"\A.TXT"),
        task("bytes", "win_copy", src="bytes.bin", dest=PLACE + "\\"),
        task("nothing", "win_copy", content="", dest=PLACE + r"\empty"),
        task("tree", "win_copy", src="tree", dest=PLACE),
        task("on the node", "win_copy", src=PLACE + r"\a.txt", dest=PLACE + r"\b.txt",
             remote_src=True),
        task("slurp", "slurp", src=PLACE + "/bytes.bin"),
        task("slurp as builtin", "ansible.builtin.slurp", src=PLACE + "/bytes.bin"),
        task("fetch", "ansible.builtin.fetch", src=PLACE + r"\bytes.bin", dest="fetched/"),
        task("stat", "win_stat", path=PLACE + r"\a.txt", checksum_algorithm="sha256"),
        task("stat nothing", "win_stat", path=r"%ProgramData%\nothing"),
        task("find", "win_find", paths=[PLACE], patterns=["*.TXT"], recurse=True),
        task("temporary", "win_tempfile", state="directory", suffix=".x"),
        task("remove", "win_file", path=PLACE + r"\tree", state="absent"),
        task("remove again", "win_file", path=PLACE + r"\tree", state="absent"),
        task("whoami", "win_whoami"),
        task("whoami as SYSTEM", "win_whoami", SYSTEM),
        task("service", "win_service_info", name="qliksenseproxyservice"),
        task("owner", "win_owner", path=PLACE, user="S-1-5-18", recurse=True),
        task("acl", "win_acl", path=PLACE, user="qliksvc", rights="Read", type="allow"),
        task("inheritance", "win_acl_inheritance", path=PLACE, reorganize=True),
        task("store", "win_certificate_info", store_name="Root"),
        task("import", "win_certificate_store", store_name="TrustedPeople", path=CLIENT_FILE),
    ]  # fmt: skip


@pytest.mark.long
def test_models_over_both_transports(player: Player, node: WindowsNode, tmp_path: Path) -> None:
    (tmp_path / "bytes.bin").write_bytes(BYTES)
    (tmp_path / "tree" / "ünter").mkdir(parents=True)
    (tmp_path / "tree" / "ünter" / "c.txt").write_text("c")
    (tmp_path / "tree" / "d.txt").write_text("d")

    tasks = _tasks()
    if ANSIBLE < (2, 19):
        # The node does not know how ansible-core 2.18 fetches files.
        tasks = [wanted for wanted in tasks if wanted["name"] != "fetch"]
    run = player.play(tasks)

    assert run.code == 0, run.output
    assert "[WARNING]" not in run.output
    thumbprint = node.store("LocalMachine", "Root")[0]["thumbprint"]
    for host in ("winrm", "psrp"):
        changed = {name for name, (changed, dummy) in run.verdicts(host).items() if changed}
        wanted = {"directory", "content", "bytes", "nothing", "tree", "on the node"}
        wanted |= {"temporary", "remove", "owner", "acl", "inheritance"}
        assert changed - {"import", "fetch"} == wanted
        assert run("ping", host)["ping"] == "grüß dich"
        assert run("facts", host)["ansible_facts"]["ansible_os_family"] == "Windows"
        for name in ("slurp", "slurp as builtin"):
            assert base64.b64decode(run(name, host)["content"]) == BYTES
        fetched = (tmp_path / "fetched" / host).rglob("bytes.bin")
        assert [file.read_bytes() for file in fetched] == [BYTES] * (ANSIBLE >= (2, 19))
        stat = run("stat", host)["stat"]
        assert stat["checksum"] == hashlib.sha256("grün\n".encode()).hexdigest()
        assert stat["owner"] == "BUILTIN\\Administrators"
        assert stat["path"] == rf"D:\Prüf Stand\{host}\a.txt"
        assert not run("stat nothing", host)["stat"]["exists"]
        found = [file["filename"] for file in run("find", host)["files"]]
        assert found == ["a.txt", "b.txt", "d.txt", "c.txt"]
        assert run("whoami", host)["account"]["account_name"] == "admin"
        assert run("whoami as SYSTEM", host)["account"]["sid"] == "S-1-5-18"
        assert run("service", host)["services"][0]["username"] == r"QLIKNODE\qliksvc"
        assert run("store", host)["certificates"][0]["thumbprint"] == thumbprint

        temporary = node.file(run("temporary", host)["path"])
        assert temporary
        assert temporary["directory"]
        assert node.file(rf"D:\Prüf Stand\{host}\tree") is None
        for name, data in (("a.txt", "grün\n".encode()), ("bytes.bin", BYTES), ("empty", b"")):
            file = node.file(rf"D:\Prüf Stand\{host}\{name}")
            assert file
            assert base64.b64decode(file["content"]) == data
            assert file["owner"] == "S-1-5-18"
        directory = node.file(rf"D:\Prüf Stand\{host}")
        assert directory
        assert not directory["inherits"]
        assert [(a["name"], a["rights"]) for a in directory["acl"]] == [
            (r"QLIKNODE\qliksvc", "Read"),
            (r"NT AUTHORITY\SYSTEM", "FullControl"),
            # Of the drive: for itself, for CREATOR OWNER, and what Users may make.
            (r"BUILTIN\Administrators", "FullControl"),
            (r"BUILTIN\Users", "ReadAndExecute"),
            (r"BUILTIN\Users", "CreateFiles, AppendData"),
            (r"BUILTIN\Administrators", "FullControl"),
            ("CREATOR OWNER", "FullControl"),
        ]
    assert [c["subject"] for c in node.store("LocalMachine", "TrustedPeople")] == ["CN=QlikClient"]
    # Nothing that Ansible itself laid on the node is left.
    assert [path for path in node.state()["files"] if "ansible-tmp" in path] == []
    for transport in ("winrm", "psrp"):
        assert {t["module"] for t in node.tasks(transport=transport, kind="module")} == set(MODELS)


def test_without_tls(player: Player, node: WindowsNode) -> None:
    hosts = {
        "winrm": node.inventory("winrm", scheme="http"),
        "psrp": node.inventory("psrp", scheme="http"),
    }
    run = player.play([task("ping", "win_ping")], hosts=hosts)
    assert [run("ping", host)["ping"] for host in hosts] == ["pong", "pong"], run.output
    assert [t["scheme"] for t in node.tasks(module="win_ping")] == ["http", "http"]


def test_check_mode_predicts_and_changes_nothing(player: Player, node: WindowsNode) -> None:
    tasks = [
        task("directory", "win_file", path=r"C:\neu", state="directory"),
        task("touch", "win_file", path=r"C:\neu.txt", state="touch"),
        task("content", "win_copy", content="x", dest=r"C:\ProgramData\x.txt"),
        task("remove", "win_file", path=r"C:\ProgramData\Qlik", state="absent"),
        task("temporary", "win_tempfile"),
        task("owner", "win_owner", path=r"C:\ProgramData", user="SYSTEM"),
        task("other owner", "win_owner", path=r"C:\ProgramData", user="qliksvc", recurse=True),
        task("acl", "win_acl", path=r"C:\ProgramData", user="qliksvc", rights="Read", type="deny"),
        task("inheritance", "win_acl_inheritance", path=r"C:\ProgramData\Qlik"),
        task("import", "win_certificate_store", path=CLIENT_FILE),
    ]
    before = node.state()
    run = player.play(tasks, "--check", "--diff", hosts={"psrp": node.inventory("psrp")})
    assert run.code == 0, run.output
    assert node.state() == before
    unchanged = [n for n, (changed, dummy) in run.verdicts("psrp").items() if not changed]
    assert unchanged == ["owner", *([] if CHECKS_ACL else ["acl"])]
    diff = run("inheritance", "psrp")["diff"]
    assert diff == {"before": {"state": "present"}, "after": {"state": "absent"}}
    assert all(task["check"] and task["diff"] for task in node.tasks(kind="module"))
    # Ansible makes a temporary directory for itself even then, but sends nothing.
    assert {task["kind"] for task in node.tasks()} == {"module", "mkdtemp", "remove"}

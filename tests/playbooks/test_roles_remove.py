# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and playbook jwt_remove: what goes, what stays, and what is asked before."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from playbooks.leaks import leaks
from playbooks.pages import guide
from playbooks.runs import Json, Run, Workplace
from playbooks.verify import KEY, OTHER, seed
from playbooks.windows import LOCAL, WindowsPlace
from support import key_material as km
from support.simulator import Simulator

REMOVE = "qlikops.sense.jwt_remove"
FACTS = "Set the result"


def prefixes(site: Simulator) -> set[str]:
    """The virtual proxies that are there."""
    return {entity["prefix"] for entity in site.entities("virtualproxyconfig")}


def writes(site: Simulator) -> list[tuple[str, str]]:
    """What was written to the repository."""
    log = site.requests(port="qrs")
    return [(r["method"], r["path"].split("/")[2]) for r in log if r["method"] != "GET"]


def key_files(workplace: Workplace) -> list[str]:
    """What is to go on the controller."""
    return [str(workplace.key), str(workplace.key.with_suffix(".crt"))]


def result(run: Run) -> Json:
    """The fact that the role leaves."""
    found: Json = run.result(FACTS)["ansible_facts"]["jwt_remove_result"]
    return found


@pytest.fixture
def known(workplace: Workplace) -> Json:
    """A host whose site has two virtual proxies to remove, one to keep, and the rest."""
    site = workplace.simulator
    for prefix in ("portal", "report"):
        seed(site, prefix)
    seed(site, "kept", jwtPublicKeyCertificate=km.certificate_pem(km.certificate(OTHER)).decode())
    site.seed(user=[{"userDirectory": "ACME", "userId": "jdoe", "name": "jdoe"}])
    service = site.entity("proxyservice")
    port = site.node()["admin_port"]
    settings = {"allowHttp": True, "restListenPort": port}
    site.patch("proxyservice", service["id"], {"settings": settings})
    for name in ("jwt.key", "jwt.crt", "other.key"):
        (workplace.directory / name).write_text(name, encoding="ascii")
    site.clear_requests()
    return workplace.site(
        jwt_remove_prefixes="portal\nreport\n",
        jwt_remove_user={"directory": "acme", "id": "jdoe"},
        jwt_remove_allow_http="True",
        jwt_remove_key_files=key_files(workplace),
    )


@pytest.mark.long
@pytest.mark.parametrize("form", [", ", "json", "yaml"])
def test_lists_as_text(workplace: Workplace, known: Json, form: str) -> None:
    def text(entries: list[str]) -> str:
        listed = json.dumps(entries) if form == "json" else "".join(f"- {e}\n" for e in entries)
        return form.join(entries) if form == ", " else listed

    known["jwt_remove_prefixes"] = text(["portal", "report"])
    known["jwt_remove_confirm"] = text(["report", "portal"])
    known["jwt_remove_key_files"] = text(key_files(workplace))
    done = workplace.run(REMOVE, "--check", "--diff", hosts={"dev": known}).ok()
    assert "the virtual proxies portal, report" in done.output
    assert "jwt.key, " in done.output


def is_untouched(workplace: Workplace) -> bool:
    """Whether nothing of it is gone."""
    site = workplace.simulator
    return (
        prefixes(site) == {"", "portal", "report", "kept"}
        and bool(site.entities("user", userId="jdoe"))
        and bool(site.entity("proxyservice")["settings"]["allowHttp"])
        and workplace.key.exists()
        and writes(site) == []
    )


def test_what_is_confirmed_goes_and_nothing_else(workplace: Workplace, known: Json) -> None:
    site = workplace.simulator

    refused = workplace.run(REMOVE, hosts={"dev": {**known, "jwt_remove_confirm": "portal"}})
    message = refused.failed().failures[0]
    assert message.startswith("jwt_remove_confirm: give portal, report there as well, to remove:")
    assert "plain HTTP of the proxies on Central; the virtual proxies portal, report" in message
    assert "and end the sessions of everybody on them: 0 on Central)" in message
    assert "the user acme\\jdoe" in message
    assert str(workplace.key) in message
    assert is_untouched(workplace)

    site.clear_requests()
    confirmed = {**known, "jwt_remove_confirm": ["portal", "report"]}
    run = workplace.run(REMOVE, "--diff", hosts={"dev": confirmed}).ok()
    assert run.warnings == []
    assert prefixes(site) == {"", "kept"}
    assert site.entities("user", userId="jdoe") == []
    service = site.entity("proxyservice")
    assert service["settings"]["allowHttp"] is False
    assert {e["prefix"] for e in service["settings"]["virtualProxies"]} == {"", "kept"}
    assert {path.name for path in workplace.directory.glob("*.*y")} == {"other.key"}
    assert not (workplace.directory / "jwt.crt").exists()
    told = result(run)
    assert told["changed"]
    assert [one["prefix"] for one in told["virtual_proxies"]] == ["portal", "report"]
    assert told["before"][0]["entity"]["prefix"] == "portal"
    assert told["proxies_restarted"] == {"Central": 1}
    assert told["user"] == {"directory": "acme", "id": "jdoe"}
    assert told["key_files"] == key_files(workplace)


@pytest.mark.long
def test_check_mode_shows_and_the_second_run_changes_nothing(
    workplace: Workplace, known: Json
) -> None:
    site = workplace.simulator

    site.fault(port="admin", action="status", status=500)
    check = workplace.run(REMOVE, "--check", "--diff", hosts={"dev": known}).ok()
    assert "an unknown number on Central)" in check.output
    assert "Would remove: plain HTTP of the proxies on Central; the virtual proxies" in check.output
    assert is_untouched(workplace)
    assert result(check)["changed"]

    confirmed = {**known, "jwt_remove_confirm": "portal\nreport"}
    first = workplace.run(REMOVE, hosts={"dev": confirmed}).ok()
    assert (first.changed, check.changed) == (4, 4)
    site.clear_requests()
    second = workplace.run(REMOVE, hosts={"dev": confirmed}).ok()
    assert second.changed == 0
    assert not result(second)["changed"]
    assert "Nothing to remove: the named objects do not exist." in second.output
    asked = workplace.run(REMOVE, hosts={"dev": known}).failed()
    assert "there as well; the named objects do not exist. Nothing was" in asked.failures[0]
    assert writes(site) == []


@pytest.mark.long
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/qrs/proxyservice*"),
        ("DELETE", "/qrs/virtualproxyconfig*"),
        ("DELETE", "/qrs/user*"),
    ],
)
def test_a_failure_midway_is_finished_by_the_next_run(
    workplace: Workplace, known: Json, method: str, path: str
) -> None:
    site = workplace.simulator
    confirmed = {**known, "jwt_remove_confirm": ["portal", "report"]}
    site.fault(port="qrs", method=method, path=path, action="status", status=500, times=50)

    workplace.run(REMOVE, hosts={"dev": confirmed}).failed()
    # What needs the keys or the user least goes last.
    assert workplace.key.exists()
    assert site.entities("user", userId="jdoe")
    site.clear_faults()
    workplace.run(REMOVE, hosts={"dev": confirmed}).ok()

    assert prefixes(site) == {"", "kept"}
    assert site.entities("user", userId="jdoe") == []
    assert not workplace.key.exists()
    assert workplace.run(REMOVE, hosts={"dev": confirmed}).ok().changed == 0


@pytest.mark.long
def test_what_is_never_removed(workplace: Workplace, known: Json, tmp_path: Path) -> None:
    site = workplace.simulator
    seed(site, "saml", authenticationMethod=3)
    folder = tmp_path / "keys"
    folder.mkdir()
    notes, link = tmp_path / "notes.txt", tmp_path / "link"
    notes.write_text("important", encoding="ascii")
    link.symlink_to(workplace.key)
    client_key = site.certificates["client_key"]
    for changes, sentence in (
        ({"jwt_remove_prefixes": ["portal", "saml"]}, "users log in to saml by another method"),
        ({"jwt_remove_prefixes": ""}, "jwt_remove_prefix: set the prefix"),
        ({"jwt_remove_key_files": [str(folder)]}, f"{folder} is a directory;"),
        ({"jwt_remove_key_files": [str(workplace.key), str(notes)]}, f"{notes} is not a key"),
        ({"jwt_remove_key_files": str(link)}, f"{link} is a symbolic link"),
        ({"jwt_remove_key_files": client_key}, f"{client_key} belongs to the site itself"),
        (
            {"jwt_remove_windows_key_files": f"{LOCAL}\\server_key.pem"},
            "server_key.pem belongs to the site itself",
        ),
        ({"jwt_remove_key_files": "C:\\keys\\jwt.key"}, "C:\\keys\\jwt.key is not a full path."),
        ({"jwt_remove_key_files": "jwt.key"}, "jwt.key is not a full path."),
        ({"jwt_remove_windows_key_files": "jwt.key"}, "jwt.key is not a full path on Windows."),
        ({"jwt_remove_prefixes": "Portal"}, "which differs from 'Portal' only in case"),
        ({"jwt_remove_prefixes": "/portal"}, "'/portal' cannot be a prefix"),
        ({"jwt_remove_prefixes": "portal"}, "Key files: report trusts the same key."),
        ({"jwt_remove_user": {"id": "jdoe"}}, "jwt_remove_user: set a mapping"),
        (
            {"jwt_remove_user": "{directory: ACME, id: 0123}"},
            "jwt_remove_user: YAML reads 83 there",
        ),
        ({"jwt_remove_allow_http": "nope"}, "jwt_remove_allow_http: give true or false."),
        ({"jwt_remove_user": {"directory": "INTERNAL", "id": "sa_api"}}, "INTERNAL\\sa_api"),
        ({"jwt_remove_allow_restart": "False"}, "allow_restart"),
    ):
        host = {
            **known,
            "jwt_remove_confirm": ["portal", "Portal", "/portal", "report", "saml"],
            **changes,
        }
        run = workplace.run(REMOVE, hosts={"dev": host}).failed()
        assert sentence in run.failures[0], (changes, run.output)
        assert writes(site) == []
        assert workplace.key.exists()
        assert notes.exists()
    assert folder.is_dir()


@pytest.mark.long
def test_the_described_virtual_proxy_is_the_one_that_goes(workplace: Workplace) -> None:
    seed(workplace.simulator)
    host = workplace.login(jwt_remove_confirm="portal", jwt_remove_prefix="")

    workplace.run(REMOVE, hosts={"dev": host}).ok()

    assert prefixes(workplace.simulator) == {""}


@pytest.mark.long
def test_a_misspelled_prefix_is_a_warning(workplace: Workplace) -> None:
    seed(workplace.simulator)
    host = workplace.site(jwt_remove_prefix="portl", jwt_remove_confirm="portl")

    run = workplace.run(REMOVE, hosts={"dev": host}).ok()

    (warning,) = set(run.warnings)
    assert warning == (
        "WARNING: dev: jwt_remove_prefixes: no virtual proxy has the prefix portl. "
        "Did you mean portal?"
    )
    assert prefixes(workplace.simulator) == {"", "portal"}
    gone = {**host, "jwt_remove_prefix": "zzz", "jwt_remove_confirm": "zzz"}
    assert workplace.run(REMOVE, hosts={"dev": gone}).ok().warnings == []


@pytest.mark.long
def test_a_key_that_another_login_trusts_stays(workplace: Workplace) -> None:
    """Also when the virtual proxy that is named does not exist any more."""
    site = workplace.simulator
    seed(site, "kept")
    workplace.key.write_bytes(km.key_pem(KEY))
    host = workplace.site(
        jwt_remove_prefix="portal",
        jwt_remove_confirm="portal",
        jwt_remove_key_files=[str(workplace.key)],
    )

    run = workplace.run(REMOVE, hosts={"dev": host}).failed()

    assert "holds a key that a virtual proxy still trusts" in run.failures[0]
    assert workplace.key.exists()


@pytest.mark.long
def test_files_of_the_windows_node(place: WindowsPlace) -> None:
    node = place.node
    folder = r"D:\qlik\keys"
    seed(place.workplace.simulator)
    ours = km.key_pem(KEY).decode()
    other = km.key_pem(OTHER).decode()
    for name, content in (("a.key", ours), ("b.key", other), ("jwt.key", "x")):
        node.seed(files=[{"path": f"{folder}\\{name}", "content": content}])
    host = place.host(
        jwt_remove_prefix="portal",
        jwt_remove_confirm="portal",
        jwt_keypair_windows_directory="d:/Qlik/Keys",
        jwt_remove_windows_key_files=f"{folder}\\a.key\n{folder}\\gone.key\n{folder}\\jwt.key",
    )

    for path, sentence in (
        (folder, f"cannot read {folder} (Path {folder} is a directory)"),
        (f"{folder}\\b.key", f"{folder}\\b.key belongs to another key pair"),
    ):
        several = {**host, "jwt_remove_windows_key_files": [f"{folder}\\a.key", path]}
        refused = place.run(several, "-vvvv", playbook=REMOVE).failed()
        assert sentence in refused.failures[0]
        assert leaks(ours, refused.output.encode() + place.shown_arguments()) == []
    check = place.run(host, "--check", playbook=REMOVE).ok()
    assert node.file(f"{folder}\\a.key")
    run = place.run(host, "-vvvv", playbook=REMOVE).ok()

    assert (
        f"Files that do not exist: {folder}\\gone.key."
        in run.result("Print what the role removes")["msg"]
    )
    deleted = [f"{folder}\\a.key", f"{folder}\\jwt.key"]
    assert result(run)["windows_key_files"] == deleted
    assert result(check)["windows_key_files"] == deleted
    assert [node.file(path) for path in deleted] == [None, None]
    assert node.file(f"{folder}\\b.key")
    assert leaks(ours, run.output.encode() + place.shown_arguments()) == []
    (again,) = [{**host, "jwt_remove_windows_key_files": deleted}]
    assert place.run(again, playbook=REMOVE).ok().changed == 0


@pytest.mark.long
def test_denied_files_of_the_windows_node(place: WindowsPlace) -> None:
    """A closed directory, and a closed file in an open one: neither counts as removed."""
    node = place.node
    site = place.workplace.simulator
    seed(site)
    ours = km.key_pem(KEY).decode()
    system = [{"user": "S-1-5-18", "rights": "FullControl"}]
    closed: Json = {"acl": system, "inherits": False, "owner": "S-1-5-18"}
    paths = [r"D:\closed\a.key", r"D:\open\b.key"]
    node.seed(
        files=[
            {"path": r"D:\closed", **closed},
            *({"path": path, "content": ours, **closed} for path in paths),
        ]
    )
    host = place.host(
        jwt_remove_prefix="portal",
        jwt_remove_confirm="portal",
        jwt_remove_windows_key_files=[*paths, r"D:\open\gone.key"],
    )

    for arguments in ((), ("--check",)):
        message = place.run(host, *arguments, playbook=REMOVE).failed().failures[0]
        assert f"cannot read {', '.join(paths)} (" in message
        assert "denied" in message
        assert "gone.key" not in message
        assert "Nothing was removed." in message
        assert all(node.file(path) for path in paths)
        assert prefixes(site) == {"", "portal"}


@pytest.mark.long
def test_what_went_before_a_failure_is_kept_and_comes_back(
    workplace: Workplace, known: Json
) -> None:
    """The user cannot be deleted; with the plays of the guide, then with what the playbook says."""
    site = workplace.simulator
    remove, restore = guide("remove.md")
    every = {"ansible_python_interpreter": workplace.python}
    host = {**known, "jwt_remove_confirm": ["portal", "report"]}
    before = {entity["prefix"]: entity for entity in site.entities("virtualproxyconfig")}
    site.fault(
        port="qrs", method="DELETE", path="/qrs/user*", action="status", status=500, times=50
    )

    run = workplace.run(remove, hosts={"dev": host}, every=every).failed()
    assert prefixes(site) == {"", "kept"}
    told = result(run)
    assert [one["prefix"] for one in told["before"]] == ["portal", "report"]
    assert (told["changed"], told["user"], told["key_files"]) == (True, None, [])
    workplace.run(restore, hosts={"dev": host}, every=every).ok()
    assert prefixes(site) == {"", "portal", "report", "kept"}
    again = site.entity("virtualproxyconfig", prefix="portal")
    assert again["jwtPublicKeyCertificate"] == before["portal"]["jwtPublicKeyCertificate"]

    handed = workplace.run(
        REMOVE, hosts={"dev": host}, environment={"ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    ).failed()
    assert prefixes(site) == {"", "kept"}
    (name, coded) = re.findall(
        r'"?(jwt_restore_of_\w+)"?: .*?"before": "([^"]+)"', handed.output, re.S
    )[0]
    note = json.dumps({name: {"host": "dev", "before": coded, "proven": False}})
    workplace.run("qlikops.sense.jwt_restore", "-e", note, hosts={"dev": host}).ok()
    assert prefixes(site) == {"", "portal", "report", "kept"}

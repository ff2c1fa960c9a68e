# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Paths, rights, access lists, accounts and the RETURN check, each on its own."""

from __future__ import annotations

import pytest

from windows_node.conformance import complaints
from windows_node.model import languages, paths, rights
from windows_node.model.accounts import Accounts, Identity, UnknownAccountError
from windows_node.model.acl import Ace, Acl, is_allowed
from windows_node.model.filesystem import AccessDeniedError, FileSystem
from windows_node.protocol import scripts

HOME = r"C:\Users\admin"
#: What ansible-core before 2.21 puts around a script.
FRAME = (
    "Set-StrictMode -Version Latest",
    (
        "If (-not $?) { If (Get-Variable LASTEXITCODE -ErrorAction SilentlyContinue) "
        "{ exit $LASTEXITCODE } Else { exit 1 } }"
    ),
)
ME, OTHER = "S-1-5-21-1-2-3-1001", "S-1-5-21-1-2-3-1002"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("c:/Program Files//Qlik/", r"C:\Program Files\Qlik"),
        (r"C:\a\..\b.", r"C:\b"),
        (r"x\ü", r"C:\Users\admin\x\ü"),
        (r"\x", r"C:\x"),
        (r"\\?\D:\x ", r"D:\x"),
        (r"d:", "D:\\"),
        (r"\\files/Qlik share\keys\\jwt.key", r"\\files\Qlik share\keys\jwt.key"),
        (r"\\files\share", "\\\\files\\share\\"),
    ],
)
def test_paths(text: str, path: str) -> None:
    assert paths.absolute(text, base=HOME) == path


@pytest.mark.parametrize("text", [r"C:\a?b", r"C:\a:b", r"\\server", "C:\\a\nb"])
def test_paths_that_are_none(text: str) -> None:
    with pytest.raises(paths.PathError):
        paths.absolute(text, base=HOME)


def test_variables_in_paths() -> None:
    known = {"ProgramData": r"C:\ProgramData"}
    assert paths.expand(r"%PROGRAMDATA%\%x%\100%", known) == r"C:\ProgramData\%x%\100%"


@pytest.mark.parametrize(
    ("text", "mask", "shown"),
    [
        ("FullControl", 2032127, "FullControl"),
        ("read,WRITE", 131487, "Write, Read"),
        ("Modify", 197055, "Modify"),
        ("ReadAndExecute, Synchronize", 1179817, "ReadAndExecute, Synchronize"),
        ("ReadData", 1, "ListDirectory"),
    ],
)
def test_rights(text: str, mask: int, shown: str) -> None:
    assert rights.parse(text) == mask
    assert rights.show(mask) == shown


def test_rights_that_are_none() -> None:
    with pytest.raises(rights.UnknownRightError, match="Everything"):
        rights.parse("Read, Everything")


def test_entries_for_one_account_are_merged() -> None:
    acl = Acl()
    acl.add(Ace(ME, rights.parse("Read")))
    acl.add(Ace(ME, rights.parse("Write")))
    acl.add(Ace(ME, rights.parse("Read"), "deny"))
    assert [rights.show(ace.mask) for ace in acl.entries] == ["Write, Read", "Read"]
    acl.remove(Ace(ME, rights.parse("Read, Write")))
    assert [ace.kind for ace in acl.entries] == ["deny"]


@pytest.mark.parametrize(
    ("ace", "file", "directory"),
    [
        (Ace(ME, 1, containers=True, objects=True), "None", "ContainerInherit, ObjectInherit"),
        (Ace(ME, 1, containers=True), None, "ContainerInherit"),
        (Ace(ME, 1, objects=True), "None", "ObjectInherit"),
        (Ace(ME, 1), None, None),
        (
            Ace(ME, 1, containers=True, objects=True, propagation="NoPropagateInherit"),
            "None",
            "None",
        ),
    ],
)
def test_inheritance(ace: Ace, file: str | None, directory: str | None) -> None:
    for is_directory, wanted in ((False, file), (True, directory)):
        children = ace.inherited_by(directory=is_directory, creator=OTHER)
        assert [child.inherit for child in children] == ([] if wanted is None else [wanted])
        assert all(child.inherited for child in children)


def test_creator_owner_becomes_the_account_that_made_the_child() -> None:
    every = Ace(languages.CREATOR_OWNER, 1, containers=True, objects=True)

    (for_file,) = every.inherited_by(directory=False, creator=ME)
    own, original = every.inherited_by(directory=True, creator=ME)

    assert (for_file.sid, own.sid, original.sid) == (ME, ME, languages.CREATOR_OWNER)
    assert (own.inherit, original.inherit) == ("None", "ContainerInherit, ObjectInherit")
    assert original.propagation == "InheritOnly"


def test_an_entry_only_for_files_does_not_open_the_directory() -> None:
    (child,) = Ace(ME, 1, objects=True).inherited_by(directory=True, creator=OTHER)
    assert not is_allowed([child], OTHER, {ME}, 1)


@pytest.mark.parametrize(
    ("entries", "allowed"),
    [
        ([], False),
        ([Ace(ME, 1)], True),
        ([Ace(OTHER, 1)], False),
        ([Ace(ME, 1), Ace(ME, 1, "deny")], False),
        ([Ace(ME, 1), Ace(ME, 1, "deny", inherited=True)], True),
        ([Ace(ME, 2), Ace(languages.USERS, 1)], True),
    ],
)
def test_what_a_list_allows(entries: list[Ace], allowed: bool) -> None:
    assert is_allowed(entries, OTHER, {ME, languages.USERS}, 1) is allowed


def test_an_owner_may_always_change_the_list() -> None:
    assert is_allowed([], ME, {ME}, rights.CHANGE_PERMISSIONS | rights.READ_PERMISSIONS)
    assert not is_allowed([], ME, {ME}, rights.READ_DATA)


def test_files_follow_their_lists() -> None:
    accounts = Accounts("M", "en")
    admin = Identity(accounts.add_user("admin", "x", administrator=True))
    user = Identity(accounts.add_user("user", "x", administrator=False))
    files = FileSystem(lambda: 0.0)
    full = Ace(languages.ADMINISTRATORS, rights.FULL_CONTROL, containers=True, objects=True)
    files.place("C:\\", owner=languages.SYSTEM, acl=Acl([full], inherits=False))
    files.make_directory(admin, r"C:\a\b")
    files.write(admin, r"C:\a\b\f", b"1")
    assert files.get(r"c:\A\B\F")
    assert files.see(user, r"C:\a\b\f") is None
    for action in (
        lambda: files.read(user, r"C:\a\b\f"),
        lambda: files.write(user, r"C:\a\b\f", b"2"),
        lambda: files.write(user, r"C:\a\b\g", b"2"),
        lambda: files.make_directory(user, r"C:\x"),
        lambda: files.remove(user, r"C:\a"),
    ):
        with pytest.raises(AccessDeniedError):
            action()
    files.remove(admin, r"C:\a")
    assert [entry.path for entry in files.all()] == ["C:\\"]


@pytest.mark.parametrize("language", languages.LANGUAGES)
def test_accounts_have_the_names_of_one_language(language: str) -> None:
    accounts = Accounts("M", language)
    user = accounts.add_user("Jürgen", "x", administrator=False)
    for sid, (domain, name) in languages.BUILT_IN[language].items():
        assert accounts.sid_of(sid.lower()) == sid
        assert accounts.sid_of(f"{domain}\\{name}" if domain else name) == sid
    for text in ("jürgen", r".\JÜRGEN", r"m\Jürgen", user.sid):
        assert accounts.sid_of(text) == user.sid
    for text in ("*S-1-5-18", r"OTHER\Jürgen", "nobody", "Administradores"):
        with pytest.raises(UnknownAccountError):
            accounts.sid_of(text)
    assert accounts.log_in("jürgen", "x")
    assert accounts.log_in("jürgen", "y") is None
    assert accounts.log_in(accounts.display(languages.SYSTEM), "") is None


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"stat": {"exists": False}, "changed": False}, None),
        ({"failed": True, "msg": "no"}, None),
        ({"changed": False}, "always returns stat"),
        ({"stat": {"exists": False}, "more": 1}, "does not return more"),
        ({"stat": {"exists": "yes"}}, "returns stat.exists as bool, not str"),
        ({"stat": {"exists": True, "colour": 1}}, "does not return stat.colour"),
    ],
)
def test_answers_against_the_documentation(
    answer: dict[str, object], complaint: str | None
) -> None:
    documented = {
        "changed": {"type": "bool", "returned": "always"},
        "stat": {
            "type": "complex",
            "returned": "success",
            "contains": {"exists": {"type": "bool", "returned": "success"}},
        },
    }
    found = complaints("win_stat", documented, answer)
    assert [complaint in text for text in found if complaint] == ([True] if complaint else [])
    assert bool(found) == bool(complaint)


@pytest.mark.parametrize(
    ("script", "directory"),
    [
        (r"Remove-Item C:\T\ansible-tmp-1-2\. -Force -Recurse", r"C:\T\ansible-tmp-1-2\."),
        (r"Remove-Item 'C:\T x\ansible-tmp-1-2' -Force", r"C:\T x\ansible-tmp-1-2"),
        (f"{FRAME[0]}\nRemove-Item 'C:\\ansible-tmp-1' -Force;\n{FRAME[1]}", r"C:\ansible-tmp-1"),
        (r"Remove-Item C:\T -Force -Recurse", None),
        ("Remove-Item C:\\ansible-tmp-1 -Force\nwhoami", None),
        (r"Remove-Item C:\ansible-tmp-1; whoami -Force", None),
        (r"Remove-Item C:\ansible-tmp-1\..\.. -Force", None),
    ],
)
def test_only_ansible_s_own_directories_are_removed(script: str, directory: str | None) -> None:
    assert scripts.removed_directory(script) == directory

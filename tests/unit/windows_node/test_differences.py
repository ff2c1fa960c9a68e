# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where Windows is less kind than one would expect, each with what the model rests on."""

from __future__ import annotations

import collections
import types
import typing as t

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12

from support import key_material as km
from windows_node.model import languages, seed
from windows_node.model.accounts import Identity
from windows_node.model.certificates import StoredCertificate
from windows_node.model.filesystem import AccessDeniedError
from windows_node.model.node import Node
from windows_node.model.stores import MACHINE, StoreId
from windows_node.modules import MODELS
from windows_node.modules.base import Call, Json, ModuleFailure
from windows_node.protocol import tasks
from windows_node.protocol.manifest import Become, ModuleOrder
from windows_node.protocol.session import Session
from windows_node.settings import Settings

KEY = r"D:\keys\jwt.key"
FULL = "FullControl"
EVERYTHING = "ContainerInherit, ObjectInherit"


def fresh(**settings: t.Any) -> Node:
    return Node(Settings().changed(settings), "secret", "secret")


@pytest.fixture
def node() -> Node:
    return fresh()


def admin(node: Node) -> Identity:
    return Identity(node.administrator)


def service(node: Node) -> Identity:
    return Identity(node.service_account)


def call(node: Node, who: Identity, module: str, *, check: bool = False, **options: t.Any) -> Json:
    given = collections.defaultdict(lambda: None, options)
    return MODELS[module].run(Call(node, who, given, {}, check, diff=False))


def fails(node: Node, who: Identity, module: str, *, check: bool = False, **options: t.Any) -> str:
    """As the wrapper of a module words what the module itself does not catch."""
    with pytest.raises((ModuleFailure, AccessDeniedError)) as caught:
        call(node, who, module, check=check, **options)
    return str(caught.value)


def closed(node: Node, path: str, *sids: str, **more: t.Any) -> None:
    """A file that these accounts alone may use."""
    acl = [{"user": sid, "rights": FULL, "inherit": EVERYTHING} for sid in sids]
    seed.apply(node, {"files": [{"path": path, "acl": acl, "inherits": False, **more}]})


# icacls C:\ on Windows Server: BUILTIN\Users:(CI)(AD), (CI)(IO)(WD), CREATOR OWNER:(OI)(CI)(IO)(F).
@pytest.mark.parametrize(
    ("place", "may"),
    [
        ("C:\\", True),
        ("D:\\", True),
        ("C:\\ProgramData", True),
        ("C:\\Windows\\Temp", True),
        ("C:\\Windows", False),
        ("C:\\Windows\\System32", False),
        ("C:\\Program Files", False),
        ("C:\\Users", False),
    ],
)
def test_users_may_make_directories_in_many_places(node: Node, place: str, may: bool) -> None:
    path = f"{place.rstrip(chr(92))}\\mine"
    if not may:
        assert "denied" in fails(node, service(node), "win_file", path=path, state="directory")
        return
    call(node, service(node), "win_file", path=path, state="directory")
    entry = node.files.get(path)
    assert entry is not None
    assert entry.owner == node.service_account.sid
    # CREATOR OWNER: what they make is theirs, with all rights.
    assert node.files.may(service(node), entry, 0x1F01FF)


def test_files_in_the_root_are_for_administrators(node: Node) -> None:
    assert "denied" in fails(node, service(node), "win_file", path="D:\\x", state="touch")
    call(node, service(node), "win_file", path="D:\\mine", state="directory")
    call(node, service(node), "win_file", path="D:\\mine\\x", state="touch")


# Windows grants an owner READ_CONTROL and WRITE_DAC whatever the list says ("Owner Rights").
def test_an_owner_can_always_change_the_list(node: Node) -> None:
    closed(node, r"D:\keys", languages.SYSTEM, owner="qliksvc")
    me = node.service_account.sid

    assert not call(node, service(node), "win_stat", path=r"D:\keys\x")["stat"]["exists"]
    call(node, service(node), "win_acl", path=r"D:\keys", user=me, rights=FULL, type="allow",
         state="present", propagation="None")  # fmt: skip
    call(node, service(node), "win_file", path=r"D:\keys\x", state="touch")


def test_what_creator_owner_grants_outlives_the_owner(node: Node) -> None:
    """Windows replaces the entry when the file is made, not when the owner changes."""
    call(node, service(node), "win_file", path=r"D:\mine", state="directory")
    call(node, admin(node), "win_owner", path=r"D:\mine", user="S-1-5-32-544")

    call(node, service(node), "win_file", path=r"D:\mine\x", state="touch")
    sids = {ace.sid for ace in node.files.access_list(node.files.all()[-1])}
    assert node.service_account.sid in sids


# win_stat: Get-AnsibleItem -ErrorAction SilentlyContinue. The others: Test-Path, with
# $ErrorActionPreference = "Stop".
def test_denied_is_not_there_for_win_stat_alone(node: Node) -> None:
    closed(node, r"D:\closed", languages.SYSTEM)
    closed(node, r"D:\closed\jwt.key", languages.SYSTEM, content="key")
    path = r"D:\closed\jwt.key"

    assert call(node, admin(node), "win_stat", path=path)["stat"] == {"exists": False}
    for module, options in (
        ("slurp", {"src": path}),
        ("win_file", {"path": path, "state": "absent"}),
        ("win_acl_inheritance", {"path": path, "state": "absent"}),
        ("win_owner", {"path": path, "user": "S-1-5-18"}),
    ):
        for check in (False, True):
            assert fails(node, admin(node), module, check=check, **options) == "Access is denied"
    missing = r"D:\closed\gone.key"
    assert "is not found" in fails(node, admin(node), "slurp", src=missing)
    assert not call(node, admin(node), "win_file", path=missing, state="absent")["changed"]


def test_a_file_that_is_seen_and_not_read(node: Node) -> None:
    closed(node, KEY, languages.SYSTEM, content="key")

    assert call(node, admin(node), "win_stat", path=KEY, get_checksum=False)["stat"]["exists"]
    reason = "Access to the path 'D:\\keys\\jwt.key' is denied."
    options: Json = {"get_checksum": True, "checksum_algorithm": "sha256"}
    assert reason in fails(node, admin(node), "win_stat", path=KEY, **options)
    assert reason in fails(node, admin(node), "slurp", src=KEY)


# Get-Item and Get-ChildItem without -Force; win_file absent and win_acl have it.
def test_hidden_files(node: Node) -> None:
    seed.apply(node, {"files": [{"path": KEY, "content": "key", "hidden": True}]})
    who = admin(node)

    assert call(node, who, "win_stat", path=KEY, get_checksum=False)["stat"]["ishidden"]
    assert "Could not find item" in fails(node, who, "win_acl_inheritance", path=KEY)
    assert "Could not find item" in fails(node, who, "win_owner", path=KEY, user="S-1-5-18")
    assert "LastWriteTime" in fails(node, who, "win_file", path=KEY, state="touch")
    listed = call(node, who, "win_find", paths=["D:\\keys"], file_type="any")
    assert listed["files"] == []
    call(node, who, "slurp", src=KEY)
    call(node, who, "win_acl", path=KEY, user="S-1-5-18", rights=FULL, type="allow",
         state="present", propagation="None")  # fmt: skip
    assert call(node, who, "win_file", path=KEY, state="absent")["changed"]


# win_find: `paths` are texts, GetUnresolvedProviderPathFromPSPath expands no %VARIABLES%; what
# cannot be listed is a warning.
def test_win_find(node: Node) -> None:
    closed(node, r"D:\closed\x", languages.SYSTEM, content="x")
    closed(node, r"D:\closed", languages.SYSTEM)

    found = call(node, admin(node), "win_find", paths=["%TEMP%", r"D:\closed"], file_type="any")
    assert found["files"] == []
    assert len(found["warnings"]) == 2
    seed.apply(node, {"files": [{"path": r"D:\own\x", "owner": "qliksvc"}]})
    (one,) = call(node, admin(node), "win_find", paths=[r"D:\own"], file_type="any")["files"]
    assert one["owner"] == "QLIKNODE\\qliksvc"


# win_acl: -type "str" for its path, so nothing expands %VARIABLES%; win_file has -type "path".
def test_win_acl_expands_no_variables(node: Node) -> None:
    right: Json = {"user": "S-1-5-18", "rights": FULL, "type": "allow", "state": "present"}
    reason = fails(node, admin(node), "win_acl", path=r"%ProgramData%", **right)
    assert "file or directory does not exist" in reason
    assert not call(node, admin(node), "win_file", path="%ProgramData%", state="directory")[
        "changed"
    ]


# win_acl: Parse-Args -supports_check_mode since ansible.windows 3.7.0.
@pytest.mark.parametrize(("version", "skips"), [((2, 7, 0), True), ((3, 7, 0), False)])
def test_win_acl_in_check_mode(node: Node, version: tuple[int, ...], skips: bool) -> None:
    given = {"path": "D:\\", "user": "qliksvc", "rights": FULL, "type": "allow"}
    documentation = types.SimpleNamespace(
        version=version,
        validated=lambda module, options: {**options, "state": "present", "propagation": "None"},
        returned=lambda module: {},
    )
    world = types.SimpleNamespace(node=node, documentation=documentation)
    order = ModuleOrder("win_acl", given, {"check_mode": True}, {}, None)
    answer = tasks.run_module(world, Session(admin(node), "winrm", "https"), order, {})  # type: ignore[arg-type]

    assert bool(answer.get("skipped")) == skips
    assert answer["changed"] != skips


# Export("Pfx", password) of .NET Framework: PBES1 with 3DES for both bags, HMAC-SHA1, 2000 rounds.
@pytest.mark.parametrize("form", ["3des", "aes"])
def test_containers(form: t.Any) -> None:
    stored = StoredCertificate(km.certificate(km.rsa_key()), km.rsa_key(), friendly_name="x")
    data = stored.container("geheim", form)

    assert pkcs12.load_pkcs12(data, b"geheim").key is not None
    # 1.2.840.113549.1.12.1.3, pbeWithSHA1And3-KeyTripleDES-CBC, for the key and the certificate.
    triple_des = bytes.fromhex("060a2a864886f70d010c0103")
    assert data.count(triple_des) == (2 if form == "3des" else 0)


# New-CertFile sets key_exported to $false for each container, before it looks at check mode;
# key_exportable only if there is a key. FailJson returns what is in $module.Result.
@pytest.mark.parametrize("has_key", [True, False])
@pytest.mark.parametrize("check", [True, False])
def test_what_an_export_returns(node: Node, *, check: bool, has_key: bool) -> None:
    options = export_of(node, **({} if has_key else {"key": None}))

    def export(**more: t.Any) -> Json:
        given = {**options, "path": "D:\\x.pfx", **more}
        return call(node, admin(node), "win_certificate_store", check=check, **given)

    answer = export()
    assert answer["key_exported"] is False
    assert answer.get("key_exportable") == (True if has_key else None)
    assert ("key_exported" in export()) == check
    assert "key_exported" not in export(file_type="der", path="D:\\y")
    with pytest.raises(ModuleFailure) as caught:
        export(thumbprint="AB" * 20, path="D:\\z.pfx")
    assert caught.value.result == {"changed": False, "thumbprints": ["AB" * 20]}


@pytest.mark.parametrize("check", [True, False])
def test_a_key_that_may_not_be_exported(node: Node, *, check: bool) -> None:
    options = export_of(node, exportable=False)
    with pytest.raises(ModuleFailure, match="Key not valid for use") as caught:
        call(node, admin(node), "win_certificate_store", check=check, path="D:\\x.pfx", **options)
    assert caught.value.result == {"changed": False, "thumbprints": [options["thumbprint"]]}


def export_of(node: Node, **more: t.Any) -> Json:
    """The options to export a certificate that is put into LocalMachine\\My."""
    pem = km.certificate_pem(km.certificate(km.rsa_key())).decode()
    pair = {"certificate": pem, "key": km.key_pem(km.rsa_key()).decode(), **more}
    seed.apply(node, {"certificates": [{n: v for n, v in pair.items() if v is not None}]})
    (stored,) = node.stores.certificates(StoreId(MACHINE, "", "My"))
    store = {"store_location": "LocalMachine", "store_name": "My", "store_type": "system"}
    return {**store, "state": "exported", "thumbprint": stored.thumbprint, "file_type": "pkcs12"}


def test_three_des_is_what_the_node_writes() -> None:
    assert Settings().containers == "3des"


# Ansible.Become: LogonUser with the wanted type; without a password the token of a process of that
# account, else S4U, both by impersonating SYSTEM.
def identity(node: Node, who: Identity, **become: t.Any) -> Identity:
    given = {"user": "qliksvc", "password": "secret", "logon_type": "Interactive", **become}
    return tasks._identity(node, who, Become(**given))


def test_the_right_to_log_on_locally() -> None:
    node = fresh(service_logon="service")

    with pytest.raises(ModuleFailure, match="has not been granted the requested logon type"):
        identity(node, admin(node))
    assert not identity(node, admin(node), logon_type="Service").over_network
    assert not identity(fresh(), admin(node)).over_network


# CreateProcessWithTokenW needs seclogon; 1058 is ERROR_SERVICE_DISABLED. Each wrapper puts its own
# words in front of the exception.
@pytest.mark.parametrize("user", ["qliksvc", "admin", "SYSTEM"])
@pytest.mark.parametrize("wrapper", ["failure during exec_wrapper", "internal error: failed"])
def test_secondary_logon_is_disabled(user: str, wrapper: str) -> None:
    node = fresh(secondary_logon="disabled")

    with pytest.raises(ModuleFailure) as caught:
        identity(node, admin(node), user=user, failure=wrapper)
    assert str(caught.value) == (
        f'{wrapper}: Exception calling "CreateProcessAsUser" with "9" argument(s): '
        '"CreateProcessWithTokenW() failed (The service cannot be started, either because it is '
        'disabled or because it has no enabled devices associated with it, Win32ErrorCode 1058)"'
    )
    (found,) = call(node, admin(node), "win_service_info", name="seclogon")["services"]
    assert (found["start_mode"], found["display_name"]) == ("disabled", "Secondary Logon")
    # The logon comes first.
    with pytest.raises(ModuleFailure, match="password is incorrect"):
        identity(node, admin(node), password="wrong")


def test_become_without_a_password(node: Node) -> None:
    # The account runs Qlik's services, so there is a token whose logon unlocks its keys.
    assert not identity(node, admin(node), password=None).over_network
    node.services = []
    assert identity(node, admin(node), password=None).over_network
    with pytest.raises(ModuleFailure, match="or an account without a password"):
        identity(node, service(node), password=None)


# A network logon cannot log on to a third machine; become runas with a password can.
def test_shares(node: Node) -> None:
    path = r"\\files\keys\jwt.key"
    everybody = [{"user": "S-1-1-0", "rights": FULL}]
    seed.apply(node, {"files": [{"path": path, "content": "key", "acl": everybody}]})

    assert fails(node, admin(node), "slurp", src=path) == "Access is denied"
    assert call(node, identity(node, admin(node)), "slurp", src=path)["content"] == "a2V5"


# X509Store.Open fails for the user, not for the machine, if there is no such store.
def test_stores_that_do_not_exist(node: Node) -> None:
    def look(location: str) -> Json:
        return call(
            node,
            admin(node),
            "win_certificate_info",
            store_name="Web",
            store_location=location,
        )

    assert not look("LocalMachine")["exists"]
    with pytest.raises(ModuleFailure, match="cannot find the file specified"):
        look("CurrentUser")
    order = {"certificate": km.certificate_pem(km.certificate(km.rsa_key())).decode()}
    seed.apply(node, {"certificates": [{**order, "name": "Web"}]})
    assert look("LocalMachine")["exists"]

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificate stores: what they show, let in, and give out."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key, pkcs12

from support.windows_node import WindowsNode
from unit.windows_node.plays import Json, Player, task

STORE = "win_certificate_store"
PFX = r"C:\Windows\Temp\out.pfx"
LOCAL = r"C:\ProgramData\Qlik\Sense\Repository\Exported Certificates\.Local Certificates"
ANYWAY = {"ignore_errors": True}
PASSPHRASE = "größe 1"
INVISIBLE = "\u200e"


def _server(node: WindowsNode) -> Json:
    (server,) = node.store("LocalMachine")
    return server


def _container(node: WindowsNode, path: str = PFX) -> bytes:
    file = node.file(path)
    assert file
    return base64.b64decode(file["content"])


def _is_key(key: object, pem: bytes) -> bool:
    wanted = load_pem_private_key(pem, None)
    assert isinstance(key, rsa.RSAPrivateKey)
    assert isinstance(wanted, rsa.RSAPrivateKey)
    return key.private_numbers() == wanted.private_numbers()


def _export(thumbprint: str, **options: object) -> Json:
    given: Json = {"path": PFX, "file_type": "pkcs12", "password": PASSPHRASE, **options}
    return given | {"thumbprint": thumbprint, "state": "exported"}


def test_the_site_is_laid_out(node: WindowsNode, certificate_files: Path) -> None:
    for name in ("client", "client_key", "root"):
        file = node.file(rf"{LOCAL}\{name}.pem")
        assert file
        assert base64.b64decode(file["content"]) == (certificate_files / f"{name}.pem").read_bytes()
    server = x509.load_pem_x509_certificate(_container(node, rf"{LOCAL}\server.pem"))
    assert server.subject.rfc4514_string() == "CN=localhost"
    host = _container(node, r"C:\ProgramData\Qlik\Sense\Host.cfg")
    assert base64.b64decode(host) == b"localhost"
    assert [c["subject"] for c in node.store("LocalMachine")] == ["CN=localhost"]
    assert [c["subject"] for c in node.store("LocalMachine", "Root")] == ["CN=CENTRAL-CA"]
    assert node.store("CurrentUser", account="admin") == []
    (client,) = node.store("CurrentUser", account="qliksvc")
    assert (client["subject"], client["friendly_name"]) == ("CN=QlikClient", "QlikClient")
    assert client["exportable"]


def test_exports(player: Player, node: WindowsNode, certificate_files: Path) -> None:
    thumbprint = _server(node)["thumbprint"]
    spaced = " ".join(thumbprint[at : at + 2].lower() for at in range(0, 40, 2))
    tasks = [
        task("spaces", STORE, **_export(spaced)),
        task("again", STORE, **_export(thumbprint.lower())),
        task("again with spaces", STORE, **_export(spaced)),
        task("mark", STORE, ANYWAY, **_export(INVISIBLE + thumbprint, path=PFX + "2")),
        task("other password", STORE, ANYWAY, **_export(thumbprint, password="0ther")),
        task("pem", STORE, **_export(thumbprint, path=r"C:\a.pem", file_type="pem")),
        task("der", STORE, **_export(thumbprint, path=r"C:\a.cer", file_type="der")),
        task("directory", STORE, ANYWAY, **_export(thumbprint, path=r"C:\Windows")),
        task("info by mark", "win_certificate_info", thumbprint=INVISIBLE + thumbprint),
        task("info", "win_certificate_info", thumbprint=spaced),
    ]  # fmt: skip
    run = player.play(tasks, "-vvvv", hosts={"psrp": node.inventory("psrp")})

    assert run.verdicts("psrp") == {
        "spaces": (True, False),
        "again": (False, False),
        "again with spaces": (True, False),
        "mark": (False, True),
        "other password": (False, True),
        "pem": (True, False),
        "der": (True, False),
        "directory": (False, True),
        "info by mark": (False, False),
        "info": (False, False),
    }, run.output
    assert "Found 0 certs when only expecting 1" in run("mark", "psrp")["msg"]
    assert "network password is not correct" in run("other password", "psrp")["msg"]
    assert "it is a directory" in run("directory", "psrp")["msg"]
    assert not run("info by mark", "psrp")["exists"]
    assert PASSPHRASE not in run.output

    server = x509.load_pem_x509_certificate(_container(node, rf"{LOCAL}\server.pem"))
    made = pkcs12.load_pkcs12(_container(node), PASSPHRASE.encode())
    assert made.cert is not None
    assert made.cert.certificate == server
    assert _is_key(made.key, _container(node, rf"{LOCAL}\server_key.pem"))
    assert x509.load_pem_x509_certificate(_container(node, r"C:\a.pem")) == server
    assert _container(node, r"C:\a.cer") == server.public_bytes(Encoding.DER)

    (info,) = run("info", "psrp")["certificates"]
    assert info["has_private_key"]
    assert info["issued_by"] == "CENTRAL-CA"
    assert info["signature_algorithm"] == "sha256RSA"
    assert "localhost" in info["dns_names"]
    assert info["valid_to"] == server.not_valid_after_utc.timestamp()
    assert hashlib.sha1(server.public_bytes(Encoding.DER)).hexdigest().upper() == thumbprint


def test_the_file_is_made_anew_even_though_it_was_prepared(
    player: Player, node: WindowsNode
) -> None:
    thumbprint = _server(node)["thumbprint"]
    acl = [{"user": "S-1-5-32-544", "rights": "FullControl"}]
    node.seed(files=[{"path": r"C:\open\a.pfx", "content": "-", "inherits": False, "acl": acl}])
    tasks = [
        task("export", STORE, ANYWAY, **_export(thumbprint, path=r"C:\open\a.pfx")),
        task("remove", "win_file", path=r"C:\open\a.pfx", state="absent"),
        task("prepare", "win_copy", content="x", dest=r"C:\open\a.pem"),
        task("close", "win_acl_inheritance", path=r"C:\open\a.pem", reorganize=True),
        task("replace", "win_copy", src=rf"{LOCAL}\server.pem", dest=r"C:\open\a.pem",
             remote_src=True),
    ]  # fmt: skip
    run = player.play(tasks, hosts={"winrm": node.inventory("winrm")})
    # What it cannot read it takes for a container, and fails on it.
    assert run.verdicts("winrm")["export"] == (False, True), run.output
    file = node.file(r"C:\open\a.pem")
    assert file
    assert file["inherits"]


def test_keys_that_are_not_for_everybody(player: Player, node: WindowsNode) -> None:
    node.reset(server_key_exportable=False, network_logon_keys="refused")
    server = _server(node)["thumbprint"]
    (client,) = node.store("CurrentUser", account="qliksvc")
    user: Json = {"store_location": "CurrentUser"}
    as_service = {"vars": node.become()}
    hosts = {
        "admin": node.inventory("winrm"),
        "service": node.inventory("winrm", account="service_account"),
    }
    only = {"when": "inventory_hostname == 'admin'"}
    tasks = [
        task("not exportable", STORE, ANYWAY, **_export(server)),
        task("without key", STORE, only, **_export(server, path=r"C:\a.cer", file_type="der")),
        task("own store", "win_certificate_info", **user),
        task("client", STORE, ANYWAY,
             **_export(client["thumbprint"], path="c.pfx", **user)),
        task("by become", STORE, only | as_service,
             **_export(client["thumbprint"], path=r"C:\Users\qliksvc\c.pfx", **user)),
        task("bad name", STORE, ANYWAY, **_export(server, store_name="Mine")),
        task("service store", STORE, ANYWAY, **_export(
            server, store_type="service", store_location="QlikSenseRepositoryService")),
        task("import", STORE, ANYWAY, path=rf"{LOCAL}\client.pem"),
    ]  # fmt: skip
    run = player.play(tasks, hosts=hosts)

    assert "Key not valid for use in specified state" in run("not exportable", "admin")["msg"]
    assert "Keyset does not exist" in run("not exportable", "service")["msg"]
    assert not run("own store", "admin")["exists"]
    assert run("own store", "service")["certificates"][0]["friendly_name"] == "QlikClient"
    assert "Found 0 certs" in run("client", "admin")["msg"]
    assert "network password is not correct" in run("client", "service")["msg"]
    assert run("by become", "admin")["changed"], run.output
    assert "unable to find store 'Mine'" in run("bad name", "admin")["msg"]
    assert "Found 0 certs" in run("service store", "admin")["msg"]
    assert "with the current permissions" in run("service store", "service")["msg"]
    assert "with the current permissions" in run("import", "service")["msg"]
    assert run("import", "admin")["changed"]
    made = pkcs12.load_pkcs12(_container(node, r"C:\Users\qliksvc\c.pfx"), PASSPHRASE.encode())
    assert _is_key(made.key, _container(node, rf"{LOCAL}\client_key.pem"))


def test_the_old_form_of_containers(player: Player, node: WindowsNode, tmp_path: Path) -> None:
    node.reset(containers="rc2-40")
    (client,) = node.store("CurrentUser", account="qliksvc")
    hosts = {"psrp": node.inventory("psrp", account="service_account")}
    options = _export(client["thumbprint"], path="~x.pfx", store_location="CurrentUser")
    target: Json = {"path": r"~x.pfx", "password": PASSPHRASE, "key_exportable": False}
    tasks = [
        task("export", STORE, **options),
        task("drop", STORE, thumbprint=client["thumbprint"],
             store_location="CurrentUser", state="absent"),
        task("import", STORE, store_location="CurrentUser", **target),
        task("import again", STORE, store_location="CurrentUser", **target),
        task("not twice", STORE, ANYWAY, **{**options, "path": "y.pfx"}),
        task("gone", STORE, thumbprint="00" * 20,
             store_location="CurrentUser", state="absent"),
    ]  # fmt: skip
    run = player.play(tasks, hosts=hosts)

    changed = [name for name, (changed, dummy) in run.verdicts("psrp").items() if changed]
    assert changed == ["export", "drop", "import"], run.output
    assert "Key not valid" in run("not twice", "psrp")["msg"]
    (imported,) = node.store("CurrentUser", account="qliksvc")
    assert imported == {**client, "exportable": False}
    data = _container(node, r"C:\Users\qliksvc\~x.pfx")
    made = pkcs12.load_pkcs12(data, PASSPHRASE.encode())
    assert made.key is not None
    assert made.cert is not None
    assert made.cert.friendly_name == b"QlikClient"
    if openssl := shutil.which("openssl"):
        (tmp_path / "c.pfx").write_bytes(data)
        command = [openssl, "pkcs12", "-legacy", "-in", "c.pfx", "-info", "-nodes"]
        shown = subprocess.run(
            [*command, "-passin", f"pass:{PASSPHRASE}"],
            cwd=tmp_path,
            capture_output=True,
            check=True,
        )
        assert b"pbeWithSHA1And40BitRC2-CBC" in shown.stderr
        assert b"pbeWithSHA1And3-KeyTripleDES-CBC" in shown.stderr


def test_what_it_does_not_take(player: Player, node: WindowsNode) -> None:
    wrong: dict[str, tuple[Json, str]] = {
        "no thumbprint": ({"state": "exported", "path": "x"}, "all of the following are missing"),
        "neither": ({"state": "absent"}, "any of the following are missing"),
        "no file": ({"path": r"C:\nothing.cer"}, "does not exist"),
        "no certificate": ({"path": rf"{LOCAL}\client_key.pem"}, "Failed to load cert from file"),
    }
    tasks = [task(n, STORE, ANYWAY, **given) for n, (given, dummy) in wrong.items()]
    run = player.play(tasks, hosts={"winrm": node.inventory("winrm")})
    for name, (dummy, message) in wrong.items():
        assert message in run(name, "winrm")["msg"]

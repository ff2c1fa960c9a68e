# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair that is read on a Windows node: from files, or from a certificate store."""

from __future__ import annotations

import base64
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import (
    certificate_store,
    keypair_node,
    slurped,
)
from support import key_material as km
from unit.plugin_utils.hosts import Json, variables

KEY = km.rsa_key()
CERTIFICATE = km.certificate_pem(km.certificate(KEY)).decode()
WHO: Json = {"account": {"domain_name": "ACME", "account_name": "ops", "sid": "S-1-5-21-1"}}


def coded(data: str | bytes) -> str:
    """What slurp returns of a file."""
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def of(**own: t.Any) -> t.Any:
    """Variables of the role, without its prefix, and results of its tasks."""
    return variables({f"jwt_keypair_{name}": value for name, value in own.items()})


def read(*results: Json, **own: t.Any) -> t.Any:
    """After the files were read."""
    return of(_read={"results": list(results)}, **own)


def test_missing_and_denied_files() -> None:
    results: list[Json] = [
        {"path": "a", "content": ""},
        {"path": "b", "msg": "Path b is not found"},
        {"path": "c", "msg": " Zugriff verweigert\r\n"},
        {"path": "d", "unreachable": True, "msg": "gone"},
    ]
    assert slurped.missing(results, "path") == ["b"]
    assert slurped.denied(results, "path") == {"c": "Zugriff verweigert", "d": "gone"}
    assert slurped.reached(results)["path"] == "d"
    assert slurped.reached(results[:2])["path"] == "a"
    assert slurped.reached([]) == {}


@pytest.mark.parametrize(
    ("own", "files"),
    [
        ({"source": "pem", "src_path": "D:/a.pem"}, ["D:/a.pem"]),
        (
            {"source": "local_certificates", "src_path": "D:\\c"},
            ["D:\\c\\server.pem", "D:\\c\\server_key.pem"],
        ),
    ],
)
def test_the_files_of_a_source(own: Json, files: list[str]) -> None:
    known = of(**own)
    assert keypair_node.files(known) == files
    assert set(files) <= {*keypair_node.owned(known), *files}
    assert "D:\\" in keypair_node.owned(known)


def test_the_usual_directory() -> None:
    (first, _second) = keypair_node.files(of(source="local_certificates"))
    assert first == f"{keypair_node.LOCAL_CERTIFICATES}\\server.pem"


def test_files_that_cannot_be_read() -> None:
    known = read(
        {"jwt_keypair__item": "a.pem", "msg": "Path a.pem is not found"},
        {"jwt_keypair__item": "b.pem", "msg": "Zugriff verweigert"},
        source="local_certificates",
    )
    missing, denied = keypair_node.unread(known)
    assert missing.startswith("jwt_keypair_source: there is no a.pem on central")
    assert "Export the certificates in QMC" in missing
    assert "b.pem on central cannot be read" in denied
    assert "(Zugriff verweigert)" in denied
    one = {"jwt_keypair__item": "D:/a", "msg": "Path is not found"}
    (sentence,) = keypair_node.unread(read(one, source="pem", src_path="D:/a"))
    assert "Set the path of the file as jwt_keypair_src_path." in sentence
    assert keypair_node.unread(read({"content": ""}, source="pem", src_path="D:/a")) == []


def test_the_content_of_files() -> None:
    own = {"source": "pem", "src_path": "D:/a", "src_passphrase": "hidden"}
    bad = read({"content": coded("none")}, **own)
    (sentence,) = keypair_node.faults(bad)
    assert "D:/a" in sentence
    good = read({"content": coded("\ufeff" + CERTIFICATE)}, **own)
    assert keypair_node.faults(good) == []
    found = keypair_node.found(good)
    assert (found["source"], found["src_passphrase"]) == ("pem", "hidden")
    assert found["src_content"].strip() == CERTIFICATE.strip()


def test_a_pfx_is_passed_as_it_is() -> None:
    content = coded(b"\x30\x82")
    known = read({"content": content}, source="pkcs12", src_path="D:/a.pfx")
    assert keypair_node.faults(known) == []
    assert keypair_node.found(known) == {"source": "pkcs12", "src_content": content}


def stored(**more: t.Any) -> Json:
    """A certificate as win_certificate_info returns it."""
    return {
        "thumbprint": "A" * 40,
        "friendly_name": "Portal",
        "subject": "CN=portal",
        "has_private_key": True,
        "raw": coded(b"x" * 100),
        **more,
    }


def stores(*certificates: Json, **own: t.Any) -> t.Any:
    """After the certificate stores were read."""
    results = [
        {"jwt_keypair__item": "LocalMachine", "certificates": list(certificates)},
        {"jwt_keypair__item": "CurrentUser", "msg": "The store\n is closed"},
    ]
    known = {"source": "certificate_store", "thumbprint": "a" * 40, **own}
    return of(_stores={"results": results}, _who=WHO, **known)


def test_the_stores() -> None:
    assert certificate_store.locations(of()) == ["LocalMachine", "CurrentUser"]
    assert certificate_store.locations(of(certificate_store_location="CurrentUser")) == [
        "CurrentUser"
    ]
    assert certificate_store.store_name(of(certificate_store_name="")) == "My"


@pytest.mark.parametrize(
    "own",
    [{}, {"thumbprint": "", "friendly_name": " PORTAL "}, {"thumbprint": "\u200eaa" + "a" * 38}],
)
def test_a_certificate_is_found(own: Json) -> None:
    known = stores(stored(), stored(thumbprint="B" * 40, friendly_name="Portal (old)"), **own)
    assert certificate_store.faults(known) == []
    assert certificate_store.export_options(known) == {
        "thumbprint": "A" * 40,
        "store_name": "My",
        "store_location": "LocalMachine",
    }
    lines = certificate_store.found(known)["src_content"].splitlines()
    assert lines[0] == "-----BEGIN CERTIFICATE-----"
    assert max(map(len, lines[1:-1])) == 64
    assert base64.b64decode("".join(lines[1:-1])) == b"x" * 100


def test_a_name_with_special_characters_is_text() -> None:
    own = {"thumbprint": "", "friendly_name": "Portal.*"}
    assert certificate_store.faults(stores(stored(), **own))
    assert certificate_store.faults(stores(stored(friendly_name="Portal.*"), **own)) == []


def test_a_certificate_that_is_not_found() -> None:
    (sentence,) = certificate_store.faults(stores(stored(thumbprint="B" * 40)))
    assert "is in none of the stores LocalMachine, CurrentUser (My) that ACME\\ops sees" in sentence
    assert "(The store is closed)" in sentence


def test_certificates_that_are_not_enough() -> None:
    own = {"thumbprint": "", "friendly_name": "portal"}
    others = (stored(has_private_key=False), stored(thumbprint="B" * 40, has_private_key=False))
    several, without_key = certificate_store.faults(stores(*others, **own))
    assert "matches 2 certificates on central" in several
    assert "without its private key" in without_key
    # The same certificate in two stores is one.
    assert certificate_store.faults(stores(stored(has_private_key=False), stored(), **own)) == []


def test_the_key_is_exported_unless_the_files_have_it() -> None:
    own = {"private_key_path": "/k"}
    held = {"_held": {"fingerprint": "f"}, "_key_file": {"stat": {"exists": True}}}
    other = {"_held": {"failed": True, "msg": "Another key."}, "_key_file": held["_key_file"]}
    assert not certificate_store.is_to_export(stores(stored()))
    assert not certificate_store.is_to_export(stores(stored(), **own, **held))
    assert certificate_store.is_to_export(stores(stored(), **own, **other))
    (sentence,) = certificate_store.obstacles(stores(stored(), **own, **other))
    assert "was not exported: Another key." in sentence
    allowed = stores(stored(), **own, **other, regenerate="partial_idempotence")
    assert certificate_store.obstacles(allowed) == []
    absent = stores(stored(), **own, _key_file={"stat": {"exists": False}}, _held={})
    assert certificate_store.obstacles(absent) == []
    assert not certificate_store.is_known(absent)
    told = stores(stored(), **own, is_told=True)
    assert certificate_store.is_known(told)
    assert certificate_store.prediction(told).startswith("Check mode: CN=portal (AAAA")
    assert certificate_store.prediction(absent) == ""


def test_an_export_that_fails() -> None:
    failed = stores(stored(), _exported={"msg": "Schlüssel \n ungültig", "thumbprints": []})
    (sentence,) = certificate_store.export_faults(failed)
    assert "(Schlüssel ungültig)" in sentence
    assert certificate_store.export_faults(stores(stored(), _exported={"thumbprints": ["A"]})) == []
    (sentence,) = certificate_store.pfx_faults(stores(stored(), _pfx={"msg": "denied"}))
    assert "(denied); it is removed" in sentence
    known = stores(stored(), _pfx={"content": "eA=="}, _pfx_passphrase="hidden")
    assert certificate_store.pfx_faults(known) == []
    assert certificate_store.exported(known) == {
        "source": "pkcs12",
        "src_content": "eA==",
        "src_passphrase": "hidden",
    }

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The client certificate that is read on a Windows node."""

from __future__ import annotations

import base64
import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import credentials
from support import key_material as km
from unit.plugin_utils.hosts import Json, variables

CERTIFICATE = km.certificate_pem(km.certificate(km.rsa_key())).decode()


def coded(text: str) -> str:
    """What slurp returns of a file."""
    return base64.b64encode(text.encode()).decode()


def read(*results: Json, **own: t.Any) -> t.Any:
    """The variables after the files were read."""
    return variables({"qrs_credentials__read": {"results": list(results)}, **own})


def test_the_usual_places() -> None:
    own = variables({"qrs_credentials_directory": "", "qrs_credentials_host_cfg_path": None})
    assert [path.rpartition("\\")[2] for path in credentials.paths(own)] == [
        "client.pem",
        "client_key.pem",
        "root.pem",
    ]
    assert credentials.host_cfg_path(own) == "C:\\ProgramData\\Qlik\\Sense\\Host.cfg"
    chosen = variables({"qrs_credentials_directory": "D:\\certs"})
    assert credentials.owned(chosen)[0] == "D:\\"
    assert "D:\\certs\\root.pem" in credentials.owned(chosen)


def test_missing_and_denied_files_are_different() -> None:
    known = read(
        {"msg": "Path C:\\client.pem is not found"},
        {"msg": "Der Zugriff wurde verweigert "},
        {"content": coded(CERTIFICATE)},
    )
    missing, denied = credentials.unread(known)
    assert "there is no client.pem in" in missing
    assert "client_key.pem in" in denied
    assert "(Der Zugriff wurde verweigert)" in denied
    assert credentials.unread(read(*[{"content": coded(CERTIFICATE)}] * 3)) == []


def test_content_that_is_not_pem() -> None:
    good = {"content": coded("Köln\n" + CERTIFICATE)}
    (sentence,) = credentials.faults(read(good, {"content": coded("no key")}, good))
    assert "client_key.pem" in sentence
    known = read(good, good, good)
    assert credentials.faults(known) == []
    assert credentials.content(known, "client_cert_content").strip() == CERTIFICATE.strip()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (coded("central.example.com"), "central.example.com"),
        ("central.example.com", "central.example.com"),
        (" central-1 \r\n", "central-1"),
        ("{{ lookup('pipe', 'id') }}", ""),
        (coded("-x"), ""),
        ("", ""),
        ("a" * 5000, ""),
    ],
)
def test_the_host_name(text: str, name: str) -> None:
    known = variables({"qrs_credentials__host_file": {"content": coded(text)}})
    assert credentials.host_name(known) == name
    assert credentials.host_name(variables({"qrs_credentials__host_file": {"failed": True}})) == ""

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates in base64 without BEGIN and END lines, in every option that takes a certificate."""

from __future__ import annotations

import base64
import textwrap
import typing as t
from pathlib import Path
from unittest import mock

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

from ansible.module_utils import basic

from modules.restore_case import JWT
from modules.virtual_proxy_case import CERTIFICATE
from support import key_material as km
from support.case import Case
from support.module_runner import connection, run_module
from support.simulator import Simulator

KEY = km.rsa_key(number=1)
PFX = base64.b64encode(
    pkcs12.serialize_key_and_certificates(
        b"x", KEY, km.certificate(KEY), None, serialization.BestAvailableEncryption(b"x")
    )
).decode()


def bare(text: str) -> str:
    """The content of the first block, in one line."""
    return "".join(text.split("-----")[2].split())


P7B = base64.b64encode(
    pkcs7.serialize_certificates([km.certificate(KEY)], serialization.Encoding.DER)
).decode()
FORMS: dict[str, t.Callable[[str], str]] = {
    "one line": lambda text: text,
    "wrapped": lambda text: textwrap.fill(text, 64) + "\n",
    "wrapped at 76": lambda text: "\r\n".join(textwrap.wrap(text, 76)),
    "quoted": lambda text: textwrap.indent(textwrap.fill(text, 64), "> "),
    "escaped": lambda text: textwrap.fill(text, 64).replace("\n", "\\n"),
    "without padding": lambda text: text.rstrip("="),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_certificate_of_a_virtual_proxy(site: Simulator, form: str) -> None:
    case = Case("qlik_virtual_proxy", site)
    given = FORMS[form](bare(CERTIFICATE))
    assert case.done(**{**JWT, "jwt_certificate": given})["changed"] is True
    stored = site.entity("virtualproxyconfig", prefix=JWT["prefix"])["jwtPublicKeyCertificate"]
    assert stored.split() == CERTIFICATE.split()
    assert case.done(**{**JWT, "jwt_certificate": given})["changed"] is False
    many = Case("qlik_virtual_proxies", site)
    entries = [{**JWT, "jwt_certificate": given}]
    assert many.done(virtual_proxies=entries)["changed"] is False


@pytest.mark.parametrize("form", FORMS)
def test_the_certificates_of_a_connection(site: Simulator, form: str) -> None:
    arguments = connection(site)
    for option, name in (("ca", "root"), ("client_cert", "client_cert")):
        text = Path(site.certificates[name]).read_text(encoding="ascii")
        given = {**arguments, f"{option}_content": FORMS[form](bare(text))}
        del given[f"{option}_path"]
        result = run_module("qlik_virtual_proxy_info", given)
        assert not result.get("failed"), result.get("msg")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (PFX, "private key"),
        (bare(km.key_pem(KEY).decode()), "private key"),
        (bare(CERTIFICATE)[:-200], "This is not PEM text"),
        (P7B, "This is a PKCS#7 container"),
        (f"# {bare(km.key_pem(KEY).decode())}\n{bare(CERTIFICATE)}", "private key"),
        (f"# {PFX}\n{bare(CERTIFICATE)}", "private key"),
        (bare(CERTIFICATE) + bare(km.key_pem(KEY).decode()), "private key"),
        (bare(CERTIFICATE) + PFX, "private key"),
    ],
    ids=[
        "container",
        "key",
        "cut off",
        "certificates",
        "key in a comment",
        "container in a comment",
        "key at the end",
        "container at the end",
    ],
)
def test_anything_else_is_rejected_before_it_is_logged(
    site: Simulator, value: str, said: str
) -> None:
    given: list[tuple[str, dict[str, t.Any]]] = [
        ("qlik_virtual_proxy", {**JWT, "jwt_certificate": value}),
        ("qlik_virtual_proxies", {"virtual_proxies": [{**JWT, "jwt_certificate": value}]}),
        ("qlik_virtual_proxy_info", {"ca_path": None, "ca_content": value}),
        ("qlik_jwt_probe", {"url": "https://a", "prefix": "a", "url_ca_content": value}),
    ]
    for name, options in given:
        with mock.patch.object(basic.AnsibleModule, "log") as log:
            result = Case(name, site).run(**options)
        assert result["failed"]
        assert said in result["msg"]
        assert log.call_count == 0
        assert value[:40] not in str(result)

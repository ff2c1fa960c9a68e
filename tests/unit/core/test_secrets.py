# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys are recognized by their content, whatever their label says."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.serialization import pkcs12

from ansible_collections.qlikops.sense.plugins.module_utils._core.masking import (
    HIDDEN_KEY,
    holds_key,
    holds_key_data,
    redacted,
)
from support import key_material as km

KEY = km.rsa_key()
CERTIFICATE = km.certificate_pem(km.certificate(KEY)).decode()
PUBLIC = km.public_pem(KEY).decode()
FORMS = {"PKCS8": s.PrivateFormat.PKCS8, "PKCS1": s.PrivateFormat.TraditionalOpenSSL}
BARE = {
    name: base64.encodebytes(KEY.private_bytes(s.Encoding.DER, form, s.NoEncryption())).decode()
    for name, form in FORMS.items()
}
PFX = pkcs12.serialize_key_and_certificates(
    b"x", KEY, km.certificate(KEY), None, s.BestAvailableEncryption(b"secret")
)


def labelled(label: str, data: str) -> str:
    """A PEM block with any label."""
    return f"-----BEGIN {label}-----\n{data}-----END {label}-----\n"


@pytest.mark.parametrize("data", BARE.values(), ids=BARE)
@pytest.mark.parametrize(
    "label", ["PRIVATE KEY", "PRIVATE  KEY", "Private Key", "CERTIFICATE", "anything"]
)
def test_a_label_hides_nothing(data: str, label: str) -> None:
    for text in (labelled(label, data), CERTIFICATE + labelled(label, data)):
        assert holds_key(text)
        assert holds_key_data(text)
        assert redacted({"a": [text]}) == {"a": [HIDDEN_KEY]}


@pytest.mark.parametrize(
    "data", [*BARE.values(), base64.b64encode(PFX).decode()], ids=[*BARE, "PKCS12"]
)
def test_base64_alone_or_beside_a_certificate(data: str) -> None:
    for text in (data, "".join(data.split()), f"> {data}", CERTIFICATE + data):
        assert holds_key_data(text)


@pytest.mark.parametrize(
    "text",
    [CERTIFICATE, PUBLIC, "", "our private key login", "MIIB"],
    ids=["certificate", "public key", "empty", "words", "beginning"],
)
def test_what_is_public(text: str) -> None:
    assert not holds_key(text)
    assert redacted(text) == text


def test_a_name_of_a_key_is_not_its_data() -> None:
    assert holds_key("the PRIVATE KEY")
    assert not holds_key_data("the PRIVATE KEY")

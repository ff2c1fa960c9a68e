# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates: described as openssl describes them, and issued for a virtual proxy."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtensionOID
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import certificates, keys
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from support import key_material as km

KEY = km.rsa_key()


@pytest.mark.skipif(km.OPENSSL is None, reason="no openssl program")
def test_described_as_openssl_does() -> None:
    text = km.certificate_pem(km.certificate(KEY, common_name="Köln, 50%"))
    shown = certificates.describe(certificates.parse(text.decode()), now=km.NOW)
    out = km.openssl("x509", "-noout", "-fingerprint", "-sha256", "-enddate", data=text).decode()
    assert shown.certificate_fingerprint in out
    assert "Nov  2 08:30:00 2027 GMT" in out
    named = km.openssl("x509", "-noout", "-fingerprint", "-sha1", data=text).decode()
    assert shown.thumbprint == named.strip().rpartition("=")[2].replace(":", "")
    assert certificates.iso(shown.not_after) == "2027-11-02T08:30:00Z"
    assert "sha256WithRSAEncryption" in km.openssl("x509", "-noout", "-text", data=text).decode()
    assert shown.signature_algorithm == "sha256WithRSAEncryption"
    public = km.openssl("x509", "-noout", "-pubkey", data=text)
    assert public.decode() == keys.public_pem(KEY.public_key())


@pytest.mark.parametrize(
    ("moment", "days_left"),
    [
        (km.NOW, 365),
        (km.NOW + dt.timedelta(seconds=1), 364),
        (km.NOW + dt.timedelta(days=364), 1),
        (km.NOW + dt.timedelta(days=365), 0),
        (km.NOW + dt.timedelta(days=365, seconds=1), -1),
        (km.NOW + dt.timedelta(days=465), -100),
        (km.NOW.astimezone(dt.timezone(dt.timedelta(hours=9))), 365),
    ],
)
def test_days_left(moment: dt.datetime, days_left: int) -> None:
    shown = certificates.describe(km.certificate(KEY), now=moment)
    assert shown.days_left == days_left
    assert shown.valid_days == 365


def test_describe_others() -> None:
    shown = certificates.describe(
        km.certificate(KEY, issuer=(km.rsa_key(number=1), "CA")), now=km.NOW
    )
    assert (shown.subject, shown.issuer, shown.is_self_signed) == ("CN=test", "CN=CA", False)
    # The same names, another key: signed by somebody else who calls himself so.
    same_name = km.certificate(KEY, issuer=(km.rsa_key(number=1), "test"))
    assert not certificates.describe(same_name, now=km.NOW).is_self_signed
    assert certificates.describe(km.certificate(KEY), now=km.NOW).is_self_signed
    assert shown.is_rsa
    assert shown.size == 2048


@settings(max_examples=40, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=64),
    st.integers(1, 20000),
    st.integers(1, 2**158),
    st.integers(0, 2**30),
)
def test_issue(common_name: str, valid_days: int, serial: int, second: int) -> None:
    now = km.NOW + dt.timedelta(seconds=second, microseconds=7)
    while len(common_name.encode()) > 64:
        common_name = common_name[:-1]
    if not common_name.strip():
        common_name = "x"
    issued = certificates.issue(
        KEY, common_name=common_name, valid_days=valid_days, serial=serial, now=now
    )
    again = x509.load_pem_x509_certificate(certificates.to_pem(issued).encode())
    shown = certificates.describe(again, now=now)
    assert shown.common_name == common_name
    assert shown.valid_days == valid_days
    assert shown.serial_number == serial
    assert shown.is_self_signed
    assert shown.not_before < now
    assert keys.matches(KEY, again)


def test_profile() -> None:
    issued = certificates.issue(KEY, common_name="x", valid_days=1, serial=1, now=km.NOW)
    assert issued.version is x509.Version.v3
    basic = issued.extensions.get_extension_for_class(x509.BasicConstraints)
    assert basic.critical
    assert basic.value.ca is False
    usage = issued.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert not usage.key_encipherment
    present = {extension.oid for extension in issued.extensions}
    assert ExtensionOID.EXTENDED_KEY_USAGE not in present
    assert ExtensionOID.SUBJECT_ALTERNATIVE_NAME not in present


@pytest.mark.parametrize("common_name", ["", "   ", "x" * 65, "ü" * 33])
def test_common_names_that_no_certificate_has(common_name: str) -> None:
    with pytest.raises(InvalidInput, match="1 to 64"):
        certificates.issue(KEY, common_name=common_name, valid_days=1, serial=1, now=km.NOW)


def test_too_long_a_life() -> None:
    with pytest.raises(InvalidInput, match="valid for 99999999 days"):
        certificates.issue(KEY, common_name="x", valid_days=99999999, serial=1, now=km.NOW)


DER = km.certificate(KEY).public_bytes(serialization.Encoding.DER)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(DER) - 1), st.integers(0, 255))
def test_a_changed_byte_gives_a_description_or_a_sentence(place: int, value: int) -> None:
    damaged = bytearray(DER)
    damaged[place] = value
    with contextlib.suppress(InvalidInput):
        certificates.describe(certificates.parse_der(bytes(damaged)), now=km.NOW)


def test_parse_says_what_it_is_instead() -> None:
    with pytest.raises(InvalidInput, match=r"The certificate at x cannot be read\. .*bare public"):
        certificates.parse(km.public_pem(KEY).decode(), name="certificate at x")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00Z"),
        (1793692830.9, "2026-11-03T08:00:30Z"),
        (None, None),
        (float("inf"), None),
        (1e30, None),
    ],
)
def test_iso_of_seconds(seconds: float | None, text: str | None) -> None:
    assert certificates.iso_of_seconds(seconds) == text

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Findings about the certificate in the virtual proxy."""

from __future__ import annotations

from .entry import ERROR, WARNING, Entry

_FIELD = "Virtual proxies > Authentication > JWT certificate"
_OPTION = "qlik_virtual_proxy.jwt_certificate"

ENTRIES = (
    Entry(
        "certificate_missing",
        ERROR,
        "The virtual proxy '{prefix}' has no JWT certificate, so it can confirm no token.",
        "Put the certificate of the signing key there; qlik_keypair makes both.",
        _FIELD,
        _OPTION,
        refuses=True,
    ),
    Entry(
        "certificate_unreadable",
        ERROR,
        "The JWT certificate of the virtual proxy '{prefix}' cannot be used. {why}.",
        "Put the whole text there, from BEGIN CERTIFICATE to END CERTIFICATE.",
        _FIELD,
        _OPTION,
        refuses=True,
    ),
    Entry(
        "certificate_bare_public_key",
        ERROR,
        "The virtual proxy '{prefix}' has a bare public key where a certificate belongs.",
        "Put a certificate of that key there; qlik_keypair issues one for an existing key.",
        _FIELD,
        _OPTION,
        refuses=True,
    ),
    Entry(
        "certificate_expired",
        ERROR,
        "The JWT certificate of the virtual proxy '{prefix}' is valid from {not_before} to "
        "{not_after}, and not now.",
        "Issue a new certificate for the same key: tokens stay valid. qlik_keypair does so with "
        "renew_before_days.",
        _FIELD,
        "qlik_keypair.renew_before_days",
        refuses=True,
    ),
    Entry(
        "certificate_expires_soon",
        WARNING,
        "The JWT certificate of the virtual proxy '{prefix}' expires in {days} days.",
        "Issue a new certificate for the same key: tokens stay valid. qlik_keypair does so with "
        "renew_before_days.",
        _FIELD,
        "qlik_keypair.renew_before_days",
    ),
    Entry(
        "weak_key",
        WARNING,
        "The signing key is weak: {why}.",
        "Make a new key of 3072 bits and replace the certificate.",
        _FIELD,
        "qlik_keypair.size",
    ),
)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options of a key pair and the files that exist, as ``plan`` takes them.

A signing key is never replaced by accident: the old key would be lost, and proxies reject the new
one until they trust it. ``regenerate`` has the values of community.crypto.openssl_privatekey:

* ``never`` and ``fail`` replace no key; ``fail`` also rejects one that is not as wanted;
* ``partial_idempotence`` replaces a readable key that is not as wanted;
* ``full_idempotence`` also one that cannot be read, or whose passphrase is not the given one;
* ``always`` replaces it in every run.

The public key and the certificate follow the key. If one belongs to another key, the files do not
belong together, or the path is wrong: ``never`` and ``fail`` reject it.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from ..errors import InvalidInput

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from .source import Material

POLICIES = ("never", "fail", "partial_idempotence", "full_idempotence", "always")

#: The files in the order in which they are written: without its key, no certificate is of use,
#: and after an interruption the next run completes what is missing.
KINDS = ("private_key", "public_key", "certificate")

DEFAULT_COMMON_NAME = "Qlik Sense JWT"
#: As long as Qlik's own certificates. Qlik does not document whether a proxy rejects an expired
#: certificate. To end trust in a key, replace the certificate; don't rely on its date.
DEFAULT_VALID_DAYS = 3650


class Rejected(InvalidInput):
    """What is there may not be replaced under this policy; nothing was written."""


@dataclasses.dataclass(frozen=True)
class File:
    """One file of the pair: where it belongs, and what is there now (None: no such file)."""

    path: str
    content: t.Optional[bytes] = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True)
class Wanted:
    """The options. ``material`` is what the source holds; None asks for a generated key.

    ``size`` is in bits, ``valid_days`` and ``renew_before_days`` in days. None for
    ``common_name`` and ``valid_days`` leaves an existing certificate's own.
    """

    material: t.Optional[Material] = None
    size: int = 3072
    passphrase: t.Optional[str] = dataclasses.field(default=None, repr=False)
    common_name: t.Optional[str] = None
    valid_days: t.Optional[int] = None
    renew_before_days: t.Optional[int] = None
    regenerate: str = "fail"

    @property
    def replaces_other(self) -> bool:
        """Whether a readable file that is not as wanted may be replaced."""
        return self.regenerate in ("partial_idempotence", "full_idempotence", "always")

    @property
    def replaces_unreadable(self) -> bool:
        """Whether a file that cannot be read may be replaced."""
        return self.regenerate in ("full_idempotence", "always")


@dataclasses.dataclass(frozen=True)
class Makers:
    """Randomness and the clock, given from outside. ``now`` is an aware time."""

    generate: t.Callable[[int], rsa.RSAPrivateKey]
    serial: t.Callable[[], int]
    now: dt.datetime


def check(files: t.Mapping[str, File], wanted: Wanted) -> None:
    """Reject contradicting options, before any file is read."""
    paths = [item.path for item in files.values()]
    if len(set(paths)) < len(paths):
        raise InvalidInput(
            "private_key_path, public_key_path and certificate_path have to be different files."
        )
    for name, days in (
        ("valid_days", wanted.valid_days),
        ("renew_before_days", wanted.renew_before_days),
    ):
        if days is not None and days < 1:
            raise InvalidInput(f"{name} has to be 1 or more days; it is {days}.")
    valid_days = wanted.valid_days or DEFAULT_VALID_DAYS
    if wanted.renew_before_days is not None and wanted.renew_before_days >= valid_days:
        raise InvalidInput(
            f"renew_before_days ({wanted.renew_before_days}) has to be less than valid_days "
            f"({valid_days}): the certificate would be reissued in every run."
        )
    if wanted.material is not None and files:
        _check_material(files, wanted.material)


def _check_material(files: t.Mapping[str, File], material: Material) -> None:
    if material.matches is False:
        raise InvalidInput(
            "The source holds a certificate and a key that do not belong together. Use the "
            "certificate of this key. Nothing was written."
        )
    if material.key is not None:
        return
    private_key = files.get("private_key")
    # A certificate without key, as an authority sends it, belongs to the existing key.
    if private_key is not None and not (private_key.content and material.certificate):
        raise InvalidInput(
            "The source contains no private key. Remove private_key_path, or use a source with "
            "the key, such as a certificate that was exported together with it."
        )
    if "certificate" in files and material.certificate is None:
        raise InvalidInput(
            "The source contains only a public key, but a certificate is signed with the private "
            "key. Remove certificate_path, or use a source with the private key."
        )

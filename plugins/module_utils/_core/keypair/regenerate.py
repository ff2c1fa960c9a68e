# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Decides when the private key and the certificate are replaced: the option ``regenerate``."""

from __future__ import annotations

import dataclasses
import typing as t

from ..crypto import certificates, keys, pem_input
from ..errors import InvalidInput
from .options import DEFAULT_COMMON_NAME, DEFAULT_VALID_DAYS, File, Makers, Rejected, Wanted

if t.TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

_ABSENT = "it does not exist"


@dataclasses.dataclass(frozen=True)
class ChosenKey:
    """The key that the pair ends with; ``why`` it is written, None when the file stays."""

    key: t.Optional[rsa.RSAPrivateKey] = dataclasses.field(repr=False)
    why: t.Optional[str] = None
    is_new: bool = False
    notes: t.Tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class ChosenCertificate:
    """The certificate that the pair ends with; ``why`` it is written, None when it stays."""

    certificate: t.Optional[x509.Certificate]
    why: t.Optional[str] = None
    is_new: bool = False


def choose_key(file: t.Optional[File], wanted: Wanted, makers: Makers) -> ChosenKey:
    """The private key to end with; raises ``Rejected``."""
    given = wanted.material.key if wanted.material is not None else None
    if wanted.material is not None and given is None:
        return ChosenKey(None if file is None else _key_of_certificate(file, wanted))
    if file is None or file.content is None:
        return _replacement(given, wanted, makers, why=_ABSENT)
    if wanted.regenerate == "always" and given is None:
        return _replacement(given, wanted, makers, why="regenerate is always")
    try:
        present = _present_key(file, wanted)
    except keys.UnusableKey as error:
        if error.reason == "not_rsa":
            _may_replace_other(wanted, error.message)
            return _replacement(given, wanted, makers, why="it is not an RSA key")
        _may_replace_unreadable(wanted, error.message)
        return _replacement(given, wanted, makers, why="it cannot be used as it is")
    if given is not None:
        return _keep_or_take(file, present, given, wanted)
    if present.key_size == wanted.size:
        return ChosenKey(present)
    sizes = f"it has {present.key_size} bits, and {wanted.size} are wanted"
    if wanted.regenerate == "never":
        kept = f"The private key at {file.path} was kept although {sizes}: regenerate is never."
        return ChosenKey(present, notes=(kept,))
    _may_replace_other(wanted, f"The private key at {file.path} is of another size: {sizes}.")
    return _replacement(given, wanted, makers, why=sizes)


def choose_certificate(
    file: t.Optional[File], chosen: ChosenKey, wanted: Wanted, makers: Makers
) -> ChosenCertificate:
    """The certificate to end with; raises ``Rejected``."""
    given = wanted.material.certificate if wanted.material is not None else None
    if file is None:
        if given is None and chosen.is_new and chosen.key is not None:
            # A pair that exists only in the answer is of no use without its certificate.
            return _issued(chosen.key, None, wanted, makers, why=_ABSENT)
        return ChosenCertificate(given)
    present = _present_certificate(file, wanted)
    if given is not None:
        return _keep_or_copy(file, present, given, wanted)
    if chosen.key is None:
        raise InvalidInput("A certificate is signed with the private key, and there is none.")
    if present is None:
        why = _ABSENT if file.content is None else "it cannot be read"
        return _issued(chosen.key, None, wanted, makers, why=why)
    if not keys.matches(chosen.key, present):
        _may_replace_other(
            wanted,
            f"The certificate at {file.path} belongs to another private key than the one that "
            "would be used.",
        )
        return _issued(chosen.key, present, wanted, makers, why="it belongs to another key")
    why_again = _why_reissue(present, wanted, makers)
    if why_again is None:
        return ChosenCertificate(present)
    if not certificates.is_self_signed(present):
        _may_replace_other(
            wanted,
            f"The certificate at {file.path} should be replaced ({why_again}), but an authority "
            "issued it; have it renewed there.",
        )
    return _issued(chosen.key, present, wanted, makers, why=why_again)


def why_public_key(file: File, public_key: keys.PublicKey, wanted: Wanted) -> t.Optional[str]:
    """Why the file of the public key has to be written, None when it is right."""
    if file.content is None:
        return _ABSENT
    _reject_private_key(file, "public_key_path")
    present = keys.load_public(pem_input.blocks(file.content))
    if present is None:
        _may_replace_unreadable(
            wanted, f"The file at {file.path} (public_key_path) holds no public key."
        )
        return "it cannot be read"
    if keys.public_der(present) == keys.public_der(public_key):
        return None
    _may_replace_other(
        wanted,
        f"The public key at {file.path} belongs to another private key than the one that would "
        "be used.",
    )
    return "it belongs to another key"


def _present_key(file: File, wanted: Wanted) -> rsa.RSAPrivateKey:
    name = f"private key at {file.path}"
    loaded = keys.load(file.content or b"", passphrase=wanted.passphrase, name=name)
    if wanted.passphrase and not loaded.encrypted:
        # As in community.crypto: a key without the passphrase that it should have is handled
        # like one that cannot be read.
        raise keys.UnusableKey(
            f"The {name} is not encrypted, although a passphrase is given.",
            reason="passphrase_wrong",
        )
    return loaded.key


def _key_of_certificate(file: File, wanted: Wanted) -> rsa.RSAPrivateKey:
    """The key that is there, when the certificate in the source is its own."""
    present = _present_key(file, wanted)
    certificate = wanted.material.certificate if wanted.material is not None else None
    if certificate is None or not keys.matches(present, certificate):
        raise Rejected(
            f"The private key at {file.path} does not belong to the source's certificate, and the "
            "source holds no private key. Nothing was written. Use a source with the key, or the "
            "certificate of this key."
        )
    return present


def _keep_or_take(
    file: File, present: rsa.RSAPrivateKey, given: rsa.RSAPrivateKey, wanted: Wanted
) -> ChosenKey:
    if keys.public_der(present.public_key()) == keys.public_der(given.public_key()):
        return ChosenKey(given)
    _may_replace_other(wanted, f"The private key at {file.path} is another one than the source's.")
    return ChosenKey(given, why="the source holds another key")


def _replacement(
    given: t.Optional[rsa.RSAPrivateKey], wanted: Wanted, makers: Makers, *, why: str
) -> ChosenKey:
    if given is not None:
        return ChosenKey(given, why=why)
    return ChosenKey(makers.generate(wanted.size), why=why, is_new=True)


def _present_certificate(file: File, wanted: Wanted) -> t.Optional[x509.Certificate]:
    if file.content is None:
        return None
    _reject_private_key(file, "certificate_path")
    try:
        return certificates.read(file.content, name=f"certificate at {file.path}")
    except InvalidInput as error:
        _may_replace_unreadable(wanted, error.message)
        return None


def _keep_or_copy(
    file: File, present: t.Optional[x509.Certificate], given: x509.Certificate, wanted: Wanted
) -> ChosenCertificate:
    if present is None:
        return ChosenCertificate(given, why=_ABSENT if file.content is None else "it is unreadable")
    if certificates.to_der(present) == certificates.to_der(given):
        return ChosenCertificate(given)
    if keys.public_der(present.public_key()) != keys.public_der(given.public_key()):
        _may_replace_other(
            wanted,
            f"The certificate at {file.path} belongs to another key than the source's certificate.",
        )
    return ChosenCertificate(given, why="the source holds another certificate")


def _why_reissue(present: x509.Certificate, wanted: Wanted, makers: Makers) -> t.Optional[str]:
    shown = certificates.describe(present, now=makers.now)
    if wanted.renew_before_days is not None and shown.days_left < wanted.renew_before_days:
        return f"it has {shown.days_left} days left"
    if wanted.common_name is not None and shown.common_name != wanted.common_name:
        return "its common name is another one"
    if wanted.valid_days is not None and shown.valid_days != wanted.valid_days:
        return f"it is valid for {shown.valid_days} days, and {wanted.valid_days} are wanted"
    return None


def _issued(
    key: rsa.RSAPrivateKey,
    former: t.Optional[x509.Certificate],
    wanted: Wanted,
    makers: Makers,
    *,
    why: str,
) -> ChosenCertificate:
    """A new certificate; what the options leave open is taken over from the former one."""
    name, days = wanted.common_name, wanted.valid_days
    if former is not None:
        shown = certificates.describe(former, now=makers.now)
        name = name if name is not None else shown.common_name
        if days is None and shown.valid_days > (wanted.renew_before_days or 0):
            days = shown.valid_days
    certificate = certificates.issue(
        key,
        common_name=DEFAULT_COMMON_NAME if name is None else name,
        valid_days=DEFAULT_VALID_DAYS if days is None else days,
        serial=makers.serial(),
        now=makers.now,
    )
    return ChosenCertificate(certificate, why=why, is_new=True)


def _reject_private_key(file: File, option: str) -> None:
    """Whatever the policy: the path is wrong, and a key would be lost."""
    if any(block.is_private_key for block in pem_input.blocks(file.content or b"")):
        raise Rejected(
            f"The file at {file.path} ({option}) contains a private key, so it was not changed. "
            "Set another path."
        )


def _may_replace_other(wanted: Wanted, what: str) -> None:
    if not wanted.replaces_other:
        raise Rejected(
            f"{what} Nothing was written. Move the file away, or set regenerate: "
            "partial_idempotence to replace it."
        )


def _may_replace_unreadable(wanted: Wanted, what: str) -> None:
    if not wanted.replaces_unreadable:
        raise Rejected(
            f"{what} Nothing was written; only regenerate: full_idempotence or always replaces "
            "such a file."
        )

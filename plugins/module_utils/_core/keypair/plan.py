# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans a key pair in files: what exists, what is wanted, what has to be written."""

from __future__ import annotations

import dataclasses
import typing as t

from ..crypto import certificates, keys, pem_input
from ..errors import InvalidInput
from .options import KINDS, File, Makers, Wanted, check
from .regenerate import choose_certificate, choose_key, why_public_key

if t.TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import rsa

_NEW = "(new)"


@dataclasses.dataclass(frozen=True)
class Write:
    """One file to write, and why, as the end of a sentence."""

    kind: str
    path: str
    content: bytes = dataclasses.field(repr=False)
    why: str


@dataclasses.dataclass(frozen=True)
class Plan:
    """What to write, and the pair as it is afterwards.

    ``before`` and ``after`` show the files that are written by fingerprints and sizes, never by
    key text; what is generated is shown as "(new)", because a prediction cannot know it.
    ``is_new_key`` and ``is_new_certificate`` mark what was made for this plan.
    """

    writes: t.Tuple[Write, ...]
    before: t.Mapping[str, t.Any]
    after: t.Mapping[str, t.Any]
    key: t.Optional[rsa.RSAPrivateKey] = dataclasses.field(repr=False)
    public_key: keys.PublicKey
    certificate: t.Optional[x509.Certificate]
    matches: t.Optional[bool]
    is_new_key: bool
    is_new_certificate: bool
    notes: t.Tuple[str, ...]


def plan(files: t.Mapping[str, File], wanted: Wanted, makers: Makers) -> Plan:
    """What has to be written so that ``files`` (by kind, those asked for) are as wanted.

    Raises ``Rejected`` when the policy does not allow it, and ``InvalidInput`` for options that
    cannot be met. Reads nothing and writes nothing.
    """
    check(files, wanted)
    material = wanted.material
    chosen = choose_key(files.get("private_key"), wanted, makers)
    public_key = chosen.key.public_key() if chosen.key is not None else None
    if public_key is None and material is not None:
        public_key = material.public_key
    issued = choose_certificate(files.get("certificate"), chosen, wanted, makers)
    reasons: t.Dict[str, t.Optional[str]] = {
        "private_key": chosen.why,
        "public_key": why_public_key(files["public_key"], public_key, wanted)
        if "public_key" in files
        else None,
        "certificate": issued.why,
    }
    contents = {
        "private_key": lambda: keys.dump(_there(chosen.key), passphrase=wanted.passphrase),
        "public_key": lambda: keys.public_pem(public_key).encode("ascii"),
        "certificate": lambda: certificates.to_pem(_there(issued.certificate)).encode("ascii"),
    }
    writes = tuple(
        Write(kind, files[kind].path, contents[kind](), str(reasons[kind]))
        for kind in KINDS
        if kind in files and reasons[kind] is not None
    )
    hidden = {"fingerprint"} if chosen.is_new else set()
    hidden |= {"certificate_fingerprint"} if issued.is_new else set()
    return Plan(
        writes=writes,
        before={
            w.kind: _shown(w.kind, w.path, files[w.kind].content, wanted, makers) for w in writes
        },
        after={w.kind: _shown(w.kind, w.path, w.content, wanted, makers, hidden) for w in writes},
        key=chosen.key,
        public_key=public_key,
        certificate=issued.certificate,
        matches=_matches(chosen.key, issued.certificate, wanted),
        is_new_key=chosen.is_new,
        is_new_certificate=issued.is_new,
        notes=tuple(_notes(chosen.key, issued.certificate, wanted, makers)) + chosen.notes,
    )


_Some = t.TypeVar("_Some")


def _there(value: t.Optional[_Some]) -> _Some:
    if value is None:
        raise InvalidInput("There is nothing to write: the source lacks it.")
    return value


def _matches(
    key: t.Optional[rsa.RSAPrivateKey],
    certificate: t.Optional[x509.Certificate],
    wanted: Wanted,
) -> t.Optional[bool]:
    if key is not None and certificate is not None:
        return keys.matches(key, certificate)
    return wanted.material.matches if wanted.material is not None else None


def _notes(
    key: t.Optional[rsa.RSAPrivateKey],
    certificate: t.Optional[x509.Certificate],
    wanted: Wanted,
    makers: Makers,
) -> t.Iterator[str]:
    if wanted.material is not None:
        yield from wanted.material.notes
        if key is None:
            yield "The source holds no private key: no token can be signed with it."
    if key is not None and key.key_size < keys.WEAK_BELOW_BITS:
        yield (
            f"The key has {key.key_size} bits; fewer than {keys.WEAK_BELOW_BITS} are called weak."
        )
    if certificate is not None:
        days_left = certificates.describe(certificate, now=makers.now).days_left
        if days_left < 0:
            yield (
                f"The certificate expired {-days_left} days ago. Set renew_before_days to reissue "
                "it for the same key."
            )


def _shown(
    kind: str,
    path: str,
    content: t.Optional[bytes],
    wanted: Wanted,
    makers: Makers,
    hidden: t.AbstractSet[str] = frozenset(),
) -> t.Dict[str, t.Any]:
    """A file as the diff shows it."""
    result: t.Dict[str, t.Any] = {"path": path, "state": "absent"}
    if content is None:
        return result
    result["state"] = "not readable"
    try:
        facts = _facts(kind, content, wanted, makers)
    except InvalidInput:
        return result
    shown = {name: _NEW if name in hidden else value for name, value in facts.items()}
    return {"path": path, "state": "present", **shown}


def _facts(kind: str, content: bytes, wanted: Wanted, makers: Makers) -> t.Dict[str, t.Any]:
    if kind == "private_key":
        loaded = keys.load(content, passphrase=wanted.passphrase)
        public_key = loaded.key.public_key()
        return {
            "fingerprint": keys.fingerprint(keys.public_der(public_key)),
            "size": public_key.key_size,
            "encrypted": loaded.encrypted,
        }
    if kind == "public_key":
        bare = keys.load_public(pem_input.blocks(content))
        if bare is None:
            raise InvalidInput("no public key")
        return {"fingerprint": keys.fingerprint(keys.public_der(bare))}
    shown = certificates.describe(certificates.read(content, name="certificate"), now=makers.now)
    return {
        "fingerprint": shown.fingerprint,
        "certificate_fingerprint": shown.certificate_fingerprint,
        "subject": shown.subject,
        "valid_days": shown.valid_days,
        "not_after": certificates.iso(shown.not_after),
    }

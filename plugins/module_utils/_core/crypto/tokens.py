# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""JSON Web Tokens for a virtual proxy: claims, signature, and reading what others made.

PyJWT signs. The rest is read and checked here: PyJWT would reject tokens that a virtual proxy
accepts (RFC 7519 leaves much to the application), and it reads the system's clock. Times, audience,
and names are judged by the caller, with Qlik's rules and the core's own clock.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
import json
import math
import re
import typing as t
import warnings

from ..errors import InvalidInput
from . import keys
from .claim_names import REGISTERED_CLAIMS, is_constant, is_twice, name_fault

try:
    import jwt
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding, rsa
except ImportError:  # the shell reports it, see _deps.py
    pass

if t.TYPE_CHECKING:
    from cryptography import x509

#: What a virtual proxy checks (help page "JWT authentication"); no encrypted tokens, no EC keys.
ALGORITHMS = ("RS256", "RS384", "RS512")

DEFAULT_USER_ID_CLAIM = "userId"
DEFAULT_USER_DIRECTORY_CLAIM = "userDirectory"

#: Claims that say when, not who: left out of comparisons.
TIME_CLAIMS = ("exp", "nbf", "iat")

#: Bytes in a signature by an RSA key of a usual size: 1024, 2048, 3072, 4096, and 8192 bits.
_SIGNATURE_BYTES = (128, 256, 384, 512, 1024)

_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")

#: A token is dated back by this many seconds: the tolerance of Qlik's proxy for a clock that is
#: behind ours is not documented, and other signers do the same.
BACKDATED_S = 30

#: RFC 7519 knows no limit; this is 2 ** 31 - 1, beyond which 32-bit readers of ``exp`` fail.
_LAST_SECOND = 2147483647


@dataclasses.dataclass(frozen=True)
class ClaimOptions:
    """Who the token is for, in the options' vocabulary.

    A claim name in square brackets (``[QLIK]``) is a constant of the virtual proxy, not the name
    of a claim: then nothing is written for it, and its value may be missing.
    """

    user_id: t.Optional[str]
    user_directory: t.Optional[str]
    user_id_claim: str = DEFAULT_USER_ID_CLAIM
    user_directory_claim: str = DEFAULT_USER_DIRECTORY_CLAIM
    attributes: t.Mapping[str, t.Any] = dataclasses.field(default_factory=dict)
    audience: t.Optional[str] = None
    issuer: t.Optional[str] = None


@dataclasses.dataclass(frozen=True)
class Token:
    """A token taken apart, its signature not checked.

    When it cannot be read, ``fault`` says why in one sentence without repeating any of it;
    ``header`` and ``claims`` hold what could be read all the same.
    """

    header: t.Mapping[str, t.Any]
    claims: t.Mapping[str, t.Any]
    fault: t.Optional[str] = None

    @property
    def algorithm(self) -> t.Optional[str]:
        """``alg`` of the header; None when it has none that is text."""
        value = self.header.get("alg")
        return value if isinstance(value, str) else None

    def time(self, name: str) -> t.Optional[float]:
        """The claim ``exp``, ``nbf`` or ``iat`` in seconds since the epoch; None without one."""
        value = self.claims.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return None
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf


def claims(options: ClaimOptions, *, now: int, lifetime: int) -> t.Dict[str, t.Any]:
    """The claims of a new token; ``now`` in seconds since the epoch, ``lifetime`` in seconds.

    Raises ``InvalidInput`` for options that cannot make a token that a virtual proxy accepts.
    """
    if lifetime < 1 or now + lifetime > _LAST_SECOND:
        raise InvalidInput(
            f"lifetime: {lifetime} seconds is not valid. Set at least 1 second. The token must "
            "expire before the year 2038."
        )
    result: t.Dict[str, t.Any] = dict(_identity(options))
    result.update(_attributes(options, taken=set(result)))
    for name, value in (("aud", options.audience), ("iss", options.issuer)):
        if value:
            result[name] = value
    result["iat"] = now - BACKDATED_S
    result["exp"] = now + lifetime
    return result


def expired(present: t.Mapping[str, t.Any], *, now: int) -> t.Dict[str, t.Any]:
    """The same claims, valid for an hour until a day ago: a day is beyond every clock skew."""
    past = now - 86400
    timeless = {name: value for name, value in present.items() if name not in TIME_CLAIMS}
    return {**timeless, "iat": past - 3600, "exp": past}


def mint(present: t.Mapping[str, t.Any], *, key: rsa.RSAPrivateKey, algorithm: str) -> str:
    """``present`` signed with ``key``."""
    if algorithm not in ALGORITHMS:
        raise InvalidInput(
            f"A virtual proxy does not check {algorithm}. Use one of {', '.join(ALGORITHMS)}."
        )
    with warnings.catch_warnings():
        # Newer releases of PyJWT warn of keys below 2048 bits: the caller says so by weak_key.
        warnings.simplefilter("ignore")
        return jwt.encode(dict(present), key, algorithm=algorithm)


def unsigned(present: t.Mapping[str, t.Any]) -> str:
    """``present`` with ``alg: none`` and no signature (RFC 7519 6), which must be rejected."""
    return jwt.encode(dict(present), "", algorithm="none")


def read(token: str) -> Token:
    """Take ``token`` apart, whatever it is; never raises, never checks the signature."""
    text = token.strip()
    if not text:
        return Token({}, {}, "The token is empty.")
    if text[:7].lower() == "bearer ":
        return Token({}, {}, "The token begins with Bearer. Remove that word.")
    if any(character.isspace() or ord(character) > 126 for character in text):
        return Token({}, {}, "The token holds blanks or other characters that are in no token.")
    parts = text.split(".")
    if len(parts) == 5:
        return Token(
            _part(parts[0]) or {},
            {},
            "The token is an encrypted one (JWE, five parts); a virtual proxy reads signed ones.",
        )
    if len(parts) != 3:
        return Token({}, {}, f"A token has three parts between dots; this one has {len(parts)}.")
    header, body = _part(parts[0]), _part(parts[1])
    fault = None
    if header is None:
        fault = "The first part of the token, its header, is not base64url of a JSON object."
    elif body is None:
        fault = "The second part of the token, its claims, is not base64url of a JSON object."
    return Token(header or {}, body or {}, fault)


def is_signed_by(token: str, public_key: keys.PublicKey) -> bool:
    """Whether the signature is RS256, RS384 or RS512 of this key; times are not looked at."""
    if not isinstance(public_key, rsa.RSAPublicKey):
        return False
    # Not by PyJWT, which also rejects tokens for other reasons, such as a key id that is not text.
    taken = read(token)
    digests: t.Dict[str, t.Callable[[], hashes.HashAlgorithm]] = {
        "RS256": hashes.SHA256,
        "RS384": hashes.SHA384,
        "RS512": hashes.SHA512,
    }
    digest = digests.get(taken.algorithm or "")
    signed, dummy, last = token.strip().rpartition(".")
    signature = _decoded(last)
    if taken.fault is not None or digest is None or not signature:
        return False
    try:
        public_key.verify(signature, signed.encode("ascii"), padding.PKCS1v15(), digest())
    except (InvalidSignature, ValueError):
        return False
    return True


def form_fault(token: str, bits: t.Optional[int] = None) -> t.Optional[str]:
    """Why no key can confirm a token that can be read: its signature has not the form of an RSA
    signature, or its header asks for something else. None when only the key is left in doubt.

    ``bits`` is the size of the key that would have to confirm it. A signature of another usual
    size is the one of another key, and no fault of form.
    """
    taken = read(token)
    if taken.fault is not None or taken.algorithm not in ALGORITHMS:
        return None
    special = [name for name in ("crit", "enc", "zip") if name in taken.header]
    if special:
        return (
            f"Its header has the parameter {special[0]}, which a proxy must reject unless it knows "
            "how to process it."
        )
    last = token.strip().rpartition(".")[2]
    if not last:
        return "Its third part, the signature, is empty."
    if not _BASE64URL.fullmatch(last) or len(last) % 4 == 1:
        return "Its third part, the signature, is not base64url."
    length = len(last) * 3 // 4
    fits = length in {*_SIGNATURE_BYTES, -(-bits // 8)} if bits else length >= _SIGNATURE_BYTES[0]
    if fits:
        return None
    expected = f"a key of {bits} bits makes {-(-bits // 8)}" if bits else "a key makes 128 or more"
    return f"Its third part, the signature, has {length} bytes, and {expected}."


def is_signed_for(token: str, certificate: x509.Certificate) -> bool:
    """Whether a virtual proxy with this certificate finds the signature right."""
    try:
        return is_signed_by(token, certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return False


def _identity(options: ClaimOptions) -> t.Iterator[t.Tuple[str, str]]:
    if is_twice(options.user_id_claim, options.user_directory_claim):
        raise InvalidInput(
            "user_id_claim and user_directory_claim name the same claim; they have to differ."
        )
    for option, claim, value in (
        ("user_id", options.user_id_claim, options.user_id),
        ("user_directory", options.user_directory_claim, options.user_directory),
    ):
        fault = name_fault(claim)
        if fault:
            raise InvalidInput(f"{option}_claim {fault}", option=f"{option}_claim")
        if is_constant(claim):
            continue
        if not value or not value.strip():
            raise InvalidInput(f"{option} is empty. A virtual proxy rejects a token without it.")
        yield claim, value


def _attributes(
    options: ClaimOptions, *, taken: t.AbstractSet[str]
) -> t.Iterator[t.Tuple[str, t.Any]]:
    for name, value in options.attributes.items():
        if name in REGISTERED_CLAIMS or name in taken:
            raise InvalidInput(
                f"attributes cannot set the claim {name!r}; user_id, user_directory, audience, "
                "issuer and lifetime, with user_id_claim and user_directory_claim, make it."
            )
        if not name.strip():
            raise InvalidInput("attributes holds an attribute without a name.")
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(item, (str, int, float)) for item in values):
            raise InvalidInput(
                f"The attribute {name!r} is neither text, a number or a boolean nor a list of "
                "these; a virtual proxy takes nothing else as a session attribute."
            )
        yield name, value


def _part(text: str) -> t.Optional[t.Dict[str, t.Any]]:
    """One part of a token as a JSON object (RFC 7515 2: base64url without padding)."""
    raw = _decoded(text)
    try:
        value = None if raw is None else json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _decoded(text: str) -> t.Optional[bytes]:
    padded = text.encode("ascii", "replace") + b"=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None

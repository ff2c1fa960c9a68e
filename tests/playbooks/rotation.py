# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of the playbook jwt_rotate_key begin with, and how they try a key themselves."""

from __future__ import annotations

import contextlib
import datetime as dt
import ssl
import threading
import typing as t
import urllib.error
import urllib.request
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.x509 import load_pem_x509_certificate

from playbooks.runs import Json, Workplace
from support import key_material as km
from support.simulator import Simulator

ROTATE = "qlikops.sense.jwt_rotate_key"
OLD = km.rsa_key()
REFUSED_LOGINS: Json = {
    "port": "https",
    "path": "^/portal",
    "action": "status",
    "status": 400,
    "times": 1000,
}


def token(key: bytes | Path) -> str:
    """A token as clients sign it, good for the test run."""
    pem = key.read_bytes() if isinstance(key, Path) else key
    now = dt.datetime.now(dt.UTC)
    claims = {
        "userId": "client",
        "userDirectory": "ACME",
        "iat": now - dt.timedelta(minutes=1),
        "exp": now + dt.timedelta(hours=1),
    }
    return jwt.encode(claims, pem, algorithm="RS256")


def answer(site: Simulator, signed: str, prefix: str = "portal") -> int:
    """The status that a login with this token gets; each is a new one."""
    url = f"{site.node()['url']}/{prefix}/qps/user"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {signed}"})
    context = ssl.create_default_context(cafile=site.proxy_ca)
    try:
        with urllib.request.urlopen(request, context=context, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def logs_in(site: Simulator, key: bytes | Path, prefix: str = "portal") -> bool:
    """Whether a token of this key opens a session there."""
    status = answer(site, token(key), prefix)
    assert status in (200, 400, 401), status
    return status == 200


def public(key: bytes | Path) -> bytes:
    """The public half of a private key in PEM."""
    pem = key.read_bytes() if isinstance(key, Path) else key
    loaded = serialization.load_pem_private_key(pem, None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return loaded.public_key().public_bytes(serialization.Encoding.DER, form)


def trusted(entity: Json) -> bytes:
    """The public key that a virtual proxy trusts."""
    certificate = load_pem_x509_certificate(entity["jwtPublicKeyCertificate"].encode())
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return certificate.public_key().public_bytes(serialization.Encoding.DER, form)


def in_force(workplace: Workplace) -> None:
    """The old key and its certificate in their files."""
    workplace.key.write_bytes(km.key_pem(OLD))
    workplace.key.chmod(0o600)
    workplace.key.with_suffix(".crt").write_bytes(km.certificate_pem(km.certificate(OLD)))


def same_but(entity: Json, *names: str) -> Json:
    """An entity without what every write changes, and without these properties."""
    left_out = {"modifiedDate", "modifiedByUserName", *names}
    return {name: value for name, value in entity.items() if name not in left_out}


def files(workplace: Workplace) -> set[str]:
    """The names of the key files."""
    return {path.name for path in workplace.directory.glob("jwt.*")}


@contextlib.contextmanager
def while_the_new_key_is_trusted(
    site: Simulator, *faults: Json, for_good: bool = False
) -> t.Iterator[None]:
    """Faults that begin once the certificate has changed, and end when the old one is back."""
    ended = threading.Event()

    def certificate() -> str:
        found: str = site.entity("virtualproxyconfig", prefix="portal")["jwtPublicKeyCertificate"]
        return found

    old = certificate()

    def watch() -> None:
        while certificate() == old:
            if ended.wait(0.05):
                return
        for fault in faults:
            site.fault(**fault)
        while not (for_good or ended.wait(0.05)):
            if certificate() == old:
                site.clear_faults()
                return

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        site.clear_faults()


def refusing_the_new_key(site: Simulator) -> contextlib.AbstractContextManager[None]:
    """The proxy refuses every login until the old key is put back.

    As if it could not work with the new certificate: no switch of the simulator is about that.
    """
    return while_the_new_key_is_trusted(site, REFUSED_LOGINS)


@contextlib.contextmanager
def refusing_logins_at(site: Simulator, prefix: str) -> t.Iterator[None]:
    """The proxy refuses every login through one virtual proxy."""
    site.fault(port="https", path=f"^/{prefix}/", action="status", status=400, times=1000)
    try:
        yield
    finally:
        site.clear_faults()

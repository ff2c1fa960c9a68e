# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Key files of other users, as playbooks meet them."""

from __future__ import annotations

import os
import typing as t

import pytest

from playbooks.rotation import OLD, ROTATE, files, in_force, logs_in, public
from playbooks.runs import Workplace
from playbooks.verify import OTHER, seed
from support import key_material as km

SETUP = "qlikops.sense.jwt_setup"
UID = 12345
OLD_CERTIFICATE = km.certificate_pem(km.certificate(OLD)).decode()

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.mark.long
@pytest.mark.parametrize("name", ["jwt.key", "jwt.key.next"])
@pytest.mark.parametrize("flags", [["--check"], []], ids=["check", "run"])
def test_a_rotation_adopts_no_key_of_another_user(
    workplace: Workplace, name: str, flags: list[str]
) -> None:
    site = workplace.simulator
    in_force(workplace)
    seed(site, jwtPublicKeyCertificate=OLD_CERTIFICATE)
    before = site.entity("virtualproxyconfig", prefix="portal")
    planted = workplace.directory / name
    planted.write_bytes(km.key_pem(OTHER if name.endswith("next") else OLD))
    planted.chmod(0o600)
    os.chown(planted, UID, UID)
    left = {path: path.read_bytes() for path in workplace.directory.glob("jwt.*")}

    run = workplace.run(ROTATE, *flags, hosts={"dev": workplace.login()}).failed()

    assert f"{planted} is owned by {UID}" in run.failures[-1]
    assert {path: path.read_bytes() for path in workplace.directory.glob("jwt.*")} == left
    assert site.entity("virtualproxyconfig", prefix="portal") == before


@pytest.mark.long
def test_a_rotation_of_keys_that_belong_to_a_service(workplace: Workplace) -> None:
    site = workplace.simulator
    in_force(workplace)
    seed(site, jwtPublicKeyCertificate=OLD_CERTIFICATE)
    os.chown(workplace.key, UID, UID)
    host: dict[str, t.Any] = workplace.login(jwt_keypair_owner=str(UID))

    workplace.run(ROTATE, hosts={"dev": host}).ok()

    assert public(workplace.key) != public(km.key_pem(OLD))
    assert logs_in(site, workplace.key)
    assert files(workplace) == {"jwt.key", "jwt.crt"}
    assert workplace.key.stat().st_uid == UID


@pytest.mark.long
def test_the_key_that_the_environment_names(workplace: Workplace) -> None:
    path = workplace.directory / "credential"
    path.write_bytes(km.key_pem(OLD))
    path.chmod(0o600)
    os.chown(path, UID, UID)
    host = workplace.login(jwt_keypair_private_key_path="")
    environment = {"QLIK_JWT_PRIVATE_KEY": str(path)}

    run = workplace.run(SETUP, hosts={"dev": host}, environment=environment).failed()

    assert f"{path} is owned by {UID}" in run.failures[-1]
    assert workplace.simulator.entities("virtualproxyconfig", prefix="portal") == []

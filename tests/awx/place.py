# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX with the definitions of this collection, and the simulated site that its jobs are for."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

from awx.definitions import Json, named, template_of
from awx.job import Awx, Job
from awx.launch import Credential, launched
from playbooks.leaks import leaks
from support import key_material as km
from support.simulator import Simulator

KEY = km.rsa_key()
PASSPHRASE = "signing passphrase of this test"
SITE_PASSPHRASE = "site passphrase of this test"


@dataclasses.dataclass(frozen=True)
class AwxPlace:
    """One controller and one site. ``kept`` is a directory that outlives jobs."""

    awx: Awx
    simulator: Simulator
    kept: Path

    @property
    def secrets(self) -> dict[str, str]:
        """What nobody may find in what a job leaves."""
        client_key = Path(self.simulator.certificates["client_key"]).read_text(encoding="utf-8")
        return {
            "the signing key": km.key_pem(KEY, passphrase=PASSPHRASE).decode(),
            "its passphrase": PASSPHRASE,
            "the client key": client_key,
        }

    def site(self, **more: str) -> Credential:
        """The credential of the site, with only what is needed."""
        files = self.simulator.certificates
        inputs = {
            "client_cert": Path(files["client_cert"]).read_text(encoding="utf-8"),
            "client_key": Path(files["client_key"]).read_text(encoding="utf-8"),
            "ca": Path(files["root"]).read_text(encoding="utf-8"),
            "client_key_passphrase": "",
            "tls_server_name": "",
            **more,
        }
        return Credential(named("credential_types", "Qlik Sense site certificate"), inputs)

    def signing_key(self) -> Credential:
        """The credential of an encrypted signing key."""
        inputs = {
            "private_key": km.key_pem(KEY, passphrase=PASSPHRASE).decode(),
            "passphrase": PASSPHRASE,
            "certificate": km.certificate_pem(km.certificate(KEY)).decode(),
        }
        return Credential(named("credential_types", "Qlik Sense JWT signing key"), inputs)

    def set_up(self, answers: Json, **more: t.Any) -> Job:
        """A job of the template that sets up."""
        template = template_of("jwt_setup")
        more.setdefault("credentials", [self.site(), self.signing_key()])
        return self.awx.run(template, launched(template, answers), **more)

    def prove(self, answers: Json, **more: t.Any) -> Job:
        """A job of the template that proves."""
        template = template_of("jwt_verify")
        more.setdefault("credentials", [self.site(), self.signing_key()])
        return self.awx.run(template, launched(template, answers), **more)

    def assert_no_secret(self, job: Job, **more: str) -> None:
        """Nothing that AWX keeps of a job holds a secret."""
        for name, secret in {**self.secrets, **more}.items():
            assert leaks(secret, job.kept) == [], name


def host(simulator: Simulator) -> Json:
    """The variables of the site in the inventory: addresses, and nothing secret."""
    return {
        "qlik_host": simulator.host,
        "qlik_port": simulator.qrs_port,
        "qlik_url": simulator.node()["url"],
        "jwt_verify_url_ca_content": Path(simulator.proxy_ca).read_text(encoding="utf-8"),
        "jwt_verify_qps_port": simulator.node()["admin_port"],
        "jwt_keypair_size": 2048,
    }

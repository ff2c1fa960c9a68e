# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWX with the definitions of this collection, and the simulated site that its jobs are for."""

from __future__ import annotations

import dataclasses
import sys
import typing as t
from pathlib import Path

from awx.definitions import Json, named, template_of
from awx.job import Awx, Job
from awx.launch import Credential, launched
from playbooks import leaks
from support import key_material as km
from support.simulator import Simulator

KEY = km.rsa_key()
PASSPHRASE = "signing passphrase of this test"
USER = {
    "jwt_virtual_proxy_prefix": "portal",
    "jwt_verify_allow_user_creation": "True",
}


@dataclasses.dataclass(frozen=True)
class AwxPlace:
    """One controller and one site. ``kept`` is a directory that outlives jobs."""

    awx: Awx
    simulator: Simulator
    kept: Path

    def click(self, **more: t.Any) -> Json:
        """A virtual proxy as somebody clicked it, with the certificate of the signing key."""
        site = self.simulator
        (made,) = site.seed(
            virtualproxyconfig=[
                {
                    "prefix": "portal",
                    "description": "as it was, {{ no_template }}",
                    "authenticationMethod": 4,
                    "sessionCookieHeaderName": "X-Qlik-Session-portal",
                    "jwtPublicKeyCertificate": km.certificate_pem(km.certificate(KEY)).decode(),
                    "jwtAttributeUserId": "userId",
                    "jwtAttributeUserDirectory": "userDirectory",
                    "loadBalancingServerNodes": [{"id": site.node()["id"]}],
                    "websocketCrossOriginWhiteList": ["before.example.com"],
                    "link": ["Central"],
                    **more,
                }
            ]
        )["virtualproxyconfig"]
        return site.entity("virtualproxyconfig", id=made["id"])

    def login(self) -> Json:
        """Answers of where to log in."""
        return {"jwt_verify_prefix": "portal"} | {
            name: answer for name, answer in USER.items() if name.startswith("jwt_verify_")
        }

    def credentials(self, **more: str) -> dict[str, Credential]:
        """Both credentials, by the names that the templates have."""
        files = {name: Path(path) for name, path in self.simulator.certificates.items()}
        site = {
            "client_cert": files["client_cert"].read_text(encoding="utf-8"),
            "client_key": files["client_key"].read_text(encoding="utf-8"),
            "ca": files["root"].read_text(encoding="utf-8"),
            "client_key_passphrase": "",
            **more,
        }
        signing = {
            "private_key": km.key_pem(KEY, passphrase=PASSPHRASE).decode(),
            "passphrase": PASSPHRASE,
            "certificate": km.certificate_pem(km.certificate(KEY)).decode(),
        }
        return {
            "Qlik Sense site": Credential(
                named("credential_types", "Qlik Sense site certificate"), site
            ),
            "Qlik Sense JWT signing key": Credential(
                named("credential_types", "Qlik Sense JWT signing key"), signing
            ),
        }

    def set_up(self, answers: Json, **more: t.Any) -> Job:
        """A job of the template that sets up."""
        return self.launch("jwt_setup", answers, **more)

    def prove(self, answers: Json, **more: t.Any) -> Job:
        """A job of the template that proves."""
        return self.launch("jwt_verify", answers, **more)

    def launch(
        self,
        playbook: str,
        answers: Json,
        *,
        without: str = "",
        trusted: Json | None = None,
        **more: t.Any,
    ) -> Job:
        """A job of the template of a playbook.

        ``without`` is a credential that somebody took off; ``trusted`` are extra vars that
        somebody wrote into the template.
        """
        template = template_of(playbook)
        template = {**template, "extra_vars": {**template.get("extra_vars", {}), **(trusted or {})}}
        given = self.credentials()
        used = [given[name] for name in template["credentials"] if name != without]
        return self.awx.run(template, launched(template, answers), used, **more)

    def kept_here(self) -> Json:
        """The variables of a host that keeps files: another one, for all that a job can know."""
        return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}

    def left(self) -> list[Path]:
        """What jobs left behind."""
        return self.awx.left()

    def leaks(self, text: bytes, **more: str) -> list[str]:
        """The secrets that a text holds."""
        files = self.simulator.certificates
        secrets = {
            "the signing key": km.key_pem(KEY, passphrase=PASSPHRASE).decode(),
            "the signing key, opened": km.key_pem(KEY).decode(),
            "its passphrase": PASSPHRASE,
            "the client key": Path(files["client_key"]).read_text(encoding="utf-8"),
            **more,
        }
        return [name for name, secret in secrets.items() if leaks.leaks(secret, text)]

    def assert_no_secret(self, job: Job, **more: str) -> None:
        """Nothing that AWX keeps of a job holds a secret."""
        found = self.leaks(job.kept, **more)
        assert found == [], found


def host(simulator: Simulator) -> Json:
    """The variables of the site in the inventory: what no survey answers, and nothing secret."""
    return {
        "jwt_virtual_proxy_jwt_attribute_user_id": "userId",
        "jwt_virtual_proxy_jwt_attribute_user_directory": "userDirectory",
        "jwt_verify_user_id": "jdoe",
        "jwt_verify_user_directory": "ACME",
        "qlik_host": simulator.host,
        "qlik_port": simulator.qrs_port,
        "qlik_url": simulator.node()["url"],
        "jwt_verify_url_ca_content": Path(simulator.proxy_ca).read_text(encoding="utf-8"),
        "jwt_verify_qps_port": simulator.node()["admin_port"],
        "jwt_keypair_size": 2048,
    }

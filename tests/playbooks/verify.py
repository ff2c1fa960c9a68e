# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What tests of the playbook jwt_verify begin with, and where they read what it found."""

from __future__ import annotations

from playbooks.runs import Json, Run
from support import key_material as km
from support.simulator import Simulator

VERIFY = "qlikops.sense.jwt_verify"
FACTS = "Set the result"
KEY = km.rsa_key()
OTHER = km.rsa_key(number=1)


def logins(run: Run) -> list[Json]:
    """What the role found out, whether or not it failed."""
    found: list[Json] = run.result(FACTS)["ansible_facts"]["jwt_verify_result"]["logins"]
    return found


def seed(site: Simulator, prefix: str = "portal", **more: object) -> Json:
    """A virtual proxy as somebody clicked it."""
    (made,) = site.seed(
        virtualproxyconfig=[
            {
                "prefix": prefix,
                "authenticationMethod": 4,
                "sessionCookieHeaderName": f"X-Qlik-Session-{prefix}",
                "jwtPublicKeyCertificate": km.certificate_pem(km.certificate(KEY)).decode(),
                "jwtAttributeUserId": "userId",
                "jwtAttributeUserDirectory": "userDirectory",
                "loadBalancingServerNodes": [{"id": site.node()["id"]}],
                "link": ["Central"],
                **more,
            }
        ]
    )["virtualproxyconfig"]
    found: Json = made
    return found

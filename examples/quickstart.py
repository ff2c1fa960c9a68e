#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From nothing to a proven JWT login, on a simulated Qlik Sense site.

Starts the simulator, runs the playbook jwt_setup twice, and prints what was proven.
`make quickstart` installs the requirements and runs it. All files are written below .build.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / ".build"
WORK = BUILD / "quickstart"
COLLECTIONS = BUILD / "collections"
PREFIX = "portal"

# Nothing is left behind outside the build directory, compiled Python included.
sys.dont_write_bytecode = True
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
sys.path.insert(0, str(ROOT / "tests"))

try:
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from support.controlled_process import ProcessError
    from support.simulator import Simulator, start
except ImportError as error:
    sys.exit(f"{error}; start this by `make quickstart`, which installs what it needs.")

INVENTORY = """\
---
qlik:
  hosts:
    simulated:
      # How the site is reached.
      qlik_host: {host}
      qlik_port: {port}
      qlik_client_cert_path: {client_cert}
      qlik_client_key_path: {client_key}
      qlik_ca_path: {root}
      qlik_url: {url}

      # The desired state.
      jwt_keypair_private_key_path: {key}
      jwt_virtual_proxy_prefix: {prefix}
      jwt_virtual_proxy_description: Login for the portal
      jwt_virtual_proxy_jwt_attribute_user_id: userId
      jwt_virtual_proxy_jwt_attribute_user_directory: userDirectory
      jwt_virtual_proxy_host_allow_list: [{host}]

      # The user of the test login.
      jwt_verify_user_id: jdoe
      jwt_verify_user_directory: ACME
      jwt_verify_allow_user_creation: true
      jwt_verify_url_ca_path: {proxy_ca}
      jwt_verify_qps_port: {admin_port}
"""

PROVEN = """
Proven on the simulated site:
  {user} logged in by JWT through {address}
  (virtual proxy {prefix}, served by {links}); in that session the proxy named this user, and
  the repository has a user of this name.
  The virtual proxy trusts one key, SHA-256 {fingerprint}.
  Tokens without a signature, of a foreign key, and expired: {rejected} tried, {rejected} rejected.
  The second run sent no write and changed nothing.

Point it at a site of your own with these variables (examples/ has a whole inventory):
  qlik_host               the central node
  qlik_client_cert_path, qlik_client_key_path, qlik_ca_path
                          client.pem, client_key.pem, root.pem as QMC exports them
  qlik_url, jwt_verify_url_ca_path
                          how browsers reach it, and the authority of the certificate they see
  jwt_verify_user_id, jwt_verify_user_directory
                          a user to log in with
"""

Json = dict[str, t.Any]


class Unproven(Exception):
    """The promise does not hold; the message says which part."""


def main() -> int:
    """Run it; 0 when everything was proven."""
    shutil.rmtree(WORK, ignore_errors=True)
    WORK.mkdir(parents=True)
    link_checkout()
    try:
        with start(WORK / "site") as simulator:
            write_inventory(simulator)
            heading("From nothing: ansible-playbook qlikops.sense.jwt_setup --diff")
            first = run("first", "--diff")
            expect(changes(first) > 0, "the first run changed nothing")
            simulator.clear_requests()
            heading("Once more: nothing may change")
            second = run("second")
            expect(changes(second) == 0, f"the second run changed {changes(second)} tasks")
            print(PROVEN.format(**evidence(simulator, second)))
    except (Unproven, ProcessError) as error:
        print(f"\nquickstart failed: {error}.", file=sys.stderr)
        return 1
    return 0


def link_checkout() -> None:
    """Show the checkout as the collection that it is."""
    link = COLLECTIONS / "ansible_collections" / "qlikops" / "sense"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not link.exists():
        link.unlink(missing_ok=True)
        link.symlink_to(ROOT, target_is_directory=True)


def write_inventory(simulator: Simulator) -> None:
    """What a user would write, with the simulator's ports and certificates."""
    node = simulator.node()
    values = {
        **{name: simulator.certificates[name] for name in ("client_cert", "client_key", "root")},
        "host": simulator.host,
        "port": simulator.qrs_port,
        "url": node["url"],
        "admin_port": node["admin_port"],
        "proxy_ca": simulator.proxy_ca,
        "key": str(WORK / "portal.key"),
        "prefix": PREFIX,
    }
    # JSON is YAML, so any path can be written this way.
    text = INVENTORY.format(**{name: json.dumps(value) for name, value in values.items()})
    (WORK / "inventory.yml").write_text(text, encoding="utf-8")


def run(name: str, *arguments: str) -> list[Json]:
    """Run the playbook on the screen; what happened, result by result."""
    events = WORK / f"{name}.jsonl"
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [str(program), "-i", str(WORK / "inventory.yml"), "qlikops.sense.jwt_setup"]
    code = subprocess.run(
        [*command, *arguments], cwd=WORK, env=environment(events), check=False
    ).returncode
    expect(code == 0, f"the {name} run ended with {code}")
    return [json.loads(line) for line in events.read_text(encoding="utf-8").splitlines()]


def environment(events: Path) -> dict[str, str]:
    """The environment without what a user set up for other work, and with a HOME of its own."""
    foreign = ("ANSIBLE_", "QLIK_", "PYTHONPATH", "PYTHONHOME")
    env = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    home = WORK / "home"
    home.mkdir(exist_ok=True)
    locale = env.get("LC_ALL") or env.get("LC_CTYPE") or env.get("LANG") or ""
    if not locale.upper().replace("-", "").endswith("UTF8"):
        env["LC_ALL"] = "C.UTF-8"
    return {
        **env,
        "HOME": str(home),
        "ANSIBLE_HOME": str(home / ".ansible"),
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_CALLBACK_PLUGINS": str(ROOT / "tests" / "playbooks" / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "RECORDER_FILE": str(events),
    }


def changes(events: list[Json]) -> int:
    """How many tasks changed something."""
    return sum(int(numbers["changed"]) for numbers in events[-1]["hosts"].values())


def evidence(simulator: Simulator, events: list[Json]) -> dict[str, str]:
    """The values of ``PROVEN``, from the simulator where possible. Raises ``Unproven``."""
    facts: Json = {}
    for event in events[:-1]:
        facts.update(event["result"].get("ansible_facts", {}))
    (login,) = facts["jwt_verify_result"]["logins"]
    user = login["user"] or {"directory": "?", "id": "?", "sources": []}
    expect("proxy" in user["sources"], "the proxy did not name the user")
    expect("repository" in user["sources"], "the repository does not know the user")
    simulator.entity("user", userDirectory=user["directory"], userId=user["id"])
    entity = simulator.entity("virtualproxyconfig", prefix=PREFIX)
    fingerprint = trusted_key(entity["jwtPublicKeyCertificate"])
    expect(
        fingerprint == facts["jwt_keypair_result"]["fingerprint"],
        "the virtual proxy trusts another key than the one that was made",
    )
    requests = simulator.requests()
    writes = [r for r in requests if r["port"] == "qrs" and r["method"] != "GET"]
    expect(not writes, f"the second run sent {len(writes)} writes")
    expect(login["verdict"] == "access_granted", f"the verdict is {login['verdict']}")
    answers = [r["status"] for r in requests if r["path"] == f"/{PREFIX}/qps/csrftoken"]
    rejected = [status for status in answers if status in (400, 401)]
    expect(len(rejected) == 3, f"{len(rejected)} of 3 bad tokens were rejected")
    (described,) = facts["jwt_virtual_proxy_result"]["virtual_proxies"]
    return {
        "user": "{directory}\\{id}".format(**user),
        "address": f"{simulator.node()['url']}/{PREFIX}/",
        "prefix": PREFIX,
        "links": ", ".join(described["links"]),
        "fingerprint": fingerprint,
        "rejected": str(len(rejected)),
    }


def trusted_key(certificate: str) -> str:
    """The fingerprint of the public key in a certificate."""
    key = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).digest().hex(":").upper()


def expect(holds: bool, otherwise: str) -> None:
    """Continue if it holds; raise ``Unproven`` if not."""
    if not holds:
        raise Unproven(otherwise)


def heading(text: str) -> None:
    """A line that divides the screen."""
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    sys.exit(130)

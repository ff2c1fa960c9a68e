#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_conformance."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_conformance
short_description: Check whether a Qlik Sense site behaves as this collection assumes
version_added: 1.0.0
description:
  - Asks the site the questions of the guide R(Questions of the conformance
    check,ansible_collections.qlikops.sense.docsite.conformance), and compares the answers with the
    assumptions of this collection. Each answer that differs is returned with its consequence.
  - The result contains status codes, numbers, booleans, version numbers, and words from a fixed
    list. It contains no names, ids, addresses, keys, or texts of the site, so you can attach it to
    a public bug report.
  - Entities that the module creates have reserved names. The module removes them at the end of each
    run, even if the run fails or is interrupted. The next run removes what an interrupted run could
    not remove.
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.qrs
  - qlikops.sense._qrs
attributes:
  check_mode:
    support: full
    details:
      - In check mode, the module asks the questions of O(level=read) only. RV(creates) lists the
        entities that a run would create.
  diff_mode:
    support: none
  idempotent:
    support: partial
    details:
      - With O(level=read), the module changes nothing. With other levels, each run creates and
        removes entities.
requirements:
  - cryptography >= 42.0.4
  - PyJWT >= 2.9.0
  - websockets >= 13.1 (optional Python library, for questions about the messages of the engine)
options:
  level:
    description:
      - Questions to ask. Each level includes those before it.
      - V(read) only sends GET requests.
      - V(write) also creates an unlinked virtual proxy, a tag, and a user. No proxy restarts.
      - V(login) also links virtual proxies to one proxy service, and logs in. This restarts the
        proxy of that proxy service several times. Use this level on a test site only. It requires
        O(url) and O(allow_restart).
    type: str
    choices: [read, write, login]
    default: read
  prefix:
    description:
      - Reserved prefix of the virtual proxies that the module creates. The module fails if the site
        has an entity with a reserved name that the module did not create.
    type: str
    default: qlikops-conformance
  allow_restart:
    description:
      - Whether a proxy may restart, which ends all of its sessions.
    type: bool
    default: false
  node:
    description:
      - Name, host name, or id of the node whose proxy serves the virtual proxies with
        O(level=login). O(url) must lead to this proxy.
      - "Default: the node with the host name in O(url), otherwise the central node."
    type: str
  url:
    description:
      - Address of the proxy, such as V(https://qlik.example.com).
      - Environment variable E(QLIK_URL).
    type: str
  url_ca_path:
    description:
      - File with the certificate authorities for O(url), in PEM format.
      - "Default: the certificate authorities of the system."
    type: path
  url_ca_content:
    description:
      - Certificate authorities for O(url), in PEM format. Mutually exclusive with O(url_ca_path).
    type: str
  url_validate_certs:
    description:
      - Whether to validate the certificate of O(url).
    type: bool
    default: true
  url_tls_server_name:
    description:
      - Name to expect in the certificate of O(url). Default is the host name in O(url).
    type: str
  qps_port:
    description:
      - Administration port of the proxy.
    type: int
    default: 4243
seealso:
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Check the assumptions of the collection without changing the site
  qlikops.sense.qlik_conformance:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
  register: check

- name: Print the answers that differ
  ansible.builtin.debug:
    var: check.progress

- name: Check a test site completely, which restarts a proxy
  qlikops.sense.qlik_conformance:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    url: https://qlik.example.com
    level: login
    allow_restart: true
"""

RETURN = r"""
conformance:
  description:
    - Content of C(conformance.json). See C(docs/conformance.schema.json) for its schema.
  returned: when the options are valid
  type: dict
  sample:
    schema_version: 1
    level: read
    complete: true
    left: []
    summary: {as_assumed: 30, differs: 1, noted: 3, not_asked: 0}
    groups:
      - {name: requests, asked: 18, differs: 1, not_asked: 0, seconds: 1}
    answers:
      - id: xrfkey_missing
        level: read
        group: requests
        question: What is the status if the Xrfkey is missing?
        sent: GET /qrs/about without Xrfkey in the address
        assumed: [403]
        mark: code
        observed: 400
        state: differs
        copes: "yes"
        reason: null
        effect: The message names the repository's reason.
progress:
  description:
    - One line for each group of questions, then one line for each answer that differs.
  returned: when the options are valid
  type: list
  elements: str
  sample:
    - "requests: 18 answered, 1 different, 0 not answered, 1 s"
creates:
  description:
    - Kinds of entities that the level creates and removes.
  returned: when the options are valid
  type: list
  elements: str
  sample: [virtual_proxy, user, tag]
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._modules.conformance import (
    CONFORMANCE_EXCLUSIVE,
    conformance_spec,
    run_conformance,
)


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec=conformance_spec(),
        mutually_exclusive=CONFORMANCE_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "requests", "cryptography", "jwt")
    run_conformance(module)


if __name__ == "__main__":
    main()

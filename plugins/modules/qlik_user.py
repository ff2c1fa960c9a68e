#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_user."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_user
short_description: Manage a user of Qlik Sense Enterprise on Windows
version_added: 1.0.0
description:
  - Creates, changes, or deletes one user through the repository's REST API. Examples are the user
    for test logins and the service account of other tasks.
  - O(directory) and O(id) identify the user. They are not case-sensitive, and an existing user
    keeps its spelling.
  - Options that are not set are not changed on the site. The module also does not change the user's
    attributes, tags, or other properties without an option. These include whether the user is
    blocked, or removed from its directory.
  - A user from a directory connector can be changed as far as the repository allows. If the
    repository rejects or drops the change, the module fails and reports the connector.
  - The module does not assign licenses.
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
      - IDs, dates, and values that the server sets on creation are not predicted.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  directory:
    description:
      - User directory, as in the claim of a token, from 1 to 255 characters.
    type: str
    required: true
  id:
    description:
      - User ID in the directory, from 1 to 255 characters.
    type: str
    required: true
  state:
    description:
      - Desired state of the user.
      - With V(absent), O(name), O(roles), and O(inactive) are ignored. The module does not check
        what the user owns.
      - The module does not delete accounts of the directory C(INTERNAL), which Qlik Sense itself
        uses. It also does not delete the user of this task's connection, or a user that the
        repository protects from deletion.
    type: str
    choices:
      - present
      - absent
    default: present
  name:
    description:
      - Name that QMC and the hub show, up to 511 characters.
    type: str
  roles:
    description:
      - Complete list of administrative roles, such as V(RootAdmin). An empty list removes all
        roles. The order is ignored.
    type: list
    elements: str
  inactive:
    description:
      - Whether the user is inactive and cannot log in.
      - The module does not deactivate accounts of the directory C(INTERNAL) or the user of this
        task's connection.
    type: bool
seealso:
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Ensure that the user for test logins exists
  qlikops.sense.qlik_user:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    directory: PORTAL
    id: login_test
    name: Test logins of the portal
    inactive: false

- name: Remove all administrative roles of a user
  qlikops.sense.qlik_user:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    directory: PORTAL
    id: login_test
    roles: []

- name: Delete the user for test logins
  qlikops.sense.qlik_user:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    directory: PORTAL
    id: login_test
    state: absent
"""

RETURN = r"""
user:
  description:
    - User after the task, with the option names as keys. In check mode, the predicted user, without
      values that the server sets on creation. Null if the user does not exist.
    - It also contains C(removed_externally), C(blacklisted), C(delete_prohibited), and
      C(directory_connector) if the server has them. The module never changes these properties.
  returned: success
  type: dict
  sample:
    directory: PORTAL
    id: login_test
    name: Test logins of the portal
    roles: []
    inactive: false
    removed_externally: false
    blacklisted: false
    delete_prohibited: false
    directory_connector: ""
id:
  description:
    - ID of the user in the repository. Null if the user does not exist, and in check mode before
      its creation.
  returned: success
  type: str
  sample: 7c1d5f0e-5d0a-4b8e-9a53-3f0f8f6c2b11
before:
  description:
    - State before the task, without secrets.
  returned: success, and when a write failed
  type: dict
  contains:
    entity:
      description:
        - Complete user as the repository returned it. Null if the user did not exist.
      type: dict
      returned: success
  sample:
    entity:
requests:
  description:
    - Number of requests to the repository.
  returned: success
  type: int
  sample: 1
"""

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._connection import CONNECTION_EXCLUSIVE, connection_spec
from ..module_utils._modules.user import COMPARED, run_user, user_spec
from ..module_utils._runtime import run


def main() -> None:
    """Run the module."""
    module = Module(
        argument_spec={**connection_spec(), **user_spec()},
        mutually_exclusive=CONNECTION_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "requests")
    run(module, run_user, compared=COMPARED)


if __name__ == "__main__":
    main()

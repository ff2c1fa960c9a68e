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
  - Creates, changes or deletes one user through the repository's REST API, for example the one that
    logs in for tests, or the service account that other tasks act as.
  - The user is named by O(directory) and O(id). Upper and lower case make no difference, and a user
    keeps the spelling it has.
  - An option that is not given is left alone on the site. Everything else, such as the user's
    attributes and tags, and whether the user is blocked or removed from its directory, is written
    back as it was read.
  - A user that comes from a directory connector can be changed as far as the repository lets. When
    it refuses, or drops the change, the task fails and names the connector.
  - No licence is assigned here.
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
      - Ids, dates and the values that the server itself sets on creation are not predicted.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  directory:
    description:
      - The user directory, as the claim of a token names it, from 1 to 255 characters.
    type: str
    required: true
  id:
    description:
      - The user id within the directory, from 1 to 255 characters.
    type: str
    required: true
  state:
    description:
      - Whether the user shall exist.
      - With V(absent), O(name), O(roles) and O(inactive) are ignored. What the user owns is not
        looked at.
      - An account of the directory C(INTERNAL), which Qlik Sense itself works with, is not deleted;
        neither is the user that the repository acts as for this task, nor one that the repository
        marks as not to be deleted.
    type: str
    choices:
      - present
      - absent
    default: present
  name:
    description:
      - The name that QMC and the hub show, up to 511 characters.
    type: str
  roles:
    description:
      - The administrative roles, such as V(RootAdmin), as a whole list. An empty list takes every
        role away. Their order is no change.
    type: list
    elements: str
  inactive:
    description:
      - Whether the user is kept from logging in.
      - An account of the directory C(INTERNAL), and the user that the repository acts as for this
        task, are not deactivated.
    type: bool
seealso:
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Have a user for test logins
  qlikops.sense.qlik_user:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
    directory: PORTAL
    id: login_test
    name: Test logins of the portal
    inactive: false

- name: Take every administrative role away from a user
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
    - The user in the words of the options, as it is afterwards; in check mode as it would be,
      without what the server itself sets on creation. Null when there is none.
    - Beside the options, C(removed_externally), C(blacklisted), C(delete_prohibited) and
      C(directory_connector), as far as the server has them. They are never changed.
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
    - The repository's own id of the user; null when there is none, and in check mode before it is
      created.
  returned: success
  type: str
  sample: 7c1d5f0e-5d0a-4b8e-9a53-3f0f8f6c2b11
before:
  description:
    - What was there before, without secrets.
  returned: success, and when a write failed
  type: dict
  contains:
    entity:
      description:
        - The whole user as the repository returned it; null when there was none.
      type: dict
      returned: success
  sample:
    entity:
requests:
  description:
    - How many requests were sent to the repository.
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

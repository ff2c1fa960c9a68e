#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_jwt_token."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_jwt_token
short_description: Create a token for a JWT virtual proxy
version_added: 1.0.0
description:
  - Signs a JSON Web Token that logs a user in through a virtual proxy with JWT authentication.
  - With O(path), the module writes the token to a file that only its owner can read. It keeps the
    token in the file until the token expires soon or differs from the options.
  - Anyone who has the token can log in as the user until it expires. The module returns the token
    only if the task has C(no_log=true).
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
  - qlikops.sense._attributes.files
  - qlikops.sense._key
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - The diff contains claims and times, but not the token.
  idempotent:
    support: full
    details:
      - Without O(path), the module writes nothing and reports no change, and every run creates a
        new token.
options:
  path:
    description:
      - Path of the file for the token. The module writes it with mode V(0600). The module fails if
        the file contains something other than a token, and does not change it.
      - The module fails if another user could have written the file, see O(private_key_owner). The
        rules are those of the private key.
      - An interrupted run can leave a temporary file named C(.<name>.qlikops-<random>) in the same
        directory. The next run removes that file and prints a warning.
      - If this option is not set, the module only returns the token, and the task needs
        C(no_log=true).
    type: path
  renew_before:
    description:
      - Minimum number of seconds until a token in O(path) expires. The module replaces a token that
        expires earlier. The value must be less than O(lifetime).
      - "Default: V(300), or half of O(lifetime) if that is less."
    type: int
  owner:
    description:
      - Name of the user who will own the file. This user may also own the file at
        O(private_key_path).
      - By default, a new file is owned by the user of the task.
    type: str
  group:
    description:
      - Name of the group that will own the file. By default, the group is not changed.
    type: str
seealso:
  - module: qlikops.sense.qlik_keypair
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Ensure that a token for the nightly export exists
  qlikops.sense.qlik_jwt_token:
    private_key_path: /etc/qlik/jwt.key
    user_id: svc_export
    user_directory: ACME
    lifetime: 86400
    renew_before: 7200
    path: /etc/qlik/export.token

- name: Create a token for a request in this play
  qlikops.sense.qlik_jwt_token:
    private_key_content: "{{ vault_jwt_private_key }}"
    user_id: jdoe
    user_directory: ACME
    user_id_claim: UserId
    user_directory_claim: UserDirectory
    attributes:
      Group: [Finance, Sales]
    lifetime: 60
  register: minted
  no_log: true
"""

RETURN = r"""
token:
  description: The token.
  returned: success, when the task has C(no_log=true)
  type: str
  sample: VALUE_HIDDEN
claims:
  description: Claims of the token.
  returned: success
  type: dict
  sample:
    userId: svc_export
    userDirectory: ACME
    iat: 1793606400
    exp: 1793692830
expires_at:
  description: When the token expires, in UTC.
  returned: success
  type: str
  sample: "2026-11-03T08:00:30Z"
"""

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._modules.jwt_token import jwt_token_spec, run_jwt_token
from ..module_utils._modules.token_options import MINTING_EXCLUSIVE
from ..module_utils._runtime import run


def main() -> t.NoReturn:
    """Run the module."""
    module = Module(
        argument_spec=jwt_token_spec(),
        mutually_exclusive=MINTING_EXCLUSIVE,
        supports_check_mode=True,
    )
    require(module, "cryptography", "jwt")
    run(module, run_jwt_token)


if __name__ == "__main__":
    main()

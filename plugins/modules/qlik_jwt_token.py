#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_jwt_token."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_jwt_token
short_description: Mint a token for a JWT virtual proxy
version_added: 1.0.0
description:
  - Signs a JSON Web Token that logs a user in through a virtual proxy with JWT authentication.
  - With O(path), the token is written to a file that nobody else can read, and kept there as long
    as it lives and says what the options say.
  - Whoever has the token is that user until it expires. It is returned only to a task with
    C(no_log=true).
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
      - The diff shows claims and times, never the token.
  idempotent:
    support: full
    details:
      - Without O(path), nothing is written and nothing changes, and every run mints a new token.
options:
  path:
    description:
      - File that holds the token, written with mode V(0600). Something else than a token in it is
        left alone, and the task fails.
      - The task fails if another user could have written the file, see O(private_key_owner). The
        same rules apply to it as to the private key.
      - A run that is killed leaves a file named C(.<name>.qlikops-<random>) beside it. The next run
        removes that file and warns.
      - Without it, the token is only returned, and the task needs C(no_log=true).
    type: path
  renew_before:
    description:
      - A token in O(path) with fewer seconds to live than this is replaced. It has to be less than
        O(lifetime).
      - Without it, V(300), or half of O(lifetime) when that is less.
    type: int
  owner:
    description:
      - Name of the user who will own the file. This user may also own the file at
        O(private_key_path).
      - By default, a new file is owned by the user of the task.
    type: str
  group:
    description:
      - Name of the group that shall own the file. Without it, the group is left alone.
    type: str
seealso:
  - module: qlikops.sense.qlik_keypair
  - module: qlikops.sense.qlik_jwt_probe
"""

EXAMPLES = r"""
- name: Keep a token for the nightly export
  qlikops.sense.qlik_jwt_token:
    private_key_path: /etc/qlik/jwt.key
    user_id: svc_export
    user_directory: ACME
    lifetime: 86400
    renew_before: 7200
    path: /etc/qlik/export.token

- name: Mint a token for a request of this play
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
  description: What the token says.
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

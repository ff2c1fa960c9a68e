#!/usr/bin/python
# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The module qlik_key_files."""

from __future__ import annotations

DOCUMENTATION = r"""
module: qlik_key_files
short_description: Remove the files of a key pair of a JWT virtual proxy
version_added: 1.0.0
description:
  - Removes files only if they belong to the key pair. A file belongs to it if O(pair_paths) names
    it, or if everything in it is a private key, a public key, or a certificate of a key in
    O(fingerprints).
  - Checks every file before it removes the first one. If one must stay, the module fails and
    removes none.
  - Never removes directories, symbolic links, or files with a key in O(trusted).
author:
  - the qlikops.sense authors (@qlikops)
extends_documentation_fragment:
  - qlikops.sense._attributes
requirements:
  - cryptography >= 42.0.4
attributes:
  check_mode:
    support: full
  diff_mode:
    support: none
  idempotent:
    support: full
options:
  paths:
    description:
      - The files to remove, on the machine where the task runs. A file that does not exist is not
        an error, see RV(missing).
    type: list
    elements: path
    default: []
  contents:
    description:
      - Files of another machine, such as a Windows node. The module checks them together with
        O(paths), but does not remove them.
    type: list
    elements: dict
    default: []
    suboptions:
      path:
        description:
          - Path of the file on that machine.
        type: str
        required: true
      content:
        description:
          - Content of the file in base64, as M(ansible.builtin.slurp) returns it.
        type: str
        required: true
  fingerprints:
    description:
      - SHA-256 fingerprints of the public keys of the key pairs to remove, as in
        RV(qlikops.sense.qlik_keypair#module:fingerprint).
    type: list
    elements: str
    default: []
  trusted:
    description:
      - Fingerprints of keys that are still in use. A file with one of these keys is not removed.
    type: list
    elements: str
    default: []
  pair_paths:
    description:
      - Paths of the files of the key pair. The module removes a file at one of these paths whatever
        it contains, unless it contains a key in O(trusted).
      - Paths in O(contents) are compared as on Windows, without regard to case.
    type: list
    elements: str
    default: []
  passphrases:
    description:
      - Passphrases to try on encrypted private keys.
    type: list
    elements: str
    default: []
seealso:
  - module: qlikops.sense.qlik_keypair
"""

EXAMPLES = r"""
- name: Remove the files of a key pair
  qlikops.sense.qlik_key_files:
    paths:
      - /etc/qlik/portal.key
      - /etc/qlik/portal.crt
    pair_paths:
      - /etc/qlik/portal.key
      - /etc/qlik/portal.crt
"""

RETURN = r"""
removed:
  description: Files of O(paths) that the module removed, or would remove in check mode.
  returned: always
  type: list
  elements: str
  sample:
    - /etc/qlik/portal.key
missing:
  description: Files of O(paths) that do not exist.
  returned: success
  type: list
  elements: str
  sample: []
"""

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import require

from ..module_utils._arguments import Module
from ..module_utils._modules.key_files import key_files_spec, run_key_files
from ..module_utils._runtime import run


def main() -> t.NoReturn:
    """Run the module."""
    module = Module(argument_spec=key_files_spec(), supports_check_mode=True)
    require(module, "cryptography")
    run(module, run_key_files)


if __name__ == "__main__":
    main()

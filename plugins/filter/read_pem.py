# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter read_pem."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto import pem_input

DOCUMENTATION = r"""
name: read_pem
short_description: Read the PEM blocks of a file that was fetched in base64
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Returns the PEM blocks of a file that M(ansible.builtin.slurp) returned, without the text around
    them. Accepts UTF-8 and UTF-16, with or without a byte order mark, and any line endings.
  - The duration is proportional to the size of the file. Files of more than 1 MiB are not read.
options:
  _input:
    description: Content of the file, in base64.
    type: str
    required: true
seealso:
  - plugin: ansible.builtin.b64decode
    plugin_type: filter
"""

EXAMPLES = r"""
- name: Read a certificate
  ansible.builtin.slurp:
    src: C:\certificates\server.pem
  register: fetched

- name: Print its PEM blocks, or what is wrong with the file
  ansible.builtin.debug:
    msg: "{{ pem.text or 'The file ' ~ pem.fault }}"
  vars:
    pem: "{{ fetched.content | qlikops.sense.read_pem }}"
"""

RETURN = r"""
_value:
  description: PEM blocks, or what is wrong with the file.
  type: dict
  contains:
    text:
      description: All PEM blocks, with lines of 64 characters. Empty if the file is not valid.
      type: str
    fault:
      description:
        - What is wrong with the file, as the end of a sentence that begins with "The file". Null if
          the file is valid.
      type: str
"""


def read_pem(content: t.Any) -> t.Dict[str, t.Optional[str]]:
    """The blocks and the fault of a file; see above."""
    if not isinstance(content, str):
        raise AnsibleFilterError("read_pem: give the content of a file in base64, as text.")
    text, fault = pem_input.read(content)
    return {"text": text, "fault": fault}


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file, by their names."""
        return {"read_pem": read_pem}

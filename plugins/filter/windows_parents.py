# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter windows_parents."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils.windows_owners import windows_parents

DOCUMENTATION = r"""
name: windows_parents
short_description: List a Windows path and all directories above it
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Returns a path and all directories above it, beginning with the drive or share.
options:
  _input:
    description:
      - Full path with a drive letter, or path of a share.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Print the directories
  ansible.builtin.debug:
    msg: "{{ 'D:/qlik/keys' | qlikops.sense.windows_parents }}"
"""

RETURN = r"""
_value:
  description:
    - The paths, such as C(D:\), C(D:\qlik), C(D:\qlik\keys).
  type: list
  elements: str
"""


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"windows_parents": windows_parents}

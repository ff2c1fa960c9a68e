# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter prints_node_secrets."""

from __future__ import annotations

import re
import typing as t

DOCUMENTATION = r"""
name: prints_node_secrets
short_description: Check whether ansible-core prints secrets that hidden tasks read on Windows nodes
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - With C(-vvvvv), the connection plugins P(ansible.builtin.winrm#connection) and
    P(ansible.builtin.psrp#connection) print the output of all tasks, including tasks with
    C(no_log).
  - This is fixed in ansible-core 2.18.17, 2.19.10, 2.20.6, and 2.21.1. It is not fixed in 2.16 and
    2.17.
positional: _input, verbosity
options:
  _input:
    description:
      - Version of ansible-core, which is C(ansible_version.full).
    type: str
    required: true
  verbosity:
    description:
      - Verbosity of the run, which is C(ansible_verbosity).
    type: int
    required: true
"""

EXAMPLES = r"""
- name: Fail if a secret would be printed
  ansible.builtin.assert:
    that: not ansible_version.full | qlikops.sense.prints_node_secrets(ansible_verbosity)
"""

RETURN = r"""
_value:
  description:
    - Whether this version prints the output of hidden tasks at this verbosity.
  type: bool
"""

#: The first release with the fix, by minor version of ansible-core 2. Later minor versions have it.
_FIXED: t.Dict[int, int] = {18: 17, 19: 10, 20: 6, 21: 1}
_LEVEL = 5
_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(.*)")


def prints_node_secrets(version: str, verbosity: int) -> bool:
    """Whether this version of ansible-core prints them at this verbosity."""
    return int(verbosity) >= _LEVEL and not _is_fixed(version)


def _is_fixed(version: str) -> bool:
    found = _VERSION.match(version)
    if found is None:
        return False
    major, minor, patch = (int(part) for part in found.groups()[:3])
    if (major, minor) > (2, max(_FIXED)):
        return True
    if major != 2 or minor not in _FIXED:
        return False
    # A pre-release of the first fixed release may lack the fix.
    return patch > _FIXED[minor] or (patch == _FIXED[minor] and not found.group(4))


class FilterModule:
    """The filters of this file."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """By name."""
        return {"prints_node_secrets": prints_node_secrets}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter absolute_paths."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.qlikops.sense.plugins.plugin_utils.paths import absolute

DOCUMENTATION = r"""
name: absolute_paths
short_description: Make relative paths in a mapping of options absolute
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Prepends a directory to each relative path in options whose names end with C(_path).
  - Does not change paths that begin with C(/), C(~), an environment variable, a drive letter, or
    two backslashes. Does not change C(page_path), because it is part of a URL.
positional: _input, directory
options:
  _input:
    description: Options of a module.
    type: dict
    required: true
  directory:
    description: Directory to prepend. If it is empty, nothing is changed.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Print the path of the key
  ansible.builtin.debug:
    msg: "{{ {'private_key_path': 'keys/jwt.key'} | qlikops.sense.absolute_paths('/srv/qlik') }}"
"""

RETURN = r"""
_value:
  description: The options with absolute paths.
  type: dict
  sample: {private_key_path: /srv/qlik/keys/jwt.key}
"""


#: Not relative to a directory of the controller.
def absolute_paths(options: t.Any, directory: t.Any) -> t.Dict[str, t.Any]:
    """The options, each with its path below the directory if that is relative."""
    if not isinstance(options, t.Mapping):
        raise AnsibleFilterError("absolute_paths: give a mapping of options.")
    return absolute(options, str(directory))


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"absolute_paths": absolute_paths}

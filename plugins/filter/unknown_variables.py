# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter unknown_variables."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.qlikops.sense.plugins.plugin_utils.validation import unknown_names

DOCUMENTATION = r"""
name: unknown_variables
short_description: Find variables that are unknown to the roles of this collection
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Compares the names of variables with the variables of the roles of this collection.
  - A name that begins with the prefix of a role is unknown if none of the roles has such a
    variable.
  - Another name that begins with C(jwt_), C(qlik_), or C(qrs_) is unknown only if it is similar to
    a known name, because other collections also use such names.
  - Uppercase letters and repeated underscores are treated as misspellings, except in names that the
    roles set themselves.
  - The roles use this filter before they change anything.
positional: _input
options:
  _input:
    description: Names of variables.
    type: list
    elements: str
    required: true
seealso:
  - ref: ansible_collections.ansible.builtin.varnames_lookup
    description: Finds the names of the variables of a host.
"""

EXAMPLES = r"""
- name: Find misspelled variables
  ansible.builtin.debug:
    msg: "{{ query('ansible.builtin.varnames', '^qlik_') | qlikops.sense.unknown_variables }}"
"""

RETURN = r"""
_value:
  description: One sentence for each unknown name, with the most similar known name.
  type: list
  elements: str
  sample: ["qlik_client_certpath: unknown variable. Did you mean qlik_client_cert_path?"]
"""


def unknown_variables(names: t.Any) -> t.List[str]:
    """A sentence for each unknown name."""
    if not isinstance(names, (list, tuple)):
        raise AnsibleFilterError("unknown_variables: give a list with the names of variables.")
    return unknown_names(map(str, names))


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"unknown_variables": unknown_variables}

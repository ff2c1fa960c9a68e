# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter lines."""

from __future__ import annotations

import re
import typing as t

from ansible.errors import AnsibleFilterError
from ansible.module_utils.common.yaml import yaml_load

DOCUMENTATION = r"""
name: lines
short_description: Make a list of a list or a text
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Takes a list in each form that variables, job templates, and C(-e) give it.
  - A text may have one entry per line or separated by commas, or be a list in YAML or JSON.
  - Blanks around entries and empty entries are removed.
positional: _input
options:
  _input:
    description: A list or a text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Show a host allow list
  ansible.builtin.debug:
    msg: "{{ 'a.example.com, b.example.com' | qlikops.sense.lines }}"
"""

RETURN = r"""
_value:
  description: The entries, as text.
  type: list
  elements: str
  sample: [a.example.com, b.example.com]
"""

#: An IPv6 address in brackets, which is not a list.
_ADDRESS = re.compile(r"\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]")


def lines(value: t.Any) -> t.List[str]:
    """The entries of a list or a text."""
    if value is None:
        return []
    if isinstance(value, t.Mapping):
        raise AnsibleFilterError("lines: give a list or a text, not a mapping.")
    if isinstance(value, (list, tuple)):
        return [entry for part in value for entry in lines(part)]
    if not isinstance(value, str):
        return [str(value)]
    parsed = _as_list(value)
    if parsed is not None:
        return lines(parsed)
    entries = value.replace(",", "\n").splitlines()
    return [entry.strip() for entry in entries if entry.strip()]


def _as_list(text: str) -> t.Optional[t.List[t.Any]]:
    """The list that a text in YAML or JSON is, if it is one."""
    if not text.lstrip().startswith(("[", "- ")) or _ADDRESS.match(text.lstrip()):
        return None
    try:
        # As bytes: PyYAML takes no text of the classes that Ansible has for tagged ones.
        parsed = yaml_load(text.encode("utf-8"))
    except Exception as e:  # that of PyYAML, which ansible-core brings along
        raise AnsibleFilterError("lines: a text that begins like a list is not valid YAML.") from e
    return parsed if isinstance(parsed, list) else None


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"lines": lines}

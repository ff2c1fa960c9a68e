# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter lines."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

from ansible_collections.qlikops.sense.plugins.module_utils._core.entity.text_lists import entries

DOCUMENTATION = r"""
name: lines
short_description: Convert a list or a text to a list
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Accepts a list in each form in which variables, job templates, and C(-e) can pass it.
  - A text can contain one entry per line, entries separated by commas, or a list in YAML or JSON.
  - Whitespace around entries and empty entries are removed.
  - If Ansible does not evaluate templates in the text, it does not evaluate them in the result.
positional: _input
options:
  _input:
    description: A list or a text.
    type: raw
    required: true
  keep_commas:
    description:
      - Whether to keep commas in the entries of a list. A text that is not a list in YAML or JSON
        is always split at commas.
    type: bool
    default: false
"""

EXAMPLES = r"""
- name: Print a host allow list
  ansible.builtin.debug:
    msg: "{{ 'a.example.com, b.example.com' | qlikops.sense.lines }}"
"""

RETURN = r"""
_value:
  description: Entries, as texts.
  type: list
  elements: str
  sample: [a.example.com, b.example.com]
"""


def lines(value: t.Any, keep_commas: bool = False) -> t.List[str]:
    """The entries of a list or a text."""
    return _lines(value, keep_commas, commas=True)


def _lines(value: t.Any, keep_commas: bool, *, commas: bool) -> t.List[str]:
    if value is None:
        return []
    if isinstance(value, t.Mapping):
        raise AnsibleFilterError("lines: give a list or a text, not a mapping.")
    if isinstance(value, (list, tuple)):
        parts = (_lines(part, keep_commas, commas=not keep_commas) for part in value)
        return [entry for part in parts for entry in part]
    if not isinstance(value, str):
        return [str(value)]
    found = entries(value, commas=commas)
    if found is None:
        raise AnsibleFilterError(
            "lines: a text that begins like a list is not a list of texts in YAML or JSON."
        )
    # Before ansible-core 2.19, the class of a text is the mark that it is not a template.
    is_marked = getattr(value, "__UNSAFE__", False)
    return [type(value)(entry) for entry in found] if is_marked else found


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"lines": lines}

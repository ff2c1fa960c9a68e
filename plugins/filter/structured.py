# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter structured."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils.text_values import structured

DOCUMENTATION = r"""
name: structured
short_description: Convert a text to a list or mapping
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Accepts a list or mapping in each form in which variables, job templates, and C(-e) can pass it.
  - A text that is a list or mapping in YAML or JSON is decoded. Other values are returned
    unchanged.
  - The result of an empty or blank text is null.
  - If Ansible does not evaluate templates in the text, it does not evaluate them in the result.
positional: _input
options:
  _input:
    description: A list, a mapping, or a text.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Print the custom properties of a virtual proxy
  ansible.builtin.debug:
    msg: '{{ ''{"Environment": "test"}'' | qlikops.sense.structured }}'
"""

RETURN = r"""
_value:
  description: The list or mapping.
  type: raw
  sample: {Environment: test}
"""


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"structured": structured}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter structured."""

from __future__ import annotations

import json
import typing as t

from ansible.module_utils.common.yaml import yaml_load

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


def structured(value: t.Any) -> t.Any:
    """The list or mapping that a text is; any other value unchanged."""
    if not isinstance(value, str):
        return value
    # PyYAML takes no subclass of str, and str() may return one.
    found = _decoded(str.__str__(value))
    if not isinstance(found, (list, dict, type(None))):
        return value
    # Before ansible-core 2.19, the class of a text is the mark that it is not a template.
    return _marked(found, type(value)) if getattr(value, "__UNSAFE__", False) else found


def _decoded(text: str) -> t.Any:
    try:
        # YAML does not accept every text that JSON accepts, such as some control characters.
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml_load(text)
    except Exception:  # PyYAML raises errors of Python, too.
        return text


def _marked(value: t.Any, mark: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, str):
        return mark(value)
    if isinstance(value, list):
        return [_marked(item, mark) for item in value]
    if isinstance(value, dict):
        return {_marked(key, mark): _marked(item, mark) for key, item in value.items()}
    return value


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"structured": structured}

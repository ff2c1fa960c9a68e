# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter given."""

from __future__ import annotations

import importlib
import typing as t

from jinja2 import pass_context

from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import is_nothing

DOCUMENTATION = r"""
name: given
short_description: Omit an option whose variable is not set
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Returns the value of the variable C(omit) if the value is null, an empty text, or an empty list
    or mapping. Job templates pass such values for questions that were not answered.
  - Other values are returned unchanged, also V(false) and V(0).
positional: _input
options:
  _input:
    description: Value of a variable. Use C(default(none)) for a variable that can be undefined.
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Ensure the virtual proxy
  qlikops.sense.qlik_virtual_proxy:
    prefix: portal
    description: "{{ portal_description | default(none) | qlikops.sense.given }}"
"""

RETURN = r"""
_value:
  description: The value, or the placeholder that omits the option.
  type: raw
"""


try:
    native_text = importlib.import_module("ansible.utils.native_jinja").NativeJinjaText
except ImportError:
    native_text = str


@pass_context
def given(context: t.Any, value: t.Any) -> t.Any:
    """The value, or the placeholder that omits the option."""
    if is_nothing(value):
        return context["omit"]
    # Before ansible-core 2.19, a template whose result looks like a list becomes one, unless the
    # text has this class.
    return native_text(value) if isinstance(value, str) else value


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"given": given}

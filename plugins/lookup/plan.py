# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lookup plan."""

from __future__ import annotations

DOCUMENTATION = r"""
name: plan
short_description: Compute what a role of this collection does
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - The roles of this collection use it. It reads the variables of the host and returns, for
    example, the options of a module or the sentences about variables that are not valid.
  - Its names can change in any release, because only the roles use them.
options:
  _terms:
    description: Names of plans, such as C(connection.url).
    required: true
notes:
  - Plans can have arguments, such as the results of tasks. They are keyword arguments of the
    lookup.
"""

EXAMPLES = r"""
- name: Print the address of the site's proxy
  ansible.builtin.debug:
    msg: "{{ lookup('qlikops.sense.plan', 'connection.url') }}"
"""

RETURN = r"""
_raw:
  description: The plan for each name.
  type: list
  elements: raw
"""

import importlib
import typing as t

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase

from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables

UTILS = "ansible_collections.qlikops.sense.plugins.plugin_utils."


class LookupModule(LookupBase):
    """The lookup, as Ansible finds it."""

    def run(
        self,
        terms: t.List[str],
        variables: t.Optional[t.Mapping[str, t.Any]] = None,
        **inputs: t.Any,
    ) -> t.List[t.Any]:
        """The plan for each name."""
        known = Variables(variables or {}, t.cast("t.Any", self._templar).template)
        return [_plan(term)(known, **inputs) for term in terms]


def _plan(term: str) -> t.Callable[..., t.Any]:
    module, _dot, name = term.partition(".")
    if not module.isidentifier():
        raise AnsibleLookupError(f"plan: {term} does not exist.")
    try:
        plans = importlib.import_module(UTILS + module).PLANS
        return t.cast("t.Callable[..., t.Any]", plans[name])
    except (ImportError, AttributeError, KeyError) as error:
        raise AnsibleLookupError(f"plan: {term} does not exist.") from error

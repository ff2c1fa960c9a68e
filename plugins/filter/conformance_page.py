# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter conformance_page."""

from __future__ import annotations

import typing as t

from ansible.errors import AnsibleFilterError

DOCUMENTATION = r"""
name: conformance_page
short_description: Convert a result of the conformance check to an HTML page
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Converts RV(qlikops.sense.qlik_conformance#module:conformance) to an HTML page.
  - The role P(qlikops.sense.conformance#role) uses this filter.
positional: _input, css
options:
  _input:
    description: The value C(conformance) of the result of M(qlikops.sense.qlik_conformance).
    type: dict
    required: true
  css:
    description: Style sheet of the page.
    type: str
    required: true
"""

EXAMPLES = r"""
- name: Ask the site
  qlikops.sense.qlik_conformance:
    host: qlik.example.com
    client_cert_path: /etc/qlik/client.pem
    client_key_path: /etc/qlik/client_key.pem
    ca_path: /etc/qlik/root.pem
  register: check

- name: Write the page
  ansible.builtin.copy:
    content: "{{ check.conformance | qlikops.sense.conformance_page('body { margin: 2rem }') }}"
    dest: conformance.html
    mode: "0644"
"""

RETURN = r"""
_value:
  description: The page.
  type: str
  sample: "<!DOCTYPE html>"
"""


def conformance_page(found: t.Any, css: str) -> str:
    """The page of a result."""
    # Ansible imports all filters of a collection for the first one that a task uses.
    from ansible_collections.qlikops.sense.plugins.module_utils._core.conformance.page import page

    try:
        return page(found, str(css))
    except (KeyError, TypeError, AttributeError):
        raise AnsibleFilterError(
            "conformance_page: give the value conformance of the result of qlik_conformance."
        ) from None


class FilterModule:
    """The filter, as Ansible finds it."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """The filters of this file."""
        return {"conformance_page": conformance_page}

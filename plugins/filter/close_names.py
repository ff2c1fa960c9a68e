# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter close_names."""

from __future__ import annotations

import difflib
import typing as t

DOCUMENTATION = r"""
name: close_names
short_description: Suggest known names for misspelled ones
version_added: 1.0.0
author:
  - the qlikops.sense authors (@qlikops)
description:
  - Returns the names that are not known but are similar to a known name, each with the most similar
    known name.
positional: _input, known
options:
  _input:
    description:
      - Names to check.
    type: list
    elements: str
    required: true
  known:
    description:
      - Known names.
    type: list
    elements: str
    required: true
"""

EXAMPLES = r"""
- name: Print similar names
  ansible.builtin.debug:
    msg: "{{ ['portl', 'hub'] | qlikops.sense.close_names(['portal', 'hub']) }}"
    # {"portl": "portal"}
"""

RETURN = r"""
_value:
  description:
    - The most similar known name for each misspelled name. Does not contain known names, or names
      without a similar known name.
  type: dict
"""


def close_names(names: t.Iterable[str], known: t.Iterable[str]) -> t.Dict[str, str]:
    """Each of ``names`` that is not known, with the ``known`` name that it resembles most."""
    there = [str(name) for name in known if name]
    close = {name: difflib.get_close_matches(name, there, n=1) for name in names}
    return {name: found[0] for name, found in close.items() if found and name not in there}


class FilterModule:
    """The filters of this file."""

    def filters(self) -> t.Dict[str, t.Callable[..., t.Any]]:
        """By name."""
        return {"close_names": close_names}

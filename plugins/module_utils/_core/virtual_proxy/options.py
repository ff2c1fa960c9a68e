# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The options of one virtual proxy as Ansible declares them.

Their meaning is in ``fields.py``, their documentation in the module ``qlik_virtual_proxy``.
"""

from __future__ import annotations

import typing as t

from ..entity.fields import spec_of
from .convert import NODES_OPTION
from .desired import APPEND, DEFAULT_MODES, REPLACE
from .fields import FIELDS

MODES = {option: f"{option}_mode" for option in DEFAULT_MODES}


def virtual_proxy_spec() -> t.Dict[str, t.Any]:
    """The argument spec of one virtual proxy."""
    texts = {"type": "list", "elements": "str"}
    return {
        "prefix": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        **spec_of(FIELDS),
        NODES_OPTION: texts,
        "proxies": texts,
        **{mode: _mode(DEFAULT_MODES[option]) for option, mode in MODES.items()},
        "allow_restart": {"type": "bool", "default": True},
    }


def _mode(default: str) -> t.Dict[str, t.Any]:
    choices = [default, REPLACE if default == APPEND else APPEND]
    return {"type": "str", "choices": choices, "default": default}

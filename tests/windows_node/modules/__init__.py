# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The modules of ansible.windows that the node models, by their short names."""

from __future__ import annotations

import typing as t

from . import (
    setup,
    slurp,
    win_acl,
    win_acl_inheritance,
    win_certificate_info,
    win_certificate_store,
    win_copy,
    win_file,
    win_find,
    win_owner,
    win_ping,
    win_service_info,
    win_stat,
    win_tempfile,
    win_whoami,
)
from .base import Model

MODELS: t.Final[dict[str, Model]] = {
    "setup": setup.MODEL,
    "slurp": slurp.MODEL,
    "win_acl": win_acl.MODEL,
    "win_acl_inheritance": win_acl_inheritance.MODEL,
    "win_certificate_info": win_certificate_info.MODEL,
    "win_certificate_store": win_certificate_store.MODEL,
    "win_copy": win_copy.MODEL,
    "win_file": win_file.MODEL,
    "win_find": win_find.MODEL,
    "win_owner": win_owner.MODEL,
    "win_ping": win_ping.MODEL,
    "win_service_info": win_service_info.MODEL,
    "win_stat": win_stat.MODEL,
    "win_tempfile": win_tempfile.MODEL,
    "win_whoami": win_whoami.MODEL,
}

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables of a host in a play, for the tests of plans."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.plugin_utils.variables import Variables

Json = dict[str, t.Any]


def variables(
    own: Json | None = None,
    *,
    environment: dict[str, str] | None = None,
    hosts: Json | None = None,
    lost: t.Sequence[str] = (),
) -> Variables:
    """The variables of the host "central"; ``hosts`` are the others of the play, by name."""
    hostvars: Json = {"central": own or {}, **(hosts or {})}
    raw = {
        "inventory_hostname": "central",
        "ansible_playbook_python": "/usr/bin/python3",
        "hostvars": hostvars,
        "ansible_play_hosts_all": [*hostvars],
        "ansible_play_hosts": [name for name in hostvars if name not in lost],
        "ansible_play_batch": [*hostvars],
        **(own or {}),
    }
    return Variables(raw, environment=environment or {}, directory="/srv/play")

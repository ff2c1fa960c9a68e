# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run over a scripted proxy that works, except for what a test changes."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.ports import Response
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import Evidence
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.login import BadToken
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.sessions import (
    Administration,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.steps import Kit, run_steps
from ansible_collections.qlikops.sense.plugins.module_utils._core.qrs.proxy_admin import AdminPort
from support.probe_evidence import NOW, settings, token, view
from support.scripted_engine import ScriptedDialer
from support.scripted_proxy import (
    HTML,
    KNOWN,
    LET_IN,
    PAGE,
    REFUSED,
    Answer,
    Scripted,
    Time,
    client,
    tools,
)

USER = Response(200, "", (), b'{"userDirectory": "ACME", "userId": "jdoe"}')
UPGRADED = Response(101)
HUB = Response(200, "", HTML, b"<html>Hub</html>")
BAD = [BadToken(kind, lambda: "bad") for kind in ("unsigned", "foreign", "expired")]
ABOUT = Response(200, "", (("Content-Type", "application/json"),), b'{"buildVersion": "1"}')


def proxy(**answers: Answer | list[Answer]) -> Scripted:
    """A current proxy that works; ``csrf`` is the repeated request, ``bad`` what tokens get that
    come after the good one."""
    wanted: dict[str, Answer | list[Answer]] = {
        "impossible": PAGE,
        "login": [LET_IN, REFUSED],
        "qps/csrftoken": KNOWN,
        "qps/user": USER,
        "qrs/user": Response(200, "", (), b"[]"),
        "hub/": HUB,
        "app/engineData": UPGRADED,
        **answers,
    }
    return Scripted({k: list(v) if isinstance(v, list) else [v] for k, v in wanted.items()})


def admin(*answers: Answer) -> tuple[Scripted, Administration]:
    """An administration port that gives these answers to everything."""
    port = Scripted({"session/the-cookie": list(answers)})
    letters = tools().letters
    return port, Administration([AdminPort("https://node:4243", port)], "jwt", letters)


def run(
    scripted: Scripted,
    administration: Administration | None = None,
    *,
    time: Time | None = None,
    bad: t.Sequence[BadToken] = BAD,
    rejected_beforehand: str = "",
    hopeless: bool = False,
    user_is_new: bool = False,
    dialer: ScriptedDialer | None = None,
    **changes: t.Any,
) -> Evidence:
    repository = view(user=None) if user_is_new else None
    evidence = Evidence(settings(**changes), NOW, token(), user=("ACME", "jdoe"), view=repository)
    kit = Kit(
        client(scripted, time, dialer, **changes),
        "the-token",
        bad,
        administration,
        rejected_beforehand,
        hopeless,
    )
    return run_steps(evidence, kit)


def oks(evidence: Evidence) -> dict[str, bool | None]:
    return {step.name: step.ok for step in evidence.steps}

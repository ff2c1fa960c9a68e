# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The make targets as sessions of nox. The Makefile and tests/tools define what they do."""

from __future__ import annotations

import nox

nox.options.sessions = ["lint", "types", "tests", "sanity"]

TARGETS = (*nox.options.sessions, "matrix", "artifact", "workflows", "ansible-test", "environment")


def session_of(target: str) -> None:
    """Declare a session that runs a make target."""

    @nox.session(name=target, python=False)
    def session(run: nox.Session) -> None:
        arguments = " ".join(run.posargs)
        run.run("make", target, f"ARGS={arguments}", external=True)


for name in TARGETS:
    session_of(name)

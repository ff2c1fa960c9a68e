# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module against the simulated repository: runs and refusals."""

from __future__ import annotations

import dataclasses
import typing as t

from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
DATES = ("modifiedDate", "modifiedByUserName")


@dataclasses.dataclass(frozen=True)
class Case:
    """A module and the site that it works on."""

    name: str
    site: Simulator

    def run(self, *, check: bool = False, **options: t.Any) -> Result:
        """The result of one run."""
        return run_module(self.name, {**connection(self.site), **options}, check=check)

    def done(self, **options: t.Any) -> Result:
        """The result of a run that must succeed."""
        result = self.run(**options)
        assert not result.get("failed"), result.get("msg")
        return result

    def refused(self, **options: t.Any) -> str:
        """The sentence of a run that must fail without writing, whether in check mode or not."""
        before = self.entities()
        said = []
        for check in (True, False):
            self.site.clear_requests()
            result = self.run(check=check, **options)
            assert result.get("failed"), result
            assert self.entities() == before
            assert self.writes() == []
            assert "Traceback" not in str(result)
            said.append(str(result["msg"]))
        assert said[0] == said[1]
        assert len(said[0]) < 600
        return said[0]

    def log(self) -> list[str]:
        """What was asked of the repository."""
        return [f"{item['method']} {item['path']}" for item in self.site.requests(port="qrs")]

    def writes(self) -> list[str]:
        """What was asked of it and changes something."""
        return [line for line in self.log() if not line.startswith("GET")]

    def entities(self) -> Json:
        """Everything that the repository stores."""
        return t.cast(Json, self.site.state()["entities"])


def without(entity: Json, *names: str) -> Json:
    """The entity without those properties."""
    return {key: value for key, value in entity.items() if key not in names}

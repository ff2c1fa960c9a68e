# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One module against the simulated repository: runs, rejected input, and what was written."""

from __future__ import annotations

import dataclasses
import typing as t
from collections import Counter

from support.module_runner import Result, connection, run_module
from support.simulator import Simulator

Json = dict[str, t.Any]
DATES = ("modifiedDate", "modifiedByUserName")
#: What the server sets.
OWN = ("id", "createdDate", *DATES)


@dataclasses.dataclass(frozen=True)
class Case:
    """A module and the site that it works on.

    ``standing`` are the options of every run. Default: the connection to the repository.
    ``longest`` is the limit for the length of a message.
    """

    module: str
    site: Simulator
    standing: Json | None = None
    longest: int = 600

    def run(self, *, check: bool = False, **options: t.Any) -> Result:
        """The result of one run, whether it fails or not."""
        standing = connection(self.site) if self.standing is None else self.standing
        result = run_module(self.module, {**standing, **options}, check=check)
        assert "Traceback" not in str(result)
        return result

    def done(self, **options: t.Any) -> Result:
        """The result of a run that must succeed."""
        result = self.run(**options)
        assert not result.get("failed"), result.get("msg")
        return result

    def check(self, **options: t.Any) -> Result:
        """The result of a run in check mode that must succeed."""
        return self.done(check=True, **options)

    def rejected(self, **options: t.Any) -> str:
        """The message of a run that must fail without a write, the same in check mode."""
        predicted = self.rejected_once(check=True, **options)
        message = self.rejected_once(**options)
        assert predicted == message
        return message

    def rejected_once(self, **options: t.Any) -> str:
        """The message of a single run that must fail without a write."""
        before = self.entities()
        self.site.clear_requests()
        result = self.run(**options)
        assert result.get("failed"), result
        assert self.writes() == []
        assert self.entities() == before
        message = str(result["msg"])
        assert len(message) < self.longest
        return message

    def log(self) -> list[str]:
        """The requests to the repository."""
        return [f"{item['method']} {item['path']}" for item in self.site.requests(port="qrs")]

    def writes(self) -> list[str]:
        """The requests to the repository that change something."""
        return [line for line in self.log() if not line.startswith("GET")]

    def written(self) -> Counter[str]:
        """How often each type of entity was written: ``PUT proxyservice``, for example."""
        lines = (line.split("/") for line in self.writes())
        return Counter(f"{method}{kind}" for method, _qrs, kind, *_id in lines)

    def entities(self) -> Json:
        """Everything that the repository stores."""
        return t.cast(Json, self.site.state()["entities"])


def without(entity: Json, *names: str) -> Json:
    """The entity without those properties."""
    return {key: value for key, value in entity.items() if key not in names}


def content(value: t.Any) -> t.Any:
    """A stored value without what the server sets, at any depth."""
    if isinstance(value, dict):
        return {key: content(item) for key, item in without(value, *OWN).items()}
    return [content(item) for item in value] if isinstance(value, list) else value

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The conformance check against a simulated site, in this process."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import json
import time
import types
import typing as t
from pathlib import Path
from unittest import mock

import jsonschema

from support.case import content
from support.module_runner import Result, connection, run_module

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
NAME = "qlik_conformance"
SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "docs" / "conformance.schema.json").read_text("utf-8")
)
_PACKAGE = "ansible_collections.qlikops.sense.plugins.module_utils"


@dataclasses.dataclass(frozen=True)
class Check:
    """Runs of the check on one site."""

    site: Simulator

    def options(self, level: str, node: str = "Central", **changes: t.Any) -> Json:
        """The options of a run; a change to None leaves one out."""
        place = self.site.node(node)
        options: Json = {
            **connection(self.site),
            "level": level,
            "url": place["url"],
            "url_ca_path": self.site.proxy_ca,
            "qps_port": place["admin_port"],
            "allow_restart": level == "login",
            "node": None if node == "Central" else node,
            **changes,
        }
        return {name: value for name, value in options.items() if value is not None}

    def run(self, level: str, *, check: bool = False, **changes: t.Any) -> Result:
        """The result of a run, whether it fails or not."""
        result = run_module(NAME, self.options(level, **changes), check=check)
        assert "Traceback" not in str(result)
        if "conformance" in result:
            jsonschema.validate(result["conformance"], SCHEMA)
        return result

    def done(self, level: str, **how: t.Any) -> Result:
        """The result of a run that must succeed."""
        result = self.run(level, **how)
        assert not result.get("failed"), result.get("msg")
        assert result["conformance"]["left"] == []
        return result

    def answers(self, level: str, **how: t.Any) -> Json:
        """What such a run observes, by id."""
        return answers(self.done(level, **how))

    def stored(self) -> Json:
        """All that the repository stores, without dates and ids that the server sets."""
        return t.cast(Json, content(self.site.state()["entities"]))

    def writes(self) -> list[str]:
        """The requests on all ports that are not GET."""
        return [f"{r['method']} {r['path']}" for r in self.site.requests() if r["method"] != "GET"]


def answers(result: Result) -> Json:
    """What a run observed, by id."""
    return {a["id"]: a["observed"] for a in result["conformance"]["answers"]}


def by_id(result: Result) -> dict[str, Json]:
    """The answers of a run, by id."""
    return {answer["id"]: answer for answer in result["conformance"]["answers"]}


@contextlib.contextmanager
def quick_time() -> t.Iterator[None]:
    """Within, the pauses of a run take no time, and time passes by them."""
    pauses: list[float] = []
    quick = types.SimpleNamespace(
        time=time.time,
        monotonic=lambda: time.monotonic() + sum(pauses),
        sleep=pauses.append,
    )
    with contextlib.ExitStack() as stack:
        for name in ("_connection", "_modules.conformance"):
            module = importlib.import_module(f"{_PACKAGE}.{name}")
            stack.enter_context(mock.patch.object(module, "time", quick))
        yield

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One fault at one request of an operation: what may come out, and what the next two runs do."""

from __future__ import annotations

import dataclasses
import time
import traceback
import typing as t
from collections import Counter

from crash.faults import RETRY_AFTER, RIVAL_DELETION, SLOW, Fault, quick_one
from crash.operations import RIVAL, Operation
from crash.state import View, arrange, assert_others_untouched, lacking
from crash.words import words
from support.module_runner import Result, connection, run_module
from support.quick_clock import quick_clock

if t.TYPE_CHECKING:
    from support.simulator import Simulator

Json = dict[str, t.Any]
SUCCEEDED, FAILED = "succeeded", "failed clearly"
_UNKNOWN = "was carried out is not known"
_WITH_PROXIES = "with the option proxies"
_LONGEST = 1500
#: How many requests an operation takes, by its name, once that was tried.
_REQUESTS: dict[str, int] = {}


@dataclasses.dataclass
class Trial:
    """An operation on a site of its own making."""

    site: Simulator
    operation: Operation

    def requests(self) -> int:
        """How many requests the operation takes when nothing happens; it must do its work."""
        arrange(self.site, self.operation)
        before = View(self.site)
        assert lacking(before, self.operation.goal)
        result, dummy = self._run()
        self._assert_success(before, result, None)
        return len(self.site.requests(port="qrs"))

    def judge(self, fault: Fault) -> str:
        """Try one fault: ``SUCCEEDED`` or ``FAILED``, both followed by a run that converges."""
        arrange(self.site, self.operation)
        before = View(self.site)
        fault.order(self.site, self.operation)
        result, pauses = self._run(timeout=fault.timeout, retries=1)
        if fault.kind in SLOW:
            self._await_late_one(fault)
        hit = [item for item in self.site.requests(port="qrs") if item["n"] == fault.number]
        assert hit, "the fault did not happen"
        self.site.clear_faults()
        after = View(self.site)
        assert_others_untouched(before, after, self.operation, fault)
        if fault.kind == "429" and hit[0]["method"] == "GET":
            assert pauses == [RETRY_AFTER]
        if result.get("failed"):
            self._assert_clear(before, after, fault, result)
        else:
            self._assert_success(before, result, fault)
        self._assert_converges(before, after, fault, str(result.get("msg", "")))
        return FAILED if result.get("failed") else SUCCEEDED

    def _run(self, **options: t.Any) -> tuple[Result, list[float]]:
        arguments = {**connection(self.site), **self.operation.options, **options}
        self.site.clear_requests()
        with quick_clock() as pauses:
            return run_module(self.operation.module, arguments), pauses

    def _await_late_one(self, fault: Fault) -> None:
        """Wait until the site is done with the request that it was slow with."""
        deadline = time.monotonic() + 10
        while fault.kind == "acts too late" and time.monotonic() < deadline:
            if all(item["status"] for item in self.site.requests(port="qrs", n=fault.number)):
                return
            time.sleep(0.05)

    def _assert_success(self, before: View, result: Result, fault: Fault | None) -> None:
        assert not result.get("failed"), result.get("msg")
        if fault is not None and (fault.rivals or fault.is_believed(self.operation)):
            return
        after = View(self.site)
        assert_others_untouched(before, after, self.operation, fault)
        assert lacking(after, self.operation.goal) == []
        if fault is None:
            assert result["changed"] is True

    def _assert_clear(self, before: View, after: View, fault: Fault, result: Result) -> None:
        """It says what was done, but for one write at most of which nobody can know."""
        message = str(result["msg"])
        assert "Traceback" not in str(result)
        assert "hush-hush" not in str(result)
        assert "PRIVATE KEY" not in str(result)
        assert message.endswith("."), message
        assert "  " not in message
        assert "\n" not in message
        assert ".." not in message
        assert len(message) < _LONGEST, message
        changes = [] if fault.kind == RIVAL_DELETION else words(before, after, self.operation)
        unsaid = [text for text in changes if text not in message]
        assert len(unsaid) <= (1 if _UNKNOWN in message else 0), (unsaid, message)
        assert _WITH_PROXIES in message or not self._half_made(before, after), message

    def _dead(self, before: View, after: View) -> list[str]:
        """New virtual proxies that no proxy service serves, though one shall."""
        goal = self.operation.goal
        new = [p for p in goal.virtual_proxies if p not in before.virtual_proxies]
        made = [p for p in new if p in after.virtual_proxies and not after.served_by(p)]
        return [p for p in made if goal.links.get(p)]

    def _half_made(self, before: View, after: View) -> list[str]:
        """Those among them that this run made, and that a run without proxies would not link."""
        dead = self._dead(before, after)
        own = [p for p in dead if after.virtual_proxies[p]["description"] != RIVAL]
        return [p for p in own if "proxies" not in self._options_of(p)]

    def _options_of(self, prefix: str) -> Json:
        options = self.operation.options
        entries: list[Json] = options.get("virtual_proxies", [options])
        return next(item for item in entries if item["prefix"] == prefix)

    def _assert_converges(self, before: View, after: View, fault: Fault, message: str) -> None:
        trial = self
        unlinked = [p for p in self._dead(before, after) if "proxies" not in self._options_of(p)]
        if unlinked:
            # Links of what is there already are left alone unless they are asked for.
            trial = Trial(self.site, _with_proxies(self.operation, unlinked))
        left = lacking(after, self.operation.goal)
        result, dummy = trial._run()
        assert not result.get("failed"), result["msg"]
        assert result["changed"] is bool(left), (left, message)
        view = View(self.site)
        assert lacking(view, self.operation.goal) == []
        assert_others_untouched(before, view, self.operation, fault)
        result, dummy = trial._run()
        assert not result.get("failed"), result["msg"]
        assert result["changed"] is False
        assert [r for r in self.site.requests(port="qrs") if r["method"] != "GET"] == []


def _with_proxies(operation: Operation, prefixes: t.Collection[str]) -> Operation:
    def linked(item: Json) -> Json:
        return {**item, "proxies": ["central"]} if item.get("prefix") in prefixes else item

    options = linked(operation.options)
    if "virtual_proxies" in options:
        entries = [linked(item) for item in options["virtual_proxies"]]
        options = {**options, "virtual_proxies": entries}
    return dataclasses.replace(operation, options=options)


@dataclasses.dataclass
class Tally:
    """What came out of some cases of one operation, and what went wrong with them."""

    operation: str
    requests: int
    cases: Counter[str] = dataclasses.field(default_factory=Counter)
    kinds: set[str] = dataclasses.field(default_factory=set)
    wrong: list[str] = dataclasses.field(default_factory=list)

    def row(self) -> Json:
        """For the table at the end of the run."""
        return {
            "operation": self.operation,
            "requests": self.requests,
            "faults": sorted(self.kinds),
            "succeeded": self.cases[SUCCEEDED],
            "failed": self.cases[FAILED],
            "wrong": len(self.wrong),
        }


def try_at_every_request(site: Simulator, operation: Operation, kind: str) -> Tally:
    """One kind of fault at every request of the operation."""
    trial = Trial(site, operation)
    requests = _requests(trial)
    return _tried(trial, requests, [Fault(kind, n + 1) for n in range(requests)])


def try_some_faults(site: Simulator, operation: Operation) -> Tally:
    """One fault at each request of the operation."""
    trial = Trial(site, operation)
    requests = _requests(trial)
    return _tried(trial, requests, [quick_one(operation, n + 1) for n in range(requests)])


def _requests(trial: Trial) -> int:
    name = trial.operation.name
    if name not in _REQUESTS:
        _REQUESTS[name] = trial.requests()
    return _REQUESTS[name]


def _tried(trial: Trial, requests: int, faults: t.Iterable[Fault]) -> Tally:
    tally = Tally(trial.operation.name, requests)
    for fault in faults:
        tally.kinds.add(fault.kind)
        try:
            tally.cases[trial.judge(fault)] += 1
        except AssertionError as error:
            line = traceback.extract_tb(error.__traceback__)[-1].line
            tally.wrong.append(f"{fault.kind} at request {fault.number}: {error} ({line})")
    return tally

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports with texts that anybody can have written, read by a JUnit parser and by Chromium."""

from __future__ import annotations

import itertools
import json
import os
import threading
from collections.abc import Iterator

import pytest
from junitparser import Failure

from playbooks.report_texts import ABSENT, LONG, PROOFS, SHOWN, STEPS
from playbooks.reports import REPORT_ONLY, Reports, play
from playbooks.runs import Json, Workplace
from support import browser as support
from support.simulator import Simulator

#: What browsers make of line ends and tabs in running text.
SEEN = " ".join(SHOWN.split())


class Reader:
    """Reads report.json while it is written; ``torn`` counts the times it could not be read."""

    def __init__(self, reports: Reports):
        self.torn = 0
        self._file = reports.directory / "report.json"
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Reader:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        there = False
        while not self._ended.wait(0.01):
            there = there or self._file.exists()
            if there:
                try:
                    json.loads(self._file.read_bytes())
                except (OSError, ValueError):
                    self.torn += 1


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory, simulator: Simulator) -> Reports:
    """Written by hosts that go each at its own pace."""
    workplace = Workplace(tmp_path_factory.mktemp("reports"), simulator)
    found = Reports(workplace.directory / "reports")
    (workplace.directory / "proofs.json").write_text(json.dumps(PROOFS), encoding="ascii")
    proofs = "{{ (lookup('ansible.builtin.file', 'proofs.json') | from_json)[inventory_hostname] }}"
    tasks: list[Json] = [
        {"ansible.builtin.fail": {}, "when": f"inventory_hostname == '{ABSENT}'"},
        # What one host says first does not count in the end.
        {**REPORT_ONLY, "when": "inventory_hostname == 'good'"},
        {"ansible.builtin.set_fact": {"jwt_verify__proof": proofs}},
        REPORT_ONLY,
    ]
    hosts = {
        name: {"jwt_verify_report_directory": str(found.directory)} for name in (*PROOFS, ABSENT)
    }
    with Reader(found) as reader:
        run = workplace.run(play(*tasks, strategy="free"), hosts=hosts).failed()
    assert run.warnings == []
    assert len(run.failures) == 1
    assert reader.torn == 0
    return found


@pytest.fixture(scope="session")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[support.Browser]:
    """One browser for all tests."""
    if not support.is_there():
        if os.environ.get("CI"):
            pytest.fail(support.HOW_TO_GET)
        pytest.skip(support.HOW_TO_GET)
    with support.start(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.mark.long
def test_the_last_host_is_in_it_as_is_the_first(reports: Reports) -> None:
    told = reports.json()

    assert [(site["host"], site["status"]) for site in told["sites"]] == [
        ("bad", "failed"),
        (ABSENT, "not_probed"),
        ("warned", "warning"),
        ("good", "ok"),
    ]
    assert {site["host"]: site for site in told["sites"] if site["host"] != ABSENT} == PROOFS
    assert told["summary"] == {
        "sites": 4,
        "sites_not_probed": 1,
        "logins": 5,
        "granted": 2,
        "denied": 1,
        "failed": 1,
        "not_probed": 1,
        "warnings": 2,
    }


def test_junit_holds_every_text_as_it_is(reports: Reports) -> None:
    suites = list(reports.junit())
    assert [(s.name, s.tests, s.failures, s.errors, s.skipped) for s in suites] == [
        ("bad", 2, 1, 1, 0),
        (ABSENT, 1, 0, 0, 1),
        ("warned", 2, 0, 0, 0),
        ("good", 1, 0, 0, 0),
    ]
    assert (reports.junit().tests, reports.junit().time) == (6, 1.75)
    failed, untried = reports.cases("bad")
    assert failed.name == f"{SHOWN} at https://{LONG}.example.com"
    (failure,) = failed.result
    assert isinstance(failure, Failure)
    assert (failure.type, failure.message) == ("not_linked", f"not_linked: {SHOWN}")
    assert f"Remedy: Mend not_linked. {SHOWN}\n" in failure.text
    assert f"  entries: {SHOWN}, {LONG}\n  none: none\n  number: 3\n" in failure.text
    assert f"route: failed, status 400, {SHOWN}" in failed.system_out
    assert [(r.type, r.message) for r in untried.result] == [("not_probed", SHOWN)]
    warned, refused = reports.cases("warned")
    assert "warning weak_key: " in warned.system_out
    assert (warned.result, refused.result) == ([], [])


def test_the_page_loads_nothing_and_runs_nothing(
    reports: Reports, chromium: support.Browser
) -> None:
    chromium.show(reports.page)

    assert chromium.loads() == [reports.page.as_uri()]
    assert chromium.complaints() == []
    assert chromium.run("return document.scripts.length + document.images.length") == 0
    assert chromium.run("return document.title") == "JWT logins of Qlik Sense: 1 login failed"
    policy = chromium.run(
        "return document.querySelector('meta[http-equiv=Content-Security-Policy]').content"
    )
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_the_page_shows_every_text_as_it_is(reports: Reports, chromium: support.Browser) -> None:
    chromium.show(reports.page)
    text = " ".join(chromium.run("return document.body.textContent").split())

    assert f"not_linked: {SEEN}" in text
    assert f"Mend not_linked. {SEEN}" in text
    assert f"{SEEN}, {LONG}" in text
    assert f"ACME\\{SEEN}" in text
    for expected in (
        "1 of 5 logins failed. 1 login could not be tried. 1 site was not probed.",
        "The run failed on this host before",
        "The login was rejected, as expected: key_mismatch.",
        "Virtual proxies > Links",
        "qlik_virtual_proxy.proxies",
    ):
        assert expected in text
    order = chromium.run("return [...document.querySelectorAll('.finding a')].map(a => a.text)")
    assert order == ["not_linked", "weak_key", "redirect_uri_ignored", "weak_key", "key_mismatch"]


def test_the_page_has_a_structure_for_those_who_do_not_see_it(
    reports: Reports, chromium: support.Browser
) -> None:
    chromium.show(reports.page)
    structure: Json = chromium.run(
        """
        const all = (what) => [...document.querySelectorAll(what)];
        const table = document.querySelector("table.overview");
        return {
          lang: document.documentElement.lang,
          landmarks: ["header", "nav[aria-label]", "main", "footer"].map((w) => all(w).length),
          levels: all("h1, h2, h3, h4").map((h) => Number(h.tagName[1])),
          unlabelled: all("section").filter(
            (s) => !document.getElementById(s.getAttribute("aria-labelledby"))).length,
          twice: all("[id]").length - new Set(all("[id]").map((e) => e.id)).size,
          dead: all('a[href^="#"]').filter((a) => !document.querySelector(a.hash)).length,
          caption: Boolean(table.caption.textContent.trim()),
          scopes: [...table.querySelectorAll("th")].filter((th) => !th.scope).length,
          columns: [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()),
          wordless: [...table.querySelectorAll("td")].filter((td) => !td.textContent.trim()).length,
        };
        """
    )

    levels = structure.pop("levels")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))
    assert structure == {
        "lang": "en",
        "landmarks": [1, 1, 1, 1],
        "unlabelled": 0,
        "twice": 0,
        "dead": 0,
        "caption": True,
        "scopes": 0,
        "columns": ["Login", *STEPS],
        "wordless": 0,
    }


def test_the_page_is_walked_by_keyboard(reports: Reports, chromium: support.Browser) -> None:
    chromium.show(reports.page)
    links = chromium.run("return [...document.links].map((link) => link.hash || link.href)")
    focused = """
        const at = document.activeElement, style = getComputedStyle(at);
        const box = at.getBoundingClientRect();
        return {
          link: at.hash || at.href,
          ring: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
          seen: box.width > 0 && box.left >= 0 && box.top >= 0 && box.bottom <= innerHeight,
        };
    """
    walked = []
    for dummy in links:
        chromium.press()
        walked.append(chromium.run(focused))
    assert walked == [{"link": link, "ring": True, "seen": True} for link in links]

    chromium.show(reports.page)
    chromium.press()
    chromium.enter()
    assert chromium.run("return document.activeElement.id") == "results"
    chromium.press()
    assert chromium.run("return document.activeElement.hash") == "#site-1-login-1"
    chromium.enter()
    assert chromium.run("return document.querySelector(':target h3').textContent")
    assert chromium.run("return document.querySelector(':target').getBoundingClientRect().top") >= 0


@pytest.mark.parametrize(
    ("media", "scheme"), [("screen", "light"), ("screen", "dark"), ("print", "dark")]
)
def test_every_text_stands_out(
    reports: Reports, chromium: support.Browser, media: str, scheme: str
) -> None:
    chromium.show(reports.page, scheme=scheme)
    chromium.media(media, scheme)

    found = chromium.contrasts()

    assert len(found) > 100
    assert [item for item in found if item["contrast"] < item["least"]] == []


@pytest.mark.parametrize("width", [320, 375, 1200])
def test_nothing_reaches_over_the_edge(
    reports: Reports, chromium: support.Browser, width: int
) -> None:
    chromium.show(reports.page, width=width)

    beyond = chromium.run(
        """
        const hidden = (e) => e.closest(".hidden, .skip, .symbols");
        return [...document.body.querySelectorAll("*")]
          .filter((e) => !hidden(e) && e.getBoundingClientRect().right > innerWidth + 0.5)
          .map((e) => e.outerHTML.slice(0, 80));
        """
    )

    assert beyond == []
    assert chromium.run("return document.documentElement.scrollWidth") == width


def test_paper_shows_all_that_a_screen_shows(reports: Reports, chromium: support.Browser) -> None:
    chromium.show(reports.page, width=700)
    chromium.media("print")

    cut = chromium.run(
        """
        return [...document.querySelectorAll("main *:not(.hidden):not(br)")].filter((e) =>
          e.textContent.trim() && (!e.checkVisibility() || e.scrollWidth > e.clientWidth + 1
            && getComputedStyle(e).overflowX !== "visible")).map((e) => e.outerHTML.slice(0, 80));
        """
    )

    assert cut == []
    assert chromium.run("return document.querySelectorAll('.finding').length") == 5
    assert chromium.pdf().startswith(b"%PDF-")

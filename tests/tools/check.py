# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the checks of `make test`, all or the named ones, and counts what came out.

    python -m tools.check [--list] [NAME …] [-- ARGUMENTS]

A failed check does not keep the others from running, and a slow one of a single process runs beside
them; what it printed comes when it has ended. ARGUMENTS go to the one check that is named.
The last line is ``N passed, N failed, N skipped``: every test of pytest and ansible-test, and each
other tool as one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
import typing as t
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from tools import checkout, oldest, sanity, surroundings, windows_collection
from tools.checkout import BUILD, ROOT
from tools.counts import Counts, in_reports
from tools.process import execute

# mypy sees the plugins under the name by which they import each other.
TYPED = (
    ".build/collections/ansible_collections/qlikops/sense/plugins",
    "benchmarks",
    "tests",
    "examples",
)


#: Where the last run of pytest wrote what came out.
REPORTS = BUILD / "reports" / "pytest"

#: For one file whose tests share nothing, so that both processes have work.
APART = ("--dist", "load")

#: Every test that uses the fake Windows node.
WINDOWS = ("tests", "-m", "windows")

#: Tests that run a playbook at every request take longer than what looks like standing still.
PATIENT = ("-o", "faulthandler_timeout=3600")

#: What a check does with its arguments, and a file for its output when it may not use the terminal.
Run = Callable[[Sequence[str], t.IO[bytes] | None], Counts]


class Check(t.NamedTuple):
    """A name for the command line, the part of `make test` it belongs to, and what it does."""

    name: str
    part: str
    run: Run
    on_request: bool = False
    beside: bool = False


class Outcome(t.NamedTuple):
    """What came out of a check, and after how many seconds."""

    check: Check
    counts: Counts
    seconds: float


def tool(*command: str) -> Run:
    """A tool that looks at the checkout and whose exit code says it all."""

    def run(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
        env = surroundings.environment()
        return one(execute([*command, *arguments], cwd=ROOT, env=env, output=output))

    return run


def mypy(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """mypy over all that is ours."""
    env = surroundings.environment()
    found = [place for place in TYPED if (ROOT / place).exists()]
    return one(execute(["mypy", *(arguments or found)], cwd=ROOT, env=env, output=output))


def tool_in_copy(*command: str) -> Run:
    """A tool that wants the collection in its place and leaves files behind."""

    def run(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
        collection = checkout.copy("lint")
        windows_collection.show_in(collection.parents[2])
        env = surroundings.environment(collections=collection.parents[2])
        return one(execute([*command, *arguments], cwd=collection, env=env, output=output))

    return run


def pytest(*chosen: str) -> Run:
    """A run of pytest; files stay together on one of two processes, as their fixtures want."""

    def run(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
        shutil.rmtree(REPORTS, ignore_errors=True)
        # In the order of the names, for by default the files with few and long tests come last,
        # when the other process has nothing left to do.
        command = [sys.executable, "-m", "pytest", "-n", "2", "--dist", "loadfile"]
        command += ["--no-loadscope-reorder"]
        report = f"--junitxml={REPORTS / 'report.xml'}"
        command += [report, "-o", "junit_family=xunit2", *selection(chosen, arguments)]
        env = surroundings.environment()
        return in_reports(REPORTS, execute(command, cwd=ROOT, env=env, output=output))

    return run


def selection(chosen: Sequence[str], arguments: Sequence[str]) -> list[str]:
    """Arguments that name tests replace what a check chooses; options alone narrow it."""
    named = any(word.startswith("tests/") or word == "tests" for word in arguments)
    return [*([] if named else chosen), *arguments]


def rotation(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """The whole matrix of faults during a rotation."""
    os.environ["ROTATION_FAULTS"] = "all"
    return pytest("tests/playbooks/test_rotate_faults.py", *APART, *PATIENT)(arguments, output)


def windows(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """The Windows tests on this ansible-core, then on the oldest one and ansible.windows."""
    chosen = (*WINDOWS, *PATIENT)
    here = pytest(*chosen)(arguments, output)
    (collection,) = windows_collection.OTHERS
    command = [str(oldest.python()), "-m", "tools.check", "tests", "--"]
    command += selection(chosen, arguments)
    env = {**os.environ, "WINDOWS_COLLECTION": collection}
    return here.plus(in_reports(REPORTS, execute(command, cwd=ROOT, env=env, output=output)))


def fuzz(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """Every fuzzing target in turn, for as many seconds as the argument says."""
    env = surroundings.environment()
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests"), env["ANSIBLE_COLLECTIONS_PATH"]])
    return one(
        execute([sys.executable, "-m", "fuzz", *arguments], cwd=ROOT, env=env, output=output)
    )


def bench(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """The benchmark, or the parts of it that are named."""
    env = surroundings.environment()
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return one(
        execute([sys.executable, "-m", "benchmarks", *arguments], cwd=ROOT, env=env, output=output)
    )


def roles(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """How much of the roles is Jinja."""
    env = surroundings.environment()
    env["PYTHONPATH"] = str(ROOT / "tests")
    command = [sys.executable, "-m", "tools.role_figures", *arguments]
    return one(execute(command, cwd=ROOT, env=env, output=output))


def words(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """The language of the texts."""
    env = surroundings.environment()
    env["PYTHONPATH"] = str(ROOT / "tests")
    command = [sys.executable, "-m", "tools.word_list", *arguments]
    return one(execute(command, cwd=ROOT, env=env, output=output))


def pages(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """Writes the generated parts of the documentation."""
    env = surroundings.environment()
    env["PYTHONPATH"] = os.pathsep.join([str(ROOT / "tests"), env["ANSIBLE_COLLECTIONS_PATH"]])
    total = Counts()
    for page in ("findings_page", "conformance_page", "files_page", "role_tables", "links"):
        command = [sys.executable, "-m", f"tools.{page}", *arguments]
        total = total.plus(one(execute(command, cwd=ROOT, env=env, output=output)))
    return total


CHECKS = (
    Check("ruff", "lint", tool("ruff", "check", ".")),
    Check("format", "lint", tool("ruff", "format", "--check", ".")),
    Check("yamllint", "lint", tool("yamllint", "--strict", ".")),
    Check("reuse", "lint", tool("reuse", "lint", "--lines")),
    Check("changelog", "lint", tool("antsibull-changelog", "lint")),
    Check("ansible-lint", "lint", tool_in_copy("ansible-lint", "--offline")),
    Check(
        "docs",
        "lint",
        tool_in_copy("antsibull-docs", "lint-collection-docs", "--plugin-docs", "."),
    ),
    Check("roles", "lint", roles),
    Check("words", "lint", words),
    Check("types", "types", mypy),
    Check("tests", "tests", pytest("tests", "-m", "not long")),
    Check("sanity", "sanity", sanity.run, beside=True),
    Check("long", "long", pytest("tests", "-m", "long", *PATIENT), on_request=True),
    Check("crash", "crash", pytest("tests/crash", "-m", "long", *APART), on_request=True),
    Check("rotation", "rotation", rotation, on_request=True),
    Check("windows", "windows", windows, on_request=True),
    Check("fuzz", "fuzz", fuzz, on_request=True),
    Check("bench", "bench", bench, on_request=True),
    Check("pages", "pages", pages, on_request=True),
    Check("sanity-all", "sanity-all", sanity.run_everywhere, on_request=True),
)


def one(exit_code: int) -> Counts:
    """A tool as one test."""
    return Counts(passed=1) if exit_code == 0 else Counts(failed=1)


def main() -> int:
    """Run the checks that the command line names; 0 when nothing failed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--list", action="store_true", help="name the checks and their parts")
    parser.add_argument("names", nargs="*", help="checks or parts (default: all)")
    own, arguments = _split(sys.argv[1:])
    options = parser.parse_args(own)
    usual = [check for check in CHECKS if not check.on_request]
    chosen = [c for c in CHECKS if {c.name, c.part} & {*options.names}] or usual
    if unknown := {*options.names} - {word for c in CHECKS for word in (c.name, c.part)}:
        parser.error("there is no check named {}".format(", ".join(sorted(unknown))))
    if arguments and len(chosen) != 1:
        parser.error("arguments after -- go to one check: name it")
    if options.list:
        print("\n".join(f"{check.part:8}{check.name}" for check in chosen))
        return 0
    return report(run_all(chosen, arguments))


def run_all(chosen: Sequence[Check], arguments: Sequence[str]) -> list[Outcome]:
    """Run checks one after the other, beside those that leave a processor to them."""
    apart = [check for check in chosen if check.beside and len(chosen) > 1]
    with ThreadPoolExecutor(max_workers=1) as pool:
        others = [pool.submit(hidden, check) for check in apart]
        outcomes = [timed(check, arguments) for check in chosen if check not in apart]
        return outcomes + [other.result() for other in others]


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    if "--" not in words:
        return words, []
    place = words.index("--")
    return words[:place], words[place + 1 :]


def timed(check: Check, arguments: Sequence[str]) -> Outcome:
    """Run one check under a heading."""
    print(f"\n== {check.name}", flush=True)
    start = time.monotonic()
    return Outcome(check, check.run(arguments, None), time.monotonic() - start)


def hidden(check: Check) -> Outcome:
    """Run one check, and print what it said in one piece."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output:
        counts = check.run((), output)
        seconds = time.monotonic() - start
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    print(f"\n== {check.name}\n{said}", flush=True)
    return Outcome(check, counts, seconds)


def report(outcomes: Sequence[Outcome]) -> int:
    """Print a line for each check and the sum of all."""
    total = Counts()
    print()
    for check, counts, seconds in outcomes:
        total = total.plus(counts)
        verdict = "FAILED" if counts.failed else "ok"
        print(f"{check.name:14}{verdict:8}{seconds:6.1f} s")
    print(f"\n{total.passed} passed, {total.failed} failed, {total.skipped} skipped", flush=True)
    return 1 if total.failed or not total.passed else 0


if __name__ == "__main__":
    sys.exit(main())

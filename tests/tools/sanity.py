# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``ansible-test sanity`` without containers, on a copy of the checkout."""

from __future__ import annotations

import importlib.util
import re
import sys
import typing as t
from collections.abc import Sequence
from pathlib import Path

from tools import checkout, surroundings
from tools.counts import Counts, in_reports
from tools.process import execute

PIP_PIN = re.compile(r"\bpip='(\d+(?:\.\d+)*)'")
BOOTSTRAP = '''\
"""Stands in for get-pip.py where its server is not reached: ensurepip, then the pip asked for."""

import subprocess
import sys

# A process of its own: ensurepip switches the pip settings off for the one it runs in.
subprocess.check_call([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL)
wanted = [word for word in sys.argv[1:] if word not in ("--no-setuptools", "--no-wheel")]
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", *wanted]))
'''


def run(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """Run every sanity test on the Python that runs this, and count them."""
    return run_everywhere(["--python", "{}.{}".format(*sys.version_info), *arguments], output)


def run_everywhere(arguments: Sequence[str], output: t.IO[bytes] | None) -> Counts:
    """Run every sanity test and count them, `compile` and `import` on each Python there is.

    That is each that is on PATH and that ansible-core supports; those that are missing are named
    in a warning.
    """
    collection = checkout.copy("sanity")
    env = surroundings.environment(collections=collection.parents[2])
    provide_get_pip(Path(env["HOME"]))
    command = ["ansible-test", "sanity", "--local", "--junit"]
    exit_code = execute([*command, *arguments], cwd=collection, env=env, output=output)
    return in_reports(collection / "tests" / "output" / "junit", exit_code)


def provide_get_pip(home: Path) -> None:
    """Put a bootstrap script where ansible-test looks before it downloads one.

    The download comes from a server that many CI systems do not reach; ``ensurepip`` and the
    package index do the same.
    """
    package = importlib.util.find_spec("ansible_test")
    if package is None or package.origin is None:
        raise RuntimeError("ansible-test is not installed: run this by make.")
    requirements = Path(package.origin).parent / "_internal" / "python_requirements.py"
    source = requirements.read_text(encoding="utf-8")
    for version in PIP_PIN.findall(source):
        script = home / ".ansible/test/cache" / f"get_pip_{version.replace('.', '_')}.py"
        if not script.exists():
            script.parent.mkdir(parents=True, exist_ok=True)
            script.write_text(BOOTSTRAP, encoding="utf-8")

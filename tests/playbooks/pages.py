# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks in the documentation, and how they reach the simulated site."""

from __future__ import annotations

import re
import shutil
import typing as t
from pathlib import Path

import yaml

from playbooks.runs import Json, Workplace
from support.simulator import Simulator
from tools.checkout import ROOT


def examples(text: str) -> list[list[Json]]:
    """The playbooks in a Markdown text."""
    blocks = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    loaded = [yaml.safe_load(block) for block in blocks]
    return [item for item in loaded if isinstance(item, list) and "hosts" in item[0]]


def guide(name: str) -> list[list[Json]]:
    """The playbooks of a page."""
    return examples((ROOT / "docs" / name).read_text(encoding="utf-8"))


def placed(value: t.Any, places: t.Mapping[str, str]) -> t.Any:
    """``value`` with every place of an example replaced by one that is here."""
    if isinstance(value, dict):
        return {key: placed(item, places) for key, item in value.items()}
    if isinstance(value, list):
        return [placed(item, places) for item in value]
    if isinstance(value, str):
        for example, here in places.items():
            value = value.replace(example, here)
    return value


def compared(output: str) -> list[str]:
    """The lines of an output, without what depends on the terminal and on the number of tasks."""
    lines = [re.sub(r"\b(ok|skipped)=\d+", r"\1=N", line) for line in output.splitlines()]
    return [" ".join(line.rstrip("* ").split()) for line in lines if line.strip("* ")]


def reached(workplace: Workplace) -> Json:
    """The variables that lead an example to the simulator; what it describes stays its own."""
    return {
        name: value
        for name, value in workplace.login().items()
        if name.startswith(("qlik_", "jwt_verify_url_", "jwt_verify_qps_"))
    } | {
        "qlik_tls_server_name": "",
        "jwt_keypair_private_key_path": str(workplace.key),
        "jwt_verify_private_key_path": str(workplace.key),
    }


def export_certificates(site: Simulator, directory: Path) -> None:
    """Put the files that QMC exports into a directory, under their names."""
    directory.mkdir(parents=True, exist_ok=True)
    for name in ("client", "client_key", "root"):
        shutil.copy(Path(site.certificates["root"]).with_name(f"{name}.pem"), directory)

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every playbook parses if `ansible.windows` is not installed.

Only some variables need that collection, and users without Windows connections don't install it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import surroundings
from tools.checkout import ROOT

PLAYBOOKS = sorted(path.stem for path in (ROOT / "playbooks").glob("*.yml"))


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of collections that holds this one and nothing else."""
    place = tmp_path_factory.mktemp("alone")
    link = place / "ansible_collections" / "qlikops" / "sense"
    link.parent.mkdir(parents=True)
    link.symlink_to(ROOT, target_is_directory=True)
    return place


def test_all_playbooks_parse(alone: Path) -> None:
    """In one process: the start of Ansible takes longer than the playbooks."""
    inventory = alone / "inventory.json"
    inventory.write_text(json.dumps({"qlik": {"hosts": {"central": {}}}}), encoding="utf-8")
    env = {
        **surroundings.environment(collections=alone),
        # A package of Ansible beside ansible-core would bring ansible.windows.
        "ANSIBLE_COLLECTIONS_SCAN_SYS_PATH": "false",
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    named = [f"qlikops.sense.{name}" for name in PLAYBOOKS]
    ended = subprocess.run(
        [str(program), "--syntax-check", "-i", str(inventory), *named],
        cwd=alone,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert ended.stdout.count("playbook: ") == len(PLAYBOOKS)
    assert "does not support" not in ended.stderr

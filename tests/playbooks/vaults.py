# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vault for tests: a file, a lookup that brings it, and tasks that fill it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from playbooks.runs import COLLECTIONS, Json, Workplace

#: The lookup and the module of the documentation's vault, which has a file for each place.
PLUGINS = {
    "lookup/read.py": """
from pathlib import Path
from ansible.plugins.lookup import LookupBase

class LookupModule(LookupBase):
    def run(self, terms, variables=None, **options):
        files = [Path(PLACE) / term for term in terms]
        return [f.read_text() if f.exists() else options["default"] for f in files]
""",
    "modules/write.py": """
from pathlib import Path
from ansible.module_utils.basic import AnsibleModule

module = AnsibleModule({"path": {}, "content": {"no_log": True}})
file = Path(PLACE) / module.params["path"]
file.parent.mkdir(parents=True, exist_ok=True)
file.write_text(module.params["content"])
module.exit_json(changed=True)
""",
}


def documented(directory: Path) -> dict[str, str]:
    """Install the collection `my.vault` of the examples, with its vault in a directory.

    Returns the variables of the environment with which Ansible finds it.
    """
    tree = directory / "collections"
    for name, text in PLUGINS.items():
        file = tree / "ansible_collections" / "my" / "vault" / "plugins" / name
        file.parent.mkdir(parents=True)
        file.write_text(f"PLACE = {str(directory / 'vault')!r}\n{text}", encoding="utf-8")
    return {"ANSIBLE_COLLECTIONS_PATH": os.pathsep.join([str(tree), str(COLLECTIONS)])}


def stores(workplace: Workplace, *, works: bool = True) -> Json:
    """Variables with a vault that is a file."""
    vault = workplace.directory / "vault"
    tasks: list[Json] = [
        {
            "name": "Put the new pair into the vault",
            "ansible.builtin.copy": {
                "content": "{{ jwt_keypair_new.content }}",
                "dest": str(vault),
                "mode": "0600",
            },
        }
    ]
    if not works:
        tasks = [{"name": "Reach the vault", "ansible.builtin.command": "/bin/false"}]
    file = workplace.directory / "to_vault.yml"
    file.write_text(json.dumps(tasks), encoding="utf-8")
    read = f"lookup('ansible.builtin.file', '{vault}')"
    exists = f"'{vault}' is exists"
    return {
        "jwt_keypair_store_tasks": str(file),
        "jwt_keypair_private_key_content": f"{{{{ {read} if {exists} else '' }}}}",
    }

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A vault for tests: a file, a lookup that brings it, and tasks that fill it."""

from __future__ import annotations

import json

from playbooks.runs import Json, Workplace


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

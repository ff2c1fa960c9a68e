# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs the Windows tasks of the roles against the hosted Windows runner that this runs on.

    python -m hosted_windows

Not run yet. Starts in the Windows Subsystem for Linux, whose network is that of Windows: enables
the remote connection, creates an account that exists for this run, and runs the playbook twice.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from pathlib import Path

from tools import surroundings, windows_collection
from tools.checkout import BUILD

_WORK = BUILD / "hosted-windows"
_PLAYBOOK = Path(__file__).with_name("playbook.yml")
_USER = "qlikops-test"
#: The password comes on standard input: an argument could be read by other processes.
_PREPARE = f"""
$ErrorActionPreference = 'Stop'
$password = ConvertTo-SecureString ([Console]::In.ReadLine()) -AsPlainText -Force
Enable-PSRemoting -Force -SkipNetworkProfileCheck | Out-Null
New-LocalUser -Name '{_USER}' -Password $password | Out-Null
Add-LocalGroupMember -SID 'S-1-5-32-544' -Member '{_USER}'
"""


def main() -> int:
    """Prepare the machine and run the playbook; 0 if the second run changes nothing."""
    password = f"{secrets.token_urlsafe(24)}aA1-"
    subprocess.run(
        ["powershell.exe", "-NoProfile", "-NonInteractive", "-Command", _PREPARE],
        input=f"{password}\n",
        text=True,
        check=True,
    )
    _WORK.mkdir(parents=True, exist_ok=True)
    windows_collection.ensure()
    connection = {
        "ansible_connection": "psrp",
        "ansible_host": "127.0.0.1",
        "ansible_port": 5985,
        "ansible_psrp_protocol": "http",
        "ansible_psrp_auth": "ntlm",
        "ansible_user": _USER,
        "ansible_password": "{{ lookup('ansible.builtin.env', 'HOSTED_WINDOWS_PASSWORD') }}",
        "work": str(_WORK),
    }
    inventory = _WORK / "inventory.json"
    hosts = {"windows": {"hosts": {"runner": connection}}}
    inventory.write_text(json.dumps(hosts), encoding="utf-8")
    env = {**surroundings.environment(), "HOSTED_WINDOWS_PASSWORD": password}
    program = Path(sys.executable).with_name("ansible-playbook")
    command = [str(program), "-i", str(inventory), str(_PLAYBOOK)]
    subprocess.run([*command, "--diff"], env=env, check=True)
    again = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    sys.stdout.write(again.stdout)
    return 0 if "changed=0" in again.stdout else 1


if __name__ == "__main__":
    sys.exit(main())

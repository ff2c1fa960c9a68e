# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The key modules by ansible-playbook at -vvvv: what they do, and that no secret is seen."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from support import key_material as km

COLLECTIONS = Path(__file__).resolve().parents[2] / ".build" / "collections"
KEY = km.rsa_key()
PLAIN = km.key_pem(KEY)

PLAYBOOK = """
- name: Key material
  hosts: localhost
  gather_facts: false
  module_defaults:
    qlikops.sense.qlik_keypair:
      size: 2048
      private_key_path: "{{ directory }}/jwt.key"
      certificate_path: "{{ directory }}/jwt.crt"
  tasks:
    - name: Make a pair
      qlikops.sense.qlik_keypair:
      register: made

    - name: Keep the pair
      qlikops.sense.qlik_keypair:
      register: kept

    - name: Show what the tasks returned
      ansible.builtin.debug:
        var: made

    - name: Keep a token
      qlikops.sense.qlik_jwt_token:
        private_key_path: "{{ directory }}/jwt.key"
        user_id: jdoe
        user_directory: ACME
        path: "{{ directory }}/token"
      when: not ansible_check_mode

    - name: Take over a key given as text
      qlikops.sense.qlik_keypair:
        source: pem
        src_content: "{{ lookup('ansible.builtin.file', given) }}"
        private_key_path: "{{ directory }}/given.key"
        certificate_path: "{{ directory }}/given.crt"
        passphrase: correct horse battery

    - name: Give the wrong passphrase
      qlikops.sense.qlik_keypair:
        private_key_path: "{{ directory }}/given.key"
        certificate_path: "{{ directory }}/given.crt"
        passphrase: wrong horse battery
      register: refused
      failed_when: refused is not failed
      when: not ansible_check_mode

    - name: Sign with half a key
      qlikops.sense.qlik_jwt_token:
        private_key_content: "{{ lookup('ansible.builtin.file', given)[:-60] }}"
        user_id: jdoe
        user_directory: ACME
        path: "{{ directory }}/other"
      register: halved
      failed_when: halved is not failed

    - name: Ask for the token in the open
      qlikops.sense.qlik_jwt_token:
        private_key_content: "{{ lookup('ansible.builtin.file', given) }}"
        user_id: jdoe
        user_directory: ACME
      register: opened
      failed_when: opened is not failed

    - name: Judge
      ansible.builtin.assert:
        that:
          - made is changed
          - kept is not changed or ansible_check_mode
          - "'no_log: true' in opened.msg"
"""


def play(directory: Path, given: Path, *arguments: str) -> str:
    book = directory.parent / "play.yml"
    book.write_text(PLAYBOOK)
    home = directory.parent / "home"
    home.mkdir(exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(COLLECTIONS),
        "ANSIBLE_LOG_PATH": str(directory.parent / "log"),
        "ANSIBLE_NOCOLOR": "1",
    }
    program = Path(sys.executable).with_name("ansible-playbook")
    run = subprocess.run(
        [
            str(program),
            "-i",
            "localhost,",
            "-c",
            "local",
            "-e",
            f"directory={directory} given={given} ansible_python_interpreter={sys.executable}",
            "--diff",
            "-vvvv",
            *arguments,
            str(book),
        ],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    output = run.stdout + run.stderr
    assert run.returncode == 0, output
    assert "[WARNING]" not in run.stderr.replace("provided hosts list is empty", "")
    return output + (directory.parent / "log").read_text()


@pytest.mark.skipif(
    shutil.which("ansible-playbook", path=str(Path(sys.executable).parent)) is None,
    reason="no ansible-playbook beside this Python",
)
def test_nothing_secret_at_vvvv(tmp_path: Path) -> None:
    assert yaml.safe_load(PLAYBOOK)
    directory, given = tmp_path / "keys", tmp_path / "given.pem"
    directory.mkdir()
    given.write_bytes(PLAIN)
    given.chmod(0o600)
    outputs = [play(directory, given, "--check")]
    assert list(directory.iterdir()) == []
    outputs.append(play(directory, given))
    names = sorted(path.name for path in directory.iterdir())
    assert names == ["given.crt", "given.key", "jwt.crt", "jwt.key", "token"]
    secrets = [
        *km.body_lines(PLAIN),
        *km.body_lines((directory / "jwt.key").read_bytes()),
        *km.body_lines((directory / "given.key").read_bytes()),
        (directory / "token").read_text().strip().rpartition(".")[2],
        "horse battery",
    ]
    for name in ("jwt.key", "given.key", "token"):
        assert (directory / name).stat().st_mode & 0o777 == 0o600
    for output in outputs:
        assert "Take over a key given as text" in output
        assert [secret for secret in secrets if secret in output] == []
    assert list((tmp_path / "home" / ".ansible" / "tmp").iterdir()) == []

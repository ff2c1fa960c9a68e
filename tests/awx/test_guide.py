# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What docs/awx.md tells to write is what the definitions and the roles take."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from awx.definitions import KINDS, Json, items, loaded, named, variables
from awx.guide import BUILD, DOWNLOAD, EXAMPLES, GUIDE, START
from support import galaxy_server
from support.stand_in import Program
from tools import checkout
from tools.checkout import ROOT

#: What the collection that configures AWX reads, besides what is defined here.
CONFIGURATION = {*KINDS, "controller_credentials", "controller_hosts", "controller_groups"}


def options() -> set[str]:
    """The variables of all roles."""
    return {
        name
        for path in (ROOT / "roles").glob("*/meta/argument_specs.yml")
        for entry in loaded(path)["argument_specs"].values()
        for name in entry.get("options", {})
    }


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(next(iter(example)))[:40])
def test_an_example_sets_what_is_read(example: Json | list[Json]) -> None:
    if isinstance(example, list):
        (play,) = example
        directory = play["tasks"][0]["ansible.builtin.include_vars"]["dir"]
        assert (ROOT / directory.partition("qlikops-sense/")[2]).is_dir()
        return
    known = {*options(), *CONFIGURATION}
    assert [n for n in example if n not in known and not n.startswith("ansible_")] == []


READ = [*sorted(KINDS), "controller_credentials"]
#: Writes the variables that it gets into a file, in place of the role that configures AWX.
DISPATCH = [
    {
        "name": "Write the variables to a file",
        "ansible.builtin.copy": {
            "content": f"{{{{ query('ansible.builtin.vars', *{READ}) | to_json }}}}",
            "dest": "{{ playbook_dir }}/read.json",
            "mode": "0600",
        },
    }
]


def test_the_play_reads_the_definitions_as_its_command_starts_it(tmp_path: Path) -> None:
    (play,) = [example for example in EXAMPLES if isinstance(example, list)]
    program, playbook, *arguments = shlex.split(START)
    # The guide asks for them in the variables of the play.
    (credentials,) = [e for e in EXAMPLES if isinstance(e, dict) and "controller_credentials" in e]
    play[0]["vars"] |= credentials
    for name in ("client.pem", "root.pem", "portal.crt"):
        (tmp_path / name).write_text(f"of {name}", encoding="ascii")
    (tmp_path / playbook).write_text(yaml.safe_dump(play), encoding="utf-8")
    secrets = {
        "vault_awx_token": "token",
        "vault_qlik_client_key": "client key",
        "vault_qlik_signing_key": "signing key",
        "ansible_python_interpreter": sys.executable,
    }
    (tmp_path / "vault.yml").write_text(yaml.safe_dump(secrets), encoding="utf-8")
    shutil.copytree(ROOT / "extensions", tmp_path / "qlikops-sense" / "extensions")
    role = tmp_path / "ansible_collections/infra/aap_configuration/roles/dispatch/tasks"
    role.mkdir(parents=True)
    (role / "main.yml").write_text(yaml.safe_dump(DISPATCH), encoding="utf-8")

    ended = subprocess.run(
        [str(Path(sys.executable).parent / program), playbook, *arguments],
        cwd=tmp_path,
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    # Templates of AWX arrive as they are written.
    *read, credentials = json.loads((tmp_path / "read.json").read_text(encoding="utf-8"))
    assert read == [json.loads(json.dumps(variables()[kind])) for kind in sorted(KINDS)]
    assert "{{ client_cert | default('') }}" in json.dumps(read)
    assert [item["inputs"] for item in credentials] == [
        {"client_cert": "of client.pem", "client_key": "client key", "ca": "of root.pem"},
        {"private_key": "signing key", "certificate": "of portal.crt"},
    ]


def shell(script: str, directory: Path, **environment: str) -> None:
    """Run a script in a directory, up to a command that fails; an assertion with its output."""
    ended = subprocess.run(
        ["bash", "-ec", script],
        cwd=directory,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr


@pytest.mark.long
def test_the_commands_before_the_play(tmp_path: Path) -> None:
    """The collections come from a Galaxy server, and the clone from a repository, both local."""
    (project,) = items("projects")
    source = checkout.copy("released")
    commit = "git -c user.name=tests -c user.email=tests@example.com commit --quiet -m Release"
    shell(f"git add --all\n{commit}\ngit tag {project['scm_branch']}", source)
    archives = [
        galaxy_server.substitute(tmp_path / version, "infra.aap_configuration", version)
        for version in ("3.0.0", "4.0.0")
    ]
    archives.append(galaxy_server.substitute(tmp_path, "awx.awx", "24.6.1"))
    with galaxy_server.serve(archives) as galaxy:
        shell(
            DOWNLOAD,
            tmp_path,
            HOME=str(tmp_path),
            ANSIBLE_GALAXY_SERVER=galaxy.url(),
            ANSIBLE_COLLECTIONS_PATH=str(tmp_path),
            GIT_CONFIG_COUNT="1",
            GIT_CONFIG_KEY_0=f"url.{source}.insteadOf",
            GIT_CONFIG_VALUE_0=project["scm_url"],
        )

    manifest = tmp_path / "ansible_collections/infra/aap_configuration/MANIFEST.json"
    assert loaded(manifest)["collection_info"]["version"] == "3.0.0"
    assert (tmp_path / "ansible_collections/awx/awx").is_dir()
    assert (tmp_path / "qlikops-sense" / "extensions" / "aap").is_dir()


def test_the_image_is_built_for_the_definitions(tmp_path: Path) -> None:
    """The builder calls a container engine, which gets the name of the image."""
    place = tmp_path / "extensions"
    shutil.copytree(ROOT / "extensions", place)
    podman = Program(tmp_path, "podman")

    shell(BUILD, tmp_path, **podman.path(os.environ["PATH"]))

    (environment,) = items("execution_environments")
    (call,) = podman.calls
    assert call[:1] == ["build"]
    assert call[call.index("-t") + 1] == environment["image"]
    file = place / "execution-environment" / call[call.index("-f") + 1]
    assert "ansible-core" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize("item", items("templates"), ids=lambda item: str(item["name"]))
def test_the_guide_lists_the_permission_and_the_credentials_of_a_template(item: Json) -> None:
    used = ", ".join(item["credentials"])
    assert f"| {item['name']} | *Execute* | {used} | " in GUIDE


def test_the_credentials_fill_in_their_types() -> None:
    (example,) = [e for e in EXAMPLES if isinstance(e, dict) and "controller_credentials" in e]
    used = {name for item in items("templates") for name in item["credentials"]}
    assert {item["name"] for item in example["controller_credentials"]} == used
    for item in example["controller_credentials"]:
        definition = named("credential_types", item["credential_type"])
        fields = {field["id"] for field in definition["inputs"]["fields"]}
        assert item["inputs"].keys() <= fields
        assert {*definition["inputs"]["required"]} <= item["inputs"].keys()


def test_the_guide_names_what_is_there() -> None:
    variables = {*re.findall(r"`((?:jwt|qlik|qrs)_[a-z_]+)`", GUIDE)}
    playbooks = {path.stem for path in (ROOT / "playbooks").glob("*.yml")}
    assert variables - options() - playbooks - {"jwt_keypair"} == set()
    for item in items("templates"):
        assert f"| {item['name']} | `{item['playbook']}` |" in GUIDE
    for item in [*items("credential_types"), *items("workflows")]:
        assert item["name"] in GUIDE

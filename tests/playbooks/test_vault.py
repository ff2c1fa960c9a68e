# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A new pair goes into a vault before anything trusts it, and comes back from there."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from playbooks.leaks import leaks
from playbooks.pages import export_certificates
from playbooks.runs import Json, Workplace
from playbooks.vaults import documented, stores
from support import simulator
from support.blocks import texts

SETUP = "qlikops.sense.jwt_setup"


@pytest.mark.long
@pytest.mark.parametrize("files", [True, False], ids=["with files", "in the vault alone"])
def test_stored_and_then_trusted(workplace: Workplace, files: bool) -> None:
    host = workplace.login(**stores(workplace))
    if not files:
        host["jwt_keypair_private_key_path"] = ""
    vault = workplace.directory / "vault"

    predicted = workplace.run(SETUP, "--check", hosts={"dev": host}).ok()
    assert not vault.exists()
    first = workplace.run(SETUP, "-vvvv", "--diff", hosts={"dev": host}, watch=True).ok()
    second = workplace.run(SETUP, hosts={"dev": host}).ok()

    secret, begin, rest = vault.read_text().partition("-----BEGIN CERTIFICATE-----")
    key = load_pem_private_key(secret.encode(), None)
    certificate = x509.load_pem_x509_certificate((begin + rest).encode())
    assert key.public_key() == certificate.public_key()
    for run in (first, second):
        assert (
            run.result("Log in through the virtual proxies")["results"][0]["verdict"]
            == "access_granted"
        )
    assert second.changed == 0
    assert predicted.changed > 0
    assert workplace.key.exists() is files
    if files:
        assert load_pem_private_key(workplace.key.read_bytes(), None).public_key() == (
            key.public_key()
        )
    assert leaks(secret, first.output.encode() + b"\n".join(first.arguments)) == []


@pytest.mark.long
def test_a_pair_that_is_not_stored_is_nowhere(workplace: Workplace) -> None:
    host = workplace.login(**stores(workplace, works=False))

    run = workplace.run(SETUP, hosts={"dev": host}).failed()

    message = " ".join(run.failures)
    assert "'Reach the vault'" in message
    assert "nothing trusts it" in message
    assert not list(Path(workplace.directory).glob("jwt.*"))
    proxies = workplace.simulator.entities("virtualproxyconfig", prefix="portal")
    assert proxies == []
    # Once the vault works, so does the role.
    workplace.run(SETUP, hosts={"dev": workplace.login(**stores(workplace))}).ok()


@pytest.mark.parametrize(
    ("brought", "said"),
    [
        ("{{ lookup('ansible.builtin.file', '/nowhere/sealed') }}", "/nowhere/sealed"),
        ({"key": "of the vault"}, "give the private key as text in PEM"),
    ],
    ids=["a lookup that fails", "no text"],
)
def test_a_vault_that_cannot_be_read_is_not_an_empty_one(
    workplace: Workplace, brought: object, said: str
) -> None:
    host = workplace.login(**stores(workplace))
    host["jwt_keypair_private_key_content"] = brought

    run = workplace.run(SETUP, "--tags", "jwt_keypair", hosts={"dev": host}).failed()

    assert said in " ".join(run.failures)
    assert "of the vault" not in run.output
    assert not (workplace.directory / "vault").exists()
    assert not list(Path(workplace.directory).glob("jwt.*"))


@pytest.mark.long
def test_a_key_that_another_site_replaced_is_not_trusted(
    workplace: Workplace, tmp_path: Path
) -> None:
    """Both sites find the place empty and store a key there; only one of the two keys is left."""
    directory = tmp_path / "second"
    directory.mkdir()
    with simulator.start(directory) as second:
        sites = {"dev": workplace.simulator, "test": second}
        hosts = {
            name: Workplace(workplace.directory, site).login(
                **stores(workplace), jwt_keypair_private_key_path=str(tmp_path / f"{name}.key")
            )
            for name, site in sites.items()
        }

        run = workplace.run(SETUP, hosts=hosts).failed()

        set_up = [n for n, s in sites.items() if s.entities("virtualproxyconfig", prefix="portal")]
        assert len(set_up) == 1
        assert any("give each site a place of its own" in said for said in run.failures)
        assert [file.stem for file in tmp_path.glob("*.key")] == set_up
        # What the vault has now is one key for both.
        workplace.run(SETUP, hosts=hosts).ok()


def test_a_missing_file_with_tasks_fails_the_run(workplace: Workplace) -> None:
    """Ansible then excludes the host from the last play, which reports failures otherwise."""
    host = workplace.login(**stores(workplace))
    file = Path(host["jwt_keypair_store_tasks"])
    file.unlink()

    run = workplace.run(SETUP, hosts={"dev": host}).failed()

    assert run.failures[-1].startswith(f"jwt_keypair_store_tasks: Ansible cannot load {file}. ")
    assert workplace.simulator.entities("virtualproxyconfig", prefix="portal") == []
    assert not workplace.key.exists()


@pytest.mark.long
def test_a_vault_that_keeps_something_else_is_refused(workplace: Workplace) -> None:
    host = workplace.login(**stores(workplace))
    tasks = Path(host["jwt_keypair_store_tasks"])
    tasks.write_text(tasks.read_text().replace("{{ jwt_keypair_new.content }}", "a key"))

    run = workplace.run(SETUP, hosts={"dev": host}).failed()

    assert "it brings what cannot be used" in " ".join(run.failures)
    assert workplace.simulator.entities("virtualproxyconfig", prefix="portal") == []
    assert not workplace.key.exists()


@pytest.mark.long
@pytest.mark.parametrize("page", ["roles/jwt_keypair/README.md", "docs/awx.md"])
def test_the_blocks_of_the_documentation(workplace: Workplace, page: str) -> None:
    """A project with a playbook of its own and the tasks that store a key."""
    site, directory = workplace.simulator, workplace.directory
    environment = documented(directory)
    (tasks,) = [b for b in texts("roles/jwt_keypair/README.md", "yaml") if "my.vault.write" in b]
    variables: Json = {}
    for block in texts(page, "yaml"):
        if "my.vault.read" in block:
            variables |= yaml.safe_load(block)
    host = {**workplace.login(), **variables, "jwt_keypair_private_key_path": ""}
    place = "qlik/portal"
    if page == "docs/awx.md":
        place = "qlik/dev/portal"
        tasks = tasks.replace("qlik/portal", "qlik/{{ inventory_hostname }}/portal")
        export_certificates(site, directory / "vault" / "qlik" / "dev")
        for name in ("qlik_client_cert_path", "qlik_client_key_path", "qlik_ca_path"):
            del host[name]
    (directory / "to_vault.yml").write_text(tasks, encoding="utf-8")
    imported = [{"name": "Set up the logins", "ansible.builtin.import_playbook": SETUP}]

    first = workplace.run(imported, hosts={"dev": host}, environment=environment).ok()
    second = workplace.run(imported, hosts={"dev": host}, environment=environment).ok()

    secret = (directory / "vault" / place).read_text(encoding="ascii")
    assert secret.startswith("-----BEGIN PRIVATE KEY")
    assert site.entity("virtualproxyconfig", prefix="portal")["jwtPublicKeyCertificate"]
    assert second.changed == 0
    assert leaks(secret.partition("-----BEGIN CERT")[0], first.output.encode()) == []

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the guides, and the roles of other pages, as a reader would run them."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import jwt
import pytest
import yaml

from playbooks.hostile import evaluated, expression
from playbooks.pages import examples, guide, reached
from playbooks.runs import Workplace
from playbooks.verify import KEY, seed
from support import key_material as km

ROOT = Path(__file__).resolve().parents[2]
BI = "bi_servers"
SETUP = "qlikops.sense.jwt_setup"


@pytest.mark.long
def test_the_roles_in_an_existing_repository(workplace: Workplace) -> None:
    """Other variable names, an inventory of its own, tags, serial, check and limit."""
    site = workplace.simulator
    (play,) = guide("existing-repository.md")
    play[0]["tasks"].append(
        {"name": "Ours", "ansible.builtin.fail": {"msg": "not chosen"}, "tags": ["other"]}
    )
    common = {
        name: value
        for name, value in workplace.login().items()
        if name in ("qlik_port", "qlik_url") or name.startswith(("jwt_verify_url_", "jwt_verify_q"))
    }
    certificates = Path(site.certificates["root"]).parent
    names = {"client_cert": "client", "client_key": "client_key", "root": "root"}
    for name, file in names.items():
        assert Path(site.certificates[name]) == certificates / f"{file}.pem"
    groups = {
        BI: {
            "vars": {
                **common,
                "bi_certificates": str(certificates),
                "bi_keys": str(workplace.directory),
            },
            "hosts": {
                name: {
                    "bi_address": address,
                    "bi_login": {
                        "name": name,
                        "user_claim": "sub",
                        "directory_claim": "domain",
                        "tester": name,
                    },
                }
                for name, address in (("shop", "localhost"), ("stock", "127.0.0.1"))
            },
        }
    }
    inventory = workplace.directory / "theirs.yml"
    inventory.write_text(json.dumps(groups), encoding="utf-8")
    ours = ("-i", str(inventory), "-e", "bi_batch=1", "--tags", "bi_login")

    workplace.run(play, *ours, "--check", "--diff", hosts={}).ok()
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {""}
    workplace.run(play, *ours, "--limit", "shop", hosts={}).ok()
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "shop"}
    run = workplace.run(play, *ours, hosts={}).ok()

    assert run.hosts["shop"]["changed"] == 0
    assert {e["prefix"] for e in site.entities("virtualproxyconfig")} == {"", "shop", "stock"}
    assert "2 of 2 sites done: shop, stock" in run.output
    assert site.entity("virtualproxyconfig", prefix="stock")["jwtAttributeUserId"] == "sub"


@pytest.mark.long
def test_the_groups_of_an_installation_by_qlik_sense(workplace: Workplace) -> None:
    text = (ROOT / "docs" / "existing-repository.md").read_text(encoding="utf-8")
    (target,) = re.findall(r"-e (qlik_target=\w+)", text)
    seed(workplace.simulator)
    host = workplace.site(jwt_remove_prefix="portal", jwt_remove_confirm="portal")
    inventory = workplace.directory / "installed.yml"
    groups = {"central_node": {"hosts": {"node1": host}}, "rim_nodes": {"hosts": {"node2": host}}}
    inventory.write_text(json.dumps(groups), encoding="utf-8")

    run = workplace.run(
        "qlikops.sense.jwt_remove", "-i", str(inventory), "-e", target, hosts={}
    ).ok()

    assert set(run.hosts) == {"node1"}
    assert workplace.simulator.entities("virtualproxyconfig", prefix="portal") == []


@pytest.mark.long
def test_what_programs_have_to_be_told(workplace: Workplace) -> None:
    site = workplace.simulator
    (play,) = guide("consumers.md")
    passphrase = "passphrase of the signing key"
    workplace.key.write_bytes(km.key_pem(KEY, passphrase=passphrase))
    certificate = km.certificate_pem(km.certificate(KEY)).decode()
    workplace.key.with_suffix(".crt").write_text(certificate, encoding="ascii")
    seed(site, jwtPublicKeyCertificate=certificate, jwtAudience="qlik-portal")
    seed(site, "foreign", jwtAttributeUserDirectory="[SHOP]", jwtPublicKeyCertificate="")
    outside = f"../{expression('prefix')}"
    seed(site, outside, jwtPublicKeyCertificate=certificate, jwtAttributeUserId=expression("id"))
    host = workplace.login(jwt_keypair_passphrase=passphrase)
    every = {"ansible_python_interpreter": workplace.python}

    workplace.run(play, hosts={"dev": host}, every=every).ok()

    folder = workplace.directory / "consumers" / "dev"
    told = json.loads((folder / "connector.json").read_text(encoding="utf-8"))
    assert [one["prefix"] for one in told] == [outside, "foreign", "portal"]
    foreign, portal = told[1:]
    assert portal["url"] == portal["qlik_context"]["server"] == f"{host['qlik_url']}/portal"
    assert portal["private_key_path"] == str(workplace.key)
    assert (foreign["user_directory"], foreign["user_directory_claim"]) == ("SHOP", "")
    assert foreign["private_key_path"] == ""
    token = folder / "portal.token"
    assert stat.S_IMODE(token.stat().st_mode) == 0o600
    claims = jwt.decode(
        token.read_text().strip(), KEY.public_key(), algorithms=["RS256"], audience="qlik-portal"
    )
    assert claims[portal["user_id_claim"]] == "jdoe"
    assert not (folder / "foreign.token").exists()
    # A prefix is no path, and no text of the site a template.
    assert len([*folder.iterdir()]) == 3
    assert [path.name for path in folder.parent.iterdir()] == ["dev"]
    assert evaluated(workplace) == []


@pytest.mark.long
def test_a_second_login_with_its_own_key(workplace: Workplace) -> None:
    site = workplace.simulator
    text = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8")
    (variables,) = re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (workplace.directory / "catalogue.yml").write_text(variables, encoding="utf-8")
    (workplace.directory / "sites" / "dev").mkdir(parents=True)
    host = workplace.login()
    workplace.run(SETUP, hosts={"dev": host}).ok()
    first = site.entity("virtualproxyconfig", prefix="portal")

    workplace.run(SETUP, "-e", "@catalogue.yml", hosts={"dev": host}).ok()

    second = site.entity("virtualproxyconfig", prefix="catalogue")
    assert site.entity("virtualproxyconfig", prefix="portal") == first
    assert second["jwtPublicKeyCertificate"] != first["jwtPublicKeyCertificate"]
    assert (workplace.directory / "sites" / "dev" / "catalogue.key").exists()
    assert workplace.run(SETUP, hosts={"dev": host}).ok().changed == 0
    assert workplace.run(SETUP, "-e", "@catalogue.yml", hosts={"dev": host}).ok().changed == 0


@pytest.mark.long
def test_an_own_key_instead_of_a_key_from_a_source(workplace: Workplace) -> None:
    """The steps of the guide on rotation."""
    site = workplace.simulator
    source = workplace.directory / "server.pem"
    certificate = km.certificate_pem(km.certificate(KEY))
    source.write_bytes(km.key_pem(KEY) + certificate)
    host = workplace.login(jwt_keypair_source="pem", jwt_keypair_src_path=str(source))
    workplace.run(SETUP, hosts={"dev": host}).ok()
    before = site.entity("virtualproxyconfig", prefix="portal")
    assert before["jwtPublicKeyCertificate"].strip() == certificate.decode().strip()

    own = workplace.login(jwt_keypair_private_key_path=str(workplace.directory / "own.key"))
    workplace.run(SETUP, hosts={"dev": own}).ok()
    after = site.entity("virtualproxyconfig", prefix="portal")
    assert after["jwtPublicKeyCertificate"] != before["jwtPublicKeyCertificate"]

    workplace.run(SETUP, hosts={"dev": host}).ok()
    back = site.entity("virtualproxyconfig", prefix="portal")
    assert back["jwtPublicKeyCertificate"].strip() == certificate.decode().strip()


@pytest.mark.long
@pytest.mark.parametrize("role", ["jwt_report", "site_results", "jwt_remove"])
def test_the_examples_of_the_roles_run(workplace: Workplace, role: str) -> None:
    site = workplace.simulator
    seed(site)
    variables = {
        name: value
        for name, value in reached(workplace).items()
        if not name.startswith(("jwt_keypair_", "jwt_verify_private"))
    }
    if role == "jwt_remove":
        variables["jwt_remove_key_files"] = [str(workplace.key)]
        workplace.key.write_bytes(km.key_pem(KEY))
    (play,) = examples((ROOT / "roles" / role / "README.md").read_text(encoding="utf-8"))

    workplace.run(play, "-e", json.dumps(variables), hosts={"qlik.example.com": {}}).ok()

    found = site.entities("virtualproxyconfig", prefix="portal")
    if role == "jwt_remove":
        assert found == []
        assert not workplace.key.exists()
    elif role == "site_results":
        assert found[0]["sessionInactivityTimeout"] == 20
    else:
        assert (workplace.directory / "reports" / "report.html").exists()


def test_guides_are_yaml_where_they_say_so() -> None:
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            assert yaml.safe_load(block), page

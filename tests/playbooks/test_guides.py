# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks of the guides, and the roles of other pages, as a reader would run them."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import jwt
import pytest
import yaml

from playbooks.hostile import evaluated, expression
from playbooks.pages import examples, guide, placed, reached
from playbooks.runs import Json, Workplace
from playbooks.verify import KEY, seed
from support import key_material as km
from support import simulator
from support.blocks import texts
from support.module_runner import connection, run_module
from support.stand_in import Program

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
    (command,) = texts("docs/existing-repository.md", "shell")
    host = workplace.login()
    groups = {"central_node": {"hosts": {"node1": host}}, "rim_nodes": {"hosts": {"node2": host}}}
    workplace.save_inventory(groups)

    run = workplace.shell(command).ok()

    assert set(run.hosts) == {"node1"}
    assert workplace.simulator.entity("virtualproxyconfig", prefix="portal")


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
    # The command line of Qlik with these settings. The guide names another host.
    (script,) = texts("docs/consumers.md", "shell")
    qlik = Program(workplace.directory, "qlik")
    path = qlik.path(workplace.environment()["PATH"])
    workplace.shell(f"cd consumers/dev\n{script}", environment=path).ok()
    context, *others = qlik.calls
    assert context[:3] == ["context", "create", "portal"]
    given = {n.removeprefix("--"): v for n, v in zip(context[3::2], context[4::2], strict=True)}
    assert given == {
        "server": "https://qlik.example.com/portal",
        "server-type": portal["qlik_context"]["server-type"],
        "api-key": token.read_text(encoding="ascii").strip(),
    }
    assert others == [["context", "use", "portal"], ["qrs", "about", "get"]]
    # A prefix is no path, and no text of the site a template.
    assert len([*folder.iterdir()]) == 3
    assert [path.name for path in folder.parent.iterdir()] == ["dev"]
    assert evaluated(workplace) == []


@pytest.mark.long
def test_the_variables_of_a_host_in_awx(workplace: Workplace, tmp_path: Path) -> None:
    """The certificates contain only the short name of the node."""
    (variables,) = [b for b in texts("docs/awx.md", "yaml") if "\nqlik_tls_server_name:" in b]
    arguments = ("--certificate-names", "short")
    with simulator.start(tmp_path / "short", arguments=arguments) as site:
        place = Workplace(workplace.directory, site)
        host = place.login(jwt_verify_url_tls_server_name="central")
        here = {
            "https://portal-dev.example.com": host["qlik_url"],
            "qlik-dev.example.com": host["qlik_host"],
            "/etc/pki/tls/certs/ca-bundle.crt": site.proxy_ca,
            "qlik-dev": "central",
        }
        described = yaml.safe_load(placed(variables, here))
        place.run(SETUP, hosts={"qlik-dev": {**host, **described}}).ok()

        assert site.entity("user", userDirectory="PORTAL", userId="login_test")


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


def changed(workplace: Workplace) -> list[Json]:
    """Change the virtual proxy of the examples; what it was before."""
    site = workplace.simulator
    options = {**connection(site), "prefix": "portal", "session_inactivity_timeout": 77}
    before: Json = run_module("qlik_virtual_proxy", options)["before"]
    assert site.entity("virtualproxyconfig", prefix="portal")["sessionInactivityTimeout"] == 77
    return [before]


@pytest.mark.long
@pytest.mark.parametrize(
    "role", ["jwt_report", "site_results", "jwt_remove", "jwt_export", "jwt_restore"]
)
def test_the_examples_of_other_roles_run(workplace: Workplace, role: str) -> None:
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
    if role == "jwt_restore":
        (workplace.directory / "before.json").write_text(json.dumps(changed(workplace)))
    (play,) = examples((ROOT / "roles" / role / "README.md").read_text(encoding="utf-8"))

    workplace.run(play, "-e", json.dumps(variables), hosts={"qlik.example.com": {}}).ok()

    found = site.entities("virtualproxyconfig", prefix="portal")
    if role == "jwt_remove":
        assert found == []
        assert not workplace.key.exists()
    elif role == "site_results":
        assert found[0]["sessionInactivityTimeout"] == 20
    elif role == "jwt_restore":
        assert found[0]["sessionInactivityTimeout"] == 30
    elif role == "jwt_export":
        (file,) = (workplace.directory / "exports").iterdir()
        assert "- prefix: portal" in file.read_text(encoding="utf-8")
    else:
        assert (workplace.directory / "reports" / "report.html").exists()


def test_guides_are_yaml_where_they_say_so() -> None:
    for page in sorted((ROOT / "docs").glob("*.md")):
        for block in texts(f"docs/{page.name}", "yaml"):
            assert yaml.safe_load(block), page

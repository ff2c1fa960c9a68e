# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role and playbook jwt_report: what is there, what would change, what is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from playbooks.leaks import files_with
from playbooks.report_texts import EVIL
from playbooks.reports import Reports
from playbooks.runs import Json, Run, Workplace
from playbooks.vaults import stores
from playbooks.verify import KEY, OTHER, seed
from playbooks.windows import WindowsPlace, thumbprint
from support import key_material as km
from support.simulator import Simulator

REPORT = "qlikops.sense.jwt_report"
FACTS = "Set the result"
CERTIFICATE = km.certificate_pem(km.certificate(KEY)).decode()


def result(run: Run, host: str = "dev") -> Json:
    """The fact that the role leaves."""
    (found,) = results(run, host)
    return found


def results(run: Run, host: str = "dev") -> list[Json]:
    """The same of a role that ran several times."""
    facts = [event.get("ansible_facts", {}) for event in run.results(FACTS, host)]
    return [fact["jwt_report_result"] for fact in facts if "jwt_report_result" in fact]


@pytest.fixture
def known(workplace: Workplace) -> Iterator[Json]:
    """A host with its key pair, and a virtual proxy as wanted; nothing may be written."""
    site = workplace.simulator
    workplace.key.write_bytes(km.key_pem(KEY))
    workplace.key.chmod(0o600)
    workplace.key.with_suffix(".crt").write_text(CERTIFICATE, encoding="ascii")
    seed(site, jwtPublicKeyCertificate=CERTIFICATE, description=EVIL)
    site.clear_requests()
    before = site.state()["entities"]
    yield workplace.login(
        jwt_report_report_directory="reports",
        jwt_virtual_proxy_user={"directory": "acme", "id": "jdoe"},
    )
    assert all(request["method"] == "GET" for request in site.requests(port="qrs"))
    assert site.state()["entities"] == before
    assert site.state()["sessions"] == []


def reports(workplace: Workplace) -> Reports:
    """What was written, beside the inventory."""
    return Reports(workplace.directory / "reports", "jwt_report")


def test_what_would_change_and_what_is_wrong(workplace: Workplace, known: Json) -> None:
    definitions = [
        {"prefix": "portal", "session_inactivity_timeout": 12, "description": "<b>"},
        {"prefix": "gone", "state": "absent"},
        {"prefix": "later", "jwt_certificate": CERTIFICATE},
    ]
    del known["jwt_virtual_proxy_prefix"]
    host = {
        **known,
        "jwt_virtual_proxy_definitions": definitions,
        "jwt_report_fail_on": "drift\nexpiry\n",
        "jwt_report_expiry_days": "100000",
    }

    run = workplace.run(REPORT, hosts={"dev": host}).failed()

    assert run.changed == 0, run.output
    assert run.warnings == []
    found = result(run)
    assert [one["subject"] for one in found["drift"]] == [
        "virtual proxy 'portal'",
        "virtual proxy 'later'",
        "user acme\\jdoe",
    ]
    portal = found["drift"][0]
    assert portal["after"]["session_inactivity_timeout"] == 12
    assert portal["after"].keys() == {"session_inactivity_timeout", "description"}
    assert [sentence.split(" ")[0] for sentence in found["failures"]] == ["A", "Fewer"]
    assert run.failures[-1] == " ".join(found["failures"])

    told = reports(workplace).json()
    (entry,) = told["sites"]
    assert (told["ok"], entry["host"], entry["status"]) == (False, "dev", "failed")
    assert entry["state"]["virtual_proxies"][0]["certificate"]["size"] == 2048
    assert [one["prefix"] for one in entry["state"]["others"]] == [""]
    assert told["summary"]["drift"] == 3
    (case,) = reports(workplace).cases("dev")
    assert case.result[0].message.startswith("A run would change virtual proxy 'portal'")
    page = reports(workplace).page.read_text(encoding="utf-8")
    assert "<script>document" not in page
    assert "&lt;script&gt;document" in page
    for secret in (km.key_pem(KEY).decode(), Path(host["qlik_client_key_path"]).read_text()):
        assert files_with(secret, workplace.directory / "reports") == []

    (consumer,) = found["consumers"]
    assert consumer["url"] == f"{host['qlik_url']}/portal"
    assert (consumer["user_directory_claim"], consumer["user_id_claim"]) == (
        "userDirectory",
        "userId",
    )
    assert consumer["private_key_path"] == str(workplace.key)


@pytest.mark.long
def test_a_site_as_it_should_be_and_one_that_is_not_read(workplace: Workplace, known: Json) -> None:
    host = {**known, "jwt_virtual_proxy_user": ""}
    away = {**host, "qlik_host": "127.0.0.1", "qlik_port": 1, "qlik_retries": 0}

    run = workplace.run(
        REPORT, "-e", "jwt_report_fail_on=drift", hosts={"away": away, "dev": host}
    ).failed()
    first = reports(workplace).json()
    workplace.run(REPORT, hosts={"dev": host}).ok()
    second = reports(workplace).json()

    assert {one["host"]: one["status"] for one in first["sites"]}["away"] == "not_read"
    assert result(run)["drift"] == []
    away_entry, dev = first["sites"]
    assert "127.0.0.1:1" in away_entry["reason"]
    assert [one["host"] for one in second["sites"]] == ["dev"]
    # What is compared before and after an upgrade.
    assert second["sites"][0]["state"] == dev["state"]


@pytest.mark.long
def test_what_cannot_be_compared_is_said(workplace: Workplace, known: Json) -> None:
    """A key pair that is not as wanted; a virtual proxy that is missing, its certificate too."""
    host = {**known, "jwt_keypair_size": 4096}
    run = workplace.run(REPORT, "-e", "jwt_report_fail_on=drift", hosts={"dev": host}).failed()
    assert result(run)["failures"][0].startswith("drift_unknown: the site could not be ")

    bare = {**known, "jwt_keypair_private_key_path": "", "jwt_virtual_proxy_prefix": "missing"}
    missing = workplace.run(REPORT, hosts={"dev": bare}).ok()
    assert result(missing)["drift"][0] == {
        "subject": "virtual proxy 'missing'",
        "before": {},
        "after": {"prefix": "missing"},
    }
    nothing = {**bare, "jwt_virtual_proxy_prefix": ""}
    assert result(workplace.run(REPORT, hosts={"dev": nothing}).ok())["drift"] == []


NOTHING: dict[str, Json] = {
    "no variable": {},
    "empty prefix": {"jwt_virtual_proxy_prefix": ""},
    "empty list": {"jwt_virtual_proxy_definitions": []},
    "null": {"jwt_virtual_proxy_definitions": None, "jwt_virtual_proxy_prefix": None},
    "empty text": {"jwt_virtual_proxy_definitions": ""},
    "only pruning": {"jwt_virtual_proxy_prune": True, "jwt_virtual_proxy_prune_tag": "by code"},
    "only a user": {"jwt_virtual_proxy_user": {"directory": "ACME", "id": "jdoe"}},
    "only a key": {"jwt_keypair_private_key_path": "/nowhere/jwt.key"},
    "nameless": {"jwt_virtual_proxy_definitions": [{"description": "nameless"}]},
}


@pytest.mark.parametrize(
    "name",
    [
        name if name == "no variable" else pytest.param(name, marks=pytest.mark.long)
        for name in NOTHING
    ],
)
def test_nothing_to_compare_is_not_a_success(workplace: Workplace, name: str) -> None:
    common = workplace.site(jwt_report_fail_on=["drift"])
    del common["jwt_keypair_private_key_path"]

    run = workplace.run(REPORT, hosts={"dev": {**common, **NOTHING[name]}}).failed()

    (failure,) = result(run)["failures"]
    assert failure.startswith("drift_unknown: the site could not be compared")
    assert result(run)["drift_unknown"]
    assert ("no virtual proxy is described" in failure) is (name != "nameless")


@pytest.mark.parametrize("reason", [pytest.param("expiry", marks=pytest.mark.long), "error"])
def test_nothing_to_look_at_is_not_a_success(workplace: Workplace, reason: str) -> None:
    host = workplace.login(jwt_report_fail_on=[reason], jwt_keypair_private_key_path="")

    run = workplace.run(REPORT, hosts={"dev": host}).failed()
    (failure,) = result(run)["failures"]
    assert failure.startswith("The repository shows no virtual proxy with JWT, although")

    # A site where no login with JWT is wanted has no certificate that could expire.
    del host["jwt_virtual_proxy_prefix"]
    workplace.run(REPORT, hosts={"dev": host}).ok()


@pytest.mark.long
def test_the_key_of_a_credential_is_compared(workplace: Workplace, known: Json) -> None:
    """AWX injects it into the environment, where jwt_setup finds it, too."""
    credential = workplace.directory / "credential.pem"
    credential.write_bytes(km.key_pem(OTHER) + km.certificate_pem(km.certificate(OTHER)))
    host = {**known, "jwt_keypair_private_key_path": "", "jwt_virtual_proxy_user": ""}

    run = workplace.run(
        REPORT, hosts={"dev": host}, environment={"QLIK_JWT_PRIVATE_KEY": str(credential)}
    ).ok()

    (portal,) = result(run)["drift"]
    assert portal["after"].keys() == {"jwt_certificate"}


@pytest.mark.long
def test_a_certificate_without_a_date_is_not_far_from_its_end(workplace: Workplace) -> None:
    seed(workplace.simulator, jwtPublicKeyCertificate="no certificate")
    host = workplace.login(
        jwt_report_fail_on="expiry", jwt_virtual_proxy_prefix="", jwt_keypair_private_key_path=""
    )

    run = workplace.run(REPORT, hosts={"dev": host}).failed()

    assert "are left to the certificates of portal cannot be read." in run.failures[-1]


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("jwt_report_expiry_days", "45 days", "give a whole number of days"),
        ("jwt_report_verify", "later", "give true or false"),
        ("jwt_report_fail_on", "drifts", "there is no drifts"),
    ],
)
def test_what_is_no_answer_is_refused(
    workplace: Workplace, known: Json, name: str, value: str, sentence: str
) -> None:
    run = workplace.run(REPORT, hosts={"dev": {**known, name: value}}).failed()
    assert run.failures[0].startswith(f"{name}: {sentence}")
    assert workplace.simulator.requests() == []


@pytest.mark.long
def test_the_logins_are_tried_when_asked_for(workplace: Workplace) -> None:
    site: Simulator = workplace.simulator
    workplace.key.write_bytes(km.key_pem(KEY))
    seed(site)
    site.seed(user=[{"userDirectory": "ACME", "userId": "jdoe", "name": "jdoe"}])
    host = workplace.login(
        jwt_report_verify="True", jwt_verify_checks="session", jwt_virtual_proxy_jwt_certificate=""
    )

    run = workplace.run(REPORT, hosts={"dev": host}).ok()

    assert "access_granted" in run.output


@pytest.mark.long
def test_no_later_role_takes_a_pair_that_was_only_foretold(
    workplace: Workplace, known: Json
) -> None:
    """The key is missing here. Its certificate stays in place, or everybody is locked out."""
    for name in ("jwt.key", "jwt.crt"):
        (workplace.directory / name).unlink()
    roles = [REPORT, REPORT, "qlikops.sense.jwt_virtual_proxy"]
    play: Json = {
        "name": "Report, and go on",
        "hosts": "qlik",
        "gather_facts": False,
        "tasks": [{"name": role, "ansible.builtin.import_role": {"name": role}} for role in roles],
    }

    run = workplace.run([play], hosts={"dev": {**known, "jwt_virtual_proxy_user": ""}}).ok()

    assert run.changed == 0
    first, second = results(run)
    for found in (first, second):
        assert found["drift_unknown"] == ""
        assert [one["subject"] for one in found["drift"]] == ["key pair", "virtual proxy 'portal'"]
        assert found["drift"][1]["after"].keys() == {"jwt_certificate"}
        assert [one["private_key_path"] for one in found["consumers"]] == [""]
    assert not workplace.key.exists()


@pytest.mark.long
@pytest.mark.parametrize("source", ["generate", "pem"])
def test_a_key_that_a_vault_would_get_is_told_and_not_stored(
    workplace: Workplace, known: Json, source: str
) -> None:
    """The vault is empty, and its tasks run in check mode, too, if anybody lets them."""
    host = {**known, **stores(workplace), "jwt_virtual_proxy_user": ""}
    tasks = Path(host["jwt_keypair_store_tasks"])
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    tasks.write_text(json.dumps([{**task, "check_mode": False}]), encoding="utf-8")
    if source == "pem":
        content = km.key_pem(KEY).decode() + CERTIFICATE
        host |= {"jwt_keypair_source": "pem", "jwt_keypair_src_content": content}
        workplace.key.unlink()
    else:
        host["jwt_keypair_private_key_path"] = ""

    run = workplace.run(REPORT, hosts={"dev": host}).ok()

    found = result(run)
    assert found["drift_unknown"] == ""
    assert found["drift"][0]["subject"] == "key pair"
    assert found["drift"][0]["after"]["private_key"]["state"] == "present"
    assert "jwt_certificate" in json.dumps(found["drift"][1:]) or source == "pem"
    assert not (workplace.directory / "vault").exists()
    assert workplace.key.exists() == (source == "generate")


@pytest.mark.long
@pytest.mark.parametrize("source", ["generate", "certificate_store"])
def test_a_pair_that_the_windows_node_would_give_and_get_is_told_alone(
    place: WindowsPlace, source: str
) -> None:
    host = place.host(jwt_keypair_windows_directory=r"D:\keys", jwt_keypair_source=source)
    if source == "certificate_store":
        host["jwt_keypair_thumbprint"] = thumbprint(place.local("server.pem"))
    before = place.files()

    run = place.run(host, playbook=REPORT).ok()

    found = result(run, "central")
    assert found["drift_unknown"] == ""
    assert [one["subject"] for one in found["drift"]] == ["key pair", "virtual proxy 'portal'"]
    assert found["drift"][0]["after"]["private_key"]["state"] == "present"
    assert place.files() == before
    assert not place.workplace.key.exists()


@pytest.mark.long
def test_sites_that_fail_before_they_are_read_are_in_a_new_report(
    workplace: Workplace, known: Json
) -> None:
    """The node has no certificates to read; what an earlier run wrote goes."""
    folder = workplace.directory / "reports"
    folder.mkdir()
    (folder / "report.json").write_text("of an earlier run", encoding="utf-8")
    here = {"ansible_connection": "local", "ansible_python_interpreter": workplace.python}
    bare = {**known, **here, "qrs_credentials_enabled": True}

    run = workplace.run(REPORT, hosts={"dev": bare}).failed()

    (site,) = reports(workplace).json()["sites"]
    assert (site["host"], site["status"]) == ("dev", "not_read")
    assert site["reason"] == run.failures[0] != ""
    unknown = {**known, "jwt_report_fail_on": "drfit"}
    workplace.run(REPORT, hosts={"dev": unknown}).failed()
    (refused,) = reports(workplace).json()["sites"]
    assert refused["reason"].startswith("jwt_report_fail_on: there is no drfit.")

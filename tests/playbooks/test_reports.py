# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The reports of jwt_verify: whom they hold, where they go, and what they never show."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from playbooks.leaks import files_with
from playbooks.reports import NAMES, REPORT_ONLY, ROLE, Reports, play
from playbooks.runs import Workplace
from playbooks.verify import KEY, OTHER, seed
from support import key_material as km

PASSWORD = "correct-horse-battery"


@pytest.mark.long
def test_one_report_holds_all_hosts_of_all_batches(workplace: Workplace) -> None:
    """One is well, two fail before their logins; later, one has a wrong key and one has none."""
    site = workplace.simulator
    workplace.key.write_bytes(km.key_pem(KEY))
    seed(site)
    foreign = km.certificate_pem(km.certificate(OTHER)).decode()
    seed(site, "foreign", jwtPublicKeyCertificate=foreign)
    site.seed(user=[{"userDirectory": "ACME", "userId": "jdoe", "name": "jdoe"}])
    client_key = Path(site.certificates["client_key"]).read_text(encoding="ascii")
    known = workplace.login(
        jwt_verify_prefix="portal",
        qlik_client_key_content=client_key,
        jwt_verify_report_directory=str(workplace.directory / "new" / "reports"),
        jwt_verify_report_host="archive",
        jwt_verify_checks="session",
    )
    del known["qlik_client_key_path"]
    # One simulator under two names: the roles cannot know.
    hosts = {
        "good": known,
        "broken": {"qlik_host": "broken", "qlik_api_host": "localhost"},
        "refused": {
            **known,
            "qlik_host": "refused",
            "jwt_verify_urls": [f"https://a:{PASSWORD}@b"],
        },
        "bad": {**known, "qlik_host": "127.0.0.1", "jwt_verify_prefix": "foreign"},
        "keyless": {**known, "qlik_host": "keyless", "jwt_keypair_private_key_path": "/no.key"},
    }
    first = {
        "ansible.builtin.fail": {"msg": "Out of order."},
        "when": "inventory_hostname == 'broken'",
    }
    run = workplace.run(
        play(first, {"ansible.builtin.import_role": {"name": ROLE}}, serial=3),
        "--diff",
        hosts=hosts,
        others={
            "archive": {
                "ansible_connection": "local",
                "ansible_shell_type": "sh",
                "ansible_python_interpreter": workplace.python,
            }
        },
        # The nodes are Windows, and everybody is told so.
        every={"ansible_connection": "winrm", "ansible_shell_type": "powershell"},
    ).failed()

    assert run.warnings == []
    assert run.changed == 0
    assert len(re.findall(r"ok: \[\w+ -> archive\] => \(item=report\.html\)", run.output)) == 2
    reports = Reports(workplace.directory / "new" / "reports")
    assert sorted(path.name for path in reports.directory.iterdir()) == sorted(NAMES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in reports.directory.iterdir()} == {0o644}

    told = reports.json()
    assert [(s["host"], s["status"]) for s in told["sites"]] == [
        ("bad", "failed"),
        ("refused", "not_probed"),
        ("keyless", "not_probed"),
        ("broken", "not_probed"),
        ("good", "ok"),
    ]
    assert told["ok"] is False
    counted = {name: number for name, number in told["summary"].items() if name != "warnings"}
    assert counted == {
        "sites": 5,
        "sites_not_probed": 2,
        "logins": 3,
        "granted": 1,
        "denied": 0,
        "failed": 1,
        "not_probed": 1,
    }
    (login,) = reports.site("bad")["logins"]
    assert (login["prefix"], login["verdict"]) == ("foreign", "key_mismatch")
    assert login["url"] == known["qlik_url"]
    assert reports.site("refused")["reason"].startswith("The role failed on this host")
    assert reports.site("broken")["reason"].startswith("The run failed on this host before")

    (failed,) = reports.cases("bad")
    assert failed.classname == "bad"
    assert failed.name == f"foreign at {known['qlik_url']}"
    (failure,) = failed.result
    assert failure.type == "key_mismatch"
    assert failure.message.startswith("key_mismatch: ")
    assert "Remedy: Paste the certificate" in failure.text
    # It is no verdict on the site.
    (untried,) = reports.cases("keyless")
    assert [(result.type, "/no.key" in result.message) for result in untried.result] == [
        ("not_probed", True)
    ]
    assert [suite.skipped for suite in reports.junit()] == [0, 1, 0, 1, 0]
    assert 0 < reports.cases("good")[0].time < 60

    page = reports.page.read_text(encoding="utf-8")
    assert "1 of 3 logins failed. 1 login could not be tried." in " ".join(page.split())
    assert PASSWORD not in run.output
    (message,) = run.failed_on("refused")
    assert message.startswith(
        "jwt_verify_urls: remove the user name and the password from the address."
    )
    for secret in (client_key, km.key_pem(KEY).decode(), PASSWORD):
        assert files_with(secret, reports.directory) == []
    assert not re.search(r"eyJ[\w-]{8,}\.", page)


def test_check_mode_writes_nothing_and_says_so(workplace: Workplace) -> None:
    directory = workplace.directory / "reports"
    host = {"jwt_verify_report_directory": str(directory)}

    run = workplace.run(play(REPORT_ONLY), "--check", hosts={"dev": host}).ok()

    assert f"Check mode: no report is written to {directory}." in run.output
    assert not directory.exists()


def test_a_directory_that_cannot_be_made_is_one_sentence(workplace: Workplace) -> None:
    (workplace.directory / "file").write_text("", encoding="ascii")
    directory = workplace.directory / "file" / "reports"
    host = {"jwt_verify_report_directory": str(directory)}

    run = workplace.run(play(REPORT_ONLY), hosts={"dev": host}).failed()

    assert run.failures[-1].startswith(
        f"jwt_verify_report_directory: the reports could not be written to {directory} on "
        "localhost: "
    )

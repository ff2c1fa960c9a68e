# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Several sites in one job, each with credentials of its own, and the same in slices."""

from __future__ import annotations

import contextlib
import shutil
import typing as t
from pathlib import Path

import pytest

from awx.definitions import Json, named, template_of
from awx.job import Awx, Job
from awx.launch import (
    Credential,
    Ended,
    inherited_in_each_order,
    launched,
    sliced,
    slices_artifacts,
)
from awx.place import KEY, USER, host
from playbooks.leaks import leaks
from support import key_material as km
from support.simulator import Simulator, start

SITES = ("one", "two", "three", "four", "five", "six")
BROKEN = "two"
SLICES = 3
#: How guides tell to name each site's certificate: by a lookup, here into files of the controller.
CREDENTIALS = {
    f"qlik_{name}_content": f"{{{{ lookup('ansible.builtin.file', site_files ~ '/{file}.pem') }}}}"
    for name, file in (("client_cert", "client"), ("client_key", "key"), ("ca", "root"))
}


@pytest.fixture
def sites(tmp_path: Path) -> t.Iterator[dict[str, Simulator]]:
    """Several sites, each with an authority of its own."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(start(tmp_path / name)) for name in SITES}


def inventory(sites: dict[str, Simulator], vault: Path) -> dict[str, Json]:
    """The hosts, with the place of each one's certificate in the vault."""
    hosts: dict[str, Json] = {}
    for name, site in sites.items():
        (vault / name).mkdir(parents=True)
        for kind, file in (("client_cert", "client"), ("client_key", "key"), ("root", "root")):
            shutil.copy(site.certificates[kind], vault / name / f"{file}.pem")
        hosts[name] = {**host(site), **CREDENTIALS, "site_files": str(vault / name)}
    return hosts


def signing_key() -> Credential:
    """One key for all sites."""
    return Credential(
        named("credential_types", "Qlik Sense JWT signing key"),
        {
            "private_key": km.key_pem(KEY).decode(),
            "certificate": km.certificate_pem(km.certificate(KEY)).decode(),
        },
    )


@pytest.mark.long
def test_one_job_and_slices_of_it(
    sites: dict[str, Simulator], tmp_path: Path, record_property: t.Callable[[str, object], None]
) -> None:
    hosts = inventory(sites, tmp_path / "vault")
    hosts[BROKEN]["qlik_port"] = 1
    awx = Awx(tmp_path, hosts)
    template = template_of("jwt_setup")
    extra_vars = launched(template, USER)

    whole = awx.run(template, extra_vars, [signing_key()]).failed()
    for site in sites.values():
        site.reset()
    parts = [
        awx.run(template, extra_vars, [signing_key()], hosts=sliced(hosts, number, SLICES))
        for number in range(1, SLICES + 1)
    ]

    for jobs in ([whole], parts):
        assert sorted(name for job in jobs for name in job.stats["ok"]) == sorted(SITES)
        assert [name for job in jobs for name in job.stats.get("failures", {})] == [BROKEN]
    for name, site in sites.items():
        assert len(site.entities("virtualproxyconfig", prefix="portal")) == (name != BROKEN)
    # What the slices export is of all sites, although AWX merges it by name only.
    for artifacts in (whole.artifacts, slices_artifacts(job.artifacts for job in parts)):
        assert proofs(artifacts) == dict.fromkeys({*SITES} - {BROKEN}, True)
        assert artifacts["jwt_restore_set_up_failed"] is True
    for job in (whole, *parts):
        for site in sites.values():
            secret = Path(site.certificates["client_key"]).read_text(encoding="utf-8")
            assert leaks(secret, job.kept) == []
    record_property("table", figures(whole, parts))


def proofs(artifacts: Json) -> dict[str, bool]:
    """What is exported about the logins of each site."""
    notes = [note for note in artifacts.values() if isinstance(note, dict) and "proven" in note]
    return {note["host"]: note["proven"] for note in notes}


def figures(whole: Job, parts: list[Job]) -> str:
    """What one job took, and what its slices take on as many execution nodes."""
    longest = max(job.seconds for job in parts)
    return (
        f"{len(SITES)} sites in one job: {whole.seconds:.0f} s\n"
        f"{SLICES} slices side by side: {longest:.0f} s, together "
        f"{sum(job.seconds for job in parts):.0f} s"
    )


@pytest.mark.long
def test_only_sites_that_are_not_proven_are_put_back(
    sites: dict[str, Simulator], tmp_path: Path
) -> None:
    chosen = {name: sites[name] for name in ("one", "three")}
    hosts = inventory(chosen, tmp_path / "vault")
    awx = Awx(tmp_path, hosts)
    set_up = awx.run(
        template_of("jwt_setup"), launched(template_of("jwt_setup"), USER), [signing_key()]
    ).ok()
    user = sites["three"].entity("user", userId="jdoe")
    sites["three"].patch("user", user["id"], {"inactive": True})
    login = {"jwt_verify_prefix": "portal", **{k: v for k, v in USER.items() if "verify" in k}}
    prove = template_of("jwt_verify")

    proof = awx.run(prove, {**launched(prove, login), **set_up.artifacts}, [signing_key()]).failed()
    put_back = template_of("jwt_restore")
    (handed_on,) = inherited_in_each_order(
        [Ended({}, set_up.artifacts), Ended(set_up.artifacts, proof.artifacts)]
    )
    restore = awx.run(put_back, {**launched(put_back, {}), **handed_on}).failed()

    assert proofs(set_up.artifacts) == {"one": True, "three": True}
    assert proofs(proof.artifacts) == {"one": True, "three": False}
    assert [*restore.stats["failures"]] == ["three"]
    assert len(sites["one"].entities("virtualproxyconfig", prefix="portal")) == 1
    assert sites["three"].entities("virtualproxyconfig", prefix="portal") == []

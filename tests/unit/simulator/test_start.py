# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Starting, stopping, and the certificates."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509

from qlik_simulator import certificates
from qlik_simulator.switch_table import SWITCHES
from support.controlled_process import ProcessError
from support.raw_qrs import RawQrs
from support.simulator import SIMULATOR_PATH, Simulator, start


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(SIMULATOR_PATH), "COLUMNS": "100"}
    command = [sys.executable, "-m", "qlik_simulator", *arguments]
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def test_help_names_every_switch() -> None:
    result = _run("--help")
    assert result.returncode == 0
    for switch in SWITCHES:
        assert f"{switch.name}: {switch.default}" in result.stdout


@pytest.mark.parametrize("wrong", [["--switch", "csrf=maybe"], ["--switch", "csrf"]])
def test_wrong_options_end_it_with_a_sentence(tmp_path: Path, wrong: list[str]) -> None:
    result = _run("--directory", str(tmp_path), "--ready-file", str(tmp_path / "r"), *wrong)
    assert result.returncode != 0
    assert "csrf" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_removes_the_ready_file(tmp_path: Path, number: int) -> None:
    with start(tmp_path) as sim:
        assert (tmp_path / "ready.json").exists()
        process = sim._process
        assert process.pid == sim.pid
        os.kill(sim.pid, number)
        assert process.wait(10) == 0
        assert not (tmp_path / "ready.json").exists()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", sim.qrs_port), 5)
    assert (tmp_path / "output.log").read_text() == ""


def test_options_reach_the_site(tmp_path: Path) -> None:
    options = {"switches": {"restart_seconds": 3}, "release": "classic"}
    with start(tmp_path, nodes=("One", "Two", "Three"), **options) as sim:  # type: ignore[arg-type]
        assert [n["name"] for n in sim.nodes] == ["One", "Two", "Three"]
        assert [n["host_name"] for n in sim.nodes] == ["localhost", "rim1", "rim2"]
        assert [n["central"] for n in sim.nodes] == [True, False, False]
        switches = sim.state()["switches"]
        assert (switches["restart_seconds"], switches["csrf"]) == (3, "absent")
        ports = {n[f"{kind}_port"] for n in sim.nodes for kind in ("https", "http", "admin")}
        assert len({*ports, sim.qrs_port}) == 10


def test_a_failing_start_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ProcessError, match="unknown switch"):
        start(tmp_path, switches={"nonsense": 1})


def test_certificates_are_kept_for_the_next_start(tmp_path: Path) -> None:
    nodes = [("Central", "localhost")]
    files = certificates.prepare(tmp_path, nodes, short_names=False, expired=False)
    root = files.path("root").read_bytes()
    certificates.prepare(tmp_path, nodes, short_names=False, expired=False)
    assert files.path("root").read_bytes() == root
    certificates.prepare(tmp_path, nodes, short_names=True, expired=False)
    assert files.path("root").read_bytes() != root


def test_the_sites_certificates_have_qliks_shape(sim: Simulator) -> None:
    loaded = {}
    for name in ("root", "server_cert", "client_cert"):
        text = Path(sim.certificates[name]).read_bytes()
        assert text.count(b"\r\n") == text.count(b"\n") > 10
        loaded[name] = x509.load_pem_x509_certificate(text)
        for kind in (x509.KeyUsage, x509.ExtendedKeyUsage):
            with pytest.raises(x509.ExtensionNotFound):
                loaded[name].extensions.get_extension_for_class(kind)
    root = loaded["root"]
    assert root.subject == root.issuer
    assert root.subject.rfc4514_string() == "CN=CENTRAL-CA"
    constraints = root.extensions.get_extension_for_class(x509.BasicConstraints)
    assert constraints.critical
    assert constraints.value.ca
    assert loaded["client_cert"].subject.rfc4514_string() == "CN=QlikClient"
    for name in ("server_cert", "client_cert"):
        loaded[name].verify_directly_issued_by(root)
    for name in ("client_key", "server_key"):
        path = Path(sim.certificates[name])
        assert path.read_bytes().startswith(b"-----BEGIN RSA PRIVATE KEY-----\r\n")
        assert path.stat().st_mode & 0o077 == 0


def test_strict_clients_refuse_the_sites_authority(sim: Simulator) -> None:
    context = ssl.create_default_context(cafile=sim.certificates["root"])
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with (
        socket.create_connection(("localhost", sim.qrs_port), 5) as plain,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        context.wrap_socket(plain, server_hostname="localhost")


def test_browsers_see_another_ordinary_authority(sim: Simulator) -> None:
    context = ssl.create_default_context(cafile=sim.proxy_ca)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    for node in sim.nodes:
        for name in (node["host_name"], "localhost", "127.0.0.1"):
            with socket.create_connection(("127.0.0.1", node["https_port"]), 5) as plain:
                context.wrap_socket(plain, server_hostname=name).close()


def test_short_certificate_names_and_expiry(tmp_path: Path) -> None:
    arguments = ["--certificate-names", "short", "--proxy-certificate", "expired"]
    with start(tmp_path, arguments=arguments) as sim:
        context = RawQrs(sim).context
        with (
            socket.create_connection(("localhost", sim.qrs_port), 5) as plain,
            pytest.raises(ssl.SSLCertVerificationError, match="Hostname mismatch"),
        ):
            context.wrap_socket(plain, server_hostname="localhost")
        with socket.create_connection(("localhost", sim.qrs_port), 5) as plain:
            context.wrap_socket(plain, server_hostname="central").close()
        browser = ssl.create_default_context(cafile=sim.proxy_ca)
        with (
            socket.create_connection(("localhost", sim.node()["https_port"]), 5) as plain,
            pytest.raises(ssl.SSLCertVerificationError, match="expired"),
        ):
            browser.wrap_socket(plain, server_hostname="central")


def test_the_ready_file_is_complete_json(sim: Simulator) -> None:
    folder = Path(sim.proxy_ca).parents[1]
    assert json.loads((folder / "ready.json").read_text()) == sim.ready
    for path in (*sim.certificates.values(), sim.proxy_ca):
        assert Path(path).exists()

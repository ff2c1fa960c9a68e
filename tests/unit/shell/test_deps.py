# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Libraries that are missing or too old: one message, before anything is written."""

from __future__ import annotations

import re
import sys
import types
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.qlikops.sense.plugins.module_utils._runtime import LIBRARIES, require
from support.module_runner import run_module
from tools.checkout import ROOT


class Failed(Exception):
    """What fail_json does."""


class Module:
    def __init__(self, **params: t.Any) -> None:
        self.params = params

    def fail_json(self, msg: str, **more: t.Any) -> t.NoReturn:
        raise Failed(msg)


def pretend(monkeypatch: pytest.MonkeyPatch, **versions: str | None) -> None:
    for name, version in versions.items():
        found = None
        if version is not None:
            found = types.ModuleType(name)
            found.__version__ = version  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, name, found)


def message(*names: str, **params: t.Any) -> str:
    with pytest.raises(Failed) as caught:
        require(t.cast("t.Any", Module(**params)), *names)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "version"),
    [
        ("cryptography", "42.0.0"),
        ("cryptography", "50.0.2"),
        ("cryptography", "100.1.dev1"),
        ("requests", "2.25.0"),
        ("requests", "2.25.1"),
        ("requests", "3.0"),
        ("jwt", "2.0.0"),
        ("jwt", "2.3.0"),
        ("jwt", "2.15.1"),
    ],
)
def test_what_is_enough(name: str, version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, **{name: version})
    require(t.cast("t.Any", Module()), name)


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("cryptography", "36.0.2", "cryptography 42 or newer (version 36.0.2 is installed)"),
        ("cryptography", "41.0.7", "cryptography 42 or newer (version 41.0.7 is installed)"),
        ("requests", "2.9.1", "requests 2.25 or newer (version 2.9.1 is installed)"),
        ("jwt", "1.7.1", "PyJWT 2.0 or newer (version 1.7.1 is installed)"),
        ("jwt", None, "PyJWT 2.0 or newer (missing)"),
    ],
)
def test_what_is_not(
    name: str, version: str | None, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pretend(monkeypatch, **{name: version})
    assert words in message(name)


def test_all_in_one_message_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, cryptography="36.0.2", jwt=None, requests="2.20.0", requests_ntlm=None)
    text = message("requests", "cryptography", "jwt", auth="ntlm")
    command = f"{sys.executable} -m pip install 'requests>=2.25' 'cryptography>=42' 'PyJWT>=2.0' "
    assert command + "requests_ntlm." in text
    assert "ansible_python_interpreter" in text
    assert "requests_ntlm" not in message("requests", auth="certificate")


def test_a_library_that_raises_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "requests_ntlm.py").write_text("raise AttributeError('x509')")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "requests_ntlm", raising=False)
    assert "requests_ntlm (cannot be imported)" in message("requests_ntlm")


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cryptography.__version__", "36.0.2")
    result = run_module("qlik_keypair", {"private_key_path": str(tmp_path / "key.pem")})
    assert result["failed"] is True
    assert "36.0.2" in result["msg"]
    assert list(tmp_path.iterdir()) == []


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_the_documentation_names_the_same_versions() -> None:
    stated = {
        line.strip()[2:]
        for place in ("modules", "doc_fragments")
        for path in (ROOT / "plugins" / place).glob("*.py")
        for block in re.findall(r"^requirements:\n((?:  .*\n)+)", path.read_text(), re.MULTILINE)
        for line in block.splitlines()
        if line.startswith("  - ")
    }
    assert stated
    for line in stated:
        name = re.split(r"[ ,]", str(yaml.safe_load(line)))[0]
        if name == "websockets":
            continue
        (oldest,) = [lib.oldest for lib in LIBRARIES.values() if lib.distribution == name]
        bound = re.search(r" >= ([\d.]+)", line)
        # What is tested can be newer than what the modules accept.
        is_new_enough = bound is not None and oldest and _parts(bound[1]) >= _parts(oldest)
        assert oldest is None or is_new_enough, line


def test_execution_environments_get_at_least_that() -> None:
    text = (ROOT / "meta" / "ee-requirements.txt").read_text()
    for library in LIBRARIES.values():
        found = re.search(rf"^{library.distribution}>=([\d.]+)$", text, re.MULTILINE)
        if found is not None and library.oldest is not None:
            numbers = [[int(n) for n in v.split(".")] for v in (found.group(1), library.oldest)]
            assert numbers[0] >= numbers[1]

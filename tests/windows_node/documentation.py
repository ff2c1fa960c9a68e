# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the real modules' documentation says: which options they know, what they return.

Read with ansible-doc from the ansible.windows that Ansible itself finds, and kept in a file, since
that takes seconds.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import typing as t
from pathlib import Path

import ansible.release
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

Json = dict[str, t.Any]
COLLECTION = "ansible.windows"
_SPEC_KEYS = ("type", "default", "required", "choices", "aliases", "elements")


class DocumentationError(Exception):
    """ansible-doc does not know the modules."""


class UnknownOptionError(Exception):
    """Options that a module's documentation does not know, or values that it does not allow."""


class Documentation:
    """Options and return values by the short name of a module."""

    def __init__(self, by_module: t.Mapping[str, Json], version: tuple[int, ...]):
        self._by_module = by_module
        #: That of the collection.
        self.version = version
        self._validators: dict[str, ArgumentSpecValidator] = {}

    def returned(self, module: str) -> Json:
        """The RETURN section."""
        return t.cast(Json, self._by_module[module].get("return") or {})

    def validated(self, module: str, arguments: Json) -> Json:
        """Arguments with types and defaults as documented; UnknownOptionError."""
        if module not in self._validators:
            options = self._by_module[module]["doc"].get("options", {})
            spec = {name: _spec(option) for name, option in options.items()}
            self._validators[module] = ArgumentSpecValidator(spec)
        # An option that is None in the task reaches a module, and counts as not given.
        given = {name: value for name, value in arguments.items() if value is not None}
        result = self._validators[module].validate(given)
        if result.error_messages:
            raise UnknownOptionError(
                f"{COLLECTION}.{module} as documented does not take this: "
                + " ".join(result.error_messages)
            )
        aliases = {a for o in self._validators[module].argument_spec.values() for a in o["aliases"]}
        validated: Json = result.validated_parameters
        return {name: value for name, value in validated.items() if name not in aliases}


def _spec(option: Json) -> Json:
    spec = {key: option[key] for key in _SPEC_KEYS if key in option}
    spec.setdefault("aliases", [])
    # ``path`` would be expanded as one of this machine.
    spec["type"] = {"path": "str"}.get(spec.get("type", "str"), spec.get("type", "str"))
    return spec


def load(modules: t.Iterable[str], *, cache: Path, collections: str | None) -> Documentation:
    """The documentation of modules; ``collections`` is where ansible looks (None: as set up)."""
    names = sorted(modules)
    environment = dict(os.environ)
    if collections:
        environment["ANSIBLE_COLLECTIONS_PATH"] = collections
    file = cache / f"documentation-{_version(names, environment)}.json"
    if not file.exists():
        text = _ansible_doc(names, environment)
        cache.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(file)
    found = json.loads(file.read_text(encoding="utf-8"))
    version = json.loads(_manifest(environment))["collection_info"]["version"]
    return Documentation(
        {name: found[f"{COLLECTION}.{name}"] for name in names},
        tuple(int(part) for part in version.split(".")[:3]),
    )


def _version(names: list[str], environment: t.Mapping[str, str]) -> str:
    digest = hashlib.sha256("\n".join([ansible.release.__version__, *names]).encode())
    digest.update(_manifest(environment))
    return digest.hexdigest()[:16]


def _manifest(environment: t.Mapping[str, str]) -> bytes:
    """What says which version of the collection Ansible finds; empty when it finds none."""
    for place in environment.get("ANSIBLE_COLLECTIONS_PATH", "").split(os.pathsep):
        manifest = Path(place, "ansible_collections", *COLLECTION.split("."), "MANIFEST.json")
        if place and manifest.exists():
            return manifest.read_bytes()
    return b""


def _ansible_doc(names: list[str], environment: dict[str, str]) -> str:
    program = Path(sys.executable).parent / "ansible-doc"
    command = [str(program), "-j", "-t", "module", *(f"{COLLECTION}.{name}" for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError:
        found = {}
    missing = [name for name in names if f"{COLLECTION}.{name}" not in found]
    if missing:
        raise DocumentationError(
            f"ansible-doc knows nothing of {', '.join(missing)}: is {COLLECTION} installed where "
            f"ANSIBLE_COLLECTIONS_PATH points? {done.stderr.strip()[-500:]}"
        )
    return done.stdout

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Third-party libraries: each is required only by the path that needs it.

The ``requirements`` of the modules' documentation name the same libraries and versions.
"""

from __future__ import annotations

import importlib
import platform
import re
import sys
import traceback
import typing as t

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


class Library(t.NamedTuple):
    """The name under which a library is installed, and the oldest version that has what is used."""

    distribution: str
    oldest: t.Optional[str] = None


#: By the name under which each is imported.
LIBRARIES = {
    # 42 brought dates with a time zone.
    "cryptography": Library("cryptography", "42"),
    # 2.0 returns tokens as text.
    "jwt": Library("PyJWT", "2.0"),
    # The oldest that the tests run with.
    "requests": Library("requests", "2.25"),
    "requests_ntlm": Library("requests_ntlm"),
}


def require(module: AnsibleModule, *names: str) -> None:
    """Fail the module unless every library of ``names`` is there, and new enough."""
    faults, trace = [], None
    for name in names + (("requests_ntlm",) if _logs_in_to_windows(module, names) else ()):
        try:
            found = str(getattr(importlib.import_module(name), "__version__", ""))
        except Exception as error:  # a library that does not fit another one raises anything
            fault = "missing" if isinstance(error, ImportError) else "cannot be imported"
            trace = traceback.format_exc()
        else:
            if not _is_older(found, LIBRARIES[name].oldest):
                continue
            fault = f"version {found} is installed"
        faults.append((LIBRARIES[name], fault))
    if faults:
        options = {} if trace is None else {"exception": trace}
        module.fail_json(msg=_message(faults), **options)


def _logs_in_to_windows(module: AnsibleModule, names: t.Sequence[str]) -> bool:
    return "requests" in names and module.params.get("auth") == "ntlm"


def _message(faults: t.Sequence[t.Tuple[Library, str]]) -> str:
    wanted, specifiers = [], []
    for library, fault in faults:
        version = f" {library.oldest} or newer" if library.oldest else ""
        wanted.append(f"{library.distribution}{version} ({fault})")
        specifier = f"{library.distribution}>={library.oldest}" if library.oldest else ""
        specifiers.append(f"'{specifier}'" if specifier else library.distribution)
    return (
        f"This module needs Python libraries on {platform.node()}: {', '.join(wanted)}. Install "
        f"them with: {sys.executable} -m pip install {' '.join(specifiers)}. If they are installed "
        "for another Python, set ansible_python_interpreter to it."
    )


def _is_older(found: str, oldest: t.Optional[str]) -> bool:
    return oldest is not None and bool(found) and _numbers(found) < _numbers(oldest)


def _numbers(version: str) -> t.List[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]

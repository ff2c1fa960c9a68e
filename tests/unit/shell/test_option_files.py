# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The short look at a file accepts only what the whole rule accepts without a warning."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import InvalidInput
from ansible_collections.qlikops.sense.plugins.module_utils._file_trust import Guard
from ansible_collections.qlikops.sense.plugins.module_utils._option_files import (
    is_plainly_trusted,
    read_file,
)

FILES = (0o400, 0o600, 0o640, 0o644, 0o660, 0o664, 0o666)
DIRECTORIES = (0o700, 0o755, 0o770, 0o775, 0o777, 0o1777)


def complaints(path: Path, *, is_secret: bool) -> list[str]:
    """What the whole rule says of a file."""
    found: list[str] = []
    guard = Guard("private key", found.append, owner_option=None, is_public=not is_secret)
    try:
        read_file(str(path), "ca_path", guard=guard)
    except InvalidInput as error:
        found.append(error.message)
    return found


@pytest.mark.parametrize("is_secret", [True, False])
def test_what_it_accepts_is_accepted_by_the_rule(tmp_path: Path, is_secret: bool) -> None:
    accepted = set()
    for modes in itertools.product(FILES, DIRECTORIES, DIRECTORIES):
        above = tmp_path / "-".join(map(oct, modes))
        path = above / "keys" / "root.pem"
        path.parent.mkdir(parents=True)
        path.write_text("a certificate", encoding="utf-8")
        for place, mode in zip((path, path.parent, above), modes, strict=True):
            place.chmod(mode)
        if is_plainly_trusted(str(path), is_secret=is_secret):
            accepted.add(modes)
            assert complaints(path, is_secret=is_secret) == [], modes
    assert (0o600, 0o700, 0o755) in accepted
    assert (0o644, 0o755, 0o1777) in accepted or is_secret


def test_links_and_missing_files_are_left_to_the_rule(tmp_path: Path) -> None:
    (tmp_path / "root.pem").touch(0o600)
    (tmp_path / "link.pem").symlink_to("root.pem")
    (tmp_path / "linked").symlink_to(tmp_path)
    assert is_plainly_trusted(str(tmp_path / "root.pem"), is_secret=True)
    for name in ("link.pem", "linked/root.pem", "none.pem", "."):
        assert not is_plainly_trusted(str(tmp_path / name), is_secret=False), name

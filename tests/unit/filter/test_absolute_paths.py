# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Relative paths in the variables of the roles."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.filter.absolute_paths import FilterModule

absolute_paths = FilterModule().filters()["absolute_paths"]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("ca_path", "root.pem", "/here/root.pem"),
        ("ca_path", "./certs/root.pem", "/here/certs/root.pem"),
        ("ca_path", "../root.pem", "/root.pem"),
        ("private_key_path", "a b/jwt key.pem", "/here/a b/jwt key.pem"),
        ("ca_path", "/etc/root.pem", "/etc/root.pem"),
        ("ca_path", "~/root.pem", "~/root.pem"),
        ("ca_path", "$HOME/root.pem", "$HOME/root.pem"),
        ("src_path", "C:\\keys\\a.pfx", "C:\\keys\\a.pfx"),
        ("src_path", "d:/keys/a.pfx", "d:/keys/a.pfx"),
        ("src_path", "\\\\server\\a.pfx", "\\\\server\\a.pfx"),
        ("src_path", "%TEMP%\\a.pfx", "%TEMP%\\a.pfx"),
        ("page_path", "hub", "hub"),
        ("host", "root.pem", "root.pem"),
        ("ca_path", "", ""),
        ("ca_path", None, None),
        ("ca_path", 5, 5),
    ],
)
def test_relative_to_the_directory(name: str, value: object, found: object) -> None:
    assert absolute_paths({name: value}, "/here") == {name: found}
    assert absolute_paths({name: value}, "") == {name: value}


def test_what_is_not_a_mapping() -> None:
    with pytest.raises(Exception, match="give a mapping"):
        absolute_paths(["a"], "/here")

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The paths of the role conformance."""

from __future__ import annotations

import pytest

from ansible_collections.qlikops.sense.plugins.plugin_utils import conformance
from unit.plugin_utils.hosts import Json, variables


@pytest.mark.parametrize(
    ("own", "hosts", "directory"),
    [
        ({"conformance_directory": "out"}, {}, "/srv/play/out"),
        ({"conformance_directory": "/out"}, {}, "/out"),
        ({"conformance_directory": "/out"}, {"rim": {}}, "/out/central"),
        ({"conformance_directory": "out", "qlik_api_host": "linux"}, {}, "out"),
    ],
)
def test_the_directory(own: Json, hosts: Json, directory: str) -> None:
    assert conformance.directory(variables(own, hosts=hosts)) == directory


def test_the_certificate() -> None:
    assert conformance.url_ca_path(variables({"conformance_url_ca_path": ""})) == ""
    own = variables({"conformance_url_ca_path": "ca.pem"})
    assert conformance.url_ca_path(own) == "/srv/play/ca.pem"

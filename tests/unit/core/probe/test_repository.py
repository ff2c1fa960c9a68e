# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the probe does if the repository cannot be read."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.qlikops.sense.plugins.module_utils._core.crypto.keys import UnusableKey
from ansible_collections.qlikops.sense.plugins.module_utils._core.errors import (
    AccessDenied,
    AnswerError,
    InvalidInput,
    QlikError,
    SiteIncomplete,
    TransportError,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.evidence import (
    RepositoryFault,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.probe.repository import read_view


class Failing:
    """A repository whose every request fails."""

    def __init__(self, error: QlikError) -> None:
        self._error = error

    def __getattr__(self, name: str) -> t.Any:
        raise self._error


@pytest.mark.parametrize(
    ("error", "forbidden"),
    [
        (AccessDenied("No.", status=403), True),
        (SiteIncomplete("No."), True),
        (AnswerError("No.", status=500), False),
        (TransportError("No.", kind="refused", sent=False), False),
    ],
)
def test_a_repository_that_cannot_be_read_is_evidence(error: QlikError, forbidden: bool) -> None:
    qrs: t.Any = Failing(error)
    assert read_view(qrs, "jwt") == RepositoryFault("No.", forbidden)


@pytest.mark.parametrize("error", [InvalidInput("No."), UnusableKey("No.", reason="damaged")])
def test_an_option_that_is_not_valid_ends_the_probe(error: QlikError) -> None:
    qrs: t.Any = Failing(error)
    with pytest.raises(InvalidInput):
        read_view(qrs, "jwt")

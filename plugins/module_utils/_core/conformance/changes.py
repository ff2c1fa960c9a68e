# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The two changes of a linked virtual proxy that a run makes, each once."""

from __future__ import annotations

import typing as t

from .logins import HEADER, SECOND, Entry
from .steps import Steps, step
from .wait import Change
from .wire import Unanswered, entity_of

if t.TYPE_CHECKING:
    from ..ports import Response
    from .bench import Bench


class Changes(Steps):
    """Changes, and what the proxy does after them."""

    def __init__(self, site: Bench) -> None:
        super().__init__()
        self._site = site
        self.service_changed = False

    @step
    def edit(self) -> Change:
        """Change a header of the virtual proxy, and wait until the proxy sends it."""
        site = self._site
        session = self._session()
        before = self._service_date()
        trial = site.trial({"additionalResponseHeaders": f"{HEADER}: {SECOND}"})
        if trial.response.status != 200:
            raise Unanswered("set_up")
        self.service_changed = before != self._service_date()
        return site.logins.watch(session, lambda answer: answer.header(HEADER) == SECOND)

    @step
    def unlink_others(self) -> Change:
        """Remove the links of the other virtual proxies, and wait until they are not served."""
        site = self._site
        dummy = self.edit()
        others = site.logins.linked()[1:]
        if not others:
            raise Unanswered("set_up")
        session = self._session()
        site.logins.link(remove=others)
        prefix = site.names.expired

        def is_unlinked(dummy: Response) -> bool:
            return site.logins.is_unknown(prefix)

        return site.logins.watch(session, is_unlinked)

    def _session(self) -> Entry:
        """A session that is alive now."""
        dummy = self._site.logins.session()
        return self._site.logins.again()

    def _service_date(self) -> t.Any:
        service_id = self._site.logins.service()["id"]
        found = entity_of(self._site.repository.ask("GET", f"proxyservice/{service_id}"))
        return found.get("modifiedDate")

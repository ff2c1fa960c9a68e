# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Writes the picture of a report page in the documentation: ``make picture``.

The report is that of a simulated site. One virtual proxy accepts the login, and the other is not
linked to a proxy service.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playbooks.runs import Workplace
from playbooks.verify import KEY, VERIFY, seed
from support import browser, simulator
from support import key_material as km
from tools import surroundings
from tools.checkout import ROOT

PICTURE = ROOT / "docs" / "images" / "report.webp"

HOST = "qlik.example.com"


def main() -> int:
    """Write the picture; 0 when it was written."""
    if not browser.is_there():
        print(browser.HOW_TO_GET, file=sys.stderr)
        return 1
    surroundings.link_checkout()
    with tempfile.TemporaryDirectory() as directory:
        place = Path(directory)
        page = place / "report.html"
        page.write_text(report(place), encoding="utf-8")
        PICTURE.parent.mkdir(exist_ok=True)
        with browser.start(place / "profile") as window:
            window.show(page, width=1000, height=888)
            window.picture(PICTURE, is_whole=False)
    return 0


def report(place: Path) -> str:
    """The page, with the name of an example instead of the simulator's address."""
    (place / "site").mkdir()
    (place / "work").mkdir()
    with simulator.start(place / "site") as site:
        workplace = Workplace(place / "work", site)
        workplace.key.write_bytes(km.key_pem(KEY))
        seed(site, "portal")
        seed(site, "catalogue", link=[])
        prefixes = [{"prefix": "portal"}, {"prefix": "catalogue"}]
        host = workplace.login(
            jwt_virtual_proxy_definitions=prefixes, jwt_verify_report_directory="reports"
        )
        del host["jwt_virtual_proxy_prefix"]
        workplace.run(VERIFY, hosts={HOST: host}).failed()
        text = (workplace.directory / "reports" / "report.html").read_text(encoding="utf-8")
    return re.sub(rf"\b{re.escape(site.host)}(:\d+)?\b", HOST, text)


if __name__ == "__main__":
    sys.exit(main())

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A headless Chromium that shows one local page, and what can be measured on it."""

from __future__ import annotations

import base64
import contextlib
import json
import shutil
import typing as t
from collections.abc import Iterator
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

#: The programs, and how Debian and its like bring them.
PROGRAMS = ("chromium", "chromedriver")
HOW_TO_GET = "This needs Chromium and its driver: apt-get install chromium chromium-driver."

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)

_SCRIPT = (Path(__file__).parent / "browser_contrast.js").read_text(encoding="utf-8")

Json = dict[str, t.Any]


def is_there() -> bool:
    """Whether the programs are installed."""
    return all(shutil.which(name) for name in PROGRAMS)


@contextlib.contextmanager
def start(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile in that directory, until the end of the block."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which(PROGRAMS[0]))
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    driver = webdriver.Chrome(options, Service(str(shutil.which(PROGRAMS[1]))))
    try:
        yield Browser(driver)
    finally:
        driver.quit()


class Browser:
    """The one window. Sizes are CSS pixels."""

    def __init__(self, driver: webdriver.Chrome):
        self._driver = driver

    def show(
        self, page: Path, *, width: int = 1200, height: int = 900, scheme: str = "light"
    ) -> None:
        """Open a page afresh on a screen of that size, with that colour scheme."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
        self._command("Emulation.setDeviceMetricsOverride", **size)
        self.media("screen", scheme)
        self._driver.get("about:blank")
        self.loads()
        self.complaints()
        self._driver.get(page.as_uri())

    def media(self, name: str, scheme: str = "light") -> None:
        """Take the page for one on a screen, or for one on paper (``print``)."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self._command("Emulation.setEmulatedMedia", media=name, features=features)

    def run(self, script: str) -> t.Any:
        """What a function body in JavaScript returns."""
        return self._driver.execute_script(script)

    def press(self, key: str = Keys.TAB) -> None:
        """Press a key."""
        ActionChains(self._driver).send_keys(key).perform()

    def enter(self) -> None:
        """Follow the link that has the focus."""
        self.press(Keys.ENTER)

    def loads(self) -> list[str]:
        """The addresses that were asked for since the page was opened, whatever they were."""
        entries = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        return [
            entry["params"]["request"]["url"]
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What the console says since then, such as a style that its policy refuses."""
        return [entry["message"] for entry in self._log("browser")]

    def contrasts(self) -> list[Json]:
        """Each visible text and drawn sign: what it is, its contrast, and the least it may have."""
        return t.cast("list[Json]", self.run(_SCRIPT))

    def picture(self, file: Path, *, is_whole: bool = True) -> None:
        """The page, or what is visible of it, in the format of the file's suffix."""
        shot = self._command(
            "Page.captureScreenshot",
            captureBeyondViewport=is_whole,
            format=file.suffix.removeprefix("."),
        )
        file.write_bytes(base64.b64decode(shot["data"]))

    def pdf(self) -> bytes:
        """The page as it is printed."""
        return base64.b64decode(self._command("Page.printToPDF", printBackground=False)["data"])

    def _log(self, kind: str) -> list[Json]:
        return t.cast("list[Json]", self._driver.get_log(kind))  # type: ignore[no-untyped-call]

    def _command(self, name: str, **parameters: t.Any) -> Json:
        return t.cast(Json, self._driver.execute_cdp_cmd(name, parameters))

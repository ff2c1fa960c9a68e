# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to AWX: its text, its YAML blocks, and its commands."""

from __future__ import annotations

import yaml

from support.blocks import texts
from tools.checkout import ROOT

PAGE = "docs/awx.md"
GUIDE = (ROOT / PAGE).read_text(encoding="utf-8")
EXAMPLES = [yaml.safe_load(text) for text in texts(PAGE, "yaml")]
BUILD, DOWNLOAD, START = texts(PAGE, "shell")

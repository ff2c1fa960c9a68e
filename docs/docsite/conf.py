# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Settings of Sphinx for ``make docs``. The meaning of each is in Sphinx's own documentation."""

from __future__ import annotations

project = "qlikops.sense"
# The name that Sphinx requires.
copyright = "the qlikops.sense authors"  # noqa: A001
html_title = html_short_title = "qlikops.sense"

extensions = ["sphinx_antsibull_ext", "myst_parser", "sphinxcontrib.mermaid"]
pygments_style = "ansible"
highlight_language = "YAML+Jinja"
# GitHub creates anchors for all headings, and the pages link to them.
myst_heading_anchors = 6
myst_fence_as_directive = ["mermaid"]
default_role = "any"

html_theme = "sphinx_ansible_theme"
html_show_sphinx = False
html_use_index = False
html_copy_source = False

# Every reference must resolve, except to other collections: the build doesn't read other sites.
nitpicky = True
nitpick_ignore_regex = [
    ("std:ref", r"ansible_collections\.(?!qlikops\.).*"),
    ("std:ref", "ansible_configuration_settings|common_return_values"),
]

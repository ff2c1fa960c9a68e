# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that a job template passes as text: the list or mapping that the text is."""

from __future__ import annotations

import json
import typing as t

from ansible.module_utils.common.yaml import yaml_load

from ansible_collections.qlikops.sense.plugins.module_utils._core.entity.text_lists import entries


def structured(value: t.Any) -> t.Any:
    """The list or mapping that a text is; any other value unchanged."""
    if not isinstance(value, str):
        return value
    # PyYAML takes no subclass of str, and str() may return one.
    found = _decoded(str.__str__(value))
    if not isinstance(found, (list, dict, type(None))):
        return value
    # Before ansible-core 2.19, the class of a text is the mark that it is not a template.
    return _marked(found, type(value)) if getattr(value, "__UNSAFE__", False) else found


def texts(value: t.Any, *, keep_commas: bool = False) -> t.List[str]:
    """The entries of a list, or of a text with one entry per line or separated by commas."""
    if isinstance(value, str):
        found = entries(value)
        return [value] if found is None else found
    if not isinstance(value, list):
        return [str(value)]
    return [entry for one in value for entry in _of_entry(one, keep_commas)]


def _of_entry(value: t.Any, keep_commas: bool) -> t.List[str]:
    if not isinstance(value, str):
        return texts(value, keep_commas=keep_commas)
    found = entries(value, commas=not keep_commas)
    return [value] if found is None else found


def _decoded(text: str) -> t.Any:
    try:
        # YAML does not accept every text that JSON accepts, such as some control characters.
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return yaml_load(text)
    except Exception:  # PyYAML raises errors of Python, too.
        return text


def _marked(value: t.Any, mark: t.Callable[[str], str]) -> t.Any:
    if isinstance(value, str):
        return mark(value)
    if isinstance(value, list):
        return [_marked(item, mark) for item in value]
    if isinstance(value, dict):
        return {_marked(key, mark): _marked(item, mark) for key, item in value.items()}
    return value

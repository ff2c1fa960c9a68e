# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""From the core's errors to a module's answer, in one place."""

from __future__ import annotations

import typing as t

from ._core.errors import QlikError
from ._secrets import show_certificates, show_restored

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def run(module: AnsibleModule, action: t.Callable[[], t.Mapping[str, t.Any]]) -> t.NoReturn:
    """Run ``action`` and end the module with its result, or with the error it raised."""
    show_certificates(module)
    show_restored(module)
    try:
        result = action()
    except QlikError as error:
        fail(module, error, **error.result)
    module.exit_json(**result)


def fail(module: AnsibleModule, error: QlikError, **result: t.Any) -> t.NoReturn:
    """End the module with ``error``; ``failure`` carries the same for programs."""
    failure = {"kind": type(error).__name__, **error.details}
    module.fail_json(msg=error.message, failure=failure, **result)

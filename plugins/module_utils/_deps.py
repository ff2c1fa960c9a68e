# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Third-party libraries: each is asked for only by the path that needs it.

The ``requirements`` of the modules' documentation name the same libraries.
"""

from __future__ import annotations

import importlib
import traceback
import typing as t

from ansible.module_utils.basic import missing_required_lib

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

#: Import name and the name under which it is installed.
_DISTRIBUTIONS = {
    "cryptography": "cryptography",
    "jwt": "PyJWT",
    "requests": "requests",
    "requests_ntlm": "requests_ntlm",
}


def require(module: AnsibleModule, *names: str) -> None:
    """Fail the module with the usual sentence unless every library of ``names`` imports."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError:
            module.fail_json(
                msg=missing_required_lib(_DISTRIBUTIONS[name]), exception=traceback.format_exc()
            )

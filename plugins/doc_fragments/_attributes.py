# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Attributes of modules, described once."""

from __future__ import annotations


class ModuleDocFragment:
    """The attributes of all modules, and those of some modules."""

    DOCUMENTATION = r"""
options: {}
attributes:
  check_mode:
    description: Can run in C(check_mode) and return changed status prediction without modifying
      target.
  diff_mode:
    description: Will return details on what has changed (or possibly needs changing in
      C(check_mode)), when in diff mode.
  idempotent:
    description: When run twice in a row outside check mode, with the same arguments, the second
      invocation indicates no change.
  platform:
    description: Target OS/families that can be operated against. Qlik Sense itself runs on Windows.
      This module runs on the host that connects to the site or stores the files, which is the
      controller by default.
    platforms: posix
    support: full
"""

    # For modules that only read.
    INFO = r"""
options: {}
attributes:
  check_mode:
    support: full
    details:
      - This module only reads. It behaves in the same way in check mode.
  diff_mode:
    support: N/A
    details:
      - This module does not change anything.
  idempotent:
    support: full
    details:
      - This module does not change anything.
"""

    # For modules with the connection options (fragment _qrs).
    QRS = r"""
options: {}
attributes:
  action_group:
    description: Use C(group/qlikops.sense.qrs) in C(module_defaults) to set defaults for this
      module.
    support: full
    membership:
      - qlikops.sense.qrs
"""

    # For modules that write files on the machine where the task runs.
    FILES = r"""
options: {}
attributes:
  safe_file_operations:
    description: Uses Ansible's strict file operation functions to ensure proper permissions and
      avoid data corruption.
    support: full
"""

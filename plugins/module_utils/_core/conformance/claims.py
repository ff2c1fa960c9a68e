# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Names and values in the virtual proxies and tokens of the check."""

from __future__ import annotations

#: A host that no site has (RFC 2606), for questions about the host allow list.
ALLOWED_HOST = "qlikops-conformance.invalid"

USER_ID_CLAIM, DIRECTORY_CLAIM = "conformanceUser", "conformanceDirectory"
AUDIENCE = "qlikops-conformance"
ATTRIBUTE = "conformanceGroup"
ATTRIBUTE_ITEM = {"jwtAttribute": ATTRIBUTE, "senseAttribute": "Group", "isMandatory": True}

#: A prefix that no site has.
NO_PREFIX = "qlikops-no-such-prefix"

#: A host that the host allow list lacks.
FOREIGN_HOST = "qlikops-foreign.invalid"

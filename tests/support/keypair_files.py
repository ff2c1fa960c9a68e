# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A key pair in files, as the tests of ``keypair`` plan it."""

from __future__ import annotations

import typing as t

from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import (
    options as keypair_options,
)
from ansible_collections.qlikops.sense.plugins.module_utils._core.keypair import plan as keypair
from support import key_material as km

POLICIES = keypair_options.POLICIES
KEY = km.rsa_key()
NEW = km.rsa_key(number=1)
OTHER = km.rsa_key(number=2)
PLAIN = km.key_pem(KEY)
ENCRYPTED = km.key_pem(KEY, passphrase=km.PASSPHRASE)
CERTIFICATE = km.certificate_pem(km.certificate(KEY))
PATHS = {
    "private_key": "/k/jwt.key",
    "public_key": "/k/jwt.pub",
    "certificate": "/k/jwt.crt",
}
MAKERS = keypair_options.Makers(
    generate=lambda size: NEW if size == 2048 else km.rsa_key(size),
    serial=lambda: 99,
    now=km.NOW,
)
Contents = dict[str, bytes | None]
ABSENT: Contents = dict.fromkeys(PATHS)


def plan(
    present: Contents, *, makers: keypair_options.Makers = MAKERS, **wanted: t.Any
) -> keypair.Plan:
    """The plan for the files with these contents by kind; None stands for a missing file."""
    files = {kind: keypair_options.File(PATHS[kind], data) for kind, data in present.items()}
    return keypair.plan(files, keypair_options.Wanted(**{"size": 2048, **wanted}), makers)


def written(result: keypair.Plan) -> dict[str, bytes]:
    """What would be written, by kind."""
    return {write.kind: write.content for write in result.writes}


def good(days: int = 365, **change: t.Any) -> Contents:
    """Files that belong together, but for ``change``."""
    certificate = km.certificate_pem(km.certificate(KEY, days=days))
    return {
        "private_key": PLAIN,
        "public_key": km.public_pem(KEY),
        "certificate": certificate,
        **change,
    }

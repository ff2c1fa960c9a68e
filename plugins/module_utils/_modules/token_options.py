# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The minting options: which key signs a token, and which claims it contains.

The documentation is the fragment ``plugins/doc_fragments/_key.py``; change both.
"""

from __future__ import annotations

import os
import typing as t

from ansible.module_utils.common.parameters import env_fallback

from .._core.errors import InvalidInput
from .._file_trust import Guard
from .._option_files import read_option
from .._runtime import hide

if t.TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import rsa

    from ansible.module_utils.basic import AnsibleModule

    from .._core.crypto.tokens import ClaimOptions

#: For ``mutually_exclusive``.
MINTING_EXCLUSIVE = [("private_key_path", "private_key_content")]

_KEY_VARIABLE = "QLIK_JWT_PRIVATE_KEY"


def minting_spec() -> t.Dict[str, t.Any]:
    """The argument spec of the minting options."""
    return {
        "private_key_path": {"type": "path", "no_log": False},
        "private_key_content": {"type": "str", "no_log": True},
        "private_key_owner": {"type": "str", "no_log": False},
        "private_key_passphrase": {
            "type": "str",
            "no_log": True,
            "fallback": (env_fallback, ["QLIK_JWT_PRIVATE_KEY_PASSPHRASE"]),
        },
        "algorithm": {"type": "str", "choices": ["RS256", "RS384", "RS512"], "default": "RS256"},
        "user_id": {"type": "str"},
        "user_directory": {"type": "str"},
        "user_id_claim": {"type": "str"},
        "user_directory_claim": {"type": "str"},
        "attributes": {"type": "dict", "default": {}},
        "audience": {"type": "str"},
        "issuer": {"type": "str"},
        "lifetime": {"type": "int", "default": 3600},
    }


def has_signing_key(params: t.Mapping[str, t.Any]) -> bool:
    """Whether a key was given, by option or by the environment."""
    given = params["private_key_path"] or params["private_key_content"]
    return bool(given or os.environ.get(_KEY_VARIABLE))


def signing_key(module: AnsibleModule, *owners: t.Optional[str]) -> rsa.RSAPrivateKey:
    """The private key that the options or the environment give; raises ``InvalidInput``.

    ``owners`` are users who may own its file, besides the one in the options.
    """
    # Imported late: it needs cryptography, and not every task mints a token.
    from .._core.crypto import keys

    path, content = module.params["private_key_path"], module.params["private_key_content"]
    if not path and not content:
        # Not a fallback of the argument spec: that would show a key's text as the value of
        # private_key_path, and would collide with the option of the pair that the task gives.
        path = os.environ.get(_KEY_VARIABLE)
        if path and "-----BEGIN" in path:
            hide(module, path)
            path, content = None, path
    passphrase = module.params["private_key_passphrase"]
    if content:
        place = "private_key_content" if module.params["private_key_content"] else _KEY_VARIABLE
        return keys.load(content, passphrase=passphrase, name=f"private key in {place}").key
    if not path:
        raise InvalidInput(
            "The signing key is missing. Set private_key_path, private_key_content, or the "
            f"environment variable {_KEY_VARIABLE}. In AWX, add the credential of the type "
            '"Qlik Sense JWT signing key" to the template.'
        )
    data = read_option(
        path,
        option="private_key_path",
        content_option="private_key_content",
        guard=Guard(
            "private key",
            module.warn,
            owners=(module.params["private_key_owner"], *owners),
            owner_option="private_key_owner",
        ),
    )
    return keys.load(data, passphrase=passphrase, name=f"private key at {path}").key


def claim_options(
    params: t.Mapping[str, t.Any],
    user_id_claim: t.Optional[str] = None,
    user_directory_claim: t.Optional[str] = None,
) -> ClaimOptions:
    """The options of the claims; the two names given here count where the task names none."""
    from .._core.crypto import tokens

    return tokens.ClaimOptions(
        user_id=params["user_id"],
        user_directory=params["user_directory"],
        user_id_claim=params["user_id_claim"] or user_id_claim or tokens.DEFAULT_USER_ID_CLAIM,
        user_directory_claim=params["user_directory_claim"]
        or user_directory_claim
        or tokens.DEFAULT_USER_DIRECTORY_CLAIM,
        attributes=params["attributes"] or {},
        audience=params["audience"],
        issuer=params["issuer"],
    )

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The action of the module qlik_jwt_token."""

from __future__ import annotations

import time
import typing as t

from .._core.crypto import certificates, token_file, tokens
from .._core.text import decode
from .._file_trust import Guard
from .._files import Target, read_present, remove_leftovers, write_all
from .._runtime import reject_damaged, reject_unless_no_log
from .token_options import claim_options, minting_spec, signing_key

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

#: A valid token is as good as a password, so only the owner may read it.
_MODE = "0600"


def jwt_token_spec() -> t.Dict[str, t.Any]:
    """The argument spec of qlik_jwt_token."""
    return {
        **minting_spec(),
        "path": {"type": "path"},
        "renew_before": {"type": "int"},
        "owner": {"type": "str"},
        "group": {"type": "str"},
    }


def run_jwt_token(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Mint a token, or keep the one in the file."""
    params = module.params
    path: t.Optional[str] = params["path"]
    if path is None:
        reject_unless_no_log(module, "the token", "A task without path")
    now = int(time.time())
    wanted = tokens.claims(claim_options(params), now=now, lifetime=params["lifetime"])
    owner: t.Optional[str] = params["owner"]
    key = signing_key(module, owner)
    present: t.Optional[bytes] = None
    has_cleaned = False
    if path is not None:
        # A token that is kept is proven by its signature.
        guard = Guard("token", module.warn, owners=(owner,), is_managed=True, is_unused=True)
        present = read_present(path, option="path", guard=guard)
        has_cleaned = remove_leftovers(module, [path], owner=owner)
    renew_before = params["renew_before"]
    if renew_before is None:
        renew_before = token_file.default_renew_before(params["lifetime"])
    why = token_file.why_mint(
        present,
        path=str(path),
        wanted=wanted,
        algorithm=params["algorithm"],
        public_key=key.public_key(),
        now=now,
        renew_before=renew_before,
        lifetime=params["lifetime"],
    )
    if why is None and present is not None:
        text = decode(present).strip()
    else:
        text = tokens.mint(wanted, key=key, algorithm=params["algorithm"])
    result = _described(text)
    if module.no_log:
        result["token"] = text
    if path is None:
        return {"changed": False, **result}
    content = None if why is None else f"{text}\n".encode("ascii")
    reject_damaged(module, result)
    target = Target("token", path, content, _MODE, owner, params["group"])
    outcome = write_all(module, [target], backup=False)
    before: t.Dict[str, t.Any] = dict(outcome.before.get("token", {}))
    after: t.Dict[str, t.Any] = dict(outcome.after.get("token", {}))
    if why is not None:
        before.update(_shown(present))
        after.update(_shown(content), expires_at="(new)", reason=why)
    changed = outcome.changed or has_cleaned
    return {"changed": changed, "diff": {"before": before, "after": after}, **result}


def _described(text: str) -> t.Dict[str, t.Any]:
    token = tokens.read(text)
    return {"claims": dict(token.claims), "expires_at": _expires_at(token)}


def _shown(content: t.Optional[bytes]) -> t.Dict[str, t.Any]:
    """A token as the diff shows it: what it says, never the text that opens the door."""
    if content is None or not content.strip():
        return {"state": "absent"}
    token = tokens.read(decode(content))
    return {
        "state": "present",
        "algorithm": token.algorithm,
        "claims": token_file.timeless(token.claims),
        "expires_at": _expires_at(token),
    }


def _expires_at(token: tokens.Token) -> t.Optional[str]:
    return certificates.iso_of_seconds(token.time("exp"))

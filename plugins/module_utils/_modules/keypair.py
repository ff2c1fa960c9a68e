# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The action of the module qlik_keypair."""

from __future__ import annotations

import dataclasses
import datetime as dt
import typing as t

from .._core.crypto import certificates, keys, pem_input
from .._core.errors import InvalidInput
from .._core.keypair import options as keypair_options
from .._core.keypair import plan as keypair
from .._core.keypair import source as key_source
from .._core.text import decode
from .._file_trust import Guard
from .._files import Outcome, Target, read_present, remove_leftovers, write_all
from .._option_files import read_option
from .._runtime import let_return, reject_damaged, reject_unless_no_log

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


def keypair_spec() -> t.Dict[str, t.Any]:
    """The argument spec of qlik_keypair."""
    return {
        "source": {"type": "str", "choices": ["generate", "pem", "pkcs12"], "default": "generate"},
        "src_path": {"type": "path"},
        "src_content": {"type": "str"},
        "src_passphrase": {"type": "str", "no_log": True},
        "private_key_path": {"type": "path", "no_log": False},
        "public_key_path": {"type": "path", "no_log": False},
        "certificate_path": {"type": "path"},
        "passphrase": {"type": "str", "no_log": True},
        "size": {"type": "int", "choices": [2048, 3072, 4096], "default": 3072},
        "common_name": {"type": "str"},
        "valid_days": {"type": "int"},
        "renew_before_days": {"type": "int"},
        "regenerate": {
            "type": "str",
            "choices": [
                "never",
                "fail",
                "partial_idempotence",
                "full_idempotence",
                "always",
            ],
            "default": "fail",
        },
        "backup": {"type": "bool", "default": False},
        "return_content": {"type": "bool", "default": False},
        "mode": {"type": "raw", "default": "0600"},
        "public_mode": {"type": "raw", "default": "0644"},
        "owner": {"type": "str"},
        "group": {"type": "str"},
    }


def run_keypair(module: AnsibleModule) -> t.Dict[str, t.Any]:
    """Bring the files of the pair to what the options say, and describe it."""
    params = module.params
    if params["return_content"]:
        reject_unless_no_log(module, "the private key", "return_content")
    _check(params)
    guard = Guard("private key", module.warn, owners=(params["owner"],))
    material = _material(params, guard)
    is_unused = params["regenerate"] == "always" and material is None
    managed = dataclasses.replace(guard, is_managed=True, is_unused=is_unused)
    if params["return_content"]:
        let_return(module, "src_content")
    files = {
        kind: keypair_options.File(
            path,
            read_present(
                path,
                option=f"{kind}_path",
                guard=managed if kind == "private_key" else _public(guard, kind),
            ),
        )
        for kind, path in ((kind, params[f"{kind}_path"]) for kind in keypair_options.KINDS)
        if path
    }
    has_cleaned = remove_leftovers(
        module, [file.path for file in files.values()], owner=params["owner"]
    )
    wanted = keypair_options.Wanted(
        material=material,
        size=params["size"],
        passphrase=params["passphrase"] or None,
        common_name=params["common_name"],
        valid_days=params["valid_days"],
        renew_before_days=params["renew_before_days"],
        regenerate=params["regenerate"],
    )
    makers = keypair_options.Makers(
        generate=keys.generate,
        serial=certificates.random_serial,
        # Whole seconds, as certificates have them: else the days left are one too few.
        now=dt.datetime.now(dt.timezone.utc).replace(microsecond=0),
    )
    plan = keypair.plan(files, wanted, makers)
    described = _described(plan, makers.now)
    if params["return_content"]:
        described["private_key"] = _private_key(module, plan, files)
    reject_damaged(module, described)
    outcome = write_all(module, _targets(params, plan), backup=params["backup"])
    result = {
        # A pair that was made for the answer alone is new, too.
        "changed": outcome.changed or plan.is_new_key or has_cleaned,
        "diff": _diff(plan, outcome),
        "backup_files": list(outcome.backup_files),
        "notes": list(plan.notes),
        "matches": plan.matches,
        **described,
    }
    if module.check_mode and (plan.is_new_key or plan.is_new_certificate):
        result["notes"].append(
            "Check mode: what is new in this result was made for the prediction and thrown away."
        )
    return result


def _public(guard: Guard, kind: str) -> Guard:
    # What is kept belongs to the private key. But a later task may read the file.
    public = guard.public(kind.replace("_", " "))
    return dataclasses.replace(public, is_managed=True, is_unused=True)


def _check(params: t.Mapping[str, t.Any]) -> None:
    given = params["src_path"] or params["src_content"]
    if params["source"] != "generate":
        if not given:
            raise InvalidInput(
                f"source: {params['source']} reads an existing key. Set src_path or src_content."
            )
        return
    if given:
        raise InvalidInput(
            "src_path and src_content are for source: pem and pkcs12; source: generate makes a key."
        )
    if not params["private_key_path"] and not params["return_content"]:
        raise InvalidInput(
            "The generated key would be lost. Set private_key_path, or return_content in a task "
            "with no_log: true."
        )


def _material(params: t.Mapping[str, t.Any], guard: Guard) -> t.Optional[key_source.Material]:
    source, path, content = params["source"], params["src_path"], params["src_content"]
    if source == "generate":
        return None
    passphrase = params["src_passphrase"] or None
    if source == "pem":
        if path:
            data = read_option(
                path,
                option="src_path",
                content_option="src_content",
                guard=dataclasses.replace(guard, is_secret=_holds_private_key),
            )
        else:
            data = content.encode("utf-8")
        name = f"source {path}" if path else "source src_content"
        return key_source.from_pem(data, passphrase=passphrase, name=name)
    if path:
        data = read_option(
            path,
            option="src_path",
            content_option="src_content",
            filters=" | b64encode",
            guard=guard,
        )
        return key_source.from_pkcs12(data, passphrase=passphrase, name=f"source {path}")
    return key_source.from_pkcs12(
        content.encode("utf-8", "replace"), passphrase=passphrase, name="source src_content"
    )


def _holds_private_key(data: bytes) -> bool:
    return any(block.is_private_key for block in pem_input.blocks(data))


def _targets(params: t.Mapping[str, t.Any], plan: keypair.Plan) -> t.List[Target]:
    contents = {write.kind: write.content for write in plan.writes}
    return [
        Target(
            name=kind,
            path=params[f"{kind}_path"],
            content=contents.get(kind),
            mode=params["mode" if kind == "private_key" else "public_mode"],
            owner=params["owner"],
            group=params["group"],
        )
        for kind in keypair_options.KINDS
        if params[f"{kind}_path"]
    ]


def _diff(plan: keypair.Plan, outcome: Outcome) -> t.Dict[str, t.Any]:
    """What is written and whose mode or owner changes, by the kind of file."""
    reasons = {write.kind: {"reason": write.why} for write in plan.writes}
    sides = {}
    for side, planned, attributes in (
        ("before", plan.before, outcome.before),
        ("after", plan.after, outcome.after),
    ):
        sides[side] = {
            kind: {
                **planned.get(kind, {}),
                **attributes.get(kind, {}),
                **(reasons.get(kind, {}) if side == "after" else {}),
            }
            for kind in keypair_options.KINDS
            if kind in planned or kind in attributes
        }
    return sides


def _described(plan: keypair.Plan, now: dt.datetime) -> t.Dict[str, t.Any]:
    result: t.Dict[str, t.Any] = {
        "public_key": keys.public_pem(plan.public_key),
        "fingerprint": keys.fingerprint(keys.public_der(plan.public_key)),
        "size": getattr(plan.public_key, "key_size", None),
        "certificate": None,
        "certificate_fingerprint": None,
        "thumbprint": None,
        "subject": None,
        "not_before": None,
        "not_after": None,
        "days_left": None,
    }
    if plan.certificate is not None:
        shown = certificates.describe(plan.certificate, now=now)
        result.update(
            certificate=certificates.to_pem(plan.certificate),
            certificate_fingerprint=shown.certificate_fingerprint,
            thumbprint=shown.thumbprint,
            subject=shown.subject,
            not_before=certificates.iso(shown.not_before),
            not_after=certificates.iso(shown.not_after),
            days_left=shown.days_left,
        )
    return result


def _private_key(
    module: AnsibleModule, plan: keypair.Plan, files: t.Mapping[str, keypair_options.File]
) -> t.Optional[str]:
    """The private key as it is in its file afterwards; None when check mode cannot know it."""
    if plan.key is None or (module.check_mode and plan.is_new_key):
        return None
    for write in plan.writes:
        if write.kind == "private_key":
            return write.content.decode("ascii")
    file = files.get("private_key")
    if file is not None and file.content is not None:
        return decode(file.content)
    return keys.dump(plan.key, passphrase=module.params["passphrase"] or None).decode("ascii")

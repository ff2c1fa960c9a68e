# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs a module: checks its options against its documentation, asks the model, notes the answer."""

from __future__ import annotations

import dataclasses
import typing as t

from ..conformance import complaints
from ..documentation import UnknownOptionError
from ..model import languages
from ..model.accounts import Identity, UnknownAccountError
from ..model.filesystem import FileError
from ..model.node import Node
from ..modules import MODELS
from ..modules.base import Call, Json, Model, ModuleFailure
from ..settings import DISABLED, SERVICE
from ..world import World
from .manifest import Become, ModuleOrder
from .session import Session

#: What Ansible.Basic puts in the place of an argument that is a secret, and of its text elsewhere.
_NO_LOG_ARGUMENT = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
_NO_LOG_TEXT = "********"
#: ERROR_SERVICE_DISABLED.
_DISABLED = (
    "The service cannot be started, either because it is disabled or because it has no enabled "
    "devices associated with it"
)
_SERVICES = (languages.SYSTEM, languages.LOCAL_SERVICE, languages.NETWORK_SERVICE)


def run_module(world: World, session: Session, order: ModuleOrder, note: Json) -> Json:
    """The module's answer; ``note`` is completed by it."""
    try:
        answer = _answer(world, session, order)
    except (ModuleFailure, UnknownOptionError) as error:
        answer = {"failed": True, "changed": False, "msg": str(error)}
    except FileError as error:
        message = f"Unhandled exception while executing module: {error}"
        answer = {"failed": True, "changed": False, "msg": message}
    note["answer"] = answer
    if order.module in MODELS and not _is_internal(order):
        returned = world.documentation.returned(order.module)
        note["undocumented"] = complaints(order.module, returned, answer)
    return answer


def _answer(world: World, session: Session, order: ModuleOrder) -> Json:
    model = MODELS.get(order.module)
    if model is None:
        raise ModuleFailure(
            f"ansible.windows.{order.module} is not modelled by this node, which runs no PowerShell"
        )
    internal = {n: v for n, v in order.arguments.items() if n in model.internal}
    given = {n: v for n, v in order.arguments.items() if n not in model.internal}
    options = world.documentation.validated(order.module, given)
    call = Call(
        node=world.node,
        who=_identity(world.node, session.who, order.become),
        options=_Options(options),
        internal=internal,
        check=bool(order.settings.get("check_mode")),
        diff=bool(order.settings.get("diff")),
    )
    if call.check and world.documentation.version < model.check_since:
        # Parse-Args of Ansible.ModuleUtils.Legacy ends a module that does not support it.
        text = "remote module does not support check mode"
        return {"changed": False, "skipped": True, "msg": text}
    try:
        answer = model.run(call)
    except ModuleFailure as error:
        answer = {"changed": False, **error.result, "failed": True, "msg": str(error)}
    return _as_basic(model, options, answer, order.secrets) if model.basic else answer


class _Options(dict[str, t.Any]):
    """Options by name; one that was not given and has no default is None."""

    def __missing__(self, name: str) -> None:
        return None


def _is_internal(order: ModuleOrder) -> bool:
    """Whether an action plugin asked for itself, and nobody else sees the answer."""
    return order.arguments.get("_copy_mode") in ("query", "single", "explode") or (
        "_diff_peek" in order.arguments
    )


def _identity(node: Node, who: Identity, become: Become | None) -> Identity:
    if become is None:
        return who
    try:
        identity = _logged_on(node, who, become)
        if node.settings.secondary_logon == DISABLED:
            raise _BecomeError(
                f"CreateProcessWithTokenW() failed ({_DISABLED}, Win32ErrorCode 1058)"
            )
    except _BecomeError as error:
        raise ModuleFailure(
            f'{become.failure}: Exception calling "CreateProcessAsUser" with "9" argument(s): '
            f'"{error}"'
        ) from None
    return identity


class _BecomeError(Exception):
    """Why Ansible.Become did not start a process."""


def _logged_on(node: Node, who: Identity, become: Become) -> Identity:
    try:
        account = node.accounts.by_name(become.user)
    except UnknownAccountError:
        text = "Some or all identity references could not be translated."
        raise _BecomeError(text) from None
    needs_token = account.sid in _SERVICES or become.password is None
    if needs_token and not who.is_administrator:
        raise _BecomeError(
            "Failed to get token for NT AUTHORITY\\SYSTEM required for become as a service account "
            "or an account without a password"
        )
    if account.sid in _SERVICES:
        return dataclasses.replace(who, account=account, over_network=False)
    if become.password is None:
        # The token of a process that it runs; else S4U, which does not unlock private keys.
        runs = account.full_name in {service.username for service in node.services}
        return dataclasses.replace(who, account=account, over_network=not runs)
    if account.password is None or account.password != become.password:
        raise _refused("The user name or password is incorrect", 1326)
    may_log_on = ("Service", "Network", "NetworkCleartext")
    bars = account == node.service_account and node.settings.service_logon == SERVICE
    if bars and become.logon_type not in may_log_on:
        raise _refused(
            "Logon failure: the user has not been granted the requested logon type at this "
            "computer",
            1385,
        )
    return dataclasses.replace(who, account=account, over_network=become.logon_type == "Network")


def _refused(why: str, code: int) -> _BecomeError:
    return _BecomeError(f"LogonUser failed ({why}, Win32ErrorCode {code} - 0x{code:08X})")


def _as_basic(model: Model, options: Json, answer: Json, known: frozenset[str] | None) -> Json:
    texts = [str(options[name]) for name in model.secret if options.get(name)]
    if known is not None:
        # Since ansible-core 2.22 the controller masks: it gets the secrets that it does not know.
        new = sorted({text.strip(" \t\r\n") for text in texts} - known - {""})
        reported = {"_ansible_new_secrets": new} if new else {}
        return {**answer, "invocation": {"module_args": dict(options)}, **reported}
    arguments = {
        name: _NO_LOG_ARGUMENT if name in model.secret and value is not None else value
        for name, value in options.items()
    }
    scrubbed: Json = _scrub({**answer, "invocation": {"module_args": arguments}}, texts)
    return scrubbed


def _scrub(value: t.Any, texts: list[str]) -> t.Any:
    if isinstance(value, dict):
        return {name: _scrub(item, texts) for name, item in value.items()}
    if isinstance(value, list):
        return [_scrub(item, texts) for item in value]
    if isinstance(value, str):
        for text in texts:
            value = value.replace(text, _NO_LOG_TEXT)
    return value

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Secrets in results: only for a task that hides its result, and never as damage to other data."""

from __future__ import annotations

import importlib
import typing as t

from ._core.errors import InvalidInput, QlikError
from ._core.masking import damage, without

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

try:
    # By its name, because most supported versions do not have it.
    _MASKING: t.Any = importlib.import_module("ansible.module_utils.secrets")
except ImportError:  # ansible-core before 2.22, which masks the result in the module itself
    _MASKING = None


class NotHidden(InvalidInput):
    """A secret was asked for by a task without ``no_log: true``; nothing was done."""


def refuse_unless_no_log(module: AnsibleModule, what: str, option: str) -> None:
    """Raise ``NotHidden`` unless the task has ``no_log: true``.

    A module cannot hide what it returns: callbacks, the log of the node and AWX show it all.
    ``what`` is what would be returned ("the private key"), ``option`` asks for it.
    """
    if not module.no_log:
        raise NotHidden(
            f"{option} returns {what}, and this task would show it; give the task no_log: true. "
            "Nothing was done."
        )


def hide(module: AnsibleModule, text: str) -> None:
    """Have Ansible mask ``text``, a secret that no option with ``no_log`` holds."""
    module.no_log_values.add(text)
    if _MASKING is not None:
        _MASKING.register_secret(text)


class Damaged(QlikError):
    """Ansible would mask a part of the result, because a secret of the task occurs in it."""


#: Values that nothing is made of: the result is complete without them.
_FOR_INFORMATION = ("requests", "seconds")


def refuse_damaged(module: AnsibleModule, result: t.Mapping[str, t.Any]) -> None:
    """Raise ``Damaged`` if Ansible would mask a value in ``result``; nothing was written yet."""
    _undamaged(module, result, " Nothing was written.", strict=True)


def undamaged(module: AnsibleModule, result: t.Mapping[str, t.Any]) -> t.Mapping[str, t.Any]:
    """``result`` as Ansible can return it.

    A task that has changed something returns null, with a warning, where Ansible would mask a
    value. Any other task raises ``Damaged``.
    """
    strict = module.check_mode or not result.get("changed")
    return _undamaged(module, result, "", strict=strict)


def _undamaged(
    module: AnsibleModule, result: t.Mapping[str, t.Any], done: str, *, strict: bool
) -> t.Mapping[str, t.Any]:
    if _MASKING is not None:
        return result
    secrets = sorted(module.no_log_values)
    found = list(damage(result, secrets)) if secrets else []
    if not found:
        return result
    worst = next((item for item in found if item.place[-1] not in _FOR_INFORMATION), None)
    first = worst or found[0]
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    cause = (
        f"the value of {_option(module, first.secret)} also occurs in the result ({first}{more}), "
        "where Ansible masks it."
    )
    if strict and worst is not None:
        raise Damaged(
            f"The result would be damaged: {cause}{done} Use a longer secret, which is not a part "
            "of other texts."
        )
    module.warn(f"Values are missing in the result: {cause}")
    return t.cast("t.Mapping[str, t.Any]", without(result, (item.place for item in found)))


def _option(module: AnsibleModule, secret: str) -> str:
    """The name of the option that holds a secret."""
    options = (name for name, spec in module.argument_spec.items() if spec.get("no_log"))
    return next((name for name in options if str(module.params[name]) == secret), "a secret option")


def let_return(module: AnsibleModule, option: str) -> None:
    """Let a hidden task return the value of ``option``, a secret, when it asks for that.

    The value is removed from the parameters, so that the result does not repeat it as one of them.
    """
    value = module.params.get(option)
    if value is not None:
        module.no_log_values.discard(value)
        module.params[option] = None

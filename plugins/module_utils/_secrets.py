# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Secrets in answers: only for a task that hides its answer."""

from __future__ import annotations

import typing as t

from ._core.errors import InvalidInput
from ._core.redact import holds_key

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule


#: Options that take a certificate, of every module.
CERTIFICATE_OPTIONS = ("jwt_certificate", "client_cert_content", "ca_content", "url_ca_content")


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


def show_certificates(module: AnsibleModule) -> None:
    """Let certificates stand in the answer, unless a private key was pasted with one.

    Their options have ``no_log``, because a file with both is common and Ansible shows and logs
    arguments before a module can refuse them. A certificate alone is no secret: with stars in its
    place, nobody could compare what is in force.
    """
    for params in (module.params, *(module.params.get("virtual_proxies") or [])):
        for option in CERTIFICATE_OPTIONS:
            value = params.get(option)
            if value and "PRIVATE KEY" not in value:
                module.no_log_values.discard(value)


def show_restored(module: AnsibleModule) -> None:
    """Let what is restored stand in the answer, but for private keys and other options' secrets.

    The option has ``no_log`` since it takes any text, a key put there by hand included. What a
    module returned as ``before`` holds no secret, and its texts are those that the answer shows.
    """
    others = {
        text
        for name, spec in module.argument_spec.items()
        if spec.get("no_log") and name != "restore"
        for text in _texts(module.params.get(name))
    }
    shown = {text for text in _texts(module.params.get("restore")) if not holds_key(text)}
    module.no_log_values.difference_update(shown - others)


def _texts(value: t.Any) -> t.Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield str(value)


def let_return(module: AnsibleModule, option: str) -> None:
    """Let the value of ``option``, which has ``no_log``, stand in the answer.

    Ansible puts stars in place of every value of such an option. That spoils the answer when the
    task gave a certificate, which is no secret, as ``src_content``, or when a hidden task asked for
    the key that it gave. The value is taken out of the parameters, so that the answer does not
    repeat it as one of them.
    """
    value = module.params.get(option)
    if value is not None:
        module.no_log_values.discard(value)
        module.params[option] = None

# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""From the core's errors to a module's answer, in one place."""

from __future__ import annotations

import typing as t

from ._core.errors import InvalidInput, QlikError
from ._core.masking import MARKS, STARS, masked
from ._core.text import one_line, printable
from ._secrets import Damaged, undamaged

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

#: Options with PEM texts, whose comments may be anything. They are not written to a site.
_PEM = ("client_cert_content", "ca_content", "url_ca_content", "src_content")


def run(
    module: AnsibleModule,
    action: t.Callable[[AnsibleModule], t.Mapping[str, t.Any]],
    *,
    compared: t.Container[str] = (),
) -> t.NoReturn:
    """Run ``action`` and end the module with its result, or with the error it raised.

    ``compared`` names options whose masked texts ``action`` itself rejects, unless the site has
    the same text already.
    """
    try:
        refuse_masked(module, compared)
        result = undamaged(module, action(module))
    except QlikError as error:
        fail(module, error, **error.result)
    succeed(module, **result)


def refuse_masked(module: AnsibleModule, compared: t.Container[str] = ()) -> None:
    """Raise ``InvalidInput`` for an option with a text that replaces a secret.

    A secret may consist of stars, so for secrets only the other marks count.
    """
    for option, value in module.params.items():
        if option in _PEM or module.argument_spec.get(option, {}).get("no_log"):
            text = str(value).strip()
            if text in MARKS and (text != STARS or option in _PEM):
                raise InvalidInput(
                    f"{option} is {text}, which {MARKS[text]} writes in place of a secret. Give "
                    "the original value.",
                    option=option,
                )
        elif option not in compared:
            _refuse_masked(option, value, compared)


def _refuse_masked(place: str, value: t.Any, compared: t.Container[str]) -> None:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for number, entry in enumerate(value):
            others = {k: v for k, v in entry.items() if k not in compared}
            _refuse_masked(f"{place}[{number}]", others, compared)
        return
    for found in masked(value, place):
        raise InvalidInput(f"{found.place} {found.fault}", option=place.partition("[")[0])


def fail(module: AnsibleModule, error: QlikError, **result: t.Any) -> t.NoReturn:
    """End the module with ``error``; ``failure`` carries the same for programs."""
    if isinstance(error, Damaged):
        # This sentence holds no secret. Masking would damage it, too.
        module.no_log_values.clear()
        result = {**result, "invocation": {"module_args": {}}}
    failure = {"kind": type(error).__name__, **error.details}
    module.fail_json(msg=one_line(error.message), failure=printable(failure), **printable(result))


def succeed(module: AnsibleModule, **result: t.Any) -> t.NoReturn:
    """End the module with ``result``, in which text that Ansible cannot encode is replaced."""
    module.exit_json(**printable(result))


def warn(module: AnsibleModule, sentence: str) -> None:
    """Warn the user; ``sentence`` may hold text of a site."""
    module.warn(one_line(sentence))

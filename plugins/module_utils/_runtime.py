# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""What every module needs from Ansible: libraries, clock, errors, warnings, secrets in results."""

from __future__ import annotations

import contextlib
import importlib
import platform
import random
import re
import signal
import sys
import time
import traceback
import typing as t

from ._core.errors import InvalidInput, QlikError
from ._core.masking import MARKS, STARS, damage, masked, without
from ._core.ports import Clock
from ._core.text import one_line, printable

if t.TYPE_CHECKING:
    from ansible.module_utils.basic import AnsibleModule

try:
    # By its name, because most supported versions do not have it.
    _MASKING: t.Any = importlib.import_module("ansible.module_utils.secrets")
except ImportError:  # ansible-core before 2.22, which masks the result in the module itself
    _MASKING = None

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
        reject_masked(module, compared)
        result = undamaged(module, action(module))
    except QlikError as error:
        fail(module, error, **error.result)
    succeed(module, **result)


def reject_masked(module: AnsibleModule, compared: t.Container[str] = ()) -> None:
    """Raise ``InvalidInput`` for an option with a text that replaces a secret.

    A secret may consist of stars, so for secrets only the other marks count.
    """
    for option, value in module.params.items():
        if option in _PEM or module.argument_spec.get(option, {}).get("no_log"):
            text = str(value).strip()
            if text in MARKS and (text != STARS or option in _PEM):
                raise InvalidInput(
                    f"{option} is {text}, which {MARKS[text]} writes in place of a secret. Use "
                    "the original value.",
                    option=option,
                )
        elif option not in compared:
            _reject_masked(option, value, compared)


def _reject_masked(place: str, value: t.Any, compared: t.Container[str]) -> None:
    if isinstance(value, list) and value and isinstance(value[0], dict):
        for number, entry in enumerate(value):
            others = {k: v for k, v in entry.items() if k not in compared}
            _reject_masked(f"{place}[{number}]", others, compared)
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


@contextlib.contextmanager
def ended_like_ctrl_c() -> t.Iterator[None]:
    """SIGTERM raises KeyboardInterrupt, as Ctrl-C does, so that a run can still clean up."""

    def interrupt(dummy_number: int, dummy_frame: t.Any) -> t.NoReturn:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not in the main thread, where no signal arrives either
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


CLOCK = Clock(now=time.monotonic, sleep=time.sleep, chance=random.random)


class NotHidden(InvalidInput):
    """A secret was asked for by a task without ``no_log: true``; nothing was done."""


def reject_unless_no_log(module: AnsibleModule, what: str, option: str) -> None:
    """Raise ``NotHidden`` unless the task has ``no_log: true``.

    A module cannot hide what it returns: callbacks, the log of the node and AWX show it all.
    ``what`` is what would be returned ("the private key"), ``option`` asks for it.
    """
    if not module.no_log:
        raise NotHidden(
            f"{option} returns {what}, and this task would show it. Set no_log: true for the "
            "task. Nothing was done."
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


def reject_damaged(module: AnsibleModule, result: t.Mapping[str, t.Any]) -> None:
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


class Library(t.NamedTuple):
    """The name under which a library is installed, and the oldest version that has what is used."""

    distribution: str
    oldest: t.Optional[str] = None


#: By the name under which each is imported.
LIBRARIES = {
    # 42 brought dates with a time zone.
    "cryptography": Library("cryptography", "42"),
    # 2.0 returns tokens as text.
    "jwt": Library("PyJWT", "2.0"),
    # The oldest that the tests run with.
    "requests": Library("requests", "2.25"),
    "requests_ntlm": Library("requests_ntlm"),
}


def require(module: AnsibleModule, *names: str) -> None:
    """Fail the module unless every library of ``names`` is there, and new enough."""
    faults, trace = [], None
    for name in names + (("requests_ntlm",) if _logs_in_to_windows(module, names) else ()):
        try:
            found = str(getattr(importlib.import_module(name), "__version__", ""))
        except Exception as error:  # a library that does not fit another one raises anything
            fault = "missing" if isinstance(error, ImportError) else "cannot be imported"
            trace = traceback.format_exc()
        else:
            if not _is_older(found, LIBRARIES[name].oldest):
                continue
            fault = f"version {found} is installed"
        faults.append((LIBRARIES[name], fault))
    if faults:
        options = {} if trace is None else {"exception": trace}
        module.fail_json(msg=_message(faults), **options)


def _logs_in_to_windows(module: AnsibleModule, names: t.Sequence[str]) -> bool:
    return "requests" in names and module.params.get("auth") == "ntlm"


def _message(faults: t.Sequence[t.Tuple[Library, str]]) -> str:
    wanted, specifiers = [], []
    for library, fault in faults:
        version = f" {library.oldest} or newer" if library.oldest else ""
        wanted.append(f"{library.distribution}{version} ({fault})")
        specifier = f"{library.distribution}>={library.oldest}" if library.oldest else ""
        specifiers.append(f"'{specifier}'" if specifier else library.distribution)
    return (
        f"This module needs Python libraries on {platform.node()}: {', '.join(wanted)}. Install "
        f"them with: {sys.executable} -m pip install {' '.join(specifiers)}. If they are installed "
        "for another Python, set ansible_python_interpreter to it."
    )


def _is_older(found: str, oldest: t.Optional[str]) -> bool:
    return oldest is not None and bool(found) and _numbers(found) < _numbers(oldest)


def _numbers(version: str) -> t.List[int]:
    return [int(number) for number in re.findall(r"\d+", version)[:3]]

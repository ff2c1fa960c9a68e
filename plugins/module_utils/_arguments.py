# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Checks all options before Ansible logs them: private keys, odd characters, lists given as text.

``no_log`` in the argument spec is wrong for values that are public: Ansible would mask each of
their words in the result, and from ansible-core 2.22 on in the output of the whole run. Without
``no_log``, Ansible writes the value to the log of the node before a module sees it. So this class
checks the arguments first.
"""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule

from ._core.errors import InvalidInput
from ._core.masking import HIDDEN_KEY, holds_key, holds_key_data
from ._core.text import control_character, printable
from ._runtime import fail, hide

#: Options that take a private key or a certificate. Their value decides whether it is a secret.
_EITHER = ("client_cert_content", "src_content")

#: Options that take certificates, which are public.
_CERTIFICATES = ("jwt_certificate", "default_jwt_certificate", "ca_content", "url_ca_content")

#: Longer texts may be a key in another format than PEM, such as PKCS#12 in base64.
_SHORT = 64

#: Options that take the name of a user or group.
_ACCOUNTS = ("owner", "group", "private_key_owner")

_NUL = "\0"


class TextModule(AnsibleModule):
    """``AnsibleModule`` that rejects text that Ansible cannot encode."""

    def __init__(self, **arguments: t.Any) -> None:
        AnsibleModule.__init__(self, **arguments)

    def _load_params(self) -> None:
        """Read the arguments. Ansible calls this before it validates and logs them."""
        AnsibleModule._load_params(self)
        for option, value in self.params.items():
            if printable([option, value]) != [option, value]:
                self._reject(
                    f"{option} holds text that is not valid Unicode (half of a surrogate pair). "
                    "Remove it.",
                    option,
                )

    def log(self, msg: t.Any, log_args: t.Optional[t.Dict[str, t.Any]] = None) -> None:
        """Log without NUL. From Python 3.13 on, syslog does not accept it, and Ansible fails."""
        text = msg.decode("utf-8", "replace") if isinstance(msg, bytes) else msg
        AnsibleModule.log(self, text.replace(_NUL, ""), log_args)

    def _reject(self, sentence: str, option: str) -> t.NoReturn:
        # Ansible repeats the parameters in the result.
        self.params = {}
        fail(self, InvalidInput(sentence, option=option))


class Module(TextModule):
    """Also rejects private keys in public options and NUL in names of files, and reads lists."""

    def __init__(self, **arguments: t.Any) -> None:
        self._set_aside: t.Dict[str, str] = {}
        TextModule.__init__(self, **arguments)
        for option, text in self._set_aside.items():
            hide(self, text)
            self.params[option] = text

    def _load_params(self) -> None:
        TextModule._load_params(self)
        given = self.params
        self._set_aside = {
            option: given[option] for option in _EITHER if _is_secret(given.get(option))
        }
        self.params = {**given, **dict.fromkeys(self._set_aside, HIDDEN_KEY)}
        for option, value in self.params.items():
            if not self.argument_spec.get(option, {}).get("no_log"):
                fault = next(_faults(value, option), None)
                if fault is not None:
                    self._reject(f"{fault} {_advice(option, self.argument_spec)}", option)
        try:
            self.params = with_lists(self.argument_spec, self._completed(self.params))
        except InvalidInput as error:
            self._reject(error.message, str(error.details.get("option")))
        for option, spec in self.argument_spec.items():
            value = self.params.get(option)
            texts = value if isinstance(value, list) else [value]
            if _names_file(option, spec) and any(_NUL in str(text) for text in texts):
                self._reject(f"{option} {control_character(_NUL)}", option)

    def _completed(self, params: t.Dict[str, t.Any]) -> t.Dict[str, t.Any]:
        """The arguments with what a module fills in before Ansible validates them."""
        return params


def _names_file(option: str, spec: t.Mapping[str, t.Any]) -> bool:
    """Whether the operating system gets the value. It accepts no NUL in a path or an account."""
    return option in _ACCOUNTS or "path" in (spec.get("type"), spec.get("elements"))


def _advice(option: str, spec: t.Mapping[str, t.Any]) -> str:
    content = option[: -len("path")] + "content" if option.endswith("_path") else ""
    if content in spec:
        return f"Give the path of a file, or the key as {content}."
    return "Check which variable the task uses."


def _is_secret(value: t.Any) -> bool:
    """Whether a value is a key, or may be one in another format than PEM."""
    return isinstance(value, str) and (holds_key(value) or _is_other_format(value))


def _is_other_format(value: str) -> bool:
    return len(value) > _SHORT and "-----BEGIN" not in value and not _is_bare_certificate(value)


def _is_bare_certificate(value: str) -> bool:
    """Whether a value is a certificate in base64, without BEGIN and END lines."""
    from ._core.crypto.pem import CERTIFICATE_LABELS
    from ._core.crypto.pem_input import blocks

    return any(block.label in CERTIFICATE_LABELS for block in blocks(value))


def _what_else(value: str) -> t.Optional[str]:
    from ._core.crypto.pem_input import why_not_a_certificate

    return why_not_a_certificate(value)


def _faults(value: t.Any, place: str, name: str = "") -> t.Iterator[str]:
    """What makes ``value`` unfit to be logged; ``name`` is that of the innermost option."""
    name = name or place
    if isinstance(value, str):
        certificate = name in _CERTIFICATES
        if holds_key_data(value) or (holds_key(value) and (certificate or name == "restore")):
            yield f"{place} holds a private key, and this option is not for secrets."
        elif certificate and _is_other_format(value):
            yield f"{place} holds no certificate in PEM format. {_what_else(value)}"
    elif isinstance(value, t.Mapping):
        for key, item in value.items():
            yield from _faults(key, place, name)
            known = key in _CERTIFICATES
            yield from _faults(item, f"{place}.{key}", str(key) if known else name)
    elif isinstance(value, list):
        for number, item in enumerate(value):
            prefix = item.get("prefix") if isinstance(item, t.Mapping) else None
            entry = repr(prefix) if isinstance(prefix, str) and not holds_key(prefix) else number
            yield from _faults(item, f"{place}[{entry}]", name)


Json = t.Mapping[str, t.Any]


def with_lists(spec: Json, params: Json, place: str = "") -> t.Dict[str, t.Any]:
    """``params`` with a list in place of each text of such an option, suboptions included."""
    return {name: _read(spec.get(name, {}), value, place + name) for name, value in params.items()}


def _read(option: Json, value: t.Any, place: str) -> t.Any:
    if option.get("type") != "list":
        return value
    if isinstance(value, str) and option.get("elements") == "str":
        from ._core.entity.text_lists import entries

        found = entries(value)
        if found is None:
            raise InvalidInput(
                f"{place} begins like a list, but is not a list of texts in YAML or JSON. Use a "
                "list, or a text with one entry per line or separated by commas.",
                option=place.partition("[")[0],
            )
        return found
    if isinstance(value, list) and "options" in option:
        return [
            with_lists(option["options"], item, f"{place}[{number}].")
            if isinstance(item, dict)
            else item
            for number, item in enumerate(value)
        ]
    return value

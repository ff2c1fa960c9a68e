# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""The JSON of a server, parsed strictly and within a bounded amount of memory.

The parser of the standard library accepts more than JSON (``NaN``, duplicate keys) and turns a few
bytes into large objects: 60 MB of ``[[],[],...`` take 1.5 GB. So the values are counted first.
"""

from __future__ import annotations

import json
import typing as t

#: Values in one text. An answer of a repository has 27 bytes for each value, so the longest answer
#: that is read (48 MiB, see ``_http/transport.py``) has 1.9 million. The worst text with this many
#: values takes about 550 MiB while it is parsed.
MAX_VALUES = 2_500_000

#: Levels of lists and objects. A proxy service with its virtual proxies and their nodes has
#: fewer than 10.
MAX_DEPTH = 100

#: Digits of an integer: more than any real number, and few enough to be read in no time.
MAX_DIGITS = 100


class BadJson(ValueError):
    """The text is not JSON that can be used; the message completes "a body ..."."""


def parse(data: t.Union[bytes, str]) -> t.Any:
    """The value of a JSON text in UTF-8. Raises ``BadJson``.

    Lone surrogates stay in strings, because values are written back as they were read; see
    ``unicode.printable`` for values that are shown.
    """
    text = data if isinstance(data, str) else _decode(data)
    if sum(text.count(sign) for sign in "[{,") > MAX_VALUES:
        raise BadJson(f"with more than {MAX_VALUES} values")
    try:
        found = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_constant,
        )
    except RecursionError:
        raise _too_deep() from None
    except BadJson:
        raise
    except ValueError:
        raise BadJson("that is not valid JSON") from None
    _check_depth(found)
    return found


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadJson("that is not valid UTF-8") from None


def _object(pairs: t.List[t.Tuple[str, t.Any]]) -> t.Dict[str, t.Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise BadJson("with an object that has two properties of the same name")
    return found


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise BadJson(f"with a number of more than {MAX_DIGITS} digits")
    return int(digits)


def _number(digits: str) -> float:
    found = float(digits)
    if found in (float("inf"), float("-inf")):
        # It would be written back as Infinity, which is not JSON.
        raise BadJson("with a number that is too large")
    return found


def _constant(name: str) -> t.NoReturn:
    raise BadJson(f"with {name}, which is not a JSON number")


def _check_depth(found: t.Any) -> None:
    """Reject what later steps, which are recursive, could not copy or write."""
    level = _containers([found])
    for dummy in range(MAX_DEPTH):
        level = [item for value in level for item in _containers(value)]
    if level:
        raise _too_deep()


def _containers(value: t.Any) -> t.List[t.Any]:
    items = value.values() if isinstance(value, dict) else value
    return [item for item in items if isinstance(item, (dict, list))]


def _too_deep() -> BadJson:
    return BadJson(f"that is nested more than {MAX_DEPTH} levels deep")

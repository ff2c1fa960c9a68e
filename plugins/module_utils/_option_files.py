# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Reading the files that options name."""

from __future__ import annotations

import os
import stat
import typing as t

from ._core.errors import InvalidInput
from ._core.text import decode, is_vault

#: More than any bundle of keys and certificates; keeps /dev/zero and log files out of memory.
_SIZE_LIMIT = 1024 * 1024


def read_option(path: str, *, option: str, content_option: str, filters: str = "") -> bytes:
    """The content of the file that ``option`` names; raises ``InvalidInput``.

    ``content_option`` is the option that takes the same as text, with ``filters`` such as
    " | b64encode": it is named to whoever gives a file that ansible-vault encrypted.
    """
    content = read_file(path, option)
    if content is None:
        raise InvalidInput(f"{option}: there is no file {path} on the machine where the task runs.")
    if is_vault(decode(content[:64])):
        template = f"{{{{ lookup('ansible.builtin.unvault', '{path}'){filters} }}}}"
        raise InvalidInput(
            f"{option}: {path} is encrypted by ansible-vault, which a module cannot open; give "
            f'{content_option}: "{template}" instead.'
        )
    return content


def read_file(path: str, option: str) -> t.Optional[bytes]:
    """The content of a file of usual size; None when there is none. Raises ``InvalidInput``."""
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):
            what = "a directory" if os.path.isdir(path) else "no regular file"
            raise InvalidInput(f"{option}: {path} is {what}; give the path of a file.")
        with open(path, "rb") as file:
            content = file.read(_SIZE_LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidInput(f"{option}: {path} cannot be read: {error.strerror}.") from None
    if len(content) > _SIZE_LIMIT:
        raise InvalidInput(f"{option}: {path} is larger than 1 MiB; that is no key material.")
    return content

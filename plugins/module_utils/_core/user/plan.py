# SPDX-FileCopyrightText: 2026 the qlikops.sense authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Private to the collection qlikops.sense: it may change at any time, without notice.

"""Plans one user.

No request is sent from here.
"""

from __future__ import annotations

import dataclasses
import typing as t

from ..entity.fields import (
    Options,
    check_values,
    described,
    differences,
    is_kept,
    replaced,
    shape_of,
)
from ..entity.reconcile import Change
from ..entity.shapes import FLAG, ID, TEXT
from ..errors import InvalidInput
from ..text import control_character
from .fields import BY_OPTION, FIELDS, NAME_LENGTH, SHOWN

if t.TYPE_CHECKING:
    from ..qrs.client import Entity

#: The directory of the accounts that Qlik Sense itself works with, such as sa_repository.
BUILT_IN = "internal"

#: What is read of a user.
SHAPE = shape_of(
    FIELDS,
    {"id": ID, "modifiedDate": TEXT},
    {**dict.fromkeys(SHOWN.values(), FLAG), "userDirectoryConnectorName": TEXT},
)


@dataclasses.dataclass(frozen=True)
class UserName:
    """Directory and id, which identify a user; both are case-insensitive."""

    directory: str
    id: str

    def is_that_of(self, entity: Entity) -> bool:
        """Whether the repository's user has this name."""
        return self.same_as(named(entity))

    def same_as(self, other: UserName) -> bool:
        """Whether both name one user."""
        return (self.directory.casefold(), self.id.casefold()) == (
            other.directory.casefold(),
            other.id.casefold(),
        )

    def check(self) -> None:
        """Reject a name that is not valid for a user."""
        for option, value in (("directory", self.directory), ("id", self.id)):
            if not 1 <= len(value) <= NAME_LENGTH or value != value.strip():
                raise InvalidInput(
                    f"{option}: '{value[:NAME_LENGTH]}' is not a valid {option} of a user. Set 1 "
                    f"to {NAME_LENGTH} characters, without spaces around them.",
                    option=option,
                )
            odd = control_character(value)
            if odd:
                raise InvalidInput(f"{option} {odd}", option=option)

    def __str__(self) -> str:
        return f"{self.directory}\\{self.id}"


def named(entity: Entity) -> UserName:
    """The name of the repository's user."""
    return UserName(str(entity.get("userDirectory") or ""), str(entity.get("userId") or ""))


@dataclasses.dataclass(frozen=True)
class UserPlan:
    """What is to be done for one user.

    ``entity`` is what is sent by POST or PUT; ``deletes`` stands for DELETE. ``before`` and
    ``after`` are in the options' vocabulary, ``options`` names those that change.
    """

    name: UserName
    present: t.Optional[Entity] = None
    entity: t.Optional[Entity] = None
    deletes: bool = False
    options: t.Tuple[str, ...] = ()

    @property
    def changes(self) -> t.List[Change]:
        """See ``reconcile.Plan``."""
        if not self.deletes and self.entity is None:
            return []
        own = () if self.deletes else self.options
        return [Change(str(self.name), f"the user {self.name}", self.present, self.options, own)]

    @property
    def seen(self) -> t.Dict[str, Entity]:
        """See ``reconcile.Plan``."""
        return {} if self.present is None else {str(self.name): self.present}

    @property
    def restarts(self) -> t.Dict[str, int]:
        """No proxy service restarts for a user."""
        return {}

    @property
    def creates(self) -> bool:
        """Whether the user has to be created."""
        return self.entity is not None and self.present is None

    @property
    def before(self) -> Options:
        """The user as it is."""
        return describe(self.present) if self.present else {}

    @property
    def after(self) -> Options:
        """The desired state of the user."""
        entity = None if self.deletes else self.entity or self.present
        return describe(entity) if entity else {}


def describe(entity: Entity) -> Options:
    """The user as options that mean the same."""
    name = named(entity)
    return {"directory": name.directory, "id": name.id, **described(entity, FIELDS)}


def plan_present(name: UserName, present: t.Optional[Entity], wanted: Options) -> UserPlan:
    """The plan for a user that must exist; options that are not in ``wanted`` are not changed."""
    if present is None:
        fields = [BY_OPTION[option] for option in wanted]
        check_values(fields, wanted, {})
        # The server's description calls the last two required.
        bare = {
            "userDirectory": name.directory,
            "userId": name.id,
            "removedExternally": False,
            "blacklisted": False,
        }
        entity = replaced(bare, fields, wanted)
        return UserPlan(name, entity=entity, options=tuple(describe(entity)))
    fields = differences(present, wanted, BY_OPTION)
    check_values(fields, wanted, present)
    return UserPlan(
        name,
        present=present,
        entity=replaced(present, fields, wanted) if fields else None,
        options=tuple(field.option for field in fields),
    )


def plan_absent(name: UserName, present: t.Optional[Entity]) -> UserPlan:
    """The plan for a user that must not exist."""
    if present is None:
        return UserPlan(name)
    if present.get("deleteProhibited"):
        raise InvalidInput(
            f"state: the repository does not allow the user {name} to be deleted "
            "(deleteProhibited). To prevent logins by that name, set inactive instead.",
            option="state",
        )
    return UserPlan(name, present=present, deletes=True, options=tuple(describe(present)))


def reject_lockout(name: UserName, acting: UserName, wanted: Options, absent: bool) -> None:
    """Reject deleting or deactivating an account that the site or this run needs."""
    if not absent and not wanted.get("inactive"):
        return
    option, verb = ("state", "deleted") if absent else ("inactive", "deactivated")
    if name.directory.casefold() == BUILT_IN:
        raise InvalidInput(
            f"{option}: {name} is an account that Qlik Sense itself works with, so it is not "
            f"{verb}.",
            option=option,
        )
    if name.same_as(acting):
        raise InvalidInput(
            f"{option}: {name} is the user that the repository acts as here (api_user_directory "
            f"and api_user_id, or api_token), so it is not {verb}. Use another one for this.",
            option=option,
        )


def is_named_in(token: str, name: UserName) -> bool:
    """Whether a token is for that user, whatever its claims are called."""
    from ..crypto import tokens

    claims = tokens.read(token).claims
    said = {key.casefold(): str(value).casefold() for key, value in claims.items()}
    # The directory may be a constant of the virtual proxy, which no claim has.
    directories = [value for key, value in said.items() if "dir" in key]
    if directories and name.directory.casefold() not in said.values():
        return False
    return name.id.casefold() in said.values()


def lost_options(plan: UserPlan, answer: Entity) -> t.List[str]:
    """The changed options that the server's answer does not carry as they were sent."""
    entity = t.cast("Entity", plan.entity)
    fields = [BY_OPTION[option] for option in plan.options if option in BY_OPTION]
    return [field.option for field in fields if not is_kept(field, entity, answer)]

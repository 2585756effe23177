"""Who calls, and how much they may do: five roles in one order, each may what those below it may."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from makegood.domain.errors import NotAllowed


class Role(StrEnum):
    """How much a user or token may do."""

    READONLY = "READONLY"
    STAFF = "STAFF"
    MANAGER = "MANAGER"
    ADMIN = "ADMIN"
    SUPER_ADMIN = "SUPER_ADMIN"


HEIGHT: Mapping[Role, int] = {
    Role.READONLY: 10,
    Role.STAFF: 20,
    Role.MANAGER: 30,
    Role.ADMIN: 40,
    Role.SUPER_ADMIN: 50,
}


class Caller(NamedTuple):
    """A user or token that was recognised; `merchants` are the ids that it may see, None for all.

    `name` is who stands on record: a user's name, or `token:NAME`.
    """

    name: str
    role: Role
    merchants: Sequence[int] | None = None
    user_id: int | None = None


def may(role: Role, least: Role) -> bool:
    """Tell whether a role reaches another.

    >>> may(Role.MANAGER, Role.STAFF), may(Role.STAFF, Role.MANAGER)
    (True, False)
    """
    return HEIGHT[role] >= HEIGHT[least]


def insist_on_role(caller: Caller, least: Role) -> None:
    """Refuse a caller whose role is too low, with both roles named."""
    if not may(caller.role, least):
        raise NotAllowed(role=caller.role, needed=least)

"""Users: made, changed and disabled, never deleted, because they stand on record for what they did."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from makegood.domain.accounts import Caller, Role, insist_on_role, may
from makegood.domain.errors import AlreadyExists, LastSuperAdmin, UserNotFound, WrongCredentials
from makegood.services.accounts.audit import audit
from makegood.services.accounts.merchants import merchant_codes, merchants_named
from makegood.services.accounts.names import insist_on_name, role_named
from makegood.services.accounts.passwords import fits, hash_of
from makegood.services.work import Work


class UserSheet(NamedTuple):
    """A user as a list shows it; `merchants` are those that it may see, none given means all."""

    name: str
    role: str
    merchants: Sequence[str] | None
    active: bool
    made_by: str
    made_at: datetime
    last_seen_at: datetime | None


class UserChange(NamedTuple):
    """What is to change of a user; None leaves it. `merchants` are codes, and an empty list means all of them."""

    role: str | None = None
    merchants: Sequence[str] | None = None
    active: bool | None = None
    password: str | None = None


def create_user(
    work: Work,
    name: str,
    *,
    password: str,
    role: str = "READONLY",
    merchants: Sequence[str] | None = None,
    by: Caller | None = None,
) -> UserSheet:
    """Make a user; `by` is who asks over a network and gives no more than they have.

    Raises `AlreadyExists`, `NotAllowed`, `MerchantNotFound`, `InvalidValue`.
    """
    wanted = role_named(role)
    insist_may_give(by, wanted)
    made = work.db.value(
        "add_user",
        called=insist_on_name("name", name),
        password=hash_of(password, user=name),
        role=wanted,
        limited=merchants_named(work, merchants),
        made_by=work.actor,
        as_of=work.as_of,
    )
    if made is None:
        raise AlreadyExists(kind="user", name=name)
    audit(work, "user:created", name, {"role": wanted, "merchants": merchants})
    return show_user(work, name)


def list_users(work: Work) -> list[UserSheet]:
    """Give all users by name; whoever is limited to merchants sees those who are limited within them."""
    return _sheets(work, None)


def show_user(work: Work, name: str) -> UserSheet:
    """Give one user, or raise `UserNotFound`."""
    found = _sheets(work, name)
    if not found:
        raise UserNotFound(name)
    return found[0]


def change_user(work: Work, name: str, change: UserChange, *, by: Caller | None = None) -> UserSheet:
    """Change role, merchants, password or whether the user may come in; open sign-ins end with any of them.

    Raises `UserNotFound`, `NotAllowed`, and `LastSuperAdmin` when nobody could make administrators any more.
    """
    supers = {row[0] for row in work.db.all("lock_super_admins")}
    before = show_user(work, name)
    wanted = role_named(change.role) if change.role else Role(before.role)
    insist_may_give(by, Role(before.role))
    insist_may_give(by, wanted)
    if supers == {before.name} and (wanted is not Role.SUPER_ADMIN or change.active is False):
        raise LastSuperAdmin(name)
    work.db.run("change_user", called=name, role=wanted, **_columns(work, before, change))
    work.db.run("end_sign_ins_of_user", called=name)
    audit(work, "user:changed", before.name, _told(change))
    return show_user(work, name)


def change_own_password(work: Work, caller: Caller, password: str, new: str) -> None:
    """Set a new password for the caller, who knows the old one; every sign-in of the user ends.

    Raises `WrongCredentials`, also for a token, which has none, and `InvalidValue`.
    """
    if not fits(password, work.db.value("user_to_sign_in", called=caller.name)):
        raise WrongCredentials
    work.db.run("set_password", called=caller.name, password=hash_of(new, user=caller.name))
    work.db.run("end_sign_ins_of_user", called=caller.name)
    audit(work, "user:password_changed", caller.name)


def insist_may_give(by: Caller | None, role: Role) -> None:
    """Refuse to hand out, or to touch, a role that is above one's own; only a SUPER_ADMIN makes ADMINs."""
    if by:
        insist_on_role(by, Role.SUPER_ADMIN if may(role, Role.ADMIN) else role)


def _columns(work: Work, before: UserSheet, change: UserChange) -> dict[str, Any]:
    codes = before.merchants if change.merchants is None else (change.merchants or None)
    return {
        "active": before.active if change.active is None else change.active,
        "password": hash_of(change.password, user=before.name) if change.password else None,
        "limited": merchants_named(work, codes),
    }


def _told(change: UserChange) -> dict[str, object]:
    """Give what is put on record of a change: never the password."""
    facts = {name: value for name, value in change._asdict().items() if value is not None}
    return facts | ({"password": "changed"} if change.password else {})


def _sheets(work: Work, name: str | None) -> list[UserSheet]:
    rows = work.db.records(UserSheet, "users_to_show", called=name)
    codes = merchant_codes(work)
    return [row._replace(merchants=codes(row.merchants)) for row in rows]

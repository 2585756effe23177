"""Bearer tokens for programs: made with a role, a name and an end, shown once, revoked at any time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from makegood.domain.accounts import Caller, Role
from makegood.domain.errors import AlreadyExists, InvalidValue, NotSignedIn, TokenNotFound
from makegood.services.accounts.audit import audit
from makegood.services.accounts.merchants import merchant_codes, merchants_named
from makegood.services.accounts.names import insist_on_name, role_named
from makegood.services.accounts.secret import draw_secret, hashed
from makegood.services.accounts.users import insist_may_give
from makegood.services.work import Work

PREFIX = "mg_"
DAYS, MOST_DAYS = 365, 3650
# The last use is written down at most this often.
NOTED_EVERY = timedelta(minutes=1)


class TokenSheet(NamedTuple):
    """A token as a list shows it: never the secret. `owner` is the user whose token it is, if there is one."""

    name: str
    role: str
    owner: str | None
    merchants: Sequence[str] | None
    made_by: str
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(NamedTuple):
    """A token that was just made; its secret is shown this once."""

    token: TokenSheet
    secret: str


def create_token(
    work: Work,
    name: str,
    *,
    role: str = "READONLY",
    days: int = DAYS,
    merchants: Sequence[str] | None = None,
    by: Caller | None = None,
) -> NewToken:
    """Make a token and give its secret, which nobody can read again.

    `by` is who asks over a network: the token is theirs and can do no more than they can. Raises `AlreadyExists`
    while a live token has the name, `NotAllowed`, `MerchantNotFound`, `InvalidValue`.
    """
    wanted = role_named(role)
    if not 1 <= days <= MOST_DAYS:
        raise InvalidValue("days", days, f"a number from 1 to {MOST_DAYS}")
    insist_may_give(by, wanted)
    secret = draw_secret(PREFIX)
    made = work.db.one(
        "add_token",
        called=insist_on_name("name", name),
        hash=hashed(secret),
        role=wanted,
        owner=by.user_id if by else None,
        limited=merchants_named(work, merchants),
        made_by=work.actor,
        as_of=work.as_of,
        expires_at=work.as_of + timedelta(days=days),
    )
    if made is None:
        raise AlreadyExists(kind="token", name=name)
    audit(work, "token:created", name, {"role": wanted, "days": days, "merchants": merchants})
    return NewToken(_sheets(work, "token_called", called=name)[0], secret)


def list_tokens(work: Work, *, revoked: bool = False) -> list[TokenSheet]:
    """Give all tokens by name, with `revoked` also those that were revoked."""
    return _sheets(work, "tokens_to_show", revoked=revoked)


def revoke_token(work: Work, name: str, *, by: Caller | None = None) -> TokenSheet:
    """End a live token from the next request on; raises `TokenNotFound`, `NotAllowed` for one of a higher role."""
    found = _sheets(work, "token_called", called=name)
    if not found:
        raise TokenNotFound(name)
    insist_may_give(by, Role(found[0].role))
    work.db.run("revoke_token", called=name, as_of=work.as_of)
    audit(work, "token:revoked", name, {"role": found[0].role})
    return found[0]._replace(revoked_at=work.as_of)


def caller_of_token(work: Work, secret: str) -> Caller:
    """Give who shows this token, or raise `NotSignedIn` that says why not."""
    row = work.db.one("token_shown", hash=hashed(secret))
    if row is None:
        raise NotSignedIn("the token is unknown")
    name, role, merchants, user_id, expires_at, last_used_at, revoked_at, active = row
    if revoked_at is not None:
        raise NotSignedIn("the token was revoked")
    if expires_at <= work.as_of:
        raise NotSignedIn("the token has expired")
    if not active:
        raise NotSignedIn("the user of the token is disabled")
    if last_used_at is None or work.as_of - last_used_at >= NOTED_EVERY:
        work.db.run("note_use_of_token", hash=hashed(secret), as_of=work.as_of)
    return Caller(f"token:{name}", Role(role), merchants, user_id)


def _sheets(work: Work, statement: str, **values: object) -> list[TokenSheet]:
    rows = work.db.records(TokenSheet, statement, **values)
    codes = merchant_codes(work)
    return [row._replace(merchants=codes(row.merchants)) for row in rows]

"""Signing in: a try is counted before it is judged, and a browser's stay is kept as the hash of its cookie."""

from datetime import datetime, timedelta
from typing import NamedTuple

from makegood.domain.accounts import Caller, Role
from makegood.domain.errors import NotSignedIn, TooManyTries, WrongCredentials
from makegood.services.accounts.audit import audit
from makegood.services.accounts.secret import derived, draw_secret, hashed
from makegood.services.work import Work

# Within so long a time so many tries are judged: of one name from one address, from one address, of one name.
WINDOW = timedelta(minutes=15)
MOST_TOGETHER, MOST_OF_ADDRESS, MOST_OF_NAME = 5, 30, 50
# However much it is used, a sign-in ends after so long; its last use is written down at most this often.
LONGEST = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=1)


class SignIn(NamedTuple):
    """A browser's stay: what its cookie holds, what its pages show with each change, and until when."""

    secret: str
    csrf: str
    caller: Caller
    ends_at: datetime


def count_try(work: Work, name: str, address: str) -> str | None:
    """Write down a try and give the hash to compare with, None where there is no such user.

    It has to be committed before the password is compared. Raises `TooManyTries`, which is counted as well.
    """
    work.db.run("add_try", called=name, address=address, as_of=work.as_of)
    row = work.db.one("user_to_sign_in", called=name)
    return str(row[0]) if row else None


def insist_on_few_tries(work: Work, name: str, address: str) -> None:
    """Refuse when there were too many tries lately, this one included; raises `TooManyTries`."""
    together, of_address, of_name, oldest = work.db.all(
        "count_tries", called=name, address=address, since=work.as_of - WINDOW
    )[0]
    if together > MOST_TOGETHER or of_address > MOST_OF_ADDRESS or of_name > MOST_OF_NAME:
        left = oldest + WINDOW - work.as_of
        raise TooManyTries(what="tries to sign in", retry_after=max(1, int(left.total_seconds())))


def begin_stay(work: Work, name: str, address: str, lasts: timedelta) -> SignIn:
    """Let a user in whose password was right; the tries that led here are forgiven."""
    row = work.db.one("user_signing_in", called=name)
    if row is None:
        raise WrongCredentials
    user_id, called, role, merchants = row
    secret, ends_at = draw_secret(), work.as_of + lasts
    work.db.run(
        "add_sign_in", hash=hashed(secret), user=user_id, address=address, as_of=work.as_of, ends_at=ends_at
    )
    work.db.run("forgive_tries", called=name, address=address)
    audit(work, "signed_in", called, {"address": address})
    caller = Caller(called, Role(role), merchants, user_id)
    return SignIn(secret, csrf_of(secret), caller, ends_at)


def caller_of_stay(work: Work, secret: str, lasts: timedelta) -> Caller:
    """Give whose browser shows this cookie, and let the stay go on; raises `NotSignedIn`."""
    row = work.db.one("sign_in_shown", hash=hashed(secret))
    if row is None or row[5] <= work.as_of or not row[4]:
        raise NotSignedIn("the sign-in has ended")
    name, role, merchants, user_id, _, _, began_at, seen_at = row
    if work.as_of - seen_at >= NOTED_EVERY:
        ends_at = min(work.as_of + lasts, began_at + LONGEST)
        work.db.run("note_sign_in", hash=hashed(secret), as_of=work.as_of, ends_at=ends_at)
    return Caller(name, Role(role), merchants, user_id)


def end_stay(work: Work, secret: str) -> None:
    """End a browser's stay."""
    work.db.run("end_sign_in", hash=hashed(secret))


def csrf_of(secret: str) -> str:
    """Give what a page shows with each change, so that nobody else's page can make it."""
    return derived(secret, "csrf")

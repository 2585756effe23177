"""Passwords: kept as argon2id hashes that carry their own cost, compared slowly, never told apart from none."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from makegood.domain.errors import InvalidValue

LEAST, MOST = 10, 200

_HASHER = PasswordHasher()


def hash_of(password: str, *, user: str) -> str:
    """Give what is kept of a new password, or raise `InvalidValue` for one that is too easily guessed."""
    if not LEAST <= len(password) <= MOST or password.lower() == user.lower() or len(set(password)) < 5:
        # The value itself is not told: it would stand in logs.
        raise InvalidValue("password", "…", f"{LEAST} to {MOST} characters, varied, and not the user's name")
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Tell whether the password is the one that is kept; without a user it takes as long and does not."""
    try:
        return _HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")

"""What is refused of those who call: unknown, not allowed, too often."""

from makegood.domain.errors.tree import Conflict, Denied, NotFound


class NotSignedIn(Denied):
    """Nobody was recognised: no token or cookie came, or it is unknown, expired, revoked, or its user disabled."""

    code = "not_signed_in"

    def __init__(self, because: str) -> None:
        super().__init__(f"Nobody is signed in: {because}", because=because)


class WrongCredentials(Denied):
    """Name and password do not belong together; which of them is wrong is not told."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__("Name and password do not belong together")


class NotAllowed(Denied):
    """The caller's role is lower than what is needed; both are named."""

    code = "not_allowed"

    def __init__(self, *, role: str, needed: str) -> None:
        super().__init__(f"This needs the role {needed}; yours is {role}", role=role, needed=needed)


class MerchantsLimited(Denied):
    """The caller may see some merchants only, and this concerns all of them."""

    code = "merchants_limited"

    def __init__(self) -> None:
        super().__init__("This concerns all merchants, and you may see some of them only")


class CsrfMissing(Denied):
    """A change came with a cookie but without the token that proves that our own page sent it."""

    code = "csrf_missing"

    def __init__(self) -> None:
        super().__init__("The CSRF token is missing or not the one of this sign-in")


class TooManyTries(Denied):
    """Too much was asked for, or tried, in too short a time."""

    code = "too_many_tries"

    def __init__(self, *, what: str, retry_after: int) -> None:
        super().__init__(
            f"Too many {what}: try again in {retry_after} seconds", what=what, retry_after=retry_after
        )


class UserNotFound(NotFound):
    """No user has this name."""

    code = "user_not_found"

    def __init__(self, user: object) -> None:
        super().__init__(f"User not found: {user}", user=user)


class TokenNotFound(NotFound):
    """No live token has this name."""

    code = "token_not_found"

    def __init__(self, token: object) -> None:
        super().__init__(f"Token not found: {token}", token=token)


class SetupClosed(Conflict):
    """The set-up link was used, has expired, or there is a SUPER_ADMIN already."""

    code = "setup_closed"

    def __init__(self) -> None:
        super().__init__("The set-up link was used or has expired, or there is a SUPER_ADMIN already")


class LastSuperAdmin(Conflict):
    """Without this user nobody could make administrators any more."""

    code = "last_super_admin"

    def __init__(self, user: str) -> None:
        super().__init__(f"{user} is the last SUPER_ADMIN: make another one first", user=user)

"""Who calls: a program by its bearer token, a person by the cookie of a sign-in."""

from starlette.requests import HTTPConnection

from makegood.domain.accounts import Caller
from makegood.domain.errors import NotSignedIn
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.tokens import caller_of_token


def recognise(front: Front, visitor: HTTPConnection) -> Caller:
    """Give who calls, or raise `NotSignedIn`; it asks the books, so it is called in a thread."""
    scheme, _, secret = visitor.headers.get("authorization", "").partition(" ")
    if not secret:
        raise NotSignedIn("no bearer token came")
    if scheme.lower() != "bearer":
        raise NotSignedIn(f"a bearer token is wanted, not {scheme[:20]!r}")
    return front.desk()(caller_of_token, secret.strip())

"""Who calls: a program by its bearer token, a person by the cookie of a sign-in and, for changes, its proof."""

from threading import BoundedSemaphore

from starlette.requests import HTTPConnection
from starlette.responses import Response

from makegood.domain.accounts import Caller
from makegood.domain.errors import CsrfMissing, NotSignedIn, WrongCredentials
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.passwords import fits
from makegood.services.accounts.secret import same
from makegood.services.accounts.sign_in import (
    SignIn,
    begin_stay,
    caller_of_stay,
    count_try,
    csrf_of,
    end_stay,
    insist_on_few_tries,
)
from makegood.services.accounts.tokens import caller_of_token

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
# A comparison takes a tenth of a second and 64 MB: so many are made at once in one process.
_COMPARING = BoundedSemaphore(4)


def recognise(front: Front, visitor: HTTPConnection, *, csrf: str | None = None) -> Caller:
    """Give who calls, or raise `NotSignedIn`; it asks the books, so it is called in a thread.

    A change that comes with a cookie needs the token of the sign-in, in `X-CSRF-Token` or, from a form, as `csrf`:
    else it raises `CsrfMissing`. Raises `TooManyTries` for one who asks for too much.
    """
    try:
        caller, secret = _caller(front, visitor)
    except NotSignedIn:
        # Only now: one program with an old token must not keep out all that come from the same address.
        front.limits.count_unknown(address_of(visitor))
        raise
    front.limits.count(caller.name)
    if secret and visitor.scope["method"] not in SAFE:
        shown = csrf or visitor.headers.get(CSRF_HEADER, "")
        if not same(shown, csrf_of(secret)):
            raise CsrfMissing
    return caller


def known(front: Front, visitor: HTTPConnection) -> Caller:
    """Give who calls before its body is read, or raise `NotSignedIn`; `recognise` has to let a change through."""
    return _caller(front, visitor)[0]


def _caller(front: Front, visitor: HTTPConnection) -> tuple[Caller, str | None]:
    """Give who calls, and the secret of the sign-in if it was a cookie that told."""
    scheme, _, token = visitor.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return front.desk()(caller_of_token, token.strip()), None
    if scheme:
        raise NotSignedIn("a bearer token is wanted")
    secret = visitor.cookies.get(cookie_name(visitor))
    if not secret:
        raise NotSignedIn("no bearer token and no cookie of a sign-in came")
    return front.desk()(caller_of_stay, secret, front.rules.sign_in_lasts), secret


def sign_in(front: Front, visitor: HTTPConnection, name: str, password: str) -> SignIn:
    """Let somebody in by name and password; raises `WrongCredentials` and `TooManyTries`."""
    address, desk = address_of(visitor), front.desk("visitor")
    kept = desk(count_try, name, address)
    desk(insist_on_few_tries, name, address)
    with _COMPARING:
        right = fits(password, kept)
    if not right:
        raise WrongCredentials
    return front.desk(name)(begin_stay, name, address, front.rules.sign_in_lasts)


def sign_out(front: Front, visitor: HTTPConnection, answer: Response) -> None:
    """End the stay whose cookie came, and take the cookie back."""
    if secret := visitor.cookies.get(cookie_name(visitor)):
        front.desk()(end_stay, secret)
    answer.delete_cookie(cookie_name(visitor), path="/", secure=_over_tls(visitor), httponly=True, samesite="lax")


def hand_cookie(visitor: HTTPConnection, answer: Response, stay: SignIn) -> None:
    """Give the browser the cookie of its stay: out of reach of scripts, and over TLS only where there is TLS."""
    answer.set_cookie(
        cookie_name(visitor),
        stay.secret,
        path="/",
        secure=_over_tls(visitor),
        httponly=True,
        samesite="lax",
    )


def csrf_token(visitor: HTTPConnection) -> str | None:
    """Give what the pages of this sign-in show with each change, None for whoever has no cookie."""
    secret = visitor.cookies.get(cookie_name(visitor))
    return csrf_of(secret) if secret else None


def cookie_name(visitor: HTTPConnection) -> str:
    """Give the cookie's name; over TLS no other host can set one of this name."""
    return "__Host-makegood" if _over_tls(visitor) else "makegood"


def address_of(visitor: HTTPConnection) -> str:
    """Give the address of the visitor, as the trusted proxies tell it."""
    return visitor.client.host if visitor.client else "unknown"


def _over_tls(visitor: HTTPConnection) -> bool:
    return bool(visitor.url.scheme == "https")

"""Accounts over HTTP: sign in and out, the first set-up, users, tokens, and who did what."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from makegood.domain.accounts import Caller
from makegood.entrypoints.api.bodies import Body, Name, Secret, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.entrypoints.api.shapes import writer
from makegood.entrypoints.lobby.admission import csrf_token, hand_cookie, sign_in, sign_out
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.audit import ActPage, list_acts
from makegood.services.accounts.merchants import merchant_codes
from makegood.services.accounts.set_up import set_up
from makegood.services.accounts.tokens import (
    DAYS,
    MOST_DAYS,
    NewToken,
    TokenSheet,
    create_token,
    list_tokens,
    revoke_token,
)
from makegood.services.accounts.users import (
    UserChange,
    UserSheet,
    change_own_password,
    change_user,
    create_user,
    list_users,
    show_user,
)
from makegood.services.work import Work

UserName = Annotated[Name, Path(description="The user's name.", examples=["ann"])]
TokenName = Annotated[Name, Path(description="The token's name.", examples=["shop-sync"])]


class Credentials(Body):
    """What a person signs in with."""

    name: Name = Field(examples=["ann"])
    password: Secret = Field(examples=["correct horse battery"])


class FirstUser(Credentials):
    """The first SUPER_ADMIN, made by the link that the first run prints."""

    secret: Word = Field(description="The last part of the link.")


class NewPassword(Body):
    """One's own new password."""

    password: Secret = Field(description="The one in use.")
    new_password: Secret = Field(description="10 to 200 characters, varied.")


class NewUser(Credentials):
    """A user to be made."""

    role: Word = Field(default="READONLY", examples=["STAFF"])
    merchants: list[Word] | None = Field(default=None, description="Codes of those it may see; null means all.")


class UserEdit(Body):
    """What is to change of a user; what is left out or null stays."""

    role: Word | None = Field(default=None, examples=["MANAGER"])
    merchants: list[Word] | None = Field(default=None, description="An empty list means all of them.")
    active: bool | None = Field(default=None, description="False: the user and its tokens cannot come in.")
    password: Secret | None = None


class NewTokenAsked(Body):
    """A token to be made; it can do no more than whoever makes it."""

    name: Name = Field(examples=["shop-sync"])
    role: Word = Field(default="READONLY", examples=["STAFF"])
    days: int = Field(default=DAYS, ge=1, le=MOST_DAYS, description="It ends after so many days.")
    merchants: list[Word] | None = Field(default=None, description="Codes of those it may see; null means all.")


class Me(NamedTuple):
    """Who calls; `csrfToken` goes into X-CSRF-Token of each change that is made with the cookie."""

    name: str
    role: str
    merchants: Sequence[str] | None
    csrf_token: str | None


class SignedIn(NamedTuple):
    """Who signed in, and until when; the cookie came with it."""

    name: str
    role: str
    csrf_token: str
    ends_at: datetime


def login(request: Request, asked: Credentials) -> Response:
    """Sign in with name and password.

    The answer sets a cookie. Programs use a bearer token instead.
    """
    front: Front = request.app.state.front
    stay = sign_in(front, request, asked.name, asked.password)
    told = SignedIn(stay.caller.name, stay.caller.role, stay.csrf, stay.ends_at)
    answer = Response(writer(SignedIn)(told), media_type="application/json")
    hand_cookie(request, answer, stay)
    return answer


def logout(request: Request) -> Response:
    """Sign out: the sign-in ends and its cookie is taken back."""
    answer = Response(status_code=204)
    sign_out(request.app.state.front, request, answer)
    return answer


def first_user(work: Work, asked: FirstUser) -> UserSheet:
    """Make the first SUPER_ADMIN with the link that the first run printed."""
    return set_up(work, asked.secret, asked.name, asked.password)


def me(work: Work, caller: Caller, request: Request) -> Me:
    """Say who calls, and how much they may do."""
    return Me(caller.name, caller.role, merchant_codes(work)(caller.merchants), csrf_token(request))


def own_password(work: Work, caller: Caller, asked: NewPassword) -> None:
    """Change one's own password; every sign-in of the user ends, this one too."""
    change_own_password(work, caller, asked.password, asked.new_password)


def users(work: Work) -> list[UserSheet]:
    """List the users."""
    return list_users(work)


def user(work: Work, user: UserName) -> UserSheet:
    """Show one user."""
    return show_user(work, user)


def add_user(work: Work, caller: Caller, asked: NewUser) -> UserSheet:
    """Make a user; only a SUPER_ADMIN makes ADMINs."""
    return create_user(
        work, asked.name, password=asked.password, role=asked.role, merchants=asked.merchants, by=caller
    )


def edit_user(work: Work, caller: Caller, user: UserName, asked: UserEdit) -> UserSheet:
    """Change a user: role, merchants, password, or whether it may come in; its open sign-ins end."""
    return change_user(work, user, UserChange(**dict(asked)), by=caller)


def tokens(
    work: Work, revoked: Annotated[bool, Query(description="Also those that were revoked.")] = False
) -> list[TokenSheet]:
    """List the tokens; their secrets are not kept."""
    return list_tokens(work, revoked=revoked)


def add_token(work: Work, caller: Caller, asked: NewTokenAsked) -> NewToken:
    """Make a token; its secret is in this answer and nowhere else."""
    return create_token(work, asked.name, role=asked.role, days=asked.days, merchants=asked.merchants, by=caller)


def drop_token(work: Work, caller: Caller, token: TokenName) -> TokenSheet:
    """Revoke a token; it ends with this answer."""
    return revoke_token(work, token, by=caller)


def acts(
    work: Work,
    actor: Annotated[Word | None, Query(description="Only what this user or `token:NAME` did.")] = None,
    act: Annotated[Word | None, Query(description="Only this act, such as `POST /orders`.")] = None,
    subject: Annotated[Word | None, Query(description="Only what was done to this.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> ActPage:
    """List who did what, the latest first."""
    return list_acts(work, actor=actor, act=act, subject=subject, after=after, most=limit)

"""Signing in and out, and the first set-up."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from makegood.domain.errors import InvalidValue, SetupClosed, TooManyTries, WrongCredentials
from makegood.entrypoints.lobby.admission import hand_cookie, sign_in, sign_out
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.lobby.problems import status_of
from makegood.entrypoints.web.fields import Word
from makegood.entrypoints.web.visit import Leaving, own_path, shown_to_anybody
from makegood.services.accounts.set_up import is_open, set_up

router = APIRouter()


@router.get("/")
def home() -> Response:
    """Lead to what waits."""
    return RedirectResponse("/backorders", 303)


@router.get("/login")
def ask(request: Request, next: str = "/") -> Response:
    """Ask for name and password."""
    return shown_to_anybody(request, "account/login.html", next=own_path(next), name="", trouble="")


@router.post("/login")
def login(request: Request, name: Word, password: Word, next: Word = "/") -> Response:
    """Let somebody in and lead them to where they wanted to go."""
    front: Front = request.app.state.front
    try:
        stay = sign_in(front, request, name.strip(), password)
    except (WrongCredentials, TooManyTries) as refused:
        status, words = status_of(type(refused)), str(refused)
        return shown_to_anybody(
            request, "account/login.html", status, next=own_path(next), name=name, trouble=words
        )
    answer = RedirectResponse(own_path(next), 303)
    hand_cookie(request, answer, stay)
    return answer


@router.post("/logout")
def logout(visit: Leaving) -> Response:
    """End the stay."""
    answer = RedirectResponse("/login", 303)
    sign_out(visit.front, visit.request, answer)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@router.get("/setup/{secret}")
def ask_first(request: Request, secret: str) -> Response:
    """Ask for the first user, who may do everything."""
    front: Front = request.app.state.front
    if not front.desk()(is_open, secret):
        raise SetupClosed
    return shown_to_anybody(request, "account/setup.html", secret=secret, name="", trouble="")


@router.post("/setup/{secret}")
def first(request: Request, secret: str, name: Word, password: Word, again: Word) -> Response:
    """Make the first user and let them in."""
    front: Front = request.app.state.front
    try:
        if password != again:
            raise InvalidValue("password", "…", "the same both times")
        front.desk("set-up")(set_up, secret, name.strip(), password)
    except InvalidValue as refused:
        return shown_to_anybody(request, "account/setup.html", 422, secret=secret, name=name, trouble=str(refused))
    answer = RedirectResponse("/backorders", 303)
    hand_cookie(request, answer, sign_in(front, request, name.strip(), password))
    return answer

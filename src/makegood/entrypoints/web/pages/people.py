"""/settings/users and /settings/tokens: who may come in, made and changed by administrators."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.domain.accounts import Role, may
from makegood.entrypoints.web.fields import Maybe, Tick, Whole, Word
from makegood.entrypoints.web.rendering import said
from makegood.entrypoints.web.visit import Administrator, ChangingAdministrator, Reader, Visit
from makegood.services.accounts.tokens import DAYS, MOST_DAYS, create_token, list_tokens, revoke_token
from makegood.services.accounts.users import UserChange, change_user, create_user, list_users, show_user

router = APIRouter()

USERS, TOKENS = "/settings/users", "/settings/tokens"


@router.get("/settings")
def start(visit: Reader) -> Response:
    """Lead to the first of the settings that one may see."""
    return visit.go(USERS if visit.may("ADMIN") else "/settings/warehouses")


@router.get("/settings/users")
def users(visit: Administrator) -> Response:
    """List the users, with a form for a new one."""
    return visit.show("settings/users.html", users=visit.read(list_users), roles=_roles(visit))


@router.post("/settings/users")
def add_user(
    visit: ChangingAdministrator,
    name: Word,
    password: Word,
    role: Annotated[Role, Form()],
    merchants: Maybe = None,
) -> Response:
    """Make a user; only a SUPER_ADMIN makes ADMINs."""
    made = visit.do(
        create_user, name.strip(), password=password, role=role, merchants=_codes(merchants), by=visit.caller
    )
    return visit.done(f"{made.name} can log in, as {said(made.role)}.", to=USERS)


@router.get("/settings/users/{user}")
def one_user(visit: Administrator, user: str) -> Response:
    """Ask what is to change of a user."""
    return visit.show("settings/user.html", user=visit.read(show_user, user), roles=_roles(visit))


@router.post("/settings/users/{user}")
def edit_user(
    visit: ChangingAdministrator,
    user: str,
    role: Annotated[Role, Form()],
    merchants: Maybe = None,
    password: Maybe = None,
    active: Tick = False,
) -> Response:
    """Change a user; its open sign-ins end."""
    change = UserChange(role, _codes(merchants) or [], active, password)
    made = visit.do(change_user, user, change, by=visit.caller)
    words = f"{made.name} is {said(made.role)}." if made.active else f"{made.name} cannot come in any more."
    return visit.done(words, to=USERS)


@router.get("/settings/tokens")
def tokens(visit: Administrator) -> Response:
    """List the tokens, with a form for a new one."""
    return _tokens(visit)


@router.post("/settings/tokens")
def add_token(
    visit: ChangingAdministrator,
    name: Word,
    role: Annotated[Role, Form()],
    days: Whole = DAYS,
    merchants: Maybe = None,
) -> Response:
    """Make a token; the page that answers is the only one that shows its secret."""
    made = visit.do(create_token, name.strip(), role=role, days=days, merchants=_codes(merchants), by=visit.caller)
    answer = _tokens(visit, made.secret)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@router.post("/settings/tokens/revoke")
def drop_token(visit: ChangingAdministrator, name: Word) -> Response:
    """Revoke a token; it ends with this answer."""
    visit.do(revoke_token, name, by=visit.caller)
    return visit.done(f"{name} is revoked.", to=TOKENS)


def _tokens(visit: Visit, secret: str = "") -> Response:
    return visit.show(
        "settings/tokens.html",
        tokens=visit.read(list_tokens),
        roles=_roles(visit),
        secret=secret,
        days=DAYS,
        most_days=MOST_DAYS,
    )


def _roles(visit: Visit) -> list[tuple[str, str]]:
    """Give the roles that who looks may hand out."""
    most = Role.SUPER_ADMIN if visit.caller.role is Role.SUPER_ADMIN else Role.MANAGER
    return [(role.value, said(role).capitalize()) for role in Role if may(most, role)]


def _codes(merchants: str | None) -> Sequence[str] | None:
    """Give the codes in a field; none given means all merchants."""
    return [code.strip() for code in merchants.split(",") if code.strip()] if merchants else None

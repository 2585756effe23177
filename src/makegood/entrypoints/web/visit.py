"""One visit of a page: who looks, the desk at which it is done, and how it is answered.

A page is a function that takes a visit (`Reader` to look; `Clerk`, `Manager`, `Administrator` to change) and what
was asked, calls one use-case, and answers with `visit.show` or `visit.done`. A form is done once, however often it
is sent: `visit.do` sees to that by the key that every form holds. See docs/decisions/0012-how-pages-are-built.md.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar
from urllib.parse import quote, unquote, urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse, Response

from makegood.domain.accounts import Caller, Role, insist_on_role, may
from makegood.domain.errors import MakegoodError, MerchantsLimited
from makegood.entrypoints.lobby.admission import csrf_token, known, recognise
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.web.menu import MENU
from makegood.entrypoints.web.rendering import render
from makegood.services.accounts.audit import audit
from makegood.services.dashboard.alerts import read_alerts
from makegood.services.follow_events import end_of_events
from makegood.services.once import Answer, Key, once, put_into_words
from makegood.services.work import Work

P = ParamSpec("P")
T = TypeVar("T")

# No inline script or style, nothing from elsewhere, no frame around it.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A mail is shown in a frame of a page of ours, with the styles that mails bring, and does nothing there.
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src https: data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
SAID = "said"
THEMES = ("light", "dark")


# What our forms hold besides their fields: the secret of the sign-in, and the key under which they are done.
PROOF, KEY = "csrf", "key"


class DoneBefore(Exception):
    """The same form was sent before: nothing is done this time, and what was said then is said again."""

    def __init__(self, visit: "Visit", told: bytes) -> None:
        self.visit, self.told = visit, told


class Visit:
    """A request of a page by somebody who is known; `key` is that of the form that came, if it has one."""

    def __init__(self, request: Request, caller: Caller, key: Key | None = None) -> None:
        self.request, self.caller, self.key = request, caller, key
        front: Front = request.app.state.front
        self.front, self.desk = front, front.desk_of(caller)
        # Read before the page is: what happens from here on is told by the stream of events.
        self.seen = str(self.read(lambda work: end_of_events(work.db))) if asks_for_page(request) else None

    def may(self, least: str) -> bool:
        """Tell whether who looks may do what takes this role."""
        return may(self.caller.role, Role(least))

    @property
    def in_place(self) -> bool:
        """Whether a script asks for a part of the page, and not a browser for all of it."""
        return asks_for_part(self.request)

    def read(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Read the books as they stand at one instant."""
        return self.desk.read(use_case, *args, **named)

    def do(self, use_case: Callable[Concatenate[Work, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do a change once in a transaction of its own and put it on record in it; one change a request.

        Raises `DoneBefore` when the same form came before, and `KeyReused` when it came filled in differently.
        """

        def act(work: Work) -> T:
            made = use_case(work, *args, **named)
            route = f"{self.request.method} {self.request.scope['route'].path}"
            audit(work, route, self.request.url.path, request_id=self.request.scope.get("request_id"))
            return made

        return self.desk(self._once, act)

    def _once(self, work: Work, act: Callable[[Work], T]) -> T:
        if self.key is None:
            return act(work)
        made: list[T] = []

        def do() -> Answer:
            made.append(act(work))
            return Answer(303, b"")

        answer = once(work, self.key, do)
        if answer.again:
            raise DoneBefore(self, answer.body)
        return made[0]

    def show(self, template: str, *, status: int = 200, **facts: Any) -> Response:
        """Answer with a page, or with the part of it that a script asked for."""
        answer = HTMLResponse(render(template, **{**self._frame(), **facts}), status)
        if not self.in_place:
            answer.delete_cookie(SAID)
        return _careful(answer)

    def done(self, words: str, *, to: str, kind: str = "good") -> Response:
        """Answer that something was done: a script shows it and looks anew, a browser goes on to another page."""
        self._keep([to, words, kind])
        return self._say(words, to, kind)

    def go(self, to: str) -> Response:
        """Answer by leading on to another page."""
        self._keep([to])
        return self._lead(to)

    def again(self, told: bytes) -> Response:
        """Answer a form that came before: what was said then, and that it counts once."""
        to, *said = (
            json.loads(told) if told else [own_path(urlsplit(self.request.headers.get("referer", "")).path)]
        )
        if told and not said:
            return self._lead(to)
        words, kind = said or ("It is done.", "good")
        return self._say(f"This was sent before and counts once. {words}", to, kind)

    def _keep(self, told: list[str]) -> None:
        if self.key is not None:
            self.desk(put_into_words, self.key, Answer(303, json.dumps(told).encode()))

    def _say(self, words: str, to: str, kind: str) -> Response:
        if self.in_place:
            return told_in_place({"said": {"words": words, "kind": kind}})
        answer = RedirectResponse(to, 303)
        answer.set_cookie(SAID, quote(json.dumps([words, kind])), max_age=60, httponly=True, samesite="lax")
        return _careful(answer)

    def _lead(self, to: str) -> Response:
        return _careful(Response(headers={"HX-Redirect": to}) if self.in_place else RedirectResponse(to, 303))

    def _frame(self) -> Mapping[str, object]:
        """What every page is given: who looks, where, and, for a whole one, what its frame shows."""
        seen: dict[str, object] = {
            "visit": self,
            "path": self.request.url.path,
            "asked": dict(self.request.query_params),
            "csrf": csrf_token(self.request) or "",
        }
        if self.in_place:
            return seen | {"frame": "frames/part.html"}
        return seen | whole_frame(self.request) | {"menu": MENU, "alerts": self.read(read_alerts)}


def asks_for_part(request: Request) -> bool:
    """Tell whether a script asks for a part of a page."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-request-type") != "full"


def asks_for_page(request: Request) -> bool:
    """Tell whether a browser asks for a whole page, which follows the events then."""
    return request.method == "GET" and not asks_for_part(request)


def visit_of(request: Request) -> Visit | None:
    """Give the visit of whoever looks, for a page that is shown to anybody; None when they are not known."""
    front: Front = request.app.state.front
    try:
        return Visit(request, known(front, request))
    except MakegoodError:
        return None


def whole_frame(request: Request) -> dict[str, object]:
    """Give what the frame of a whole page shows, also to somebody who is not known yet."""
    theme = request.cookies.get("theme")
    return {
        "frame": "frames/page.html",
        "theme": theme if theme in THEMES else None,
        "said": _said(request.cookies.get(SAID)),
    }


def own_path(path: str) -> str:
    """Give a path of ours, the start for anything that would lead elsewhere.

    >>> own_path("/orders?sku=MUG"), own_path("//example.org"), own_path("https://example.org")
    ('/orders?sku=MUG', '/', '/')
    """
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def told_in_place(events: Mapping[str, object], status: int = 200, body: str = "", **headers: str) -> Response:
    """Answer a script with events in its page, and a body that goes where the headers say."""
    told = {"HX-Trigger": json.dumps(events), **{name.replace("_", "-"): text for name, text in headers.items()}}
    return _careful(HTMLResponse(body, status, told))


def shown_to_anybody(request: Request, template: str, status: int = 200, **facts: object) -> Response:
    """Answer with a page for somebody who may not be known, without menu and alerts."""
    answer = HTMLResponse(render(template, **whole_frame(request), visit=None, **facts), status)
    answer.delete_cookie(SAID)
    return _careful(answer)


def shown_as_letter(html: str, status: int = 200) -> Response:
    """Answer with the HTML of a mail as its reader sees it, for a frame of a page."""
    answer = _careful(HTMLResponse(html, status))
    answer.headers["Content-Security-Policy"] = LETTER_POLICY
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def _careful(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Vary"] = "Accept, HX-Request"
    # Going back shows the page as it was, with the keys of its forms; logging out clears it (pages/account.py).
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _said(cookie: str | None) -> list[str] | None:
    """Read what the page before wanted to be said; whatever else the cookie holds is nothing."""
    try:
        words, kind = json.loads(unquote(cookie or ""))
    except ValueError:
        return None
    return [str(words), str(kind)]


def looking(least: Role = Role.READONLY, *, whole_house: bool = False) -> Callable[[Request], Visit]:
    """Give what admits a visit that only looks, of somebody with at least this role.

    With `whole_house` it concerns all merchants, and who may see some of them only is refused.
    """

    def admit(request: Request) -> Visit:
        return _admitted(request, least, whole_house=whole_house)

    return admit


async def form_of(request: Request) -> FormData:
    """Give the form that came."""
    return await request.form()


def changing(least: Role, *, whole_house: bool = False) -> Callable[..., Visit]:
    """Give what admits a visit that changes something: its form, or a header, holds the secret of the sign-in."""

    def admit(request: Request, form: Annotated[FormData, Depends(form_of)]) -> Visit:
        visit = _admitted(request, least, str(form.get(PROOF, "")), whole_house=whole_house)
        if form.get(KEY):
            visit.key = Key(visit.caller.name, str(form[KEY])[:200], _fingerprint(request, form))
        return visit

    return admit


def _fingerprint(request: Request, form: FormData) -> bytes:
    """Tell forms apart by their address and by what was filled in."""
    filled = sorted((name, str(value)) for name, value in form.multi_items() if name not in (PROOF, KEY))
    return hashlib.sha256(json.dumps([request.url.path, request.url.query, filled]).encode()).digest()


def _admitted(request: Request, least: Role, csrf: str | None = None, *, whole_house: bool) -> Visit:
    front: Front = request.app.state.front
    caller = recognise(front, request, csrf=csrf or None)
    insist_on_role(caller, least)
    if whole_house and caller.merchants is not None:
        raise MerchantsLimited
    request.state.caller = caller
    return Visit(request, caller)


Reader = Annotated[Visit, Depends(looking())]
ManagerLooks = Annotated[Visit, Depends(looking(Role.MANAGER))]
Administrator = Annotated[Visit, Depends(looking(Role.ADMIN))]
Leaving = Annotated[Visit, Depends(changing(Role.READONLY))]
Clerk = Annotated[Visit, Depends(changing(Role.STAFF))]
Manager = Annotated[Visit, Depends(changing(Role.MANAGER))]
ChangingAdministrator = Annotated[Visit, Depends(changing(Role.ADMIN))]
# What concerns all merchants.
HouseReader = Annotated[Visit, Depends(looking(whole_house=True))]
HouseManager = Annotated[Visit, Depends(changing(Role.MANAGER, whole_house=True))]
HouseAdministrator = Annotated[Visit, Depends(looking(Role.ADMIN, whole_house=True))]
ChangingHouseAdministrator = Annotated[Visit, Depends(changing(Role.ADMIN, whole_house=True))]

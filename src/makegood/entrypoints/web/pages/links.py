"""The pages behind the links in mails: for whoever has the link, unsigned; looking at one changes nothing."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from makegood.domain.errors import AlreadyAnswered, LinkExpired, OrderMovedOn
from makegood.entrypoints.lobby.admission import address_of
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.lobby.problems import status_of
from makegood.entrypoints.web.fields import Word
from makegood.entrypoints.web.visit import shown_to_anybody
from makegood.services.asking.answer_ask import answer_ask, show_ask
from makegood.services.mails.opt_outs import opt_out_by_link, whom_link_means

router = APIRouter()


@router.get("/consents/{token}")
def asked(request: Request, token: str) -> Response:
    """Show what the customer is asked, or what was answered."""
    return _ask_page(request, _front(request), token)


@router.post("/consents/{token}")
def answered(request: Request, token: str, answer: Word) -> Response:
    """Do what the customer answers; whatever cannot be done is told by the page as things stand then."""
    front = _front(request)
    status = 200
    try:
        front.desk("customer")(answer_ask, token, answer)
    except (AlreadyAnswered, LinkExpired, OrderMovedOn) as refused:
        status = status_of(type(refused))
    return _ask_page(request, front, token, status)


@router.get("/no-more-mails/{token}")
def ask_to_stop(request: Request, token: str) -> Response:
    """Ask whether no more mails shall be sent."""
    _front(request).desk("customer").read(whom_link_means, token)
    return _private(shown_to_anybody(request, "links/stop.html", token=token, stopped=False))


@router.post("/no-more-mails/{token}")
def stop(request: Request, token: str) -> Response:
    """Send no more mails to whoever got this link."""
    _front(request).desk("customer")(opt_out_by_link, token)
    return _private(shown_to_anybody(request, "links/stop.html", token=token, stopped=True))


def _ask_page(request: Request, front: Front, token: str, status: int = 200) -> Response:
    found = front.desk("customer").read(show_ask, token)
    return _private(shown_to_anybody(request, "links/ask.html", status, token=token, ask=found))


def _front(request: Request) -> Front:
    """Give the books to somebody who is not known, unless the address asks for too much."""
    front: Front = request.app.state.front
    front.limits.count(f"address {address_of(request)}")
    return front


def _private(answer: Response) -> Response:
    """Let nobody keep the page, and no other site learn its address."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer

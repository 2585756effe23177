"""/settings/webhooks: who is told over HTTP of what happens, and the log of what was sent."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.domain.webhooks import MESSAGE_TYPES, DeliveryState
from makegood.entrypoints.web.fields import Asked, Word
from makegood.entrypoints.web.rendering import counted
from makegood.entrypoints.web.visit import Administrator, ChangingAdministrator, Visit
from makegood.services.webhooks.deliveries import (
    list_deliveries,
    replay_delivery,
    replay_since,
    send_test,
    show_delivery,
)
from makegood.services.webhooks.endpoints import (
    OVERLAP_HOURS,
    EndpointChange,
    add_endpoint,
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
    show_endpoint,
)

router = APIRouter(prefix="/settings/webhooks")

HERE = "/settings/webhooks"


@router.get("")
def endpoints(visit: Administrator) -> Response:
    """List the endpoints, with a form for a new one."""
    return _endpoints(visit)


@router.post("")
def add(
    visit: ChangingAdministrator, url: Word, note: Word = "", types: Word = "", merchants: Word = ""
) -> Response:
    """Tell somebody from now on; the page that answers is the only one that shows the secret."""
    made = visit.do(
        add_endpoint, url.strip(), note=note.strip(), types=_several(types), merchants=_several(merchants) or None
    )
    return _endpoints(visit, made.secret)


@router.get("/deliveries/{delivery}")
def delivery(visit: Administrator, delivery: int) -> Response:
    """Show one message and what came of each try."""
    return visit.show("webhooks/delivery.html", found=visit.read(show_delivery, delivery))


@router.post("/deliveries/{delivery}/replay")
def replay(visit: ChangingAdministrator, delivery: int) -> Response:
    """Send one message again."""
    made = visit.do(replay_delivery, delivery)
    return visit.done(f"{made.message_id} is sent again.", to=f"{HERE}/deliveries/{delivery}")


@router.get("/{endpoint}")
def endpoint(visit: Administrator, endpoint: int, state: Asked = None, after: Asked = None) -> Response:
    """Show one endpoint with the log of its deliveries."""
    return visit.show(
        "webhooks/one.html",
        endpoint=visit.read(show_endpoint, endpoint),
        found=visit.read(list_deliveries, endpoint, state=state, after=after, most=50),
        states=list(DeliveryState),
        kinds=sorted(MESSAGE_TYPES),
    )


@router.post("/{endpoint}")
def edit(
    visit: ChangingAdministrator,
    endpoint: int,
    url: Word,
    note: Word = "",
    types: Word = "",
    merchants: Word = "",
) -> Response:
    """Change where messages go, which, and of whom."""
    change = EndpointChange(url.strip(), note.strip(), _several(types), _several(merchants))
    visit.do(edit_endpoint, endpoint, change)
    return visit.done("The endpoint is as you said.", to=f"{HERE}/{endpoint}")


@router.post("/{endpoint}/rotate")
def rotate(visit: ChangingAdministrator, endpoint: int) -> Response:
    """Draw a new secret; the page that answers is the only one that shows it."""
    return _endpoints(visit, visit.do(rotate_secret, endpoint).secret)


@router.post("/{endpoint}/test")
def test(visit: ChangingAdministrator, endpoint: int) -> Response:
    """Send a message that is only a test."""
    visit.do(send_test, endpoint)
    return visit.done("A test is on its way; the log says what comes of it.", to=f"{HERE}/{endpoint}")


@router.post("/{endpoint}/replay")
def replay_all(visit: ChangingAdministrator, endpoint: int, since: Annotated[datetime, Form()]) -> Response:
    """Send all messages since a moment, which is in UTC."""
    sent = visit.do(replay_since, endpoint, since if since.tzinfo else since.replace(tzinfo=UTC))
    return visit.done(f"{counted(sent.messages, 'message')} to be sent.", to=f"{HERE}/{endpoint}")


@router.post("/{endpoint}/enable")
def enable(visit: ChangingAdministrator, endpoint: int) -> Response:
    """Put an endpoint into service again."""
    visit.do(enable_endpoint, endpoint)
    return visit.done("The endpoint is in service.", to=f"{HERE}/{endpoint}")


@router.post("/{endpoint}/disable")
def disable(visit: ChangingAdministrator, endpoint: int) -> Response:
    """Take an endpoint out of service."""
    visit.do(disable_endpoint, endpoint)
    return visit.done("The endpoint is out of service.", to=f"{HERE}/{endpoint}")


@router.get("/{endpoint}/remove")
def ask_to_remove(visit: Administrator, endpoint: int) -> Response:
    """Ask whether an endpoint is to be removed."""
    return visit.show("webhooks/remove.html", endpoint=visit.read(show_endpoint, endpoint))


@router.post("/{endpoint}/remove")
def remove(visit: ChangingAdministrator, endpoint: int) -> Response:
    """Remove an endpoint with the log of its deliveries."""
    visit.do(remove_endpoint, endpoint)
    return visit.go(HERE)


def _endpoints(visit: Visit, secret: str = "") -> Response:
    answer = visit.show(
        "webhooks/list.html",
        endpoints=visit.read(list_endpoints),
        secret=secret,
        hours=OVERLAP_HOURS,
        kinds=sorted(MESSAGE_TYPES),
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _several(words: str) -> list[str]:
    return [word.strip() for word in words.split(",") if word.strip()]

"""/queue: what is to be done, what rests or failed, and who works."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.entrypoints.web.visit import HouseManager, HouseReader
from makegood.services.list_queue import list_queue
from makegood.services.park_job import retry_parked
from makegood.services.set_aside import retry_set_aside

router = APIRouter()

Word = Annotated[str, Form()]


@router.get("/queue")
def queue(visit: HouseReader) -> Response:
    """Show the state of the queue."""
    return visit.show("queue.html", queue=visit.read(list_queue))


@router.post("/queue/retry")
def retry(visit: HouseManager, job: Word, subject: Annotated[str, Form()] = "") -> Response:
    """Let work go on that rests."""
    goes_on = visit.do(retry_parked, job, subject)
    words = f"{job} goes on." if goes_on else f"{job} does not rest any more."
    return visit.done(words, to="/queue")


@router.post("/queue/orders/retry")
def take_back(visit: HouseManager, order: Word) -> Response:
    """Take an order back into the queue that was set aside."""
    was_aside = visit.do(retry_set_aside, order)
    words = f"Order {order} is in the queue again." if was_aside else f"Order {order} was not set aside."
    return visit.done(words, to="/queue")

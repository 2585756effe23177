"""/queue: what is to be done, what rests or failed, and who works."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from makegood.entrypoints.web.visit import HouseManager, HouseReader
from makegood.services.list_queue import list_queue
from makegood.services.park_job import retry_job
from makegood.services.set_aside import retry_set_aside

router = APIRouter()

Word = Annotated[str, Form()]


@router.get("/queue")
def queue(visit: HouseReader) -> Response:
    """Show the state of the queue."""
    return visit.show("queue.html", queue=visit.read(list_queue))


@router.post("/queue/retry")
def retry(visit: HouseManager, job: Word, subject: Annotated[str, Form()] = "") -> Response:
    """Have work tried again at once that rests, or that failed."""
    again = visit.do(retry_job, job, subject)
    words = f"{job} is tried again." if again else f"{job} neither rests nor failed."
    return visit.done(words, to="/queue")


@router.post("/queue/orders/retry")
def take_back(visit: HouseManager, order: Word) -> Response:
    """Take an order back into the queue that was set aside."""
    was_aside = visit.do(retry_set_aside, order)
    words = f"Order {order} is in the queue again." if was_aside else f"Order {order} was not set aside."
    return visit.done(words, to="/queue")

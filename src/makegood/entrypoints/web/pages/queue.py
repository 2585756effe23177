"""/queue: what is to be done, what rests or failed, and who works."""

from fastapi import APIRouter
from starlette.responses import Response

from makegood.entrypoints.web.fields import Word
from makegood.entrypoints.web.visit import HouseManager, HouseReader
from makegood.services.list_queue import list_queue
from makegood.services.park_job import retry_job
from makegood.services.set_aside import retry_set_aside

router = APIRouter()

# What each job does, as a person says it; a test compares it with the catalogue of jobs.
JOB_WORDS = {
    "check_backorders": "Serve who waits",
    "serve_runs": "Go on with runs",
    "recommend_boxes": "Recommend boxes",
    "keep_dates": "Keep expected dates",
    "read_events": "Follow what happened",
    "send_webhooks": "Send webhooks",
    "watch_alerts": "Look for alerts",
    "send_mails": "Send mails",
    "escalate_stale": "Hold what waits too long",
    "expire_allocations": "Give back lapsed reservations",
    "shrink_expired": "Set expired lots aside",
    "sweep": "Sweep for lines left lying",
    "watch_delays": "Ask before a day is missed",
    "tidy_accounts": "Tidy sign-ins and logs",
    "tidy_jobs": "Tidy the diary of jobs",
}


@router.get("/queue")
def queue(visit: HouseReader) -> Response:
    """Show the state of the queue."""
    return visit.show("queue.html", queue=visit.read(list_queue), called=called)


@router.post("/queue/retry")
def retry(visit: HouseManager, job: Word, subject: Word = "") -> Response:
    """Have work tried again at once that rests, or that failed."""
    again = visit.do(retry_job, job, subject)
    words = f"{called(job)}: tried again." if again else f"{called(job)}: it neither rests nor failed."
    return visit.done(words, to="/queue")


@router.post("/queue/orders/retry")
def take_back(visit: HouseManager, order: Word) -> Response:
    """Take an order back into the queue that was set aside."""
    was_aside = visit.do(retry_set_aside, order)
    words = f"Order {order} is in the queue again." if was_aside else f"Order {order} was not set aside."
    return visit.done(words, to="/queue")


def called(job: str) -> str:
    """Say what a job does; its name where nothing better is known."""
    return JOB_WORDS.get(job, job)

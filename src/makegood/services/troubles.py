"""What is wrong around the books, in words, with the command that tells more or mends it; it breaks no law."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from makegood.domain.alerts import AlertKind, conditions, lasting, words
from makegood.services.alerts.watch import look, thresholds
from makegood.services.figures import MailFigures, WebhookFigures
from makegood.services.list_queue import ParkedJob, list_queue
from makegood.services.work import Work

# A mail that is due for longer is not on its way.
LATE_MAIL_SECONDS = 900


class Trouble(NamedTuple):
    """Something that a person should look at: what it is, in words, and the command for it."""

    kind: str
    words: str
    command: str


COMMANDS: Mapping[AlertKind, str] = {
    AlertKind.HOLDS: "makegood orders list --status on_hold",
    AlertKind.QUEUE_LATE: "makegood queue show",
    AlertKind.WORKER_SILENT: "makegood worker",
    AlertKind.PROMISES_AT_RISK: "makegood backorders list --at-risk",
    AlertKind.SWEEP_DEFECT: "makegood doctor --json",
    AlertKind.ENDPOINT_DISABLED: "makegood webhooks list",
}


def troubles(work: Work) -> list[Trouble]:
    """Give what is wrong now: what would raise an alert, what rests or was left out, what could not be sent."""
    return [*_conditions(work), *_queue(work), *_webhooks(work), *_mails(work)]


def _conditions(work: Work) -> Iterator[Trouble]:
    seen = look(work)
    for one in conditions(seen, thresholds(work)):
        # Without a server nobody needs a worker as long as nothing waits: commands serve whom they let go on.
        if one.kind is not AlertKind.WORKER_SILENT or seen.oldest_mark_seconds:
            yield Trouble(one.kind.value, words(one.kind, one.facts), COMMANDS[one.kind])


def _queue(work: Work) -> Iterator[Trouble]:
    queue = list_queue(work)
    for one in queue.parked:
        yield Trouble(
            "JOB_RESTS",
            f"{_name(one)} rests: {one.because}.",
            f"makegood queue retry {one.job} {one.subject}".rstrip(),
        )
    for order in queue.aside:
        said = f"Order {order.order} was set aside: {order.message}."
        yield Trouble("ORDER_ASIDE", said, f"makegood queue retry --order {order.order}")
    for worker in queue.workers:
        if not worker.alive:
            said = f"Worker {worker.worker} on {worker.host} fell silent {lasting(worker.silent_seconds)} ago."
            yield Trouble("WORKER_LOST", said, "makegood queue show")


def _webhooks(work: Work) -> Iterator[Trouble]:
    seen = work.db.records(WebhookFigures, "webhook_figures")[0]
    if seen.failed:
        said = f"Messages of webhooks that were given up: {seen.failed}."
        yield Trouble("WEBHOOKS_FAILED", said, "makegood webhooks list")


def _mails(work: Work) -> Iterator[Trouble]:
    seen = work.db.records(MailFigures, "mail_figures", as_of=work.as_of)[0]
    if seen.failed:
        command = "makegood notifications list --status failed --status bounced"
        yield Trouble("MAILS_FAILED", f"Mails that were not delivered: {seen.failed}.", command)
    if seen.oldest_seconds > LATE_MAIL_SECONDS:
        said = f"A mail has been due for {lasting(seen.oldest_seconds)} and was not sent."
        yield Trouble("MAILS_WAIT", said, "makegood notifications list")


def _name(one: ParkedJob) -> str:
    return f"{one.job} of {one.subject}" if one.subject else one.job

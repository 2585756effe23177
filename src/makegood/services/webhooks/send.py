"""What is to be sent now, taken for a while so that nobody else sends it meanwhile, and what came of it."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from standardwebhooks import Webhook

from makegood.domain.webhooks import GONE, Answer, after_try
from makegood.services.business_settings import business_settings
from makegood.services.webhooks.derive import message
from makegood.services.work import Work

# An endpoint that fails is sent one message at a time, so that it gets no more of what it cannot take.
AT_ONCE_EACH = 4
# So often in a row an endpoint has failed before it is taken out of service for having failed too long.
LEAST_FAILURES = 5


class Parcel(NamedTuple):
    """A message to be sent now: this attempt of a delivery, and the secrets that sign it, the newest first."""

    delivery_id: int
    endpoint_id: int
    attempt: int
    tries: int
    message_id: str
    type: str
    url: str
    secrets: Sequence[str]
    body: str


class Sent(NamedTuple):
    """A parcel and what came of it; `chance` from 0 to 1 makes the next pause longer."""

    parcel: Parcel
    answer: Answer
    chance: float


def take_parcels(work: Work, *, most: int, seconds: float) -> list[Parcel]:
    """Take messages that are due, at most so many, for so many seconds, and a few of each endpoint only.

    Whoever is killed with them holds them until then; they are sent again by another.
    """
    rows = work.db.all("take_parcels", most=most, each=AT_ONCE_EACH, seconds=seconds)
    bodies = body_of(work, [row[0] for row in rows]) if rows else {}
    return [Parcel(*(*row, bodies[row[0]])) for row in rows]


def body_of(work: Work, deliveries: Sequence[int]) -> dict[int, str]:
    """Give the bodies of some deliveries: the same each time, since events never change."""
    bodies = {}
    for delivery, kept, type, at, *told in work.db.all("bodies", deliveries=list(deliveries)):
        bodies[delivery] = kept or message(type, _utc(at), dict(zip(EVENT_FACTS, told, strict=True)))
    return bodies


EVENT_FACTS = (
    "id",
    "orderId",
    "orderNumber",
    "merchant",
    "payload",
    "triggerSources",
    "attemptId",
    "actor",
)


def signed(parcel: Parcel, at: datetime) -> dict[str, str]:
    """Give the headers that tell which message this is, when it is sent, and that it is ours."""
    signatures = [Webhook(secret).sign(parcel.message_id, at, parcel.body) for secret in parcel.secrets]
    return {
        "webhook-id": parcel.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
        "content-type": "application/json",
    }


def note_sent(work: Work, sent: Sequence[Sent]) -> list[int]:
    """Put on record what came of some parcels, and give the endpoints that were taken out of service for it.

    An endpoint is taken out of service at once when it says that it is gone (410), else when it took nothing for
    so long as the settings say.
    """
    after = [after_try(one.answer, one.parcel.tries, one.chance) for one in sent]
    _note_health(work, sent)
    gone = sorted({one.parcel.endpoint_id for one in sent if one.answer.status == GONE})
    patience = business_settings(work.db).webhook_patience_hours
    rows = work.db.all("give_up_endpoints", gone=gone, least=LEAST_FAILURES, hours=patience)
    work.db.run(
        "note_attempts",
        deliveries=[one.parcel.delivery_id for one in sent],
        attempts=[one.parcel.attempt for one in sent],
        statuses=[one.answer.status for one in sent],
        errors=[one.answer.error for one in sent],
        answers=[one.answer.excerpt for one in sent],
        seconds=[one.answer.seconds for one in sent],
    )
    work.db.run(
        "close_parcels",
        deliveries=[one.parcel.delivery_id for one in sent],
        attempts=[one.parcel.attempt for one in sent],
        states=[one.state.value for one in after],
        pauses=[one.pause for one in after],
    )
    return [row[0] for row in rows]


def _note_health(work: Work, sent: Sequence[Sent]) -> None:
    """Count the failures of each endpoint in a row; one message that is taken ends the row."""
    good = sorted({one.parcel.endpoint_id for one in sent if one.answer.is_good})
    bad = [one.parcel.endpoint_id for one in sent if not one.answer.is_good and one.parcel.endpoint_id not in good]
    work.db.run("note_failures", endpoints=sorted(bad))
    work.db.run("note_successes", endpoints=good)


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def any_due(work: Work) -> bool:
    """Tell whether a message could be sent now."""
    return bool(work.db.value("any_parcel_due"))

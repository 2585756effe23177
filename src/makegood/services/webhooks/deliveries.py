"""The log of deliveries: what was sent to whom, what came of each try, and sending it again."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import DeliveryNotFound, EndpointDisabled, InvalidValue
from makegood.domain.webhooks import TEST, DeliveryState
from makegood.services.accounts.audit import audit
from makegood.services.accounts.secret import draw_secret
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.webhooks.derive import SEND_WEBHOOKS, message
from makegood.services.webhooks.endpoints import EndpointSheet, show_endpoint
from makegood.services.webhooks.send import body_of
from makegood.services.work import Work


class DeliverySheet(NamedTuple):
    """A message to one endpoint and how it stands: when it is tried next, and what came of the last try."""

    delivery: int
    endpoint: int
    message_id: str
    type: str
    state: str
    attempts: int
    made_at: datetime
    due_at: datetime | None
    done_at: datetime | None
    status: int | None
    error: str


class DeliveryPage(NamedTuple):
    """A page of deliveries, the latest first, and the cursor of the next one."""

    deliveries: Sequence[DeliverySheet]
    next: str | None


class DeliveryAttempt(NamedTuple):
    """What came of one try; a number that is missing was a try whose worker was killed."""

    attempt: int
    tried_at: datetime
    status: int | None
    error: str
    answer: str
    seconds: float


class WholeDelivery(NamedTuple):
    """A delivery with its body and every try."""

    delivery: DeliverySheet
    body: str
    attempts: Sequence[DeliveryAttempt]


class Replayed(NamedTuple):
    """How many messages are sent again, or for the first time."""

    messages: int


def list_deliveries(
    work: Work, endpoint: int, *, state: str | None = None, after: str | None = None, most: int = 100
) -> DeliveryPage:
    """Give a page of what was sent to an endpoint, the latest first; raises `EndpointNotFound`, `InvalidValue`."""
    show_endpoint(work, endpoint)
    (before,) = read_cursor(after, 1)
    found = work.db.records(
        DeliverySheet,
        "deliveries",
        endpoint=endpoint,
        state=_state(state),
        delivery=None,
        before=before,
        most=insist_on_most(most) + 1,
    )
    page = found[:most]
    return DeliveryPage(page, cursor_after(page[-1].delivery) if len(found) > most else None)


def show_delivery(work: Work, delivery: int) -> WholeDelivery:
    """Give one delivery with its body and what came of each try, or raise `DeliveryNotFound`."""
    sheet = _sheet(work, delivery)
    tries = work.db.records(DeliveryAttempt, "delivery_attempts", delivery=delivery)
    return WholeDelivery(sheet, body_of(work, [delivery])[delivery], tries)


def replay_delivery(work: Work, delivery: int) -> DeliverySheet:
    """Send a message again, under its old id; raises `DeliveryNotFound`, `EndpointDisabled`."""
    sheet = _sheet(work, delivery)
    insist_in_service(show_endpoint(work, sheet.endpoint))
    work.db.run("replay_delivery", delivery=delivery)
    work.wake(SEND_WEBHOOKS)
    audit(work, "webhook:replayed", str(sheet.endpoint), {"delivery": delivery})
    return _sheet(work, delivery)


def replay_since(work: Work, endpoint: int, since: datetime) -> Replayed:
    """Send all that was put on record since a moment and is meant for an endpoint, again or for the first time.

    So nothing of the time in which it was out of service is missed. Raises `EndpointNotFound`, `EndpointDisabled`.
    """
    insist_in_service(show_endpoint(work, endpoint))
    count = work.db.run("replay_events", endpoint=endpoint, since=since)
    count += work.db.run("replay_others", endpoint=endpoint, since=since)
    work.wake(SEND_WEBHOOKS)
    audit(work, "webhook:replayed", str(endpoint), {"since": since.isoformat(), "messages": count})
    return Replayed(count)


def send_test(work: Work, endpoint: int) -> DeliverySheet:
    """Send a message of type `webhook.test`; the log says what came of it. Raises as `replay_since` does."""
    insist_in_service(show_endpoint(work, endpoint))
    told = {"endpoint": endpoint, "askedBy": work.actor}
    delivery = work.db.value(
        "add_delivery",
        endpoint=endpoint,
        message=f"test_{draw_secret()[:22]}",
        type=TEST,
        body=message(TEST, work.as_of, told),
    )
    work.wake(SEND_WEBHOOKS)
    audit(work, "webhook:tested", str(endpoint), {"delivery": delivery})
    return _sheet(work, delivery)


def insist_in_service(endpoint: EndpointSheet) -> None:
    """Refuse to send to an endpoint that is out of service."""
    if not endpoint.active:
        raise EndpointDisabled(endpoint=endpoint.endpoint, because=endpoint.disabled_because or "by hand")


def _sheet(work: Work, delivery: int) -> DeliverySheet:
    found = work.db.records(
        DeliverySheet, "deliveries", endpoint=None, state=None, delivery=delivery, before=None, most=1
    )
    if not found:
        raise DeliveryNotFound(delivery)
    return found[0]


def _state(word: str | None) -> str | None:
    if word is None:
        return None
    if word.upper() not in DeliveryState.__members__:
        raise InvalidValue("state", word, "one of " + ", ".join(DeliveryState))
    return word.upper()

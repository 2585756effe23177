"""What follows from events for those who are told over HTTP: a delivery for each endpoint that means it, once."""

from collections.abc import Mapping, Sequence

import msgspec

from makegood.services.follow_events import FollowedEvent
from makegood.services.outbox.read_on import Reader
from makegood.services.work import Work

SEND_WEBHOOKS = "send_webhooks"


def derive(work: Work, events: Sequence[FollowedEvent]) -> None:
    """Make a delivery of each event for each endpoint in service that means it, unless there is one already."""
    made = work.db.run(
        "derive_deliveries",
        ids=[one.event_id for one in events],
        types=[one.type for one in events],
        whose=[one.merchant_id for one in events],
    )
    if made:
        work.wake(SEND_WEBHOOKS)


def any_in_service(work: Work) -> bool:
    """Tell whether anybody is told anything."""
    return bool(work.db.value("any_active_endpoint"))


def announce(work: Work, message_id: str, type: str, told: Mapping[str, object]) -> None:
    """Tell endpoints that see all merchants something that is no event of an order, in this transaction."""
    if work.db.run("announce", message=message_id, type=type, body=message(type, work.as_of, told)):
        work.wake(SEND_WEBHOOKS)


def message(type: str, at: object, told: Mapping[str, object]) -> str:
    """Write a message as Standard Webhooks shapes it: its type, the moment that it tells of, and the facts."""
    return msgspec.json.encode({"type": type, "timestamp": at, "data": told}).decode()


WEBHOOKS = Reader("webhooks", derive)

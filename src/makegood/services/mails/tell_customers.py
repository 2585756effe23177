"""The reader that queues mails to customers for what happened to their orders."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from makegood.domain.mails import MailKind
from makegood.services.business_settings import BusinessSettings, business_settings
from makegood.services.follow_events import FollowedEvent
from makegood.services.mails.queue_mails import ToCustomer, queue_mails
from makegood.services.outbox.read_on import Reader
from makegood.services.work import Work

TOLD: Mapping[str, MailKind] = {
    "order:backordered": MailKind.ORDER_BACKORDERED,
    "order:partially_allocated": MailKind.ORDER_BACKORDERED,
    "backorder:expected_date_changed": MailKind.EXPECTED_DATE_CHANGED,
    "order:split": MailKind.ORDER_SPLIT,
    "order:divided": MailKind.ORDER_DIVIDED,
    "order:backorder_resolved": MailKind.BACKORDER_RESOLVED,
}
# What is older is news to nobody: a history that is brought in, mails that were switched off for a while.
NEWS_FOR = timedelta(days=7)
# These an order was in while its customer knew already that it waits.
WAITED_BEFORE = {"BACKORDERED", "PARTIALLY_ALLOCATED"}
# Telling that it is complete need not wait: it stays true.
AT_ONCE = {MailKind.BACKORDER_RESOLVED, MailKind.ORDER_SPLIT, MailKind.ORDER_DIVIDED}


def tell_customers(work: Work, events: Sequence[FollowedEvent]) -> None:
    """Queue a mail for each event that is news to a customer."""
    queue_mails(work, list(_news(work, business_settings(work.db), events)))


CUSTOMERS = Reader("mails", tell_customers, tuple(TOLD))


def _news(work: Work, settings: BusinessSettings, events: Sequence[FollowedEvent]) -> Iterator[ToCustomer]:
    wait = timedelta(minutes=settings.mail_wait_minutes)
    parted = {(one.transaction_id, one.order_id) for one in events if _makes_parts(one)}
    for event in events:
        kind = TOLD[event.type]
        # A part has all it needs by having been made: that it was made is told.
        by_parting = kind is MailKind.BACKORDER_RESOLVED and (event.transaction_id, event.order_id) in parted
        if _is_news(work, event) and not by_parting:
            yield ToCustomer(
                kind,
                f"event:{event.event_id}",
                event.order_id,
                work.as_of if kind in AT_ONCE else event.occurred_at + wait,
                0 if kind in AT_ONCE else settings.mail_repeat_hours,
                born=event.payload.get("previousStatus") == "PENDING",
            )


def _makes_parts(event: FollowedEvent) -> bool:
    """Tell whether an order became several; one that another warehouse sends whole did not."""
    return event.type == "order:split" or (
        event.type == "order:divided" and bool(event.payload.get("partOrderIds"))
    )


def _is_news(work: Work, event: FollowedEvent) -> bool:
    if event.occurred_at < work.as_of - NEWS_FOR:
        return False
    if event.type in ("order:split", "order:divided"):
        # Every part has the event; the customer is told once.
        return _makes_parts(event) and event.payload.get("originalOrderId") == event.order_id
    if event.type == "order:partially_allocated":
        return event.payload.get("previousStatus") not in WAITED_BEFORE
    return True

"""Keep facts that a report needs later, when the orders have changed: what is short, what went at first.

A report of the past reads only what was put on record then (docs/decisions/0018-reports-from-events.md). An
attempt keeps what is short with its reasons; every other change of an order keeps it here.
"""

from collections.abc import Iterator, Mapping, Sequence

from makegood.domain.states import OrderStatus
from makegood.planner.attempt import Attempt
from makegood.services.record import Event, status_payload
from makegood.services.work import Work

LACKING = (OrderStatus.BACKORDERED, OrderStatus.PARTIALLY_ALLOCATED, OrderStatus.ON_HOLD)


def with_short_items(work: Work, made: Attempt, events: Sequence[Event]) -> Iterator[Event]:
    """Add to the events of a change what the order lacks; one that stays as short as it was says so by its own."""
    if made.after.status not in LACKING:
        yield from events
        return
    short = {"shortItems": [*_short_items(made)]}
    yield from (event._replace(payload=event.payload | short) for event in events)
    if not events:
        yield Event(made.order.order_id, "order:still_short", status_payload(work, made) | short)


def _short_items(made: Attempt) -> Iterator[dict[str, object]]:
    for result in made.lines:
        if result.short > 0:
            line = result.line
            yield {
                "line": line.line_number,
                "variant": line.variant_id,
                "sku": line.sku_text,
                "short": result.short,
            }


def first_shipments(work: Work, gone: Mapping[int, int]) -> list[Event]:
    """Tell of orders of which something goes out for the first time, how much that is of what was wanted.

    The parts of an order that was split are one order here. `gone` are the units that leave by this change.
    """
    going = {order: units for order, units in gone.items() if units > 0}
    if not going:
        return []
    rows = work.db.all("first_shipments", orders=list(going), units=list(going.values()))
    return [
        Event(order, "order:first_shipment", dict(zip(FIRST_SHIPMENT, facts, strict=True)))
        for order, *facts in rows
    ]


FIRST_SHIPMENT = ("rootOrderId", "units", "unitsWanted", "lines", "linesWanted")

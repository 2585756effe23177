"""Put on record what attempts did: allocations, the attempts themselves, events, new backorder records."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from makegood.domain.states import OrderStatus
from makegood.planner.attempt import Attempt
from makegood.planner.book import Grant
from makegood.services.work import Work
from makegood.store import tables

STATUS_EVENTS: Mapping[OrderStatus, str] = {
    OrderStatus.ALLOCATED: "order:allocated",
    OrderStatus.PARTIALLY_ALLOCATED: "order:partially_allocated",
    OrderStatus.BACKORDERED: "order:backordered",
    OrderStatus.ON_HOLD: "order:held",
    OrderStatus.CANCELLED: "order:cancelled",
    OrderStatus.READY_TO_PICK: "order:released_to_pick",
    OrderStatus.PICKING: "order:picking",
    OrderStatus.PICKED: "order:picked",
    OrderStatus.SHIPPED: "order:shipped",
}


class Event(NamedTuple):
    """Something that happened to an order; `payload` is written for programs, in camelCase."""

    order_id: int
    type: str
    payload: dict[str, object]
    attempt_id: int | None = None
    sources: Sequence[str] | None = None


def record(
    work: Work,
    attempts: Sequence[Attempt],
    grants: Sequence[Grant],
    turn: int,
    sources: Mapping[int, Sequence[str]],
    besides: Sequence[Event] = (),
    asked: Collection[int] = (),
) -> None:
    """Append attempts, allocations and events, others `besides`; `sources` name who marked each variant.

    Orders that were `asked` for by name were set off by whoever asked, too.
    """
    triggers = {made.order.order_id: _triggers(work, made, sources, asked) for made in attempts}
    numbers = draw_ids(work, "attempt_ids", len(attempts))
    work.attempts += numbers
    numbered = list(zip(numbers, attempts, strict=True))
    work.db.copy(
        "attempts",
        tables.ATTEMPTS,
        (_attempt_columns(work, number, made, triggers[made.order.order_id]) for number, made in numbered),
    )
    if grants:
        attempt_of = {result.line.line_id: number for number, made in numbered for result in made.lines}
        work.db.copy(
            "allocations",
            tables.ALLOCATIONS,
            ((*grant, turn, attempt_of[grant.line_id], work.as_of) for grant in grants),
        )
    given = _given(attempts, grants)
    record_events(
        work,
        [
            Event(event.order_id, event.type, event.payload, number, triggers[event.order_id])
            for number, made in numbered
            for event in attempt_events(work, made, given.get(made.order.order_id, []))
        ]
        + list(besides),
    )


def _attempt_columns(work: Work, number: int, made: Attempt, triggers: Sequence[str]) -> Sequence[object]:
    return (
        number,
        made.order.order_id,
        triggers,
        work.actor,
        made.before,
        made.after.status,
        made.granted,
        made.short,
        [*_by_variant(made)],
        work.as_of,
    )


def _by_variant(made: Attempt) -> Iterator[dict[str, object]]:
    """Give the reasons with the variant that each is about: the line may be another's later."""
    variants = {result.line.line_number: result.line.variant_id for result in made.lines} if made.reasons else {}
    for reason in made.reasons:
        yield {**reason, "variant": variants[int(str(reason["line"]))]}


def draw_ids(work: Work, sequence: str, count: int) -> list[int]:
    """Draw `count` numbers from a sequence for rows that are about to be written."""
    return [row[0] for row in work.db.all("draw_ids", sequence=sequence, count=count)]


def record_events(work: Work, events: Sequence[Event]) -> None:
    """Append events; without sources of its own an event names what set the use-case off."""
    if events:
        work.db.copy(
            "fulfillment_events",
            tables.EVENTS,
            (
                (
                    event.order_id,
                    event.type,
                    event.payload,
                    list(event.sources or [work.source]),
                    event.attempt_id,
                    work.actor,
                    work.as_of,
                )
                for event in events
            ),
        )


def attempt_events(work: Work, made: Attempt, given: Sequence[dict[str, object]]) -> Iterator[Event]:
    """Tell what happened to the order: what it was given, and the status that it came to."""
    if given:
        yield Event(made.order.order_id, "allocation:created", {"allocations": list(given)})
    status = made.after.status
    if status != made.before:
        payload = status_payload(work, made)
        yield Event(made.order.order_id, STATUS_EVENTS[status], payload)
        if status is OrderStatus.ALLOCATED and made.order.backordered_since is not None:
            since = {"backorderedSince": made.order.backordered_since}
            yield Event(made.order.order_id, "order:backorder_resolved", payload | since)


def status_payload(work: Work, made: Attempt) -> dict[str, object]:
    """Give the facts of a change of status, in units (docs/concepts/why-not.md)."""
    payload: dict[str, object] = {
        "orderId": made.order.order_id,
        "orderNumber": made.order.number,
        "previousStatus": made.before,
        "newStatus": made.after.status,
        "totalItems": sum(result.line.quantity - result.line.cancelled for result in made.lines),
        "allocatedItems": made.allocated,
        "backorderedItems": made.short,
        "timestamp": work.as_of,
    }
    if made.after.reason:
        payload |= {"reason": made.after.reason, "kind": made.after.hold_kind}
    return payload


def open_backorders(work: Work, lines: Sequence[int]) -> None:
    """Open a record for each of these lines that has become short and has none open yet."""
    if lines:
        opened = work.db.all("open_backorders", lines=lines, as_of=work.as_of)
        record_events(
            work,
            [_created(*row) for row in opened],
        )


def open_first_backorders(work: Work, first: Sequence[Attempt]) -> list[Event]:
    """Open a record for each line that is short from the start, and give the events that tell it."""
    short = [
        result.line
        for made in first
        for result in made.lines
        if result.short > 0 and result.line.variant_id is not None
    ]
    if not short:
        return []
    numbers = [f"BO-{work.today.year}-{number:04}" for number in draw_ids(work, "backorder_numbers", len(short))]
    work.db.copy(
        "backorders",
        tables.BACKORDERS,
        ((number, line.line_id, work.as_of) for number, line in zip(numbers, short, strict=True)),
    )
    return [
        _created(line.order_id, number, line.line_number, line.sku_text)
        for number, line in zip(numbers, short, strict=True)
    ]


def _created(order_id: int, number: str, line: int, sku: str) -> Event:
    return Event(order_id, "backorder:created", {"backorder": number, "line": line, "sku": sku})


def _triggers(
    work: Work, made: Attempt, sources: Mapping[int, Sequence[str]], asked: Collection[int]
) -> list[str]:
    """Name what unblocked the order: the marks on the variants that it was granted, and who asked for it."""
    found = {
        source
        for result in made.lines
        if result.granted and result.line.variant_id is not None
        for source in sources.get(result.line.variant_id, ())
    }
    if made.order.order_id in asked:
        found.add(work.source)
    return sorted(found) or [work.source]


def _given(attempts: Sequence[Attempt], grants: Sequence[Grant]) -> dict[int, list[dict[str, object]]]:
    """Group the grants by order, as the event shows them."""
    line_of = {result.line.line_id: result.line for made in attempts for result in made.lines}
    given: dict[int, list[dict[str, object]]] = {}
    for grant in grants:
        line = line_of[grant.line_id]
        given.setdefault(line.order_id, []).append(
            {"line": line.line_number, "unitId": grant.unit_id, "quantity": grant.units}
        )
    return given

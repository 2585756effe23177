"""How an order looks: in a list, whole, and after something was done to it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from makegood.domain.reasons import Reason, ReasonCode
from makegood.entrypoints.cli.counter import Counter
from makegood.entrypoints.cli.output import (
    Column,
    Status,
    counted,
    day,
    minute,
    put,
    put_facts,
    put_json,
    put_table,
    said,
    talk,
    text,
    units,
)
from makegood.planner.attempt import Attempt
from makegood.planner.reasons import sentence
from makegood.services.show_order import LineSheet, OrderSheet, OrderSummary, lines_of, summaries
from makegood.services.work import Work

ORDERS = [
    Column("Order"),
    text("Customer", spare=True),
    Column("Status"),
    Column("Priority", spare=True),
    units("Units"),
    units("Reserved"),
    units("Shipped", spare=True),
    units("Short"),
    Column("Placed", spare=True),
    Column("Short since", spare=True),
]


def order_rows(orders: Iterable[OrderSummary]) -> Iterator[Sequence[object]]:
    """Give the rows of a list of orders."""
    for order in orders:
        yield (
            order.number,
            order.customer_name or order.customer_reference or order.customer_email,
            Status(order.status),
            order.priority.lower(),
            order.units - order.cancelled,
            order.allocated,
            order.fulfilled,
            order.short,
            day(order.placed_at),
            day(order.backordered_since),
        )


def put_orders_empty(counts: Mapping[str, int]) -> None:
    """Say why a list of orders is empty, and what to do."""
    if any(counts.values()):
        talk(f"No order passes these filters; there are {counted(sum(counts.values()), 'order')} in all.")
    else:
        talk("There are no orders yet. Place one with `makegood orders place`, or import a file of them with")
        talk("`makegood import orders FILE`.")


def put_order(sheet: OrderSheet, *, everything: bool = False) -> None:
    """Print one order for a person."""
    _put_head(sheet.order)
    put("")
    put_lines(sheet.lines)
    held = [one for one in sheet.allocations if everything or one.closed_at is None]
    if held:
        put("")
        put_table(
            [units("Line"), Column("SKU"), units("Units"), Column("Place"), Column("Lot", spare=True),
             Column("Expires", spare=True), Column("State"), Column("Since", spare=True)],
            [(one.line_number, one.sku, one.quantity, f"{one.warehouse} {one.location}", one.lot, one.expires_on,
              Status(one.state), day(one.reserved_at)) for one in held],
            title="Reserved",
        )  # fmt: skip
    if everything:
        _put_history(sheet)
    if sheet.order.short:
        talk(f"Why it waits: makegood explain {sheet.order.number}")


def put_lines(lines: Sequence[LineSheet]) -> None:
    """Print the lines of an order."""
    put_table(
        [units("Line"), Column("SKU"), text("Name", spare=True), units("Units"), units("Reserved"),
         units("Shipped", spare=True), units("Cancelled", spare=True), units("Short"),
         Column("Backorder", spare=True), Column("Expected", spare=True)],
        [(line.line_number, _sku(line), line.name, line.quantity, line.allocated,
          line.fulfilled, line.cancelled, line.short, line.backorder, line.expected_date) for line in lines],
    )  # fmt: skip


def _sku(line: LineSheet) -> str:
    """Say what a line is sent, and what was ordered where that is something else."""
    if line.sku is None:
        return f"{line.sku_text} (unmatched)"
    return f"{line.sku} (for {line.instead_of})" if line.instead_of else line.sku


def put_outcome(books: Counter, made: Attempt, json: bool) -> None:
    """Print what became of one order: where it stands now, its lines, and why anything is short."""
    order, lines = books.read(_as_it_stands, made.order.order_id)
    if json:
        put_json(_outcome(made, order, lines))
        return
    put(f"Order {order.number} is {said(order.status)}: {_sum(order)}.")
    if order.hold_reason:
        put(order.hold_reason.rstrip(".") + ".")
    put("")
    put_lines(lines)
    told = [(one["line"], sentence(_reason(one))) for one in made.reasons] if order.short else []
    if told:
        put("")
        put_table([units("Line"), text("Why it is short")], told)
    elif order.short:
        talk(f"Why it waits: makegood explain {order.number}")


def put_outcomes(books: Counter, made: Sequence[Attempt], json: bool) -> None:
    """Print what became of several orders, one row each."""
    orders = books.read(summaries, [one.order.order_id for one in made])
    if json:
        before = {attempt.order.order_id: attempt.before for attempt in made}
        put_json([{**order._asdict(), "status_before": before[order.order_id]} for order in orders])
        return
    for order in orders:
        put(f"Order {order.number} is {said(order.status)}: {_sum(order)}.")


def _as_it_stands(work: Work, order_id: int) -> tuple[OrderSummary, list[LineSheet]]:
    return summaries(work, [order_id])[0], lines_of(work, [order_id])[order_id]


def _outcome(made: Attempt, order: OrderSummary, lines: Sequence[LineSheet]) -> dict[str, object]:
    return {
        "order": order.number,
        "status_before": made.before,
        "status": order.status,
        "hold_kind": order.hold_kind,
        "hold_reason": order.hold_reason,
        "granted": made.granted,
        "units": order.units,
        "allocated": order.allocated,
        "fulfilled": order.fulfilled,
        "cancelled": order.cancelled,
        "short": order.short,
        "lines": lines,
        "reasons": [{**one, "sentence": sentence(_reason(one))} for one in made.reasons],
    }


def _reason(told: Mapping[str, object]) -> Reason:
    facts = {name: value for name, value in told.items() if name not in ("line", "sku", "short", "code")}
    return Reason(code=ReasonCode(str(told["code"])), facts=facts)


def _sum(order: OrderSummary) -> str:
    parts = [
        (order.allocated, "reserved"),
        (order.fulfilled, "shipped"),
        (order.cancelled, "cancelled"),
        (order.short, "short"),
    ]
    told = [f"{count:,} {word}" for count, word in parts if count]
    return f"{counted(order.units, 'unit')}, {', '.join(told) or 'nothing reserved'}"


def _put_head(order: OrderSummary) -> None:
    customer = [order.customer_name, order.customer_reference, order.customer_email]
    policy = f", units {'kept back' if order.when_short == 'reserve' else 'let go'} while short"
    put_facts(
        [
            ("Order", order.number),
            ("Status", Status(order.status)),
            ("Held because", order.hold_reason if order.hold_kind else None),
            ("Customer", ", ".join(part for part in customer if part)),
            ("Channel", order.channel),
            ("Merchant", order.merchant if order.merchant != "default" else ""),
            ("Warehouse", order.warehouse),
            ("Priority", order.priority.lower()),
            ("Ships", said(order.ship_policy) + (policy if order.ship_policy == "COMPLETE" else "")),
            ("Placed", minute(order.placed_at)),
            ("Wanted for", day(order.requested_date)),
            ("Short since", minute(order.backordered_since)),
            ("Review after", day(order.review_after)),
            ("Part of", order.parent),
            ("Units", _sum(order)),
        ]
    )


def _put_history(sheet: OrderSheet) -> None:
    put("")
    put_table(
        [Column("When"), Column("Before"), Column("After"), units("Got"), units("Short"), text("Set off by"),
         Column("By", spare=True)],
        [(minute(one.as_of), Status(one.before_status), Status(one.after_status), one.granted, one.short,
          ", ".join(one.trigger_sources), one.actor) for one in sheet.attempts],
        title="Attempts",
    )  # fmt: skip
    put("")
    put_table(
        [Column("When"), Column("What"), text("Set off by"), Column("By", spare=True)],
        [(minute(one.occurred_at), one.type, ", ".join(one.trigger_sources), one.actor) for one in sheet.events],
        title="Events",
    )

"""Import orders: one row per line; a number that exists already is left alone, and must say the same."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from makegood.domain.errors import AlreadyExists
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.rank import PRIORITY_WORDS
from makegood.services.files.entries import OrderEntry
from makegood.services.files.grouping import Together
from makegood.services.files.importing import Kind
from makegood.services.files.names import know, refuse_unknown
from makegood.services.files.rows import Group, Landing, Problem, Terms
from makegood.services.place_order import place_orders
from makegood.services.work import Work
from makegood.store.database import StartOver

MOST_LINES = 10_000
MOST_UNITS = 2**31 - 1
# What a row says about its order, not about its line; every row of the order that says it says the same.
OF_THE_ORDER = (
    "merchant", "warehouse", "placed_at", "channel", "customer_reference", "customer_name", "customer_email",
    "customer_class", "priority", "ship_policy", "when_short", "requested_date",
)  # fmt: skip
_of_the_order = attrgetter(*OF_THE_ORDER)
_NOTHING_SAID = _of_the_order(OrderEntry(number="-", sku="-", quantity=1))


def import_orders(work: Work, orders: Sequence[Group[OrderEntry]], terms: Terms) -> Landing[OrderEntry]:
    """Place the orders of one warehouse that the books do not know yet, and tell what became of each.

    An order is refused when it names what does not exist, when its rows disagree about it, or when its number
    exists with other contents. Statements do not grow with the number of orders.
    """
    landing: Landing[OrderEntry] = Landing()
    for order in orders:
        for problem in _disagreements(order):
            landing.refuse(order, problem)
    names = know(work, orders, terms)
    fitting = refuse_unknown(landing, names, landing.open(orders), skus=not terms.keep_unmatched)
    fresh = _leave_known(work, landing, fitting, names.merchants)
    if fresh:
        try:
            place_orders(work, [_order(order) for order in fresh], warehouse=fresh[0].first.warehouse or None)
        except AlreadyExists as taken:
            raise StartOver("another import placed an order meanwhile") from taken
    landing.landed += fresh
    return landing


def _disagreements(order: Group[OrderEntry]) -> Iterator[Problem]:
    """Tell where the rows of an order contradict each other, or add up to more than can be."""
    said = _said(order)
    for row in order.rows:
        words = _of_the_order(row.entry)
        differing = zip(OF_THE_ORDER, words, said, _NOTHING_SAID, strict=True) if words != said else ()
        for name, word, first, default in differing:
            if word not in (first, default):
                because = f"the order's rows disagree: one before says {first}"
                yield Problem(row.line, name, word, because, "Say the same in every row of an order, or only once")
    if sum(row.entry.quantity for row in order.rows) > MOST_UNITS:
        yield order.problem("quantity", None, "the order's units are more than can be counted", "Divide the order")


def _said(order: Group[OrderEntry]) -> tuple[object, ...]:
    """Give what the rows of an order say about it: of each field the first word that is not the default."""
    said: tuple[object, ...] = _of_the_order(order.first)
    for row in order.rows[1:]:
        words = _of_the_order(row.entry)
        if words != said:
            said = tuple(
                word if first == default else first
                for first, word, default in zip(said, words, _NOTHING_SAID, strict=True)
            )
    return said


def _order(order: Group[OrderEntry]) -> NewOrder:
    said = dict(zip(OF_THE_ORDER, _said(order), strict=True))
    said |= {"warehouse": said["warehouse"] or None, "when_short": str(said["when_short"]).lower()}
    lines = [_line(row.entry) for row in order.rows]
    return NewOrder(number=order.first.number, lines=lines, **said)  # type: ignore[arg-type]


def _line(entry: OrderEntry) -> NewLine:
    return NewLine(
        entry.sku, entry.quantity, entry.unit_price, entry.currency or None, entry.line_priority or None
    )


class _InBooks(NamedTuple):
    """A line in the books with what its order says, comparable with what a file says."""

    warehouse: str
    placed_at: datetime
    channel: str
    customer_reference: str
    customer_name: str
    customer_email: str
    customer_class: str
    priority: int
    ship_policy: str
    when_short: str
    requested_date: date | None
    sku: str
    quantity: int
    unit_price: Decimal | None
    currency: str
    line_priority: int | None


def _leave_known(
    work: Work, landing: Landing[OrderEntry], orders: Sequence[Group[OrderEntry]], merchants: Mapping[str, int]
) -> list[Group[OrderEntry]]:
    """Note which orders are in the books already, the same or with other contents; give those that are not."""
    keys = [(merchants[order.first.merchant], order.first.number) for order in orders]
    found: dict[tuple[int, str], list[_InBooks]] = {}
    for merchant, number, *said in work.db.all(
        "orders_as_placed", merchants=[key[0] for key in keys], numbers=[key[1] for key in keys]
    ):
        found.setdefault((merchant, number), []).append(_InBooks(*said))
    for order, key in zip(orders, keys, strict=True):
        differences = list(_differences(order, found[key])) if key in found else []
        for problem in differences[:1]:
            landing.refuse(order, problem)
        if key in found and not differences:
            landing.unchanged.append(order)
    return [order for order, key in zip(orders, keys, strict=True) if key not in found]


def _differences(order: Group[OrderEntry], books: Sequence[_InBooks]) -> Iterator[Problem]:
    """Tell where a file says something else than the books; what it leaves open is no difference."""
    remedy = "Leave the order out of the file, give it another number, or change it with `makegood orders`"
    if len(order.rows) != len(books):
        because = (
            f"order {order.first.number} exists already, with {len(books)} lines instead of {len(order.rows)}"
        )
        yield order.problem("number", order.first.number, because, remedy)
        return
    said = dict(zip(OF_THE_ORDER, _said(order), strict=True))
    for row, line in zip(order.rows, books, strict=True):
        asked = _comparable(said, row.entry)
        for name, here, there in zip(_InBooks._fields, asked, line, strict=True):
            if here != there and not (name in ("warehouse", "placed_at") and not here):
                because = f"order {order.first.number} exists already, with {name} {there}"
                yield Problem(row.line, name, here, because, remedy)


def _comparable(said: Mapping[str, object], entry: OrderEntry) -> _InBooks:
    head = {name: value for name, value in said.items() if name != "merchant"}
    head["priority"] = PRIORITY_WORDS[str(said["priority"])]
    line_priority = PRIORITY_WORDS[entry.line_priority] if entry.line_priority else None
    return _InBooks(
        **head,  # type: ignore[arg-type]
        sku=entry.sku.lower(),
        quantity=entry.quantity,
        unit_price=entry.unit_price,
        currency=entry.currency,
        line_priority=line_priority,
    )


KIND = Kind("orders", OrderEntry, Together(("merchant", "number"), "order", MOST_LINES), import_orders)

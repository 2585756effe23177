"""Turn rows into what happened in the shop: orders, customer returns, goods written off; the rest is counted.

An invoice is an order, `C…` a customer return. A row that is neither is a write-off where goods went without an
invoice, else it is left out, and counted by the reason.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from makegood.services.replay.invoice_rows import Row

# Postage, carriage, discounts, samples, fees and manual entries: rows that move no goods.
NO_GOODS = frozenset(
    {"post", "d", "m", "dot", "bank charges", "amazonfee", "c2", "s", "b", "cruk", "adjust", "adjust2"}
)
VOUCHER = "gift_"

NOT_GOODS = "no goods: postage, fees, discounts, vouchers"
NOT_A_SALE = "a price of 0: not a sale"
BELOW_ZERO = "a price below 0: not a sale"
ODD_RETURN = "a return of a positive quantity"


class Item(NamedTuple):
    """One line of an invoice: SKU text as it came, whole units above zero, price of one."""

    sku: str
    units: int
    price: Decimal


class Invoice(NamedTuple):
    """An order, or a customer return, as it was invoiced; `at` is its earliest row's time."""

    number: str
    at: datetime
    customer: str
    country: str
    items: Sequence[Item]


class WriteOff(NamedTuple):
    """Goods that went without an invoice: damaged, lost, thrown away."""

    number: str
    at: datetime
    sku: str
    units: int
    because: str


class ShopBook(NamedTuple):
    """What happened in the shop, each list in the order of time; `goods` gives SKU text and name by SKU key."""

    orders: Sequence[Invoice]
    returns: Sequence[Invoice]
    write_offs: Sequence[WriteOff]
    goods: dict[str, tuple[str, str]]
    left_out: dict[str, int]

    @property
    def days(self) -> list[date]:
        """Every day from the first thing that happened to the last."""
        instants = [*(one.at for one in (*self.orders, *self.returns)), *(one.at for one in self.write_offs)]
        if not instants:
            return []
        first, last = min(instants).date(), max(instants).date()
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def sku_key(sku: str) -> str:
    """Give the form in which SKUs are compared: trimmed, and without case.

    >>> sku_key(" 85123a ") == sku_key("85123A")
    True
    """
    return sku.strip().lower()


def shop_book(rows: Iterable[Row], *, days: int | None = None) -> ShopBook:
    """Sort rows, which come in the order of time, into what happened; `days` keeps only so many from the first."""
    until: date | None = None
    kinds: dict[str, list[Row]] = {"order": [], "return": [], "write-off": []}
    left_out: Counter[str] = Counter()
    for row in rows:
        until = until or (row.at.date() + timedelta(days=days) if days else date.max)
        if row.at.date() >= until:
            break
        kind = kind_of(row)
        if kind in kinds:
            kinds[kind].append(row)
        else:
            left_out[kind] += 1
    return ShopBook(
        _invoices(kinds["order"]),
        _invoices(kinds["return"]),
        [WriteOff(r.invoice, r.at, r.sku, -r.quantity, r.description or "no reason") for r in kinds["write-off"]],
        _goods(row for found in kinds.values() for row in found),
        dict(left_out),
    )


def kind_of(row: Row) -> str:
    """Say what a row is: "order", "return" or "write-off", else why it is left out."""
    key = sku_key(row.sku)
    if key in NO_GOODS or key.startswith(VOUCHER):
        return NOT_GOODS
    if row.invoice.startswith("C"):
        return "return" if row.quantity < 0 else ODD_RETURN
    if row.quantity < 0:
        return "write-off"
    if row.price <= 0:
        return BELOW_ZERO if row.price < 0 else NOT_A_SALE
    return "order"


def _invoices(rows: Sequence[Row]) -> list[Invoice]:
    """Gather rows by invoice; the same line twice stays two lines."""
    by_number: dict[str, list[Row]] = {}
    for row in rows:
        by_number.setdefault(row.invoice, []).append(row)
    return [
        Invoice(
            number,
            found[0].at,
            next((row.customer for row in found if row.customer), ""),
            found[0].country,
            [Item(row.sku, abs(row.quantity), row.price) for row in found],
        )
        for number, found in by_number.items()
    ]


def _goods(rows: Iterable[Row]) -> dict[str, tuple[str, str]]:
    """Give each SKU as it was first written, with the first name that it has."""
    goods: dict[str, tuple[str, str]] = {}
    for row in rows:
        sku, name = goods.get(sku_key(row.sku), (row.sku, ""))
        goods[sku_key(row.sku)] = (sku, name or row.description)
    return goods

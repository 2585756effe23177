"""Sum up the open backorders: all of them, and by SKU over all orders."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.errors import VariantNotFound
from makegood.services.named_filters import insist_on_named
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work


class BackorderSummary(NamedTuple):
    """How many backorders are open, of which kind, and their units.

    Covered units are reserved on stock, sourced ones on supply that is due; the others are uncovered. `at_risk`
    will not keep their promise as things stand; of `undated` ones no known supply covers all.
    """

    total: int
    units_ordered: int
    units_remaining: int
    pending: int
    partially_fulfilled: int
    allocated: int
    ready_to_ship: int
    critical: int
    overdue: int
    units_covered: int
    units_sourced: int
    units_uncovered: int
    at_risk: int
    undated: int


class SkuSummary(NamedTuple):
    """The open backorders of one variant over all orders; `next_expected` is the earliest expected date."""

    merchant: str
    sku: str
    name: str
    backorders: int
    orders: int
    units_ordered: int
    units_remaining: int
    pending: int
    allocated: int
    critical: int
    overdue: int
    units_covered: int
    units_sourced: int
    units_uncovered: int
    oldest: datetime
    next_expected: date | None
    variant_id: int
    at_risk: int
    undated: int

    def as_told(self) -> dict[str, object]:
        """Give the summary as programs are told it."""
        return {name: value for name, value in self._asdict().items() if name != "variant_id"}


class SkuPage(NamedTuple):
    """A page of variants, those that lack most first, and the cursor of the next."""

    skus: Sequence[SkuSummary]
    next: str | None

    def as_told(self) -> dict[str, object]:
        """Give the page as programs are told it."""
        return {"skus": [one.as_told() for one in self.skus], "next": self.next}


def summarize_backorders(
    work: Work, *, warehouse: str | None = None, merchant: str | None = None
) -> BackorderSummary:
    """Sum up the open backorders, of one warehouse or merchant where one is named.

    Raises `WarehouseNotFound` or `MerchantNotFound`.
    """
    insist_on_named(work, warehouse=warehouse, merchant=merchant)
    return work.db.records(
        BackorderSummary, "summarize_backorders", today=work.today, warehouse=warehouse, merchant=merchant
    )[0]


def summarize_by_sku(
    work: Work,
    *,
    sku: str | None = None,
    warehouse: str | None = None,
    after: str | None = None,
    most: int = 50,
) -> SkuPage:
    """Sum up the open backorders of each variant that has some, or of the one that is named.

    Raises `VariantNotFound` for a SKU that nobody sells, `WarehouseNotFound`.
    """
    insist_on_named(work, warehouse=warehouse)
    uncovered, variant = read_cursor(after, 2)
    rows = work.db.records(
        SkuSummary,
        "summarize_backorders_by_sku",
        today=work.today,
        variants=None if sku is None else _variants(work, sku),
        warehouse=warehouse,
        after_uncovered=uncovered,
        after_variant=variant,
        most=insist_on_most(most) + 1,
    )
    last = rows[most - 1] if len(rows) > most else None
    return SkuPage(rows[:most], cursor_after(last.units_uncovered, last.variant_id) if last else None)


def _variants(work: Work, sku: str) -> list[int]:
    found = [row[0] for row in work.db.all("variants_called", text=sku)]
    if not found:
        raise VariantNotFound(sku)
    return found

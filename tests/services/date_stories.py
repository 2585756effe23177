"""What the stories about expected dates have in common: supply that is to come, and what is told of it."""

from datetime import date, timedelta
from typing import Any

from makegood.domain.inbound import NewInbound
from makegood.services.backorders.records import BackorderSheet
from makegood.services.dates.compare_dates import compare_dates
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.work import Work
from tests.services.backorder_stories import backorder
from tests.shop import Shop


def day(number: int) -> date:
    """A day of March; the shop opens on the second."""
    return date(2026, 3, 1) + timedelta(days=number - 1)


def announce(shop: Shop, sku: str, units: int, due: date | None, *, reference: str = "PO-1", **terms: Any) -> str:
    """Let so many units be due with a purchase order, and give its reference."""
    given = {"kind": "PURCHASE_ORDER", "reference": reference, "sku": sku, "quantity": units, "due": due, **terms}
    shop.by(f"inbound:{reference}", create_inbound, [NewInbound(**given)])
    return reference


def change_inbound(shop: Shop, reference: str, **terms: Any) -> None:
    """Change what was announced."""
    shop.by(f"inbound:{reference}", update_inbound, reference, **terms)


def expected(shop: Shop, *orders: str) -> list[date | None]:
    """Serve whoever can be served, keep the dates current, and give those of the first line of each order."""
    shop.check()
    shop.date()
    return [backorder(shop, order).expected_date for order in orders]


def told(shop: Shop, order: str) -> list[tuple[str | None, str | None]]:
    """Give what was told of an order's expected dates: from what to what."""
    rows = shop.rows(
        "SELECT payload ->> 'from', payload ->> 'to' FROM fulfillment_events JOIN orders USING (order_id) "
        "WHERE number = %s AND type = 'backorder:expected_date_changed' ORDER BY event_id",
        order,
    )
    return [(row[0], row[1]) for row in rows]


def is_current(shop: Shop) -> bool:
    """Tell whether what is kept is what a fresh pegging gives, with nothing left to look at."""
    assert shop.value("SELECT count(*) FROM date_marks") == 0
    with shop.books.snapshot() as db:
        found = compare_dates(Work(db=db, as_of=shop.clock, actor="doctor", source="doctor"))
    assert found.outdated == []
    return True


def sheet(shop: Shop, order: str, line: int = 1) -> BackorderSheet:
    """Give the record of an order's line."""
    return backorder(shop, order, line)

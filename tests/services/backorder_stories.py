"""What the stories about backorders have in common."""

from datetime import datetime

from makegood.services.backorders.list_backorders import list_backorders
from makegood.services.backorders.records import BackorderSheet, read_backorder
from makegood.services.doctor import doctor
from tests.shop import Shop


def backorder(shop: Shop, order: str, line: int = 1) -> BackorderSheet:
    """Give the latest record of an order's line."""
    number = shop.value(
        "SELECT number FROM backorder_records WHERE order_number = %s AND line_number = %s "
        "ORDER BY backorder_id DESC LIMIT 1",
        order,
        line,
    )
    return shop.do(read_backorder, number)


def number_of(shop: Shop, order: str, line: int = 1) -> str:
    """Give the number of the latest record of an order's line."""
    return backorder(shop, order, line).number


def all_numbers(shop: Shop) -> list[str]:
    """Give the numbers of all open records, oldest first."""
    return [one.number for one in shop.do(list_backorders, sort="oldest").backorders]


def lapses(shop: Shop, order: str, moment: datetime) -> None:
    """Let what an order has reserved end at a moment."""
    shop.change(
        "UPDATE allocations SET expires_at = %s WHERE closed_at IS NULL AND line_id IN "
        "(SELECT line_id FROM order_lines JOIN orders USING (order_id) WHERE number = %s)",
        moment,
        order,
    )


def on_hand(shop: Shop, sku: str) -> int:
    """Count the units of a variant that are in the house."""
    return int(
        shop.value(
            "SELECT COALESCE(sum(quantity), 0) FROM inventory_units WHERE variant_id = %s", shop.variant(sku)
        )
    )


def is_sound(shop: Shop) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    shop.check()
    assert [finding.words for finding in doctor(shop.books, shop.clock).findings] == []
    return True

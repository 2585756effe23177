"""What stories about stock ask of the shop: what lies where, who holds what, whose queue is marked."""

from typing import Any

from makegood.domain.catalogue import NewLocation
from makegood.services.add_catalogue import add_locations
from tests.shop import Shop


def lies(shop: Shop, sku: str) -> dict[tuple[str, str], tuple[int, int]]:
    """Units and reserved units of a SKU by bin and status; empty places are left out."""
    rows = shop.rows(
        "SELECT l.code, u.status, sum(u.quantity)::int, sum(u.reserved)::int FROM inventory_units u "
        "JOIN locations l USING (location_id) WHERE u.variant_id = %s AND u.quantity > 0 GROUP BY 1, 2",
        shop.variant(sku),
    )
    return {(bin, status): (units, reserved) for bin, status, units, reserved in rows}


def holders(shop: Shop) -> dict[tuple[str, str], int]:
    """Units that are reserved, by order and bin."""
    rows = shop.rows(
        "SELECT o.number, l.code, sum(a.quantity)::int FROM allocations a JOIN order_lines USING (line_id) "
        "JOIN orders o USING (order_id) JOIN inventory_units u USING (unit_id) "
        "JOIN locations l ON l.location_id = u.location_id WHERE a.closed_at IS NULL GROUP BY 1, 2"
    )
    return {(number, bin): units for number, bin, units in rows}


def marks(shop: Shop) -> list[tuple[str, str]]:
    """The marks that nobody has looked at: SKU and source."""
    rows: list[Any] = shop.rows(
        "SELECT v.sku, m.trigger_source FROM marks m JOIN variants v USING (variant_id) ORDER BY 1, 2"
    )
    return rows


def books_balance(shop: Shop) -> None:
    """Insist on laws 1, 2 and 4: counters are sums of allocations, and the ledger's sum is the stock."""
    assert shop.rows(
        "SELECT unit_id, quantity, reserved, "
        "(SELECT COALESCE(sum(delta), 0) FROM stock_movements m WHERE m.unit_id = u.unit_id), "
        "(SELECT COALESCE(sum(quantity), 0) FROM allocations a "
        "WHERE a.unit_id = u.unit_id AND a.closed_at IS NULL) "
        "FROM inventory_units u"
    ) == shop.rows("SELECT unit_id, quantity, reserved, quantity, reserved FROM inventory_units u")
    assert shop.rows(
        "SELECT line_id, (SELECT COALESCE(sum(quantity), 0) FROM allocations a "
        "WHERE a.line_id = l.line_id AND a.closed_at IS NULL) FROM order_lines l ORDER BY 1"
    ) == shop.rows("SELECT line_id, allocated FROM order_lines ORDER BY 1")


def add_bin(shop: Shop, code: str, type: str = "GENERAL", **facts: Any) -> None:
    """Give the shop another location."""
    shop.do(add_locations, [NewLocation(code, "EAST", type, **facts)])

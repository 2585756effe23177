"""What the books say, read from the tables in the toy's own shape."""

from collections import Counter, defaultdict
from typing import Any

from tests.histories.toy import Heap, Toy, held
from tests.histories.toy_supply import to_come
from tests.shop import Shop

STOCK = (
    "SELECT sku, code, status, expires_on, quantity, reserved FROM inventory_units "
    "JOIN variants USING (variant_id) JOIN locations USING (location_id) WHERE quantity > 0"
)
LINES = (
    "SELECT number, status, hold_kind, line_number, sku_text, sku, quantity, allocated, fulfilled, cancelled, "
    "sourced FROM orders JOIN order_lines USING (order_id) LEFT JOIN variants USING (variant_id) "
    "ORDER BY order_id, line_number"
)
HOLDS = (
    "SELECT number, line_number, sku, code, u.status, u.expires_on, sum(a.quantity) FROM allocations a "
    "JOIN order_lines l USING (line_id) JOIN orders USING (order_id) JOIN inventory_units u USING (unit_id) "
    "JOIN variants v ON v.variant_id = u.variant_id JOIN locations p ON p.location_id = u.location_id "
    "WHERE a.state IN ('RESERVED', 'CONFIRMED') GROUP BY 1, 2, 3, 4, 5, 6"
)
SUPPLY = "SELECT reference, received, cancelled, outstanding FROM inbound_lines"
Holds = dict[tuple[str, int], Counter[Heap]]


def holds_by_the_books(shop: Shop) -> Holds:
    """What each line has reserved, by heap."""
    found: Holds = defaultdict(Counter)
    for number, line, sku, bin, status, expires, units in shop.rows(HOLDS):
        found[number, line][sku, bin, status, expires] = units
    return found


def by_the_books(shop: Shop, holds: Holds) -> dict[str, Any]:
    """Stock, reservations, orders and lines as they stand in the tables."""
    stock = {
        (sku, bin, status, expires): (units, reserved)
        for sku, bin, status, expires, units, reserved in shop.rows(STOCK)
    }
    orders: dict[str, Any] = {}
    for number, status, kind, *line in shop.rows(LINES):
        orders.setdefault(number, [(status, kind)]).append((*line, dict(holds[number, line[0]])))
    supply = {name: figures for name, *figures in shop.rows(SUPPLY)}
    return {"stock": stock, "orders": orders, "supply": supply}


def by_the_toy(toy: Toy) -> dict[str, Any]:
    """The same as the toy has it."""
    orders = {
        number: [
            (order["status"], order["kind"]),
            *(
                (
                    line["number"],
                    line["text"],
                    line["sku"],
                    line["quantity"],
                    held(line),
                    line["fulfilled"],
                    line["cancelled"],
                    sum(units for _, units in line["sourced"]),
                    {heap: units for heap, units in line["holds"].items() if units},
                )
                for line in order["lines"]
            ),
        ]
        for number, order in toy.orders.items()
    }
    stock = {heap: (units, toy.reserved(heap)) for heap, units in toy.stock.items() if units}
    supply = {name: [one["received"], one["cancelled"], to_come(one)] for name, one in toy.supply.items()}
    return {"stock": stock, "orders": orders, "supply": supply}


def look_up_what_is_unsure(toy: Toy, holds: Holds) -> None:
    """Take over on which heaps a line's units stand where the rules tell only how many they are."""
    for number, order in toy.orders.items():
        for line in order["lines"]:
            found = holds[number, line["number"]]
            if any(line is one for one in toy.unsure) and found.total() == held(line):
                line["holds"] = defaultdict(int, found)
    toy.unsure.clear()

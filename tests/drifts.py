"""A small story with something of everything, and what a careless hand can do to its tables."""

from typing import NamedTuple

from makegood.domain.sessions import ReceivedLine
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.receive_stock import receive
from tests.shop import Shop

# Constraints that hold a law; they go first where a drift can only be made without them.
BOLTS = {
    "inventory_units": ["law_1_reserved_within_quantity", "inventory_units_quantity_check"],
    "order_lines": [
        "law_2_line_not_overfilled",
        "a_waiting_line_lacks_something",
        "only_matched_lines_are_allocated",
        "sourced_within_shortfall",
    ],
    "inbound_lines": [
        "sourced_within_outstanding",
        "given_within_received",
        "closed_when_nothing_comes",
        "a_variant_of_its_merchant",
    ],
    "orders": ["a_hold_has_a_kind"],
}


def unbolt(shop: Shop) -> None:
    """Drop the constraints that hold the laws, and let history be rewritten."""
    for table, names in BOLTS.items():
        for name in names:
            shop.change(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    shop.change("DROP INDEX one_open_backorder_per_line; DROP TRIGGER append_only ON stock_movements")


def a_story(shop: Shop) -> Shop:
    """A is filled, B has a part, C waits behind it, D is held as unmatched, E is picked, F is shipped."""
    shop.sells("MUG", "LID")
    shop.gets("MUG", 20).check()
    shop.do(receive, "R-9", [ReceivedLine("LID", 2, "A-01")])
    shop.check()
    shop.order("E", MUG=2)
    shop.order("F", MUG=3)
    shop.do(release_to_pick, ["E", "F"])
    shop.do(confirm_pick, ["E", "F"])
    shop.do(ship_order, ["F"])
    shop.later(minutes=1).order("A", MUG=6)
    shop.later(minutes=1).order("B", MUG=12)
    shop.later(minutes=1).order("C", MUG=4, LID=1, priority="LOW")
    shop.order("D", NOSUCH=2)
    return shop


class Drift(NamedTuple):
    """A change made by hand, what the doctor says about it, and the law by which the judge notices it."""

    by_hand: str
    words: str
    judged: str | None


DRIFTS: dict[str, Drift] = {
    "reserved_differs": Drift(
        "UPDATE inventory_units SET reserved = reserved - 1 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 14 units are booked as reserved, its open allocations hold 15",
        "1",
    ),
    "reserved_beyond_quantity": Drift(
        "UPDATE inventory_units SET quantity = 10 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 15 units are reserved of 10 that lie there",
        "1",
    ),
    "set_aside": Drift(
        "INSERT INTO orders_set_aside (order_id, job, error, message, set_aside_by) "
        "SELECT order_id, 'check_backorders', 'CheckViolation', 'no such unit', 'worker' FROM orders "
        "WHERE number = 'C'",
        "Order C was set aside because it made check_backorders fail (CheckViolation: no such unit); nobody "
        "serves it until it is mended and retried",
        None,
    ),
    "line_overfilled": Drift(
        "UPDATE order_lines SET quantity = 5 WHERE quantity = 6",
        "Order A, line 1 (MUG) asks for 5 units but has 6 allocated, 0 fulfilled and 0 cancelled",
        "2",
    ),
    "allocated_differs": Drift(
        "UPDATE order_lines SET allocated = 8 WHERE allocated = 9",
        "Order B, line 1 (MUG) says that 8 units are allocated, its open allocations hold 9",
        "2",
    ),
    "fulfilled_differs": Drift(
        "UPDATE order_lines SET fulfilled = 1, cancelled = 2 WHERE fulfilled = 3",
        "Order F, line 1 (MUG) says that 1 units have gone out, its fulfilled allocations say 3",
        "2",
    ),
    "status_differs": Drift(
        "UPDATE orders SET status = 'ALLOCATED' WHERE number = 'B'",
        "with 9 units allocated, 0 fulfilled and 3 short it should be PARTIALLY_ALLOCATED",
        "3",
    ),
    "hold_differs": Drift(
        "UPDATE orders SET hold_kind = NULL WHERE number = 'D'",
        "Order D is ON_HOLD with the kind of hold None",
        "3",
    ),
    "ledger_differs": Drift(
        "UPDATE inventory_units SET quantity = quantity + 2 WHERE status = 'AVAILABLE' AND reserved = 15",
        "MUG in EAST/A-01: 17 units are booked, the ledger adds up to 15",
        "4",
    ),
    "waiting_differs": Drift(
        "UPDATE order_lines SET waiting = false WHERE quantity = 12",
        "Order B, line 1 (MUG): waiting is False, but the order is PARTIALLY_ALLOCATED and 3 units are short",
        "places",
    ),
    "place_differs": Drift(
        "UPDATE order_lines SET rank_priority = 10 WHERE quantity = 12",
        "Order B, line 1 (MUG) stands wrong in the queue: rank_priority is 10 instead of 30",
        "places",
    ),
    "date_differs": Drift(
        "INSERT INTO expected_dates SELECT variant_id, warehouse_id, line_id, order_id, '2026-03-09', '2026-03-09'"
        " FROM order_lines WHERE quantity = 12",
        "Order B, line 1 (MUG) is told to be due on 2026-03-09; by demand and supply it is due on no known day",
        "dates",
    ),
    "clock_missing": Drift(
        "UPDATE orders SET backordered_since = NULL WHERE number = 'B'",
        "Order B is PARTIALLY_ALLOCATED but does not know since when it has been short",
        None,
    ),
    "backorder_missing": Drift(
        "DELETE FROM backorders WHERE line_id = (SELECT line_id FROM order_lines WHERE quantity = 12)",
        "Order B, line 1 (MUG) is 3 units short but has no open backorder record",
        "backorders",
    ),
    "backorder_left_open": Drift(
        "INSERT INTO backorders (number, line_id, opened_at) "
        "SELECT 'BO-1', line_id, now() FROM order_lines WHERE fulfilled = 3",
        "Order F, line 1 (MUG) has 1 open backorder records (BO-1) with 0 units remaining",
        "backorders",
    ),
    "merchant_crossed": Drift(
        "INSERT INTO merchants (code) VALUES ('other'); UPDATE variants SET merchant_id = 2 WHERE sku = 'LID'",
        "Order C, line 2 (LID) belongs to merchant default but is matched with a variant of other",
        "allocations",
    ),
    "allocation_misplaced": Drift(
        "UPDATE locations SET is_pickable = false WHERE code = 'A-01'",
        "Order A, line 1 (MUG): the bin A-01, where 6 units are reserved for it, cannot be picked from",
        None,
    ),
    "complete_held_in_part": Drift(
        "UPDATE orders SET ship_policy = 'COMPLETE' WHERE number = 'B'; "
        "UPDATE order_lines SET ship_policy = 'COMPLETE' WHERE quantity = 12",
        "Order B ships complete and is 3 units short, but holds 9 units",
        None,
    ),
    "picked_for_nobody": Drift(
        "UPDATE inventory_units SET quantity = 5 WHERE status = 'PICKED'",
        "MUG in EAST/A-01: 5 units are picked, but only 2 of them are reserved for orders",
        "allocations",
    ),
    "left_lying": Drift(
        "UPDATE inventory_units SET quantity = quantity + 2 WHERE status = 'AVAILABLE' AND reserved = 15",
        "Order B, line 1 (MUG) waits although 2 free units in EAST could go to it and no mark is pending",
        "6",
    ),
    "overtaken": Drift(
        "UPDATE allocations SET turn = turn + 100 WHERE line_id IN "
        "(SELECT line_id FROM order_lines WHERE sku_text = 'LID'); "
        "UPDATE order_lines SET variant_id = (SELECT variant_id FROM variants WHERE sku = 'MUG') "
        "WHERE sku_text = 'LID'",
        "Order C, line 2 (LID) was granted units in turn 1",
        "5",
    ),
    "session_applied_otherwise": Drift(
        "UPDATE stock_session_lines SET quantity = 3 WHERE quantity = 2",
        "session R-9 is APPROVED: its figures come to 3 AVAILABLE units of LID in A-01, its movements to 2",
        "8",
    ),
    "session_told_otherwise": Drift(
        "UPDATE stock_sessions SET result = NULL",
        "RECEIVING session R-9 is APPROVED, but keeps no result",
        "8",
    ),
}

"""A small story with supply that is due, and what a careless hand can do to its tables."""

from typing import NamedTuple

from tests.services.inbound_stories import announce, comes, opens_west, send, sources
from tests.shop import Shop


def a_supply_story(shop: Shop) -> Shop:
    """A has three mugs of PO-7 by name and got one of PO-6; B waits; five lids are under way with T-1."""
    opens_west(shop).sells("MUG", "LID").gets("LID", 8, warehouse="WEST", bin="W-01").check()
    shop.order("A", MUG=6)
    shop.later(minutes=1).order("B", MUG=2, LID=2)
    announce(shop, "PO-6", "MUG", 1)
    announce(shop, "PO-7", "MUG", 9)
    send(shop, "T-1", "LID", 5)
    sources(shop, "A", "PO-6", 1)
    comes(shop, "PO-6")
    sources(shop, "A", "PO-7", 3)
    sources(shop, "B", "T-1", 1, line=2)
    return shop


class SupplyDrift(NamedTuple):
    """A change by hand, what the doctor says, what the judge names it by, and whether it can be mended."""

    by_hand: str
    words: str
    judged: str
    mended: bool


SUPPLY_DRIFTS: dict[str, SupplyDrift] = {
    "sourced_differs": SupplyDrift(
        "UPDATE order_lines SET sourced = 1 WHERE quantity = 6",
        "Order A, line 1 (MUG) says that 1 of the 5 units that it lacks are sourced, its open sourcings hold 3",
        "sourced",
        True,
    ),
    "inbound_sourced_differs": SupplyDrift(
        "UPDATE inbound_lines SET sourced = 8 WHERE reference = 'PO-7'",
        "Inbound line PO-7/1 (MUG) says that 8 of 9 units to come are sourced, open sourcings hold 3",
        "supply",
        True,
    ),
    "inbound_received_differs": SupplyDrift(
        "UPDATE inbound_lines SET received = 2 WHERE reference = 'PO-7'",
        "Inbound line PO-7/1 (MUG) says that 2 units have come, its deliveries brought 0",
        "supply",
        True,
    ),
    "inbound_given_differs": SupplyDrift(
        "UPDATE inbound_lines SET given = 0 WHERE reference = 'PO-6'",
        "Inbound line PO-6/1 (MUG) says that 0 of 1 units received went to lines by name, its sourcings say 1",
        "supply",
        True,
    ),
    "transfer_differs": SupplyDrift(
        "UPDATE inbound_lines SET quantity = 7 WHERE reference = 'T-1'",
        "Inbound line T-1/1 (LID) has 7 units to come, but 5 are under way",
        "under way",
        False,
    ),
    "under_way_differs": SupplyDrift(
        "UPDATE inventory_units SET status = 'DAMAGED' WHERE status = 'IN_TRANSIT'",
        "LID in WEST/W-01: 5 units stand there as DAMAGED, transfers have 5 of them under way",
        "under way",
        False,
    ),
    "sourcing_misplaced": SupplyDrift(
        "UPDATE inbound_lines SET warehouse_id = 2 WHERE reference = 'PO-7'",
        "Order A, line 1 (MUG): the inbound line PO-7/1, of which it has 3 units by name, comes to WEST",
        "sourcings",
        False,
    ),
}

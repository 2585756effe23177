"""What the doctor looks for: each check is one statement, with its law and the words for a finding."""

from collections.abc import Sequence
from typing import NamedTuple

# Beyond the numbered laws: what is kept twice must say the same twice.
DERIVED = "derived"

LAWS: dict[str, str] = {
    "1": "What is reserved on a unit is what its open allocations say, and never more than lies there",
    "2": "No line has more than it asks for, and what it has is what its allocations say",
    "3": "An order's status follows from its lines: ALLOCATED exactly if it holds units and nothing is short",
    "4": "Units are conserved: the ledger's sum is the stock",
    "5": "No overtaking: no grant is later than the turn since which a better ranked line waits",
    "6": "Nothing left lying: without a pending mark no waiting line could take free units",
    "7": "No lost trigger: laws 5 and 6 hold again once the marks are gone, whatever was killed meanwhile",
    "8": "Doing anything twice has the effect of once",
    "9": "The same book in any order gives the same plan",
    DERIVED: "What is kept twice agrees: queue places, backorder records, expected dates, and where things point",
}

# What can be seen in the books alone, of the laws that are about how they came about.
SIGHT: dict[str, str] = {
    "6": "Orders that were set aside because they made a check fail are named, and left out of what lies.",
    "7": "Seen: laws 5 and 6 as the books stand now, and how long the oldest mark has been pending. "
    "Not seen: whether workers are alive; a mark that grows old says that none is.",
    "8": "Seen: an approved session whose movements are not exactly its figures, and one that moved stock though "
    "it was never approved; a session whose result does not go with its status. "
    "Not seen: what a caller meant by two requests under different keys.",
    "9": "Seen: the front of one live queue, planned against an imagined receipt in two opposite orders. "
    "Not seen: all other books; the properties of tests/planner try those.",
}


class Finding(NamedTuple):
    """Something in the books that breaks a law: which, a stable code, in words, and the facts."""

    law: str
    code: str
    words: str
    facts: dict[str, object]

    @property
    def subject(self) -> tuple[object, ...]:
        """Name what the finding is about, so that it is known again when it was not mended."""
        return (self.code, *(self.facts.get(key) for key in SUBJECTS))


SUBJECTS = (
    "order_id",
    "line_id",
    "unit_id",
    "allocation_id",
    "session_id",
    "inbound_line_id",
    "sourcing_id",
)


class Check(NamedTuple):
    """One statement that gives the facts of each finding; `looks_at` names the rows that it goes through."""

    law: str
    code: str
    statement: str
    looks_at: str
    words: str

    def finding(self, facts: dict[str, object]) -> Finding:
        """Say in words what was found."""
        return Finding(self.law, self.code, self.words.format(**facts), facts)


LINE = "Order {order}, line {line} ({sku})"
UNIT = "{sku} in {warehouse}/{bin}"
INBOUND = "Inbound line {inbound} ({sku})"

CHECKS: Sequence[Check] = (
    Check(
        "1",
        "reserved_differs",
        "units_reserved_otherwise",
        "units",
        UNIT + ": {reserved} units are booked as reserved, its open allocations hold {allocations}",
    ),
    Check(
        "1",
        "reserved_beyond_quantity",
        "units_reserved_beyond",
        "units",
        UNIT + ": {reserved} units are reserved of {quantity} that lie there",
    ),
    Check(
        "2",
        "line_overfilled",
        "lines_overfilled",
        "lines",
        LINE + " asks for {quantity} units but has {allocated} allocated, {fulfilled} fulfilled and "
        "{cancelled} cancelled",
    ),
    Check(
        "2",
        "allocated_differs",
        "lines_allocated_otherwise",
        "lines",
        LINE + " says that {allocated} units are allocated, its open allocations hold {allocations}",
    ),
    Check(
        "2",
        "fulfilled_differs",
        "lines_fulfilled_otherwise",
        "lines",
        LINE + " says that {fulfilled} units have gone out, its fulfilled allocations say {allocations}",
    ),
    Check(
        "3",
        "status_differs",
        "orders_in_another_state",
        "orders",
        "Order {order} is {status}, but with {allocated} units allocated, {fulfilled} fulfilled and {short} short "
        "it should be {expected}",
    ),
    Check(
        "3",
        "hold_differs",
        "orders_held_otherwise",
        "orders",
        "Order {order} is {status} with the kind of hold {kind}; a hold has a kind, nothing else has one, and an "
        "UNMATCHED hold ends with the last unmatched line",
    ),
    Check(
        "4",
        "ledger_differs",
        "ledgers_otherwise",
        "movements",
        UNIT + ": {quantity} units are booked, the ledger adds up to {ledger}",
    ),
    Check(
        "5",
        "overtaken",
        "grants_that_overtook",
        "allocations",
        LINE + " was granted units in turn {turn}, although order {ahead}, line {ahead_line} is better ranked, "
        "has waited since turn {ahead_since} and is still {ahead_short} units short",
    ),
    Check(
        "6",
        "set_aside",
        "orders_left_out",
        "lines",
        "Order {order} was set aside because it made {job} fail ({error}: {message}); nobody serves it until it "
        "is mended and retried",
    ),
    Check(
        "8",
        "session_applied_otherwise",
        "sessions_applied_otherwise",
        "sessions",
        "{kind} session {reference} is {status}: its figures come to {figures} {goods} units of {sku} in {bin}, "
        "its movements to {moved}",
    ),
    Check(
        "8",
        "session_told_otherwise",
        "sessions_told_otherwise",
        "sessions",
        "{kind} session {reference} is {status}, but keeps {told}",
    ),
    Check(
        DERIVED,
        "waiting_differs",
        "lines_waiting_otherwise",
        "lines",
        LINE + ": waiting is {waiting}, but the order is {status} and {short} units are short",
    ),
    Check(
        DERIVED, "place_differs", "lines_in_another_place", "lines", LINE + " stands wrong in the queue: {wrong}"
    ),
    Check(
        DERIVED,
        "clock_missing",
        "orders_without_clock",
        "orders",
        "Order {order} is {status} but does not know since when it has been short",
    ),
    Check(
        DERIVED,
        "backorder_missing",
        "lines_without_backorder",
        "lines",
        LINE + " is {short} units short but has no open backorder record",
    ),
    Check(
        DERIVED,
        "backorder_left_open",
        "backorders_left_open",
        "backorders",
        LINE + " has {count} open backorder records ({backorders}) with {remaining} units remaining",
    ),
    Check(
        DERIVED,
        "merchant_crossed",
        "lines_of_another_merchant",
        "lines",
        LINE + " belongs to merchant {merchant} but is matched with a variant of {owner}",
    ),
    Check(
        DERIVED,
        "allocation_misplaced",
        "allocations_misplaced",
        "open allocations",
        LINE + ": the bin {bin}, where {units} units are reserved for it, {why}",
    ),
    Check(
        DERIVED,
        "complete_held_in_part",
        "complete_orders_in_part",
        "orders",
        "Order {order} ships complete and is {short} units short, but holds {held} units",
    ),
    Check(
        DERIVED,
        "picked_for_nobody",
        "picked_for_nobody",
        "units",
        UNIT + ": {quantity} units are picked, but only {reserved} of them are reserved for orders",
    ),
    Check(
        "2",
        "sourced_differs",
        "lines_sourced_otherwise",
        "lines",
        LINE + " says that {sourced} of the {short} units that it lacks are sourced, its open sourcings hold "
        "{sourcings}",
    ),
    Check(
        DERIVED,
        "inbound_sourced_differs",
        "inbound_sourced_otherwise",
        "inbound lines",
        INBOUND
        + " says that {sourced} of {outstanding} units to come are sourced, open sourcings hold {sourcings}",
    ),
    Check(
        "8",
        "inbound_received_differs",
        "inbound_received_otherwise",
        "inbound lines",
        INBOUND + " says that {received} units have come, its deliveries brought {came}",
    ),
    Check(
        DERIVED,
        "inbound_given_differs",
        "inbound_given_otherwise",
        "inbound lines",
        INBOUND
        + " says that {given} of {received} units received went to lines by name, its sourcings say {sourcings}",
    ),
    Check(
        "4",
        "transfer_differs",
        "transfers_otherwise",
        "inbound lines",
        INBOUND + " has {outstanding} units to come, but {loaded} are under way",
    ),
    Check(
        "4",
        "under_way_differs",
        "units_under_way_otherwise",
        "units",
        UNIT + ": {quantity} units stand there as {status}, transfers have {loaded} of them under way",
    ),
    Check(
        DERIVED,
        "sourcing_misplaced",
        "sourcings_misplaced",
        "sourcings",
        LINE + ": the inbound line {inbound}, of which it has {units} units by name, {why}",
    ),
)

"""Mend what the doctor found, as far as the books themselves say how it should be; refuse the rest in words.

Counters follow the ledger and the allocations, never the other way round: the ledger is not rewritten, and
nothing that is reserved is given to somebody else. What follows from an order's lines is settled as after any
other change. Afterwards the same statements look again: what they still find was not mended.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from makegood.domain.states import NEXT, OrderStatus
from makegood.services.carry_out import STEP_TO
from makegood.services.change_orders import settle, unchanged
from makegood.services.doctor import inconsistencies
from makegood.services.findings import Finding
from makegood.services.free_allocations import keep_whole_or_nothing
from makegood.services.gates import LockedOrder, lock_orders
from makegood.services.inbound.records import Told, hold_inbound, tell
from makegood.services.mark_dates import mark_dates, mark_inbound
from makegood.services.record import Event, record_events
from makegood.services.work import Work

AS_IT_WAS = "It could not be brought back from the rest of the books; nothing of it was changed"

# Findings that a person must decide about, with what to do.
REFUSALS: dict[str, str] = {
    "set_aside": "Mend what made it fail, then `makegood queue retry` it",
    "reserved_beyond_quantity": "More is reserved than the ledger says lies there: count this place, the missing "
    "units are then taken off the lowest ranked orders",
    "reserved_differs": "More is reserved than the ledger says lies there: count this place",
    "ledger_differs": "The ledger says that less lies there than is reserved: count this place",
    "line_overfilled": "What the line has is real: raise its quantity, or release or cancel what is too much",
    "allocated_differs": "Its allocations come to more than the line asks for: raise its quantity or release some",
    "fulfilled_differs": "What has gone out comes to more than the line asks for: look at what was cancelled",
    "status_differs": "An order in this status cannot go there: look at what really happened to it",
    "hold_differs": "Nobody knows why it is held: release it, or hold it again with a reason",
    "overtaken": "What is reserved is not taken away: release it by hand if the other order should have it",
    "merchant_crossed": "Nobody knows which variant was meant: release its units and match the line anew",
    "allocation_misplaced": "Nobody knows where the units are: look there, release what cannot be shipped",
    "picked_for_nobody": "Nobody knows whose they are: put them back into a bin",
    "session_applied_otherwise": "The ledger is not rewritten: correct the stock with a count",
    "session_told_otherwise": "What an approval told is not made up: enter what was not posted in another session",
    "sourced_differs": "Its sourcings come to more than the line lacks: give some back",
    "inbound_sourced_differs": "Its sourcings come to more than is still to come: give some back",
    "inbound_received_differs": "Its deliveries say otherwise, but more is sourced or given by name: look at them",
    "inbound_given_differs": "More went to lines by name than came: look at what was fulfilled from it",
    "transfer_differs": "Nobody knows where the units are: count both places, then cancel or receive it",
    "under_way_differs": "Nobody knows where the units are: count both places, then cancel or receive it",
    "sourcing_misplaced": "Give it back: `makegood backorders source BACKORDER --release`",
    "plan_depends_on_order": "This is a fault of the program: report it with the figures",
}

FIGURES = ("received", "sourced", "given")
MARKED_ONLY = ("left_lying",)
DATED_ANEW = ("date_differs",)
NOT_TOUCHED = (
    "set_aside",
    "overtaken",
    "merchant_crossed",
    "allocation_misplaced",
    "picked_for_nobody",
    "session_applied_otherwise",
    "session_told_otherwise",
    "transfer_differs",
    "under_way_differs",
    "sourcing_misplaced",
    "plan_depends_on_order",
)


class Refused(NamedTuple):
    """A finding that was not mended, and what a person can do about it."""

    finding: Finding
    because: str


class Repaired(NamedTuple):
    """What was mended and what was not."""

    mended: Sequence[Finding]
    refused: Sequence[Refused]


def repair_books(work: Work, findings: Sequence[Finding]) -> Repaired:
    """Mend what can be mended of these findings, all in one transaction, and tell what was not.

    Each order that changes keeps an event `books:repaired` with what stood there before and after.
    """
    order_ids = _ids(findings, "order_id")
    unit_ids = _ids(findings, "unit_id")
    orders = _hold(work, order_ids, unit_ids)
    before = dict(work.db.all("orders_as_written", orders=order_ids))
    told = list(_recount_units(work, unit_ids))
    _recount_inbound(work, findings)
    _mend_orders(work, order_ids, orders)
    told += _changes(before, dict(work.db.all("orders_as_written", orders=order_ids)), findings)
    record_events(work, told)
    _mark(work, findings)
    left = {finding.subject for finding in inconsistencies(work.db)}
    stays = [one for one in findings if one.subject in left or one.code == "plan_depends_on_order"]
    return Repaired(
        [one for one in findings if one not in stays],
        [Refused(one, REFUSALS.get(one.code, AS_IT_WAS)) for one in stays],
    )


def _ids(findings: Sequence[Finding], key: str) -> list[int]:
    """Name the orders or units that are to be mended."""
    left_alone = (*NOT_TOUCHED, *MARKED_ONLY, *DATED_ANEW)
    wanted = (finding.facts.get(key) for finding in findings if finding.code not in left_alone)
    return sorted({found for found in wanted if isinstance(found, int)})


def _hold(work: Work, order_ids: Sequence[int], unit_ids: Sequence[int]) -> dict[int, int]:
    """Hold gates, orders and units, warehouse by warehouse, and give each order's warehouse."""
    sites: dict[int, tuple[list[int], set[int]]] = {}
    homes: dict[int, int] = {row[0]: row[4] for row in work.db.all("orders_at_rest", orders=order_ids)}
    for order_id, site in homes.items():
        sites.setdefault(site, ([], set()))[0].append(order_id)
    for _, variant, site, _ in work.db.all("units_gates", ids=unit_ids):
        sites.setdefault(site, ([], set()))[1].add(variant)
    for site, (orders, variants) in sorted(sites.items()):
        lock_orders(work, site, orders, variants)
    work.db.all("lock_units", ids=unit_ids)
    return homes


def _recount_units(work: Work, unit_ids: Sequence[int]) -> Iterator[Event]:
    """Set units to what the ledger and their allocations say, and tell the orders that hold some of them."""
    changed = work.db.all("recount_units", ids=unit_ids)
    work.mark((variant, warehouse) for _, variant, warehouse, *_ in changed)
    figures = {
        row[0]: {
            "unitId": row[0],
            "before": {"quantity": row[3], "reserved": row[4]},
            "after": {"quantity": row[5], "reserved": row[6]},
        }
        for row in changed
    }
    for unit_id, order_id in work.db.all("orders_on_units", ids=list(figures)):
        yield Event(order_id, "books:repaired", figures[unit_id])


def _recount_inbound(work: Work, findings: Sequence[Finding]) -> None:
    """Set inbound lines to what their sourcings and deliveries say, and keep that in their history."""
    ids = _ids(findings, "inbound_line_id")
    if ids:
        hold_inbound(work, ids)
        changed = work.db.all("recount_inbound", ids=ids, as_of=work.as_of)
        tell(work, [Told(row[0], "inbound:repaired", dict(zip(FIGURES, row[1:], strict=True))) for row in changed])
        mark_inbound(work, ids)


def _mend_orders(work: Work, order_ids: Sequence[int], homes: dict[int, int]) -> None:
    """Bring lines, places and records back to what allocations and orders say, then settle the orders."""
    if not order_ids:
        return
    work.db.run("recount_lines", orders=order_ids)
    work.db.run("close_second_backorders", orders=order_ids, as_of=work.as_of)
    work.db.run("replace_lines", orders=order_ids, turn=work.db.value("draw_turn"))
    work.db.run("clear_hold_kinds", orders=order_ids)
    stuck = {facts["order_id"] for (facts,) in work.db.all("orders_in_another_state") if not _leads_to(facts)}
    mendable = [order_id for order_id in order_ids if order_id not in stuck]
    for locked in _by_site(work, mendable, homes):
        settle(work, keep_whole_or_nothing(work, [unchanged(one) for one in locked]))
    work.db.run("restart_clocks", orders=order_ids)


def _by_site(work: Work, order_ids: Sequence[int], homes: dict[int, int]) -> Iterator[list[LockedOrder]]:
    sites: dict[int, list[int]] = {}
    for order_id in order_ids:
        sites.setdefault(homes[order_id], []).append(order_id)
    for site, orders in sorted(sites.items()):
        yield lock_orders(work, site, orders)


def _leads_to(facts: dict[str, Any]) -> bool:
    """Tell whether the status that an order should have can be reached from the one it has."""
    return STEP_TO[OrderStatus(facts["expected"])] in NEXT[OrderStatus(facts["status"])]


def _changes(
    before: dict[int, dict[str, Any]], after: dict[int, dict[str, Any]], findings: Sequence[Finding]
) -> list[Event]:
    """Tell what was changed of each order, and why."""
    found: dict[object, list[str]] = {}
    for finding in findings:
        found.setdefault(finding.facts.get("order_id"), []).append(finding.words)
    return [
        Event(order_id, "books:repaired", {"found": found[order_id], "before": was, "after": now})
        for order_id in before
        for was, now in [_differing(before[order_id], after[order_id])]
        if now or was
    ]


def _differing(before: dict[str, Any], after: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Keep what differs of two versions, and of lines what differs in each."""
    was, now = {}, {}
    for key in before:
        old, new = before[key], after.get(key)
        if isinstance(old, dict) and isinstance(new, dict):
            old, new = _differing(old, new)
        if old != new:
            was[key], now[key] = old, new
    return was, now


def _mark(work: Work, findings: Sequence[Finding]) -> None:
    """Mark every queue in which a mended line waits, or that had been left lying, and those to be dated anew."""
    mark_dates(work, _gates(findings, DATED_ANEW))
    orders = _ids(findings, "order_id")
    gates = {(row[0], row[1]) for row in work.db.all("gates_of_orders", orders=orders)}
    work.mark(gates | _gates(findings, MARKED_ONLY))


def _gates(findings: Sequence[Finding], codes: Sequence[str]) -> set[tuple[int, int]]:
    return {
        (int(str(finding.facts["variant_id"])), int(str(finding.facts["warehouse_id"])))
        for finding in findings
        if finding.code in codes
    }

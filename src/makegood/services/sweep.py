"""The net under the triggers: find waiting lines that could be served although nothing marks their queue.

When no trigger was ever forgotten it finds nothing (law 6); every line that it finds is a defect of the
program. It puts the defect on record and marks the queue, so that the line is served all the same.

The first statement leaves only queues where units are free, lines wait and no mark is pending: usually none.
Their lines are then planned by the one rule, as a check would: whoever would get something was left lying. A
COMPLETE order that needs a marked queue as well is the check's business: it takes nothing here, but keeps back
what it keeps back.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Book, UsableUnit, WaitingLine, WaitingOrder
from makegood.planner.plan import plan
from makegood.services.read_book import Reading, waiting_orders
from makegood.services.work import Work
from makegood.store.database import Database, Db

Gate = tuple[int, int]


class Lying(NamedTuple):
    """A waiting line and the free units that it could have had."""

    line_id: int
    order_id: int
    variant_id: int
    warehouse_id: int
    units: int


class Swept(NamedTuple):
    """How many waiting lines a sweep looked at, and which of them were left lying."""

    lines_looked_at: int
    defects: Sequence[Lying]


def sweep(books: Database, as_of: datetime, *, actor: str = "sweep") -> Swept:
    """Look at all waiting lines at one instant, put the sweep on record, and mark what was left lying."""
    with books.snapshot() as db:
        found = find_lying(db, as_of)
    source = f"sweep:{as_of.isoformat()}"
    books.transaction(lambda db: record_sweep(Work(db=db, as_of=as_of, actor=actor, source=source), found))
    return found


def find_lying(db: Db, as_of: datetime) -> Swept:
    """Tell which waiting lines could take free units under their policy, in a snapshot; nothing is written."""
    work = Work(db=db, as_of=as_of, actor="sweep", source="sweep")
    looked_at = db.value("count_waiting_lines")
    free: dict[Gate, int] = {(row[0], row[1]): row[2] for row in db.all("lying_gates", today=work.today)}
    if not free:
        return Swept(looked_at, [])
    units = _units(work, list(free))
    defects = [
        lying
        for warehouse, orders in _waiting(work, free).items()
        for lying in _left_lying(work, warehouse, orders, units.get(warehouse, []))
    ]
    return Swept(looked_at, sorted(defects))


def record_sweep(work: Work, swept: Swept) -> int:
    """Put a sweep on record with a row for each defect, mark their queues, and give the sweep's id."""
    defects = swept.defects
    number: int = work.db.value("add_sweep", lines=swept.lines_looked_at, defects=len(defects))
    if defects:
        work.db.run(
            "add_sweep_defects",
            sweep=number,
            lines=[lying.line_id for lying in defects],
            units=[lying.units for lying in defects],
        )
        work.mark({(lying.variant_id, lying.warehouse_id) for lying in defects}, f"sweep:{work.as_of.isoformat()}")
    return number


def _waiting(work: Work, free: dict[Gate, int]) -> dict[int, list[WaitingOrder]]:
    """Read the queues of these gates, as a plan sees them, by warehouse."""
    rows = work.db.all(
        "waiting_lines_of_gates",
        variants=[variant for variant, _ in free],
        warehouses=[warehouse for _, warehouse in free],
        free=list(free.values()),
    )
    chosen, ids = {row[0] for row in rows}, sorted({row[1] for row in rows})
    under_check = {row[0] for row in work.db.all("orders_under_check", orders=ids)}
    lines: dict[int, list[LineRow]] = {}
    for line in work.db.records(LineRow, "lines_of_orders", orders=ids):
        lines.setdefault(line.order_id, []).append(line)
    sites: dict[int, dict[int, OrderRow]] = {}
    for order in work.db.records(OrderRow, "orders_at_rest", orders=ids):
        sites.setdefault(order.warehouse_id, {})[order.order_id] = order
    return {
        site: _but_for_the_check(
            waiting_orders(Reading(warehouse=site, orders=orders, lines=lines), chosen), under_check
        )
        for site, orders in sorted(sites.items())
    }


def _but_for_the_check(orders: Sequence[WaitingOrder], under_check: Collection[int]) -> list[WaitingOrder]:
    """Leave to a pending check the COMPLETE orders that need it."""
    return [
        replace(order, fillable=False)
        if order.policy is ShipPolicy.COMPLETE and order.order_id in under_check
        else order
        for order in orders
    ]


def _units(work: Work, gates: Sequence[Gate]) -> dict[int, list[UsableUnit]]:
    rows = work.db.all(
        "units_of_gates",
        variants=[variant for variant, _ in gates],
        warehouses=[warehouse for _, warehouse in gates],
        today=work.today,
    )
    found: dict[int, list[UsableUnit]] = {}
    for warehouse, unit, variant, free, received_at, expires_on, usable_until, pick_sequence in rows:
        found.setdefault(warehouse, []).append(
            UsableUnit(
                unit_id=unit,
                variant_id=variant,
                free=free,
                received_at=received_at,
                expires_on=expires_on,
                usable_until=usable_until,
                pick_sequence=pick_sequence,
            )
        )
    return found


def _left_lying(
    work: Work, warehouse: int, orders: Sequence[WaitingOrder], units: Sequence[UsableUnit]
) -> list[Lying]:
    """Plan the queues of one warehouse: whoever is granted something was left lying."""
    made = plan(Book(orders=orders, units=units), as_of=work.today)
    lines: dict[int, WaitingLine] = {line.line_id: line for order in orders for line in order.lines}
    granted: dict[int, int] = {}
    for grant in made.grants:
        granted[grant.line_id] = granted.get(grant.line_id, 0) + grant.units
    return [
        Lying(line_id, lines[line_id].order_id, lines[line_id].variant_id, warehouse, count)
        for line_id, count in granted.items()
    ]

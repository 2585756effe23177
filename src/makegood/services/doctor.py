"""Verify the laws on live books, at one instant, and say in words what is wrong; nothing is written.

Each check is one set-based statement (`findings.py`). Law 6 asks the sweep; law 9 plans the front of a live
queue twice, in opposite orders, against a receipt that is only imagined.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from makegood.domain.orders import LineRow, OrderRow
from makegood.planner.book import Book, Plan, UsableUnit, WaitingOrder
from makegood.planner.plan import plan
from makegood.services.dates.compare_dates import Outdated, compare_dates
from makegood.services.findings import CHECKS, DERIVED, LAWS, SIGHT, Finding
from makegood.services.read_book import Reading, waiting_orders
from makegood.services.sweep import find_lying
from makegood.services.work import Work
from makegood.store.database import Database, Db

LINES_PLANNED_TWICE = 500


class LawSeen(NamedTuple):
    """One law: how many rows were looked at for it, what was found, and what cannot be seen in the books."""

    law: str
    title: str
    looked_at: int
    findings: Sequence[Finding]
    sight: str = ""


class Examination(NamedTuple):
    """What the doctor saw, law by law; `marks` are pending, the oldest for so many seconds."""

    laws: Sequence[LawSeen]
    marks: int
    oldest_mark: int | None

    @property
    def findings(self) -> list[Finding]:
        """All findings, in the order of the laws."""
        return [finding for law in self.laws for finding in law.findings]

    @property
    def laws_broken(self) -> int:
        """How many laws have a finding."""
        return sum(1 for law in self.laws if law.findings)


def doctor(books: Database, as_of: datetime) -> Examination:
    """Examine the books as they stand at one instant."""
    with books.snapshot() as db:
        return examine(db, as_of)


def examine(db: Db, as_of: datetime) -> Examination:
    """Examine the books in a snapshot."""
    found = inconsistencies(db)
    waiting, lying = _lying(db, as_of)
    planned, changed = _planned_twice(db, as_of)
    dated, outdated = _dated(db, as_of)
    rows: dict[str, int] = db.value("count_the_books")
    looked_at = {law: _rows_looked_at(law, rows) for law in LAWS} | {
        "6": waiting,
        "7": rows["marks"],
        "9": planned,
    }
    looked_at[DERIVED] += dated
    found += lying + changed + outdated
    return Examination(
        [
            LawSeen(law, title, looked_at[law], [one for one in found if one.law == law], SIGHT.get(law, ""))
            for law, title in LAWS.items()
        ],
        rows["marks"],
        db.value("oldest_mark"),
    )


def inconsistencies(db: Db) -> list[Finding]:
    """Find what contradicts itself in the tables, one statement for each check."""
    return [
        check.finding(facts)
        for check in CHECKS
        for (facts,) in db.all(check.statement)  # one batch per turn: each check is a statement of its own
    ]


def _rows_looked_at(law: str, rows: dict[str, int]) -> int:
    return sum(rows[kind] for kind in {check.looks_at for check in CHECKS if check.law == law})


def _lying(db: Db, as_of: datetime) -> tuple[int, list[Finding]]:
    """Tell what the sweep would find (law 6)."""
    swept = find_lying(db, as_of)
    if not swept.defects:
        return swept.lines_looked_at, []
    names = {row[0]: row[1:] for row in db.all("name_lines", lines=[one.line_id for one in swept.defects])}
    found = []
    for one in swept.defects:
        order, line, sku, warehouse = names[one.line_id]
        words = (
            f"Order {order}, line {line} ({sku}) waits although {one.units} free units in {warehouse} could go to "
            "it and no mark is pending"
        )
        facts = {**one._asdict(), "order": order, "line": line, "sku": sku, "warehouse": warehouse}
        found.append(Finding("6", "left_lying", words, facts))
    return swept.lines_looked_at, found


def _dated(db: Db, as_of: datetime) -> tuple[int, list[Finding]]:
    """Compare the expected dates that are kept with a fresh pegging; tell how many were compared."""
    compared = compare_dates(Work(db=db, as_of=as_of, actor="doctor", source="doctor"))
    if not compared.outdated:
        return compared.looked_at, []
    rows = db.all("name_outdated", lines=[one.line_id for one in compared.outdated])
    named = {facts["line_id"]: facts for (facts,) in rows}
    return compared.looked_at, [_outdated(one, named[one.line_id]) for one in compared.outdated]


def _outdated(one: Outdated, named: dict[str, object]) -> Finding:
    told, due = (f"on {day}" if day else "on no known day" for day in (one.kept, one.fresh))
    words = "Order {order}, line {line} ({sku}) is told to be due {told}; by demand and supply it is due {due}"
    facts = {**named, **one._asdict()}
    return Finding(DERIVED, "date_differs", words.format(**facts, told=told, due=due), facts)


def _planned_twice(db: Db, as_of: datetime) -> tuple[int, list[Finding]]:
    """Plan the front of a queue in two opposite orders (law 9); tell how many lines were planned."""
    ids = [row[0] for row in db.all("front_of_the_queue", most=LINES_PLANNED_TWICE)]
    orders = {order.order_id: order for order in db.records(OrderRow, "orders_at_rest", orders=ids)}
    lines: dict[int, list[LineRow]] = {order_id: [] for order_id in ids}
    for line in db.records(LineRow, "lines_of_orders", orders=ids):
        lines[line.order_id].append(line)
    waiting = waiting_orders(Reading(warehouse=0, orders=orders, lines=lines))
    units = _imagined_receipt(waiting)
    today = Work(db=db, as_of=as_of, actor="doctor", source="doctor").today
    one = plan(Book(orders=waiting, units=units), as_of=today)
    other = plan(Book(orders=waiting[::-1], units=units[::-1]), as_of=today)
    differing = _outcome(one) ^ _outcome(other)
    words = f"The same book gave two plans: they differ in {len(differing)} grants or shortfalls"
    found = [Finding("9", "plan_depends_on_order", words, {"differing": len(differing)})] if differing else []
    return sum(len(order.lines) for order in waiting), found


def _imagined_receipt(orders: Sequence[WaitingOrder]) -> list[UsableUnit]:
    """Imagine half of what is short of each variant, in two bins, so that the plan has to choose."""
    short: dict[int, int] = {}
    for order in orders:
        for line in order.lines:
            short[line.variant_id] = short.get(line.variant_id, 0) + line.shortfall
    received_at = datetime(2000, 1, 1, tzinfo=UTC)
    return [
        UsableUnit(
            unit_id=2 * variant + bin, variant_id=variant, free=(units + bin) // 4 + bin, received_at=received_at
        )
        for variant, units in short.items()
        for bin in (0, 1)
    ]


def _outcome(made: Plan) -> set[tuple[object, ...]]:
    return {("granted", *grant) for grant in made.grants} | {("short", *short) for short in made.short}

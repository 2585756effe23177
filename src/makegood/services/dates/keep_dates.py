"""Date the queues that are marked for it, at one instant and without a gate, and write only what has changed.

Two steps, each a transaction. `note_due` reads the date marks and waits until whoever held the gates of their
queues is through: from then on whoever holds one sees the supply to come, and leaves a date mark. `keep_dates`
reads demand and supply at one instant after that, writes, and strikes the marks that were noted. What is
committed later than that instant has left a mark that was not noted. So when no date mark is left, what is kept
is what a fresh pegging gives, whoever was killed in between.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from makegood.planner.dating import DatedLine, Differences, PartOfWhole, differences, whole_dates
from makegood.planner.dating_columns import not_alike
from makegood.planner.pegging_columns import UNKNOWN, LackingColumns, line_days
from makegood.planner.row_order import Column
from makegood.services.dates.read_prospect import read_columns, read_kept, read_supply
from makegood.services.gates import hold_gates
from makegood.services.mark_dates import mark_dates
from makegood.services.work import Work
from makegood.store import tables

# A check that is pending comes first, but dates do not wait for it longer than this.
PATIENCE = 10.0
# What a pass costs besides its lines is paid once for all its queues, so they are many; fewer gates are held.
QUEUES_AT_ONCE = 10_000
GATES_AT_ONCE = 1000
# One transaction writes so many rows and events; no gate is held meanwhile.
ROWS_AT_ONCE = 50_000
# Events name what set them off; more than so many sources of one change help nobody.
SOURCES_NAMED = 10


class Due(NamedTuple):
    """Queues of one warehouse to be dated, by variant: the date marks that were seen, and who left them."""

    warehouse: int
    marks: Mapping[int, Sequence[int]]
    sources: Mapping[int, Sequence[str]]


class Dated(NamedTuple):
    """What was dated: how many rows were written or dropped, and whether all of it is done."""

    rows: int
    finished: bool


def note_due(work: Work, warehouse: int, *, patience: float = PATIENCE, gates: int = GATES_AT_ONCE) -> Due:
    """Note which queues are to be dated, and wait until those who held their gates are through.

    While one gate is waited for no more than `gates` are held.
    """
    rows = work.db.all(
        "queues_to_date", warehouse=warehouse, patience=patience, most=QUEUES_AT_ONCE, sources=SOURCES_NAMED
    )
    _wait_for_holders(work, warehouse, sorted(row[0] for row in rows), gates)
    return Due(warehouse, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


def _wait_for_holders(work: Work, warehouse: int, queues: Sequence[int], most: int) -> None:
    """Take these gates and let them go at once: nobody holds them then who does not know of the supply."""
    for start in range(0, len(queues), most):
        with work.db.undone():  # one batch per turn: while one gate is waited for, few others are held
            hold_gates(work, [(variant, warehouse) for variant in queues[start : start + most]])


def keep_dates(work: Work, due: Due, *, most: int = ROWS_AT_ONCE) -> Dated | None:
    """Date the queues that were noted, and write what differs; None when somebody else dates this warehouse."""
    work.db.run("read_at_one_instant")
    if not due.marks or not work.db.all("claim_dating", warehouse=due.warehouse):
        return None
    found = _differences(work, due)
    now = found.first(most)
    _write(work, due, now)
    finished = now.rows == found.rows
    if finished:
        work.db.run("strike_date_marks", marks=[mark for marks in due.marks.values() for mark in marks])
    return Dated(now.rows, finished)


def _differences(work: Work, due: Due) -> Differences:
    here = sorted(due.marks)
    supply = read_supply(work, due.warehouse, here)
    lines = read_columns(work, due.warehouse, supply)
    days = line_days(lines, *supply)
    seen = not_alike(lines, days, read_kept(work, due.warehouse, here))
    orders = sorted(seen.whole | {row.order_id for row in seen.kept})
    parts = work.db.records(PartOfWhole, "lines_that_ship_together", orders=orders) if orders else []
    elsewhere = [part.row for part in parts if part.kept and part.variant_id not in due.marks]
    wanted = whole_dates(parts, _days_of(lines, days, parts), due.marks)
    _mark_joined(work, due, wanted, elsewhere)
    return differences([*seen.kept, *elsewhere], [*seen.wanted, *wanted])


def _days_of(lines: LackingColumns, days: Column, parts: Sequence[PartOfWhole]) -> dict[int, date]:
    """Give the days of those lines that are parts of orders that ship whole."""
    wanted = np.isin(lines.line_id, [part.line_id for part in parts]) & (days != UNKNOWN)
    found = zip(lines.line_id[wanted].tolist(), days[wanted].tolist(), strict=True)
    return {line_id: date.fromordinal(day) for line_id, day in found}


def _mark_joined(work: Work, due: Due, wanted: Sequence[DatedLine], elsewhere: Sequence[DatedLine]) -> None:
    """Let the queues be dated too on which an order that ships whole hangs from now on."""
    known = {(row.variant_id, row.line_id) for row in elsewhere}
    mark_dates(
        work,
        {
            (row.variant_id, due.warehouse)
            for row in wanted
            if row.variant_id not in due.marks and (row.variant_id, row.line_id) not in known
        },
    )


def _write(work: Work, due: Due, found: Differences) -> None:
    if found.added:
        rows = ((kind, due.warehouse, line, order, own, day) for line, kind, order, own, day in found.added)
        work.db.copy("expected_dates", tables.EXPECTED_DATES, rows)
    if found.changed:
        columns = map(list, zip(*found.changed, strict=True))
        names = ("lines", "variants", "orders", "line_dues", "dues")
        work.db.run("change_dates", warehouse=due.warehouse, **dict(zip(names, columns, strict=True)))
    if found.dropped:
        lines, variants, *_ = (list(column) for column in zip(*found.dropped, strict=True))
        work.db.run("drop_dates", warehouse=due.warehouse, lines=lines, variants=variants)
    if found.told:
        lines, was, now = (list(column) for column in zip(*found.told, strict=True))
        sources = {str(variant): list(named) for variant, named in due.sources.items()}
        work.db.run("tell_dates", lines=lines, was=was, due=now, sources=sources, source=work.source,
                    actor=work.actor, as_of=work.as_of)  # fmt: skip

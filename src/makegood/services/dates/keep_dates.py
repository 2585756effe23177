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

from makegood.planner.dating import DatedLine, Differences, PartOfWhole, dates_to_keep, differences, shown
from makegood.planner.pegging import Prospect, line_dates, peg
from makegood.services.dates.read_prospect import read_prospect
from makegood.services.gates import lock_gates
from makegood.services.mark_dates import mark_dates
from makegood.services.work import Work

# A check that is pending comes first, but dates do not wait for it longer than this.
PATIENCE = 10.0
QUEUES_AT_ONCE = 200
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


def note_due(work: Work, warehouse: int, *, patience: float = PATIENCE) -> Due:
    """Note which queues are to be dated, and wait until those who held their gates are through."""
    rows = work.db.all(
        "queues_to_date", warehouse=warehouse, patience=patience, most=QUEUES_AT_ONCE, sources=SOURCES_NAMED
    )
    # The gates are let go at once: it is enough that nobody holds them who does not know of the supply.
    with work.db.undone():
        lock_gates(work, warehouse, [row[0] for row in rows])
    return Due(warehouse, {row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows})


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
    prospect = read_prospect(work, due.warehouse, here)
    days = line_dates(prospect, peg(prospect))
    kept = work.db.records(DatedLine, "kept_dates", warehouse=due.warehouse, variants=here)
    wholes = _wholes(work, prospect, days, kept)
    elsewhere = [part.row for part in wholes if part.kept and part.variant_id not in due.marks]
    wanted = dates_to_keep(prospect.lines, days, wholes, due.marks)
    _mark_joined(work, due, wanted, elsewhere)
    return differences([*kept, *elsewhere], wanted)


def _wholes(
    work: Work, prospect: Prospect, days: Mapping[int, date], kept: Sequence[DatedLine]
) -> list[PartOfWhole]:
    """Read the orders that ship whole of which a line here has a day, or had one."""
    alone = {line.line_id for line in prospect.lines if not line.complete}
    dated = {line.order_id for line in prospect.lines if line.complete and shown(days.get(line.line_id))}
    orders = sorted(dated | {row.order_id for row in kept if row.line_id not in alone})
    return work.db.records(PartOfWhole, "lines_that_ship_together", orders=orders) if orders else []


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
    if found.written:
        columns = zip(*found.written, strict=True)
        names = ("lines", "variants", "orders", "line_dues", "dues")
        work.db.run("keep_dates", warehouse=due.warehouse, **dict(zip(names, map(list, columns), strict=True)))
    if found.dropped:
        lines, variants, *_ = (list(column) for column in zip(*found.dropped, strict=True))
        work.db.run("drop_dates", warehouse=due.warehouse, lines=lines, variants=variants)
    if found.told:
        lines, was, now = (list(column) for column in zip(*found.told, strict=True))
        sources = {str(variant): list(named) for variant, named in due.sources.items()}
        work.db.run("tell_dates", lines=lines, was=was, due=now, sources=sources, source=work.source,
                    actor=work.actor, as_of=work.as_of)  # fmt: skip

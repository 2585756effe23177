"""Serve the waiting lines of a warehouse whose queues are marked, one bounded piece at a time.

All marked queues of a warehouse are one check: they are walked in rank order, so that an order which needs
several variants finds each of them at its turn, and what comes out is the plan of the whole book, in whatever
pieces it was written. A mark that comes while a check is under way joins it and the walk starts again from the
top of the rank. Queues without a mark need no walk: nobody in them could use what is free (law 6).
"""

from typing import NamedTuple

from makegood.domain.rank import Reach
from makegood.planner.book import Book, Plan
from makegood.planner.plan import plan
from makegood.services.carry_out import carry_out
from makegood.services.gates import lock_gates
from makegood.services.read_book import book_of, read_orders, read_served
from makegood.services.read_queue import FEW_QUEUES, TOP, Marks, Peek, insist_nothing_came, marks_on, peek, strike
from makegood.services.work import Work
from makegood.store.database import StartOver

# A piece of this many lines holds its gates for well under a quarter of a second (docs/decisions/0004).
LINES_A_PIECE = 1400
GATES_A_PIECE = 1000


class Piece(NamedTuple):
    """What one piece of a check did: units reserved, orders served, whether the check is through, lines served."""

    units: int
    orders: int
    finished: bool
    lines: int = 0


def check_backorders(
    work: Work, warehouse: int, *, most: int = LINES_A_PIECE, few_queues: int = FEW_QUEUES
) -> Piece | None:
    """Do the next piece of a warehouse's check; None when nothing is marked or another worker is at it.

    `most` bounds the lines of a piece; more marked queues than `few_queues` are read along the rank.
    """
    reach = _claim(work, warehouse)
    if reach is None:
        return None
    if work.db.run("join_marks", warehouse=warehouse):
        reach = TOP
    marked = [row[0] for row in work.db.all("marked_variants", warehouse=warehouse, most=GATES_A_PIECE)]
    if not marked:
        return None
    seen, held = _look(work, warehouse, marked, reach, most, few_queues)
    marks = marks_on(work, warehouse, held)
    if marks.fresh:
        raise StartOver("a queue was marked while its check was being prepared")
    book = book_of(work, warehouse, seen, held)
    insist_nothing_came(work, warehouse, held, marks)
    made = plan(book, as_of=work.today, bound=most)
    attempts = carry_out(work, read_served(work, warehouse, book, made, marks.sources), book, made)
    finished = made.reach is None and len(marked) < GATES_A_PIECE
    if finished and not _decide(work, warehouse, marks, most):
        return Piece(sum(attempt.granted for attempt in attempts), len(attempts), finished=False)
    _close(work, warehouse, held, marks, made, seen)
    lines = len({grant.line_id for grant in made.grants})
    return Piece(sum(attempt.granted for attempt in attempts), len(attempts), finished, lines)


def _look(
    work: Work, warehouse: int, marked: list[int], reach: Reach, most: int, few_queues: int
) -> tuple[Peek, list[int]]:
    """Hold the gates of what comes next in rank, and give what comes next now that nobody can join it.

    The first look only tells which gates. Whoever was placed since, by one who held a gate and did not know yet of
    the stock that is marked, has left no mark: only the second look finds them.
    """
    first = peek(work, warehouse, marked, reach, most, few_queues)
    cut_wide = bool(first.horizons) and len(marked) > few_queues
    held = lock_gates(work, warehouse, first.variants | (set() if cut_wide else set(marked)))
    seen = peek(work, warehouse, marked, reach, most, few_queues)
    if not seen.variants <= set(held):
        raise StartOver("who waits changed while the gates were waited for")
    return seen, held


def _claim(work: Work, warehouse: int) -> Reach | None:
    found = work.db.one("claim_check", warehouse=warehouse)
    if found is None:
        return None
    return TOP if found[0] is None else Reach(*found)


def _decide(work: Work, warehouse: int, marks: Marks, most: int) -> bool:
    """Let new orders that awaited this check in vain come to what follows; False when there may be more."""
    ids = [mark for found in marks.ids.values() for mark in found]
    orders = [row[0] for row in work.db.all("undecided_orders", warehouse=warehouse, seen=ids, most=most)]
    if orders:
        lock_gates(work, warehouse, (row[0] for row in work.db.all("variants_of_orders", orders=orders)))
        reading = read_orders(work, warehouse, orders, marks.sources)
        reading.asked = orders
        carry_out(work, reading, Book(orders=(), units=()), Plan(grants=(), short=(), spare={}, kept_back={}))
    return len(orders) < most


def _close(work: Work, warehouse: int, held: list[int], marks: Marks, made: Plan, seen: Peek) -> None:
    """Strike the marks of the queues that are done, and note where the next piece goes on."""
    strike(work, marks, held, made)
    work.db.run("keep_reach", warehouse=warehouse, **(made.reach or seen.last)._asdict())

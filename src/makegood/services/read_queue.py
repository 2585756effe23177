"""Look at the marked queues without a lock, hold the gates that were seen, and read what decides."""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple

from makegood.domain.errors import LawBroken, MakegoodError
from makegood.domain.rank import Reach
from makegood.domain.states import ShipPolicy
from makegood.planner.book import Plan
from makegood.services.gates import lock_gates
from makegood.services.work import Work
from makegood.store.database import TO_BE_TRIED_AGAIN, StartOver

log = logging.getLogger(__name__)

# Up to so many marked queues are read one by one; more of them are read along the rank of the warehouse.
FEW_QUEUES = 64
TOP = Reach(0, datetime(1, 1, 1, tzinfo=UTC), 0)
BOTTOM = Reach(999, datetime(9999, 1, 1, tzinfo=UTC), 0)


class Peek(NamedTuple):
    """What is next in rank: lines, orders that ship whole, the variants they need, and where reading stopped.

    `lines` are those of orders that ship in parts; of the orders in `whole` every waiting line counts.
    `horizons` name the queues that were not read to their end; `last` is the last reach that was read.
    """

    lines: set[int]
    whole: set[int]
    variants: set[int]
    horizons: dict[int, Reach]
    last: Reach


NOTHING = Peek(set(), set(), set(), {}, TOP)


def peek(
    work: Work, warehouse: int, marked: Sequence[int], reach: Reach, most: int, few_queues: int = FEW_QUEUES
) -> Peek:
    """Look at what comes after `reach`, along the marked queues or, where they are many, along the rank."""
    few = len(marked) <= few_queues
    rows = work.db.all(
        "peek_queues" if few else "peek_rank",
        warehouse=warehouse,
        most=max(most // len(marked), min(most, 100)) if few else most,
        today=work.today,
        variants=marked,
        **reach._asdict(),
    )
    whole = {row[1] for row in rows if row[3] == ShipPolicy.COMPLETE}
    lines, variants = {row[0] for row in rows if row[1] not in whole}, {row[2] for row in rows}
    if whole:
        variants |= {row[0] for row in work.db.all("variants_of_orders", orders=sorted(whole))}
    last = Reach(*max(row[4:7] for row in rows)) if rows else reach
    horizons = _cut_queues(rows) if few else dict.fromkeys(variants if len(rows) >= most else (), last)
    return Peek(lines, whole, variants, horizons, last)


def _cut_queues(rows: Sequence[tuple[Any, ...]]) -> dict[int, Reach]:
    """Give, for each queue that was not read to its end, the reach of the last line that was read."""
    read: dict[int, list[Reach]] = {}
    most: dict[int, int] = {}
    for row in rows:
        read.setdefault(row[2], []).append(Reach(*row[4:7]))
        most[row[2]] = row[7]
    return {variant: max(reaches) for variant, reaches in read.items() if len(reaches) >= most[variant]}


class Marks(NamedTuple):
    """The marks on some gates: who left them, which they are, and which gates got one that no check has joined."""

    sources: dict[int, list[str]]
    ids: dict[int, list[int]]
    fresh: set[int]


def marks_on(work: Work, warehouse: int, variants: Collection[int]) -> Marks:
    """Read the marks on some gates."""
    found = work.db.all("marks_on", warehouse=warehouse, variants=sorted(variants))
    return Marks(
        {variant: sources for variant, sources, _, _ in found},
        {variant: ids for variant, _, ids, _ in found},
        {variant for variant, _, _, fresh in found if fresh},
    )


def insist_nothing_came(work: Work, warehouse: int, variants: Collection[int], marks: Marks) -> None:
    """Start over when stock came in after the queues were looked at.

    Stock needs no gate to come in, so it can come between the look at the queue and the look at the units:
    whoever waits for it would not be in the decision that gives it out. To be asked once the units were read:
    whatever they hold has left its mark by then.
    """
    seen = [mark for ids in marks.ids.values() for mark in ids]
    if variants and work.db.value("marked_since", warehouse=warehouse, variants=sorted(variants), seen=seen):
        raise StartOver("stock came in while it was being given out")


class Held(NamedTuple):
    """Gates that are held, the look that led to them, and the marks on them."""

    variants: list[int]
    peek: Peek
    pending: set[int]
    sources: dict[int, list[str]]
    marks: Marks


def hold_with_queue(work: Work, warehouse: int, variants: Collection[int], most: int) -> Held:
    """Hold the gates of some variants and, where they are marked, of whoever must be served before.

    `pending` are marked variants that cannot be decided here, because an order in their queues needs yet
    another marked variant, or because an earlier try has failed; they are left to the check of the warehouse.
    """
    if work.db.learnt.leave_queues:
        held = lock_gates(work, warehouse, variants)
        work.mark((variant, warehouse) for variant in held)
        return Held(held, NOTHING, set(held), {}, marks_on(work, warehouse, held))
    marked = sorted(marks_on(work, warehouse, variants).sources)
    seen = _peek_few(work, warehouse, marked, most)
    held = lock_gates(work, warehouse, seen.variants | set(variants))
    marks = marks_on(work, warehouse, held)
    # What was marked or served meanwhile is looked at once more, now that the queues stand still.
    marked = sorted(set(marks.sources) & set(variants))
    seen = _peek_few(work, warehouse, marked, most)
    beyond_reach = not seen.variants <= set(held) or bool(set(marks.sources) - set(marked))
    if beyond_reach or len(marked) > FEW_QUEUES:
        return Held(held, NOTHING, set(marked), {}, marks)
    return Held(held, seen, set(), marks.sources, marks)


def _peek_few(work: Work, warehouse: int, marked: Sequence[int], most: int) -> Peek:
    return peek(work, warehouse, marked, TOP, most) if 0 < len(marked) <= FEW_QUEUES else NOTHING


@contextmanager
def leaving_queues(work: Work) -> Iterator[None]:
    """Start over without looking at any queue when something fails; what fails then as well is raised.

    So a damaged row of somebody who waits keeps no newcomer out. The queues are marked: their check finds whoever
    makes it fail, and puts that order aside.
    """
    try:
        yield
    except TO_BE_TRIED_AGAIN:
        raise
    except Exception as failed:
        refused = isinstance(failed, MakegoodError) and not isinstance(failed, LawBroken)
        if refused or work.db.learnt.leave_queues:
            raise
        log.warning("the queues are left to their check: %s", failed)
        raise StartOver("something failed beside the queues", leave_queues=True) from failed


def strike_served(work: Work, warehouse: int, held: Held, made: Plan) -> None:
    """Strike the marks of queues that were served to their end, but for those where an order awaits its check."""
    if held.sources:
        awaited = work.db.all("awaited_queues", warehouse=warehouse, variants=sorted(held.sources))
        strike(work, held.marks, held.sources.keys() - {row[0] for row in awaited}, made)


def strike(work: Work, marks: Marks, variants: Collection[int], made: Plan) -> None:
    """Strike the marks, as they were seen, of those queues that the plan went through to their end."""
    paused = made.reach is not None
    done = [variant for variant in variants if not (paused and made.spare.get(variant, 0))]
    struck = [mark for variant in done for mark in marks.ids.get(variant, ())]
    if struck:
        work.db.run("drop_marks", marks=struck)

"""Try the next order of a run, and write what came of it in the transaction of what was done to it.

A run belongs to one worker at a time, for one order: the claim goes with the transaction, however that ends. So
nobody does an order twice, whoever is killed leaves nothing half done, and the next one goes on at the same order.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple

from makegood.domain.errors import MakegoodError
from makegood.domain.runs import RunKind, RunOutcome
from makegood.services.park_job import name_of, text_of
from makegood.services.runs.kinds import KINDS, Came, read_terms
from makegood.services.work import Work
from makegood.store.database import TO_BE_TRIED_AGAIN

log = logging.getLogger(__name__)


class NextOrder(NamedTuple):
    """The order whose turn it is in a run, and what is to be done to it."""

    kind: str
    terms: dict[str, object]
    place: int
    name: str
    order_id: int


class _Noted(NamedTuple):
    """What came of an order, as it is written."""

    outcome: RunOutcome
    order_status: str | None = None
    code: str | None = None
    message: str | None = None
    facts: dict[str, object] | None = None


def serve_next(work: Work, run: int, seen: Callable[[NextOrder], object]) -> bool:
    """Try the next order of a run; False when none is left, the run rests, or somebody else is at it.

    `seen` is told which order it is before it is tried.
    """
    if not work.db.value("claim_run", run=run):
        return False
    order = next_of_run(work, run)
    if order is None:
        return False
    seen(order)
    _note(work, run, order.place, _tried(work, order))
    return True


def next_of_run(work: Work, run: int) -> NextOrder | None:
    """Give the order whose turn it is; None when none is left or the run rests."""
    found = work.db.one("next_of_run", run=run)
    return NextOrder(*found) if found else None


def give_up_order(work: Work, run: int, place: int, error: BaseException) -> bool:
    """Put on record that an order could not be tried to its end; False when it was tried meanwhile."""
    return _note(work, run, place, _Noted(RunOutcome.FAILED, None, name_of(error), text_of(error)))


def try_order(work: Work, kind: RunKind, terms: dict[str, object], name: str) -> Came | MakegoodError:
    """Do to one order what its run is for; what the books refuse is given back, and nothing was done then."""
    try:
        with work.db.all_or_nothing():
            return KINDS[kind].act(work, name, read_terms(kind, terms))
    except MakegoodError as refused:
        return refused


def _tried(work: Work, order: NextOrder) -> _Noted:
    """Try an order; whatever goes wrong with it alone is its result, and its run goes on."""
    kind = RunKind(order.kind)
    try:
        return noted(kind, try_order(work, kind, order.terms, order.name))
    except TO_BE_TRIED_AGAIN:
        raise
    except Exception as error:
        log.exception("order %s failed in a run", order.name)
        return _Noted(RunOutcome.FAILED, None, name_of(error), text_of(error))


def noted(kind: RunKind, came: Came | MakegoodError) -> _Noted:
    """Say what came of an order as it is written down."""
    if not isinstance(came, MakegoodError):
        return _Noted(came.outcome, came.status, facts=came.facts)
    skipped = isinstance(came, KINDS[kind].skips)
    return _Noted(RunOutcome.SKIPPED if skipped else RunOutcome.FAILED, None, came.code, str(came))


def _note(work: Work, run: int, place: int, what: _Noted) -> bool:
    return work.db.run("note_result", run=run, place=place, **what._asdict() | {"facts": what.facts or {}}) == 1

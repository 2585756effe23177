"""Read runs: how far they are, and what came of their orders."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.domain.errors import InvalidValue, RunNotFound
from makegood.domain.runs import Run, RunOutcome, RunResult
from makegood.services.pages import cursor_after, insist_on_most, read_cursor
from makegood.services.work import Work

# A run that should go on and of which nothing was heard for so many seconds is stuck.
PATIENCE_WITH_RUNS = 60.0
UNTRIED = "UNTRIED"


class RunPage(NamedTuple):
    """A page of runs, the latest first, and the cursor of the next one."""

    runs: Sequence[Run]
    next: str | None


class ResultPage(NamedTuple):
    """A page of what came of a run's orders, in their turn, and the cursor of the next one."""

    results: Sequence[RunResult]
    next: str | None


def show_run(work: Work, run: int) -> Run:
    """Give one run as it stands; raises `RunNotFound`."""
    found = _read(work, run=run) if 0 < run < 2**31 else []
    if not found:
        raise RunNotFound(run)
    return found[0]


def list_runs(work: Work, *, open_only: bool = False, after: str | None = None, most: int = 50) -> RunPage:
    """Give a page of the runs, the latest first; with `open_only` those that have not ended."""
    (before,) = read_cursor(after, 1)
    found = _read(work, open_only=open_only, before=_number(before, after), most=insist_on_most(most) + 1)
    page = found[:most]
    return RunPage(page, cursor_after(page[-1].run_id) if len(found) > most else None)


def run_results(
    work: Work, run: int, *, outcomes: Sequence[str] = (), after: str | None = None, most: int = 100
) -> ResultPage:
    """Give a page of what came of the orders of a run, those with these outcomes; UNTRIED is one too.

    Raises `RunNotFound`.
    """
    show_run(work, run)
    known = [*RunOutcome, UNTRIED]
    for outcome in outcomes:
        if outcome not in known:
            raise InvalidValue("outcome", outcome, f"one of {', '.join(known)}")
    (last,) = read_cursor(after, 1)
    rows = work.db.records(
        RunResult,
        "run_results",
        run=run,
        after=_number(last, after) or 0,
        outcomes=list(outcomes) or None,
        most=insist_on_most(most) + 1,
    )
    page = [row._replace(order=row.order.removeprefix("default/")) for row in rows[:most]]
    return ResultPage(page, cursor_after(page[-1].place) if len(rows) > most else None)


def _read(
    work: Work, *, run: int | None = None, open_only: bool = False, before: int | None = None, most: int = 1
) -> list[Run]:
    return work.db.records(
        Run,
        "runs_to_show",
        run=run,
        open_only=open_only,
        before=before,
        most=most,
        patience=PATIENCE_WITH_RUNS,
    )


def _number(key: object, cursor: str | None) -> int | None:
    if key is None:
        return None
    if not isinstance(key, int) or not 0 <= key < 2**31:
        raise InvalidValue("after", cursor, "a cursor that a list has given")
    return key

"""How a run is served and shown at the command line: a progress bar, then what came of each order."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, NamedTuple

import typer

from makegood.domain.runs import OrderChoice, Run, RunResult
from makegood.entrypoints.cli.counter import Counter, opened, tell_served
from makegood.entrypoints.cli.exits import STOPPED
from makegood.entrypoints.cli.output import counted, put, put_json, said, talk
from makegood.services.runs.preview_run import RunPreview, preview_run
from makegood.services.runs.show_runs import run_results
from makegood.services.runs.start_run import start_run
from makegood.services.runs.steer_run import pause_run
from makegood.services.show_order import last_attempt, served_since
from makegood.services.work import now

# More results than anybody reads are only counted.
MOST_PUT = 50

Orders = Annotated[list[str] | None, typer.Argument(help="Numbers or ids of the orders; each goes by itself.")]
All = Annotated[bool, typer.Option("--all", help="All orders that this can be done to and that pass the filters.")]
Statuses = Annotated[
    list[str] | None, typer.Option("--status", help="With --all: only this status; several times.")
]
Sku = Annotated[str | None, typer.Option(help="With --all: only orders that want this SKU.")]
Customer = Annotated[str | None, typer.Option(help="With --all: only orders of this customer.")]
Urgency = Annotated[
    str | None, typer.Option("--priority", help="With --all: only EXPRESS, RUSH, STANDARD or LOW.")
]
Key = Annotated[str | None, typer.Option(help="The same key again is the same run.", metavar="KEY")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what it would come to for the first orders.")]


class Bulk(NamedTuple):
    """What was typed: the kind of run, its orders or a choice of them, and its terms."""

    kind: str
    orders: Sequence[str]
    choice: OrderChoice | None
    terms: Mapping[str, object]
    key: str | None = None


def chosen(
    everything: bool,
    statuses: Sequence[str] | None,
    sku: str | None,
    customer: str | None,
    priority: str | None,
    warehouse: str | None,
) -> OrderChoice | None:
    """Give the choice that the options state, None without --all; filters without it are refused."""
    choice = OrderChoice(tuple(statuses or ()), sku, customer, priority, warehouse)
    if not everything and any(choice):
        raise typer.BadParameter("Filters go with --all.")
    return choice if everything else None


def do_bulk(ctx: typer.Context, bulk: Bulk, *, dry_run: bool, json: bool) -> None:
    """Do it to all orders as a run that this command serves, or with `dry_run` show what it would come to."""
    if not bulk.orders and bulk.choice is None:
        raise typer.BadParameter("Name orders, or say --all.")
    asked: dict[str, Any] = {"orders": bulk.orders, "choice": bulk.choice, "terms": bulk.terms}
    with opened(ctx) as books:
        if dry_run:
            put_preview(books.preview(preview_run, bulk.kind, **asked), json=json)
            return
        as_of, actor = books.asked.as_of or now(), books.asked.actor
        run = books.house.at(as_of, actor, f"manual:{actor}")(start_run, bulk.kind, **asked, key=bulk.key)
        serve_and_put(books, run, json=json)


def serve_and_put(books: Counter, run: Run, *, json: bool) -> None:
    """Serve a run to its end, then the queues that it marked, and print what came of it.

    Ctrl-C lets the run rest after the order at hand.
    """
    before = books.read(last_attempt)
    try:
        with progress(run) as told:
            run = books.house.follow_run(run.run_id, told, books.asked.as_of)
    except KeyboardInterrupt:
        run = books.change(pause_run, run.run_id)
        talk(f"Run {run.run_id} rests at {run.done:,} of {counted(run.total, 'order')}.")
        talk(
            f"Go on with `makegood runs resume {run.run_id}`, or end it with `makegood runs cancel {run.run_id}`."
        )
        raise typer.Exit(STOPPED) from None
    if any(piece.units for piece in books.house.check_until_quiet(books.asked.as_of)):
        tell_served(books.read(served_since, before))
    put_run(books, run, json=json)


def put_run(books: Counter, run: Run, *, json: bool) -> None:
    """Print what came of the orders of a run, and its counts."""
    if json:
        put_json({"run": run, "results": list(results(books, run.run_id)), "dry_run": False})
        return
    if run.done <= MOST_PUT:
        put_results(list(results(books, run.run_id)))
    else:
        put_results(books.read(run_results, run.run_id, outcomes=["FAILED"], most=MOST_PUT).results)
    put(
        f"Run {run.run_id}, {said(run.kind)}: {run.done:,} of {counted(run.total, 'order')}; "
        f"{counts(run.outcomes)}."
    )
    if not run.ended:
        talk(f"It is {said(run.status)}{', and stuck' if run.stuck else ''}. See `makegood runs --help`.")


def put_preview(seen: RunPreview, *, json: bool) -> None:
    """Print what a run would come to."""
    if json:
        put_json({**seen._asdict(), "dry_run": True})
        return
    put_results(seen.results, would=True)
    talk(f"Nothing was written. Looked at the first {seen.looked_at:,} of {counted(seen.total, 'order')}.")


def put_results(found: Sequence[RunResult], *, would: bool = False) -> None:
    """Print one line for each order."""
    for one in found:
        if one.outcome != "UNTRIED":
            put(sentence(one, would=would))


def sentence(one: RunResult, *, would: bool = False) -> str:
    """Say what came of one order.

    >>> sentence(RunResult(1, "1001", "SKIPPED", None, "nothing_short", "Order 1001 lacks nothing.", {}, None))
    'Skipped: Order 1001 lacks nothing.'
    """
    if one.message:
        return f"{said(one.outcome).capitalize()}: {one.message.rstrip('.')}."
    told = told_of(one.facts)
    return f"Order {one.order} {'would be' if would else 'is'} {said(one.status or '')}{told and ': '}{told}."


def told_of(facts: Mapping[str, object]) -> str:
    """Say what a program reads in the facts of a result.

    >>> told_of({"granted": 3, "short": 0})
    '3 units reserved now'
    """
    told = []
    if facts.get("substituted"):
        told.append(f"{facts['substituted']}")
    if facts.get("divided"):
        told.append(f"{facts['divided']}")
    if facts.get("granted"):
        told.append(f"{counted(int(str(facts['granted'])), 'unit')} reserved now")
    if facts.get("short"):
        told.append(f"{facts['short']} short")
    if facts.get("child"):
        told.append(f"{counted(int(str(facts['shippable'])), 'unit')} can go out")
        told.append(f"{facts['child']} is {said(str(facts['child_status']))} with {facts['backordered']}")
    return ", ".join(told)


def counts(outcomes: Mapping[str, int]) -> str:
    """Say how many orders came to what.

    >>> counts({"FULFILLED": 2, "FAILED": 1})
    '2 fulfilled, 1 failed'
    """
    return ", ".join(f"{count:,} {said(outcome)}" for outcome, count in outcomes.items()) or "none tried"


def results(books: Counter, run: int) -> Iterator[RunResult]:
    """Read all results of a run, page by page."""
    after = None
    while True:
        page = books.read(run_results, run, after=after, most=1000)
        yield from page.results
        if (after := page.next) is None:
            return


@contextmanager
def progress(run: Run) -> Iterator[Any]:
    """Give whom to tell how far a run is: a bar on stderr where somebody sees it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(f"Run {run.run_id}", total=run.total, completed=run.done)
        yield lambda seen: bar.update(task, completed=seen.done)

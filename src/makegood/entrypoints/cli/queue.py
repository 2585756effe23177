"""`makegood queue`: what is to be done, what rests or failed, and who works."""

from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import Column, minute, put, put_json, put_table, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.services.list_queue import QueueState, list_queue
from makegood.services.park_job import retry_job
from makegood.services.set_aside import retry_set_aside

Shown = tuple[str, list[Column], list[Sequence[object]]]

app = group("See what is to be done and what failed, and try it again.")


@app.command(epilog=example("queue show"))
def show(ctx: typer.Context, json: Json = False) -> None:
    """Show what is marked, which jobs wait, rest or failed, which orders are set aside, and who works."""
    with opened(ctx) as books:
        found = books.read(list_queue)
    put_json(found) if json else _put(found)


@app.command(epilog=example("queue retry --order 1001", "queue retry check_backorders EAST"))
def retry(
    ctx: typer.Context,
    job: Annotated[str | None, typer.Argument(help="The job that rests or failed.")] = None,
    subject: Annotated[str, typer.Argument(help="What it is about.")] = "",
    order: Annotated[str | None, typer.Option(help="An order that was set aside.")] = None,
    json: Json = False,
) -> None:
    """Have a job tried again that rests or failed, or take back an order that was set aside."""
    if (job is None) == (order is None):
        raise typer.BadParameter("Name a job, or an order with --order.")
    with opened(ctx) as books:
        found = books.change(retry_set_aside, order) if order else books.change(retry_job, job or "", subject)
    what = f"Order {order}" if order else f"Job {job} {subject}".rstrip()
    if json:
        put_json({"order": order, "job": job, "subject": subject, "retried": found})
    else:
        put(f"{what} goes on." if found else f"{what} neither rests nor failed; nothing changed.")


def _put(found: QueueState) -> None:
    for title, columns, rows in (*_work(found), *_trouble(found)):
        if rows:
            put_table(columns, rows, title=title)
            put("")
    if not (found.marks or found.parked or found.failures or found.aside):
        put("Nothing is left to look at and nothing failed.")
    if not any(worker.alive for worker in found.workers):
        talk("No worker is alive. Commands serve whom they let go on; for schedules run `makegood worker`.")


def _work(found: QueueState) -> Iterator[Shown]:
    yield (
        "To be looked at",
        [Column("Warehouse"), units("Queues"), units("Marks"), units("Oldest, s")],
        [(one.warehouse, one.queues, one.marks, round(one.oldest_seconds)) for one in found.marks],
    )
    yield (
        "Jobs",
        [Column("Job"), units("Waiting"), units("Running"), units("Oldest, s"), units("Most tries", spare=True)],
        [(one.job, one.queued, one.running, round(one.oldest_seconds), one.most_tries) for one in found.jobs],
    )
    yield (
        "Workers",
        [units("Worker"), text("Host"), Column("Process"), Column("Alive"), units("Silent, s"), text("At")],
        [
            (one.worker, one.host, str(one.pid), one.alive, round(one.silent_seconds), ", ".join(one.at))
            for one in found.workers
        ],
    )


def _trouble(found: QueueState) -> Iterator[Shown]:
    yield (
        "Resting",
        [Column("Job"), Column("About"), text("Because"), units("Times"), Column("Until")],
        [
            (one.job, one.subject, one.because, one.times, minute(one.until) or "you retry it")
            for one in found.parked
        ],
    )
    yield (
        "Orders set aside",
        [Column("Order"), Column("Job"), text("Because"), Column("Since")],
        [(one.order, one.job, one.message, minute(one.set_aside_at)) for one in found.aside],
    )
    yield (
        "Failures",
        [Column("Job"), Column("About"), text("What failed"), units("Times"), Column("Last")],
        [(one.job, one.subject, one.message, one.times, minute(one.last_at)) for one in found.failures],
    )

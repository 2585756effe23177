"""`makegood runs`: long work over many orders: how far it is, what came of it, let it rest, go on, end."""

from typing import Annotated

import typer

from makegood.domain.runs import Run
from makegood.entrypoints.cli.counter import After, Json, Limit, opened, tell_next
from makegood.entrypoints.cli.output import (
    Column,
    Status,
    minute,
    put,
    put_json,
    put_table,
    said,
    talk,
    text,
    units,
)
from makegood.entrypoints.cli.run_view import counts, put_results, serve_and_put
from makegood.entrypoints.cli.tree import example, group
from makegood.services.runs.show_runs import list_runs, run_results, show_run
from makegood.services.runs.steer_run import cancel_run, pause_run, reset_run, resume_run
from makegood.services.work import now

app = group("See long work over many orders, and let it rest, go on or end.")
Number = Annotated[int, typer.Argument(help="The number of the run.", min=1, metavar="RUN")]


@app.command("list", epilog=example("runs list --open"))
def list_(
    ctx: typer.Context,
    open_only: Annotated[bool, typer.Option("--open", help="Only those that have not ended.")] = False,
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """List the runs, the latest first."""
    with opened(ctx) as books:
        page = books.read(list_runs, open_only=open_only, after=after, most=limit)
    if json:
        put_json(page)
    elif not page.runs:
        talk("There are no runs. `makegood orders allocate --all` starts one.")
    else:
        put_table(
            [units("Run"), Column("Kind"), Column("Status"), units("Done"), units("Orders"), text("Came to"),
             Column("Asked by", spare=True), Column("At", spare=True)],
            [(run.run_id, said(run.kind), _status(run), run.done, run.total, counts(run.outcomes), run.asked_by,
              minute(run.asked_at)) for run in page.runs],
        )  # fmt: skip
        tell_next(page.next, "runs list …")


@app.command(epilog=example("runs show 7", "runs show 7 --outcome failed"))
def show(
    ctx: typer.Context,
    run: Number,
    outcome: Annotated[
        list[str] | None, typer.Option(help="Only orders that came to this: failed, skipped …; several times.")
    ] = None,
    limit: Limit = 100,
    after: After = None,
    json: Json = False,
) -> None:
    """Show one run: how far it is, and what came of each order."""
    wanted = [word.upper() for word in outcome or ()]
    with opened(ctx) as books:
        found = books.read(show_run, run)
        page = books.read(run_results, run, outcomes=wanted, after=after, most=limit)
    if json:
        put_json({"run": found, "results": page.results, "next": page.next})
        return
    put_results(page.results)
    put(f"Run {run}, {said(found.kind)}, is {_status(found)}: {found.done:,} of {found.total:,}; "
        f"{counts(found.outcomes)}.")  # fmt: skip
    tell_next(page.next, f"runs show {run} …")


@app.command(epilog=example("runs resume 7"))
def resume(ctx: typer.Context, run: Number, json: Json = False) -> None:
    """Go on with a run at the order where it stopped, and serve it to its end."""
    with opened(ctx) as books:
        serve_and_put(books, books.change(resume_run, run), json=json)


@app.command(epilog=example("runs pause 7"))
def pause(ctx: typer.Context, run: Number, json: Json = False) -> None:
    """Let a run rest after the order at hand."""
    with opened(ctx) as books:
        found = books.change(pause_run, run)
    _put(found, json)


@app.command(epilog=example("runs reset 7"))
def reset(ctx: typer.Context, run: Number, json: Json = False) -> None:
    """Free a stuck run from whoever holds it; a worker goes on with it, or `runs resume` does."""
    with opened(ctx) as books:
        found = books.house.at(now(), books.asked.actor, f"manual:{books.asked.actor}")(reset_run, run)
    _put(found, json)


@app.command(epilog=example("runs cancel 7"))
def cancel(ctx: typer.Context, run: Number, json: Json = False) -> None:
    """End a run after the order at hand; what was done stays done."""
    with opened(ctx) as books:
        found = books.change(cancel_run, run)
    _put(found, json)


def _put(run: Run, json: bool) -> None:
    if json:
        put_json(run)
    else:
        put(f"Run {run.run_id} is {_status(run)}: {run.done:,} of {run.total:,}; {counts(run.outcomes)}.")


def _status(run: Run) -> str:
    return Status(run.status) if not run.stuck else "stuck"

"""`makegood worker`: serve marked queues at once and do what runs by the clock, until told to stop."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.output import talk
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.logs import set_up_logs
from makegood.jobs.shift import Orders
from makegood.services.work import now
from makegood.wiring import read_settings

app = group("")


@app.command(epilog=example("worker", "worker --until-idle"))
def worker(
    ctx: typer.Context,
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End once nothing is left to do now, instead of waiting for more.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every job.")] = False,
) -> None:
    """Serve the queue and do the jobs that run by the clock, until Ctrl-C; several may run, on several machines.

    Ctrl-C and SIGTERM let it finish the piece at hand. What it meets is told on stderr.
    """
    set_up_logs("info" if verbose else read_settings().log_level, read_settings().log_format)
    talk("The worker is at work." + ("" if until_idle else " Ctrl-C ends it after the piece at hand."))
    as_of = ctx.obj.as_of
    orders = Orders(clock=lambda: as_of) if as_of else Orders(clock=now)
    ctx.obj.doors.run_worker(until_idle=until_idle, orders=orders)
    talk("The worker has stopped.")

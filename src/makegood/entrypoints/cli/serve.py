"""`makegood serve`: the HTTP API, and a worker beside it, until told to stop."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from makegood.entrypoints.cli.demo import DEMO_HOME
from makegood.entrypoints.cli.output import talk
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.logs import set_up_logs
from makegood.wiring import read_settings

app = group("")


@app.command(epilog=example("serve", "serve --demo", "serve --host 0.0.0.0 --port 80 --no-worker"))
def serve(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen on; else MAKEGOOD_HOST, 127.0.0.1.")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port; else MAKEGOOD_PORT, 8000. 0 takes a free one.", min=0, max=65535)
    ] = None,
    with_worker: Annotated[
        bool | None,
        typer.Option(
            "--with-worker/--no-worker",
            help="Run a worker beside it; by default when the embedded database keeps the books.",
        ),
    ] = None,
    home: Annotated[
        Path | None, typer.Option(help="Folder of the embedded database to open, whatever the settings say.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Open the demo's books in .makegood/demo, lived through if need be.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log every request and job.")] = False,
) -> None:
    """Open the books to programs and browsers over HTTP, until Ctrl-C.

    Ctrl-C and SIGTERM let what is under way come to its end. Without TLS it belongs behind a reverse proxy; see
    docs/guides/run-makegood.md.
    """
    set_up_logs("info" if verbose else read_settings().log_level, read_settings().log_format)
    as_of = ctx.obj.as_of
    if demo:
        home = home or DEMO_HOME
        as_of = as_of or _demo_goes_on(home)
    ctx.obj.doors.serve(host=host, port=port, with_worker=with_worker, home=home, as_of=as_of, tell=talk)


def _demo_goes_on(home: Path) -> datetime:
    """Give the business time at which the demo's books stand, having lived through its day if nobody has."""
    from makegood.entrypoints.cli.demo import live_in
    from makegood.services.follow_events import latest_moment
    from makegood.store.demo_books import holds_demo
    from makegood.store.embedded import served
    from makegood.wiring import open_house

    with served(home) as server:
        if not holds_demo(server):
            talk("Living through the demo's day first; it takes a few seconds.")
            return live_in(home).tale.ends_at
    with open_house(home=home) as house:
        return house.do(latest_moment)

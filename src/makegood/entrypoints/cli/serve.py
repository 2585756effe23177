"""`makegood serve`: the HTTP API, and a worker beside it, until told to stop."""

import logging
import sys
from pathlib import Path
from typing import Annotated

import typer

from makegood.entrypoints.cli.output import talk
from makegood.entrypoints.cli.tree import example, group

app = group("")


@app.command(epilog=example("serve", "serve --port 9000", "serve --host 0.0.0.0 --no-worker"))
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
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell every request.")] = False,
) -> None:
    """Open the books to programs and browsers over HTTP, until Ctrl-C.

    Ctrl-C and SIGTERM let what is under way come to its end. Without TLS it belongs behind a reverse proxy; see
    docs/guides/run-makegood.md.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(message)s",
    )
    ctx.obj.doors.serve(host=host, port=port, with_worker=with_worker, home=home, as_of=ctx.obj.as_of, tell=talk)

"""`makegood alerts`: what needs a person."""

from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import After, Json, Limit, opened, tell_next
from makegood.entrypoints.cli.output import Column, minute, put, put_json, put_table, text
from makegood.entrypoints.cli.tree import example, group
from makegood.services.alerts.watch import list_alerts

app = group("")


@app.command(epilog=example("alerts", "alerts --ended"))
def alerts(
    ctx: typer.Context,
    ended: Annotated[bool, typer.Option("--ended", help="Also those that are over.")] = False,
    limit: Limit = 100,
    after: After = None,
    json: Json = False,
) -> None:
    """List the alerts: each condition that needs a person once, from when it began until it ended."""
    with opened(ctx) as books:
        found = books.read(list_alerts, ended=ended, after=after, most=limit)
    if json:
        put_json(found)
        return
    if not found.alerts:
        put("Nothing needs a person now." if not ended else "No alert was ever raised.")
        return
    put_table(
        [Column("Alert"), text("What is the matter"), Column("Since"), Column("Ended", spare=True)],
        [(one.kind, one.words, minute(one.raised_at), minute(one.ended_at)) for one in found.alerts],
    )
    tell_next(found.next, "alerts")

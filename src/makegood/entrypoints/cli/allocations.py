"""`makegood allocations`: confirm, release or extend one allocation."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Concatenate, ParamSpec

import typer

from makegood.entrypoints.cli.backorder_view import Apply
from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import minute, put, put_json, said, talk
from makegood.entrypoints.cli.tree import example, group
from makegood.services.backorders.change_allocation import (
    AllocationRow,
    confirm_allocation,
    extend_allocation,
    release_allocation,
)
from makegood.services.work import Work

P = ParamSpec("P")

app = group("Confirm, release or extend one allocation; changes are shown and need --apply.")

Number = Annotated[
    int, typer.Argument(help="Its number, as `makegood backorders show` gives it.", metavar="ALLOCATION")
]


@app.command(epilog=example("allocations confirm 17 --apply"))
def confirm(ctx: typer.Context, allocation: Number, apply: Apply = False, json: Json = False) -> None:
    """Confirm an allocation: when stock shrinks, it goes after those that are not."""
    _put(ctx, apply, json, confirm_allocation, allocation)


@app.command(epilog=example('allocations release 17 --because "wrong lot" --apply'))
def release(
    ctx: typer.Context,
    allocation: Number,
    because: Annotated[str, typer.Option(help="The reason, for the record.")] = "",
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Release an allocation: its units go to whoever is next, its line waits again."""
    _put(ctx, apply, json, release_allocation, allocation, because=because)


@app.command(epilog=example("allocations extend 17 --until 2026-04-01 --apply"))
def extend(
    ctx: typer.Context,
    allocation: Number,
    until: Annotated[
        datetime | None, typer.Option(help="When it lapses, in UTC; else never.", metavar="TIME")
    ] = None,
    apply: Apply = False,
    json: Json = False,
) -> None:
    """Let an allocation lapse later, or never."""
    _put(ctx, apply, json, extend_allocation, allocation, until=until.replace(tzinfo=UTC) if until else None)


def _put(
    ctx: typer.Context,
    apply: bool,
    json: bool,
    use_case: Callable[Concatenate[Work, P], AllocationRow],
    *args: P.args,
    **named: P.kwargs,
) -> None:
    with opened(ctx) as books:
        found = (books.change if apply else books.preview)(use_case, *args, **named)
    if json:
        put_json(found.as_told() if apply else {"would_do": found.as_told()})
        return
    lapses = f", it lapses {minute(found.expires_at)}" if found.expires_at else ""
    put(f"Allocation {found.allocation_id} {'is' if apply else 'would be'} {said(found.state)}{lapses}.")
    if not apply:
        talk("Nothing was done: this is what it would come to. Add --apply to do it.")

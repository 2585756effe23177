"""`makegood explain`: why an order waits, in sentences, and what could be done."""

from typing import Annotated

import typer

from makegood.domain.explanation import Explanation, LineExplanation, NextInbound
from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.output import counted, day, put, put_json, said
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.services.explain_order import explain_order

app = group("")


@app.command(epilog=example("explain 1001"))
def explain(ctx: typer.Context, order: Annotated[str, typer.Argument(help=NUMBER)], json: Json = False) -> None:
    """Say why an order does not have all it wants: the reasons, its place in the queue, what comes next."""
    with opened(ctx) as books:
        found = books.read(explain_order, order)
    put_json(found) if json else _put(found)


def _put(found: Explanation) -> None:
    if not found.lines:
        put(f"Order {found.order} is {said(found.status)} and lacks nothing.")
        return
    short = sum(line.short for line in found.lines)
    put(f"Order {found.order} is {said(found.status)}: {counted(short, 'unit')} short.")
    for line in found.lines:
        _put_line(line)


def _put_line(line: LineExplanation) -> None:
    place = f", number {line.queue_position:,} in the queue" if line.queue_position else ""
    put(f"\nLine {line.line_number}, {line.sku}: {counted(line.short, 'unit')} short{place}.")
    for words in line.sentences:
        put(f"  - {words}")
    for one in line.sourced:
        put(f"  - It has {counted(one.units, 'unit')} of {one.reference} by name, due {_due(one)}.")
    if line.next_inbound:
        one = line.next_inbound
        put(f"  - {counted(one.units, 'unit')} due {_due(one)} with {one.reference}.")
    for action in line.actions:
        put(f"  To {action.what}: {action.command}")


def _due(supply: NextInbound) -> str:
    return day(supply.due) or "on an unknown day"

"""`makegood receive`, `count`, `return`: figures go into stock at once, or are entered and approved later."""

from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Any, NamedTuple

import typer

from makegood.domain.sessions import Approval, CountedLine, Disposition, ReceivedLine, ReturnedLine
from makegood.entrypoints.cli.counter import Counter, Json, Warehouse, opened
from makegood.entrypoints.cli.output import counted, put, put_json
from makegood.entrypoints.cli.stock_changes import Expires, Lot, Merchant, day_of
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import read_placed, read_units
from makegood.services.count_stock import add_counted, approve_count, open_count, reject_count
from makegood.services.count_stock import count as count_whole
from makegood.services.receive_stock import add_received, approve_receiving, open_receiving, reject_receiving
from makegood.services.receive_stock import receive as receive_whole
from makegood.services.return_stock import add_returned, approve_return, open_return, reject_return, take_back

app = group("")

FIGURES = "SKU=UNITS, in another place than --at SKU=UNITS@LOCATION. None to approve or reject."
Lines = Annotated[list[str] | None, typer.Argument(help=FIGURES, metavar="SKU=UNITS")]
At = Annotated[
    str | None, typer.Option("--at", help="The place, unless a line names its own.", metavar="LOCATION")
]
Later = Annotated[bool, typer.Option("--later", help="Only enter the figures; somebody approves them later.")]
Approve = Annotated[bool, typer.Option("--approve", help="Approve what was entered.")]
Reject = Annotated[bool, typer.Option("--reject", help="Reject what was entered; the books stay as they are.")]


class Verbs(NamedTuple):
    """What can be done with a session of one kind, and what it is called."""

    whole: Callable[..., Approval]
    open: Callable[..., None]
    add: Callable[..., int]
    approve: Callable[..., Approval]
    reject: Callable[..., None]
    called: str


class Way(NamedTuple):
    """How a session is to go on: its figures, and whether they wait, are approved or rejected."""

    lines: Sequence[Any]
    later: bool
    approve: bool
    reject: bool


RECEIVING = Verbs(receive_whole, open_receiving, add_received, approve_receiving, reject_receiving, "Delivery")
COUNT = Verbs(count_whole, open_count, add_counted, approve_count, reject_count, "Count")
RETURN = Verbs(take_back, open_return, add_returned, approve_return, reject_return, "Return")


@app.command(
    epilog=example(
        "receive D-17 MUG=12 LID=40 --at A-01",
        "receive D-17 MUG=12 --damaged MUG=2 --at DOCK --later",
        "receive D-17 --approve",
        "receive D-18 MUG=40 LID=40 --at DOCK --for PO-7",
    )
)
def receive(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="The delivery's own number: the same again has no effect.")],
    lines: Lines = None,
    at: At = None,
    damaged: Annotated[
        list[str] | None, typer.Option(help="So many of a SKU came damaged; several times.", metavar="SKU=UNITS")
    ] = None,
    lot: Lot = "",
    expires: Expires = None,
    merchant: Merchant = "default",
    inbound: Annotated[
        str | None,
        typer.Option(
            "--for", help="The purchase order, transfer or production that it belongs to.", metavar="INBOUND"
        ),
    ] = None,
    warehouse: Warehouse = None,
    later: Later = False,
    approve: Approve = False,
    reject: Reject = False,
    json: Json = False,
) -> None:
    """Receive a delivery into stock; what is usable goes to whoever waits.

    Of announced goods whoever has reserved some gets them first.
    """
    broken = dict(map(read_units, damaged or ()))
    figures = [
        ReceivedLine(sku, units, place, broken.pop(sku, 0), lot, day_of(expires), merchant, inbound=inbound)
        for sku, units, place in _placed(lines, at)
    ]
    if broken:
        raise typer.BadParameter(f"{', '.join(broken)} is not among the lines.", param_hint="--damaged")
    _go_on(ctx, RECEIVING, reference, Way(figures, later, approve, reject), json, warehouse=warehouse)


@app.command(epilog=example("count C-9 MUG=11 LID=38 --at A-01", "count C-9 --approve"))
def count(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="The count's own number: the same again has no effect.")],
    lines: Lines = None,
    at: At = None,
    lot: Lot = "",
    expires: Expires = None,
    merchant: Merchant = "default",
    warehouse: Warehouse = None,
    later: Later = False,
    approve: Approve = False,
    reject: Reject = False,
    json: Json = False,
) -> None:
    """Enter what was counted: the difference is posted, found units go to whoever waits."""
    figures = [
        CountedLine(sku, units, place, lot, day_of(expires), merchant) for sku, units, place in _placed(lines, at)
    ]
    _go_on(ctx, COUNT, reference, Way(figures, later, approve, reject), json, warehouse=warehouse)


@app.command(
    "return",
    epilog=example("return R-3 MUG=2 --at A-01 --order 1001", "return R-4 MUG=1 --at RETURNS --as damaged"),
)
def return_(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(help="The return's own number: the same again has no effect.")],
    lines: Lines = None,
    at: At = None,
    order: Annotated[str | None, typer.Option(help="The order that it comes from, where it is known.")] = None,
    disposition: Annotated[
        str, typer.Option("--as", help="What becomes of it: restock, quarantine or damaged.")
    ] = Disposition.RESTOCK.value,
    lot: Lot = "",
    expires: Expires = None,
    merchant: Merchant = "default",
    warehouse: Warehouse = None,
    later: Later = False,
    approve: Approve = False,
    reject: Reject = False,
    json: Json = False,
) -> None:
    """Take back what a customer sent; what is restocked goes to whoever waits."""
    figures = [
        ReturnedLine(sku, units, place, disposition, lot, day_of(expires), merchant)
        for sku, units, place in _placed(lines, at)
    ]
    _go_on(ctx, RETURN, reference, Way(figures, later, approve, reject), json, order=order, warehouse=warehouse)


def _placed(lines: Sequence[str] | None, at: str | None) -> Iterator[tuple[str, int, str]]:
    for words in lines or ():
        sku, units, place = read_placed(words)
        if not (place or at):
            raise typer.BadParameter(f"Say where {sku} lies: --at LOCATION, or {words}@LOCATION.")
        yield sku, units, place or at or ""


def _go_on(ctx: typer.Context, verbs: Verbs, reference: str, way: Way, json: bool, **about: Any) -> None:
    if bool(way.lines) == (way.approve or way.reject) or (way.approve and way.reject):
        raise typer.BadParameter("Give lines SKU=UNITS, or one of --approve and --reject.")
    with opened(ctx) as books:
        if way.later:
            _enter(books, verbs, reference, way.lines, json, **about)
        elif way.reject:
            books.change(verbs.reject, reference)
            put_json({"reference": reference, "status": "REJECTED"}) if json else put(
                f"{verbs.called} {reference} is rejected; the books stay as they are."
            )
        elif way.approve:
            _put(verbs, books.change(verbs.approve, reference), json)
        else:
            _put(verbs, books.change(verbs.whole, reference, way.lines, **about), json)


def _enter(books: Counter, verbs: Verbs, reference: str, lines: Sequence[Any], json: bool, **about: Any) -> None:
    books.change(verbs.open, reference, **about)
    entered = books.change(verbs.add, reference, lines)
    if json:
        put_json({"reference": reference, "status": "OPEN", "entered": entered})
    else:
        put(f"{counted(entered, 'figure')} entered. Post them with --approve.")


def _put(verbs: Verbs, made: Approval, json: bool) -> None:
    if json:
        put_json(made)
        return
    changes = [(made.added, "added"), (made.removed, "written off")]
    told = [f"{counted(units, 'unit')} {word}" for units, word in changes if units]
    beyond = made.added - made.usable
    put(f"{verbs.called} {made.reference} is in the books: {', '.join(told) or 'nothing changed'}.")
    if beyond:
        put(f"{counted(beyond, 'unit')} of them cannot be given out where they are; see `makegood stock SKU`.")

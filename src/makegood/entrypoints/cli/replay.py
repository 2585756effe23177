"""`makegood replay`: a real shop's invoices, lived through again in books of their own, and what came of it."""

import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from makegood.entrypoints.cli.counter import Json
from makegood.entrypoints.cli.exits import FAULTY, FINE
from makegood.entrypoints.cli.output import Column, put, put_json, put_table, talk, units
from makegood.entrypoints.cli.tree import example, group

if TYPE_CHECKING:
    from makegood.services.replay.figures import Outcome, Receiver
    from makegood.services.replay.live_through import Lived
    from makegood.services.replay.read_shop import Shop
    from makegood.wiring import House

app = group("")

MOST_BAD_ROWS = 20
MOST_RECEIVERS = 10
MOST_FINDINGS = 20


class Replayed(NamedTuple):
    """What was read, what happened, and what came of it."""

    shop: "Shop"
    lived: "Lived"
    outcome: "Outcome"


@app.command(epilog=example("replay invoices", "replay invoices/2010-12.csv.gz --json --seed 7"))
def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of month files (.csv, .csv.gz), or one.")],
    json: Json = False,
    seed: Annotated[
        int, typer.Option(help="Another seed is another buyer: what comes when, what is miscounted.")
    ] = 1,
    days: Annotated[int | None, typer.Option(help="Only so many days from the first.", min=1)] = None,
    home: Annotated[Path | None, typer.Option(help="Folder of the embedded PostgreSQL to use.")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the books afterwards, and say where they are.")
    ] = False,
) -> int:
    """Live a shop's invoices again, from first to last: stock comes late, orders wait, the right ones get it.

    An invoice is an order, one that was cancelled is a return. Purchases are simulated from the seed. The
    books are new ones beside yours, which are not touched.
    """
    from makegood.services.replay.read_shop import read_shop

    began = time.perf_counter()
    shop = read_shop(folder, days=days)
    _tell_bad_rows(shop)
    with _own_house(home, keep=keep) as house:
        replayed = _live(house, shop, seed, began)
    put_json(replayed.outcome.figures) if json else _put(replayed)
    return FINE if replayed.outcome.is_clean and not shop.bad else FAULTY


def _live(house: "House", shop: "Shop", seed: int, began: float) -> Replayed:
    from makegood.services.replay.figures import come_to
    from makegood.services.replay.live_through import live_through

    with _progress() as told:
        lived = live_through(house, shop.book, seed=seed, told=told)
    outcome = come_to(house.books, lived.now, wall_seconds=lambda: time.perf_counter() - began)
    return Replayed(shop, lived, outcome)


@contextmanager
def _own_house(home: Path | None, *, keep: bool) -> Iterator["House"]:
    """Open new books beside those that the settings name, on the same server."""
    from makegood.store.beside import database_beside
    from makegood.wiring import open_house

    name = f"makegood_replay_{secrets.token_hex(4)}"
    with (
        open_house(home=home, migrated=False) as beside,
        database_beside(beside.books.conninfo, name, keep=keep) as address,
        open_house(database_url=address) as house,
    ):
        yield house
        if keep:
            talk(f"The books are kept in the database {name}: {address}")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], object]]:
    """Give what tells how far it is: a bar on stderr where somebody looks at it."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("Living through the days"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("days", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell_bad_rows(shop: "Shop") -> None:
    for bad in shop.bad[:MOST_BAD_ROWS]:
        talk(str(bad))
    if len(shop.bad) > MOST_BAD_ROWS:
        talk(f"… and {len(shop.bad) - MOST_BAD_ROWS:,} more bad rows.")


def _put(replayed: Replayed) -> None:
    shop, lived, outcome = replayed
    _put_rows("What was read", _read(shop))
    _put_rows("What happened", _happened(lived, outcome))
    _put_rows("What came of it", _came_of_it(outcome))
    _put_receivers(outcome.receivers)
    _put_rows("Is it in order?", _verdict(outcome))
    for finding in outcome.findings[:MOST_FINDINGS]:
        put(f"- {finding.words}")


def _read(shop: "Shop") -> Iterator[Sequence[object]]:
    book = shop.book
    yield "days", len(book.days), f"{book.days[0]} to {book.days[-1]}"
    yield "rows", shop.rows, f"in {shop.files} files"
    yield "orders", len(book.orders), f"with {sum(len(one.items) for one in book.orders):,} lines"
    yield "customer returns", len(book.returns), f"with {sum(len(one.items) for one in book.returns):,} lines"
    yield "write-offs", len(book.write_offs), f"of {sum(one.units for one in book.write_offs):,} units"
    for why, count in sorted(book.left_out.items()):
        yield "rows left out", count, why
    for file in shop.repeats:
        yield "file left out", 1, f"{file}: the same text as another"
    yield "bad rows", len(shop.bad), "told above" if shop.bad else ""


def _happened(lived: "Lived", outcome: "Outcome") -> Iterator[Sequence[object]]:
    ordered = outcome.figures.units_ordered
    yield "units received from suppliers", lived.units_received, _share(lived.units_received, ordered)
    yield "units put away from the dock", lived.units_put_away, "the day after they came"
    yield "units miscounted", lived.units_miscounted, "found and lost in cycle counts"
    yield "units written off", lived.units_written_off, "as far as they were in the books"
    yield "orders shipped", lived.orders_shipped, "the evening they were whole"
    yield "orders picked short", lived.orders_picked_short, "back to the queue with age and rank"


def _came_of_it(outcome: "Outcome") -> Iterator[Sequence[object]]:
    figures = outcome.figures
    yield "orders", figures.orders, f"{figures.lines:,} lines"
    yield "units ordered", figures.units_ordered, ""
    for words, count in (
        ("filled at once", figures.units_filled_at_once),
        ("filled after waiting", figures.units_filled_after_waiting),
        ("still waiting", figures.units_waiting),
        ("cancelled", figures.units_cancelled),
    ):
        yield f"  {words}", count, _share(count, figures.units_ordered)
    yield "orders resolved", figures.orders_resolved, "were short, and became whole"
    yield "  days waited, median", _days(figures.median_days_waited), "from short to whole"
    yield "  days waited, 9 of 10", _days(figures.p90_days_waited), "at most"
    yield "orders held", figures.orders_held, "short for more than 30 days, for a person to decide"
    yield "units returned", figures.units_returned, "and restocked"


def _put_receivers(receivers: Sequence["Receiver"]) -> None:
    got, after_waiting = sum(one.units for one in receivers), sum(one.after_waiting for one in receivers)
    put(f"Who got what came back: {got:,} units for {len(receivers):,} orders, {after_waiting:,} for waiting ones")
    put_table(
        [Column("Order"), Column("Customer"), units("Units"), units("After waiting")],
        [
            (one.order, one.customer or "not named", one.units, one.after_waiting)
            for one in receivers[:MOST_RECEIVERS]
        ],
    )
    put(f"… and {len(receivers) - MOST_RECEIVERS:,} more orders\n" if len(receivers) > MOST_RECEIVERS else " ")


def _verdict(outcome: "Outcome") -> Iterator[Sequence[object]]:
    figures = outcome.figures
    yield "laws broken", figures.laws_broken, "by the doctor, over all the books"
    yield "left lying", figures.sweep_defects, f"of {outcome.lines_swept:,} waiting lines that the sweep looked at"
    yield "seconds", figures.wall_seconds, "from the first file to the last figure"


def _put_rows(title: str, rows: Iterator[Sequence[object]]) -> None:
    put(title)
    put_table([Column(""), units(""), Column("")], rows)
    put(" ")


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%} of the units ordered" if whole else ""


def _days(days: float | None) -> str:
    return "none" if days is None else f"{days:.1f}"

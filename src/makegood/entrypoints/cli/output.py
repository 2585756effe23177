"""What a person sees and what a program reads: tables or JSON on stdout, talk on stderr."""

import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import typer

from makegood.domain.plain import as_plain

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

# Into a file or pipe nothing is folded: programs such as grep and awk want one row on one line.
WIDTH_OF_A_PIPE = 400

EMPTY = (None, "", 0)
# A column that may be folded is still readable at this width.
FOLDED = 16

STYLES: Mapping[str, str] = {
    "ALLOCATED": "green",
    "PARTIALLY_ALLOCATED": "yellow",
    "BACKORDERED": "red",
    "ON_HOLD": "magenta",
    "CANCELLED": "dim",
    "SHIPPED": "dim",
}


class Column(NamedTuple):
    """A column of a table: numbers stand right, one that `folds` may take several lines, a `spare` one may go."""

    head: str
    right: bool = False
    folds: bool = False
    spare: bool = False


class Status(str):
    """A status as the domain spells it; a person reads it in small letters and colour."""


def units(head: str, *, spare: bool = False) -> Column:
    """Give a column of numbers."""
    return Column(head, right=True, spare=spare)


def text(head: str, *, spare: bool = False) -> Column:
    """Give a column of words that may take several lines."""
    return Column(head, folds=True, spare=spare)


def put_json(value: object) -> None:
    """Print a record as JSON on stdout."""
    put(json.dumps(as_plain(value), indent=2, ensure_ascii=False))


def put(words: str) -> None:
    """Print on stdout; when nobody reads any more, leave quietly."""
    try:
        sys.stdout.write(words.rstrip("\n") + "\n")
        sys.stdout.flush()
    except UnicodeEncodeError as foreign:
        sys.stdout.write(words.encode(foreign.encoding, "replace").decode(foreign.encoding).rstrip("\n") + "\n")
    except BrokenPipeError:
        forget_stdout()
        raise typer.Exit(141) from None


def forget_stdout() -> None:
    """Let what is still to be written go nowhere: Python writes once more at its end, and would complain then."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def talk(words: str) -> None:
    """Say something on stderr, apart from what a program may read."""
    typer.echo(words, err=True)


def put_table(columns: Sequence[Column], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table as wide as its contents, or the terminal.

    A column that can be spared goes when nothing stands in it, and the last ones first when it is tight.
    """
    console = _console()
    cells = [list(row) for row in rows]
    places = [p for p, one in enumerate(columns) if not one.spare or any(row[p] not in EMPTY for row in cells)]
    while not (fits := _fits(console, *_chosen(columns, cells, places))) and any(columns[p].spare for p in places):
        places.remove(max(p for p in places if columns[p].spare))
    if not fits:
        _put_stacked(columns, cells, title)
        return
    _put_printed(console, _table(*_chosen(columns, cells, places), title))


def put_facts(facts: Iterable[tuple[str, object]]) -> None:
    """Print names and values in two columns, leaving out what is empty."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, value in facts:
        if value not in ("", None):
            grid.add_row(name, _cell(value))
    _put_printed(_console(), grid)


def day(moment: datetime | date | None) -> str:
    """Give the day of a moment, short."""
    if moment is None:
        return ""
    return f"{moment.astimezone(UTC) if isinstance(moment, datetime) else moment:%Y-%m-%d}"


def minute(moment: datetime | None) -> str:
    """Give a moment to the minute, in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" if moment else ""


def said(status: str) -> str:
    """Give a status as a person says it.

    >>> said("PARTIALLY_ALLOCATED")
    'partially allocated'
    """
    return status.replace("_", " ").lower()


def counted(number: int, thing: str) -> str:
    """Give a number with its noun.

    >>> counted(1, "unit"), counted(1200, "order")
    ('1 unit', '1,200 orders')
    """
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def _chosen(
    columns: Sequence[Column], rows: Sequence[Sequence[object]], places: Sequence[int]
) -> tuple[list[Column], list[list[object]]]:
    return [columns[p] for p in places], [[row[p] for p in places] for row in rows]


def _put_printed(console: "Console", shown: "Table") -> None:
    with console.capture() as printed:
        console.print(shown)
    put("\n".join(line.rstrip() for line in printed.get().splitlines()))


def _put_stacked(columns: Sequence[Column], rows: Iterable[Sequence[object]], title: str) -> None:
    """Print each row as names and values, for a screen on which not even the least table has room."""
    if title:
        put(title)
    for number, row in enumerate(rows):
        if number:
            put("")
        put_facts((column.head, value) for column, value in zip(columns, row, strict=True))


def _fits(console: "Console", columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> bool:
    """Tell whether every column that must not be folded can be read whole; two blanks stand between columns."""
    cells = [[str(_cell(value)) for value in row] for row in rows]
    widths = [
        min(widest, FOLDED) if column.folds else widest
        for place, column in enumerate(columns)
        for widest in [max([len(column.head), *(len(row[place]) for row in cells)])]
    ]
    return sum(widths) + 2 * (len(widths) - 1) <= console.width


def _console() -> "Console":
    from rich.console import Console

    piped = not sys.stdout.isatty() and "COLUMNS" not in os.environ
    return Console(file=sys.stdout, width=WIDTH_OF_A_PIPE if piped else None, highlight=False)


def _table(columns: Sequence[Column], rows: Iterable[Sequence[object]], title: str) -> "Table":
    from rich.table import Table

    table = Table(title=title or None, title_justify="left", title_style="bold", box=None, pad_edge=False)
    table.header_style = "bold"
    for column in columns:
        table.add_column(
            column.head,
            justify="right" if column.right else "left",
            no_wrap=not column.folds,
            overflow="fold",
        )
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    return table


def _cell(value: object) -> Any:
    from rich.text import Text

    if isinstance(value, Status):
        return Text(said(value), style=STYLES.get(value, ""))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, datetime | date):
        return day(value)
    return Text("" if value is None else str(value))

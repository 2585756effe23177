"""`makegood import` and `makegood export`: orders, stock, variants, … from and into files."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from makegood.domain.errors import InvalidValue
from makegood.entrypoints.cli.counter import Json, opened, tell_served
from makegood.entrypoints.cli.exits import FAULTY
from makegood.entrypoints.cli.files_view import progress, put_summary
from makegood.entrypoints.cli.output import counted, put, put_json, talk
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.memory import settle_in
from makegood.services.export_books import export_books
from makegood.services.files.columns import Columns, columns_of, read_columns
from makegood.services.files.importing import Import, Kind, Summary
from makegood.services.files.kinds import About, kind_of
from makegood.services.files.rows import Terms
from makegood.services.files.source import opened as source_opened
from makegood.services.files.template import template
from makegood.services.files.writing import keeping, writing
from makegood.services.show_order import last_attempt, served_since
from makegood.services.work import now

app = group("")


Which = Annotated[About, typer.Argument(help="orders, stock, variants, locations, returns or inbound.")]
From = Annotated[str | None, typer.Argument(help="The file, plain or gzipped; - is stdin.")]
Into = Annotated[str, typer.Argument(help="The file, with .gz packed; - is stdout.")]
Form = Annotated[
    str | None, typer.Option("--format", help="csv, jsonl, json or parquet, where the name does not say.")
]
Renamed = Annotated[list[str] | None, typer.Option("--columns", help="Your headers: column=YourHeader,…")]
Create = Annotated[
    bool, typer.Option("--create", help="Add merchants, warehouses, locations and variants that are unknown.")
]
KeepUnmatched = Annotated[
    bool, typer.Option("--keep-unmatched", help="Place orders with unknown SKUs too; they are held.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check everything and write nothing.")]
BadRows = Annotated[Path | None, typer.Option(help="Write the rows that were not taken here, to be mended.")]
Encoding = Annotated[str | None, typer.Option(help="Encoding of the file, else UTF-8.")]
Name = Annotated[str | None, typer.Option("--id", help="Name of the import in the ledger, else the file's.")]
Template = Annotated[bool, typer.Option("--template", help="Print an empty file and leave.")]
Closed = Annotated[bool, typer.Option("--closed", help="Also what was shipped, received or cancelled.")]


class Wish(NamedTuple):
    """How a file is to be taken, as it was typed."""

    file: str
    form: str | None
    encoding: str | None
    renamed: list[str]
    terms: Terms
    dry_run: bool
    bad_rows: Path | None
    name: str


@app.command(
    "import",
    epilog=example(
        "import orders orders.csv",
        "import stock count.csv.gz --create --bad-rows bad.csv",
        "import orders web.csv --columns number=Order,sku=Article,quantity=Qty",
        "import variants --template",
    ),
)
def import_file(
    ctx: typer.Context,
    kind: Which,
    file: From = None,
    columns: Renamed = None,
    create: Create = False,
    keep_unmatched: KeepUnmatched = False,
    dry_run: DryRun = False,
    bad_rows: BadRows = None,
    encoding: Encoding = None,
    form: Form = None,
    name: Name = None,
    empty: Template = False,
    json: Json = False,
) -> None:
    """Take orders, stock, variants, locations, returns or supply that is due from a file.

    Good rows land, bad ones are told with line, field and remedy; the same file again changes nothing. Leaves
    with 0 when all is fine, 1 when some rows are bad, 2 when the file cannot be read.
    """
    about = kind_of(kind)
    if empty:
        put(template(about.entry))
        return
    if file is None:
        raise typer.BadParameter("name a file, or - for stdin", param_hint="FILE")
    if keep_unmatched and kind is not About.ORDERS:
        raise typer.BadParameter("is for orders", param_hint="--keep-unmatched")
    terms = Terms(create=create, keep_unmatched=keep_unmatched)
    name = name or ("stdin" if file == "-" else Path(file).name)
    wish = Wish(file, form, encoding, columns or [], terms, dry_run, bad_rows, name)
    summary = take(ctx, about, wish)
    put_summary(summary, json)
    if summary.bad:
        raise typer.Exit(FAULTY)


@app.command("export", epilog=example("export orders open.csv", "export stock - --format jsonl"))
def export_file(
    ctx: typer.Context, kind: Which, file: Into, form: Form = None, closed: Closed = False, json: Json = False
) -> None:
    """Write orders, stock, variants, locations, returns or supply that is due into a file to be read back."""
    about = kind_of(kind)
    path = None if file == "-" else Path(file)
    stream = sys.stdout.buffer if path is None else None
    columns = list(columns_of(about.entry).values())
    with opened(ctx) as books, writing(path, columns, stream=stream, form=form) as writer:
        books.read(export_books, kind.value, writer.write_all, closed=closed)
    if path is None:
        return
    if json:
        put_json({"kind": kind.value, "file": file, "written": writer.written})
    else:
        talk(f"{counted(writer.written, 'row')} written to {file}.")


def take(ctx: typer.Context, about: Kind[Any], wish: Wish) -> Summary:
    """Take a file, then serve the queues that it marked."""
    wanted = Columns(about.entry, read_columns(wish.renamed))
    path, stream = (None, sys.stdin.buffer) if wish.file == "-" else (Path(wish.file), None)
    with ExitStack() as stack:
        if path and wish.bad_rows and path.resolve() == wish.bad_rows.resolve():
            raise InvalidValue("bad-rows", str(wish.bad_rows), "another file than the one that is read")
        source = stack.enter_context(
            source_opened(path, recognised=wanted.knows, stream=stream, form=wish.form, encoding=wish.encoding)
        )
        if source.headers is not None:
            wanted.insist(source.name, source.headers)
        headers = source.headers or wanted.headers
        refused = stack.enter_context(keeping(wish.bad_rows, headers))
        books = stack.enter_context(opened(ctx))
        before = books.read(last_attempt)
        desk = books.house.at(books.asked.as_of or now(), books.asked.actor, f"import:{wish.name}")
        settle_in()
        with progress(source.length) as told:
            taking = Import(desk, about, terms=wish.terms, dry_run=wish.dry_run, told=told, refused=refused)
            summary = taking.take(source.name, source.rows, wanted)
            summary.passed_over = len(source.passed_over)
        if not wish.dry_run:
            books.house.check_until_quiet(books.asked.as_of)
            tell_served(books.read(served_since, before))
    return summary

"""`makegood db`: set up, look after, back up and restore the books."""

from pathlib import Path
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Counter, Json
from makegood.entrypoints.cli.output import counted, put, put_facts, put_json, said, talk
from makegood.entrypoints.cli.tree import example, group
from makegood.services.show_books import BooksStatus, books_status
from makegood.store.copies import back_up, described, make_events_own, restore
from makegood.store.migrate import migrate, pending
from makegood.wiring import open_house

app = group("Set up, look after, back up and restore the books.")


@app.command(epilog=example("db init"))
def init(json: Json = False) -> None:
    """Make empty books, or find those that are there."""
    with open_house() as house:
        where = described(house.books.conninfo)
    if json:
        put_json({"database": where})
        return
    put(f"The books are ready: {where}.")
    talk("Next: `makegood warehouses add CODE`, `makegood locations add CODE`, `makegood variants add SKU`,")
    talk("or import them from files with `makegood import`.")


@app.command("migrate", epilog=example("db migrate"))
def migrate_(json: Json = False) -> None:
    """Bring the books to the schema of this version; several may do so at the same time."""
    with open_house(migrated=False) as house:
        applied = migrate(house.books.conninfo)
    if json:
        put_json({"applied": applied})
    elif applied:
        put(f"Applied {', '.join(applied)}.")
    else:
        put("The books are up to date.")


@app.command(epilog=example("db status"))
def status(ctx: typer.Context, json: Json = False) -> None:
    """Say where the books are, whether they are up to date, and how much is in them."""
    with open_house(migrated=False) as house:
        missing = pending(house.books.conninfo)
        where = described(house.books.conninfo)
        found = None if missing else Counter(house, ctx.obj).read(books_status)
    if json:
        put_json({"database": where, "missing_migrations": missing, **(found._asdict() if found else {})})
        return
    put_facts([("Database", where), ("Migrations missing", ", ".join(missing) or "none"), *_facts(found)])
    if missing:
        talk("Bring the books up to date with `makegood db migrate`.")


@app.command(epilog=example("db backup books.dump"))
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    json: Json = False,
) -> None:
    """Write the books as they stand at one instant to a file, while everybody goes on working."""
    _insist_on_folder(file)
    if file.exists() and not force:
        raise typer.BadParameter(f"{file} exists already; --force replaces it.", param_hint="FILE")
    with open_house() as house:
        size = back_up(house.books.conninfo, file)
    put_json({"file": str(file), "bytes": size}) if json else put(f"The books are in {file} ({size:,} bytes).")


@app.command("restore", epilog=example("db restore books.dump --yes"))
def restore_(
    file: Annotated[Path, typer.Argument(help="A file of `db backup`.", exists=True, dir_okay=False)],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Put the books of a backup in the place of those that are there, whole or not at all."""
    with open_house(migrated=False) as house:
        where = described(house.books.conninfo)
        if not yes:
            typer.confirm(f"All that is in {where} is replaced. Go on?", abort=True, err=True)
        restore(house.books.conninfo, file)
        migrate(house.books.conninfo)
        make_events_own(house.books.conninfo)
    put_json({"database": where, "file": str(file)}) if json else put(
        f"The books of {file} are in place: {where}."
    )


def _insist_on_folder(file: Path) -> None:
    if not file.absolute().parent.is_dir():
        raise typer.BadParameter(f"There is no folder {file.absolute().parent}.", param_hint="FILE")


def _facts(found: BooksStatus | None) -> list[tuple[str, object]]:
    if found is None:
        return []
    orders = ", ".join(f"{count:,} {said(status)}" for status, count in sorted(found.orders.items()))
    marks = f"{counted(found.marks, 'mark')}, the oldest {counted(found.oldest_mark_seconds, 'second')} old"
    return [
        ("Server", f"PostgreSQL {found.server}"),
        ("Size", f"{found.bytes / 1e6:,.1f} MB"),
        ("Warehouses", found.warehouses),
        ("Variants", found.variants),
        ("Orders", orders or "none"),
        ("Queue", marks if found.marks else "nothing to look at"),
    ]

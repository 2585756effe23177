"""`makegood doctor`: verify the laws on the live books; exit code 1 when one is broken."""

import typer

from makegood.entrypoints.cli.counter import Json, opened
from makegood.entrypoints.cli.exits import FAULTY
from makegood.entrypoints.cli.output import Column, counted, put, put_json, put_table, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.services.doctor import Examination
from makegood.services.doctor import doctor as examine_books
from makegood.services.work import now

app = group("")


@app.command(epilog=example("doctor", "doctor --json"))
def doctor(ctx: typer.Context, json: Json = False) -> None:
    """Verify all laws on the live books as they stand at one instant; nothing is written."""
    with opened(ctx) as books:
        found = examine_books(books.house.books, books.asked.as_of or now())
    put_json({**found._asdict(), "laws_broken": found.laws_broken}) if json else _put(found)
    if found.laws_broken:
        raise typer.Exit(FAULTY)


def _put(found: Examination) -> None:
    put_table(
        [Column("Law"), text("What it says"), units("Looked at"), units("Found")],
        [(one.law, one.title, one.looked_at, len(one.findings)) for one in found.laws],
    )
    for finding in found.findings:
        put(f"Law {finding.law} is broken: {finding.words}.")
    if found.marks:
        talk(
            f"{counted(found.marks, 'mark')} pending, the oldest for {counted(found.oldest_mark or 0, 'second')}."
        )
    broken = found.laws_broken
    talk(f"{counted(broken, 'law')} {'is' if broken == 1 else 'are'} broken." if broken else "All laws hold.")

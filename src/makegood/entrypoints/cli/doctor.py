"""`makegood doctor`: verify the laws on the live books; exit code 1 when one is broken."""

from collections.abc import Sequence
from typing import Annotated

import typer

from makegood.entrypoints.cli.counter import Counter, Json, opened
from makegood.entrypoints.cli.exits import FAULTY, FINE
from makegood.entrypoints.cli.output import Column, counted, put, put_json, put_table, talk, text, units
from makegood.entrypoints.cli.tree import example, group
from makegood.services.doctor import Examination
from makegood.services.doctor import doctor as examine_books
from makegood.services.repair_books import Repaired, repair_books
from makegood.services.troubles import Trouble, troubles
from makegood.services.work import now

app = group("")


@app.command(epilog=example("doctor", "doctor --repair", "doctor --json"))
def doctor(
    ctx: typer.Context,
    repair: Annotated[
        bool, typer.Option("--repair", help="Mend what the books themselves say how it should be, on record.")
    ] = False,
    json: Json = False,
) -> int:
    """Verify all laws on the live books as they stand at one instant; without --repair nothing is written.

    It also says what needs a person besides: silent workers, late queues, work that rests, messages that could
    not be sent. Exit code 1 says that a law is broken; with --repair, that one is still broken afterwards.
    """
    with opened(ctx) as books:
        found = _examine(books)
        repaired = books.change(repair_books, found.findings) if repair and found.findings else None
        left = _examine(books) if repaired else found
        beside = books.read(troubles)
    if json:
        told = {"laws_broken": left.laws_broken, "repaired": repaired, "troubles": beside}
        put_json({**left._asdict(), **told})
    else:
        _put_repaired(repaired)
        _put(left)
        _put_troubles(beside)
    return FAULTY if left.laws_broken else FINE


def _examine(books: Counter) -> Examination:
    return examine_books(books.house.books, books.asked.as_of or now())


def _put(found: Examination) -> None:
    put_table(
        [Column("Law"), text("What it says"), units("Looked at"), units("Found")],
        [(one.law, one.title, one.looked_at, len(one.findings)) for one in found.laws],
    )
    for finding in found.findings:
        law = f"Law {finding.law} is broken" if finding.law.isdecimal() else "The books contradict themselves"
        put(f"{law}: {finding.words}.")
    if found.marks:
        talk(
            f"{counted(found.marks, 'mark')} pending, the oldest for {counted(found.oldest_mark or 0, 'second')}."
        )
    broken = found.laws_broken
    talk(f"{counted(broken, 'law')} {'is' if broken == 1 else 'are'} broken." if broken else "All laws hold.")


def _put_troubles(found: Sequence[Trouble]) -> None:
    for one in found:
        put(f"{one.words} See: {one.command}")


def _put_repaired(repaired: Repaired | None) -> None:
    if repaired is None:
        return
    for finding in repaired.mended:
        put(f"Mended: {finding.words}.")
    for refused in repaired.refused:
        put(f"Not mended: {refused.finding.words}. {refused.because}.")
    put("")

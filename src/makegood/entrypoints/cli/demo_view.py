"""The demo's tale as tables that fit 80 columns."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from textwrap import wrap
from typing import TYPE_CHECKING

from makegood.domain.explanation import Verb
from makegood.domain.mails import WrittenMail
from makegood.domain.states import ShipPolicy
from makegood.entrypoints.cli.output import put
from makegood.services.demo.tale import Happening, StillWaiting, Tale, Turn, Waiter

if TYPE_CHECKING:
    from makegood.services.doctor import Examination
    from makegood.services.reports.make_report import Report
    from makegood.services.reports.rows import InflowRow

WIDEST = 80
NARROWEST = 60

# The widths of all columns but the last, which takes what is left.
WAITERS = {"Order": 5, "Customer": 15, "Priority": 8, "Ordered": 7, "Ships": 11, "Short of": None}
TURNS = {"": 1, "Order": 5, "Customer": 15, "Gets": 19, "Why": None}
TRACED = {"Set off by": 22, "Orders resolved": 15, "Times one was served": 20, "Units": None}
STILL = {"Order": 5, "Customer": 15, "Short of": 11, "Why": None}

SHIPS = {
    ShipPolicy.PARTIAL: "in parts",
    ShipPolicy.COMPLETE_LINES: "whole lines",
    ShipPolicy.COMPLETE: "complete",
}


def put_tale(tale: Tale) -> None:
    """Print who waits, what came and whose turn it was, and who still waits."""
    put(f"{tale.shop}, warehouse {tale.warehouse}, {_date(tale.begins_at)}\n\nWHO WAITS WHEN THE DAY BEGINS\n")
    _put_table(WAITERS, (_waiter(one) for one in tale.waiting))
    put(f"(Orders {' and '.join(tale.served_at_once)} got all they asked for when they came.)")
    put("\nWHAT CAME, AND WHO GOT IT\n")
    _put_table(TURNS, [])
    for one in tale.happenings:
        put(f"{one.at:%H:%M}  {one.road.capitalize()}: {one.what}.")
        _put_table(TURNS, _turns(one), headed=False)
    put("\nWHO STILL WAITS, AND WHY\n")
    _put_table(STILL, (_still(one) for one in tale.still_waiting))


def put_traced(made: "Report[InflowRow]") -> None:
    """Print which inflow unblocked how many orders."""
    put("\nWHAT UNBLOCKED WHOM (makegood report inflows)\n")
    _put_table(TRACED, ((one.source, f"{one.unblocked}", f"{one.served}", f"{one.units}") for one in made.rows))


def put_mail(customer: str, mail: WrittenMail) -> None:
    """Print a mail that somebody would get, its long lines folded."""
    folded = [part for line in mail.text.strip().splitlines() for part in wrap(line, NARROWEST) or [""]]
    text = "\n".join(f"  {line}".rstrip() for line in [f"Subject: {mail.subject}", "", *folded])
    put(f"\nTHE MAIL THAT {customer.upper()} WOULD GET\n\n{text}")


def put_verdict(laws: "Examination") -> None:
    """Print what the doctor found."""
    if laws.findings:
        put("\nThe doctor found in the books:\n" + "\n".join(f"- {one.words}" for one in laws.findings))
    else:
        put(f"\nThe doctor went through the books: all {_numbered(laws)} laws hold.")


def _numbered(laws: "Examination") -> int:
    return sum(1 for one in laws.laws if one.law.isdecimal())


def _waiter(one: Waiter) -> Sequence[str]:
    short = ", ".join(f"{want.short} of {want.wanted} {want.sku}" for want in one.wants)
    return (one.order, one.customer, one.priority, _day(one.ordered_at), SHIPS[ShipPolicy(one.ship_policy)], short)


def _turns(one: Happening) -> Iterator[Sequence[str]]:
    for turn in one.lost:
        yield ("", *_who(turn), f"gives up {_units(turn)}", turn.because)
    for turn in one.served:
        yield ("", *_who(turn), _units(turn), turn.because)
    for turn in one.passed_over:
        yield ("", *_who(turn), "-", turn.because)


def _still(one: StillWaiting) -> Sequence[str]:
    short = ", ".join(f"{line.short} {line.sku}" for line in one.lines)
    why = dict.fromkeys(words for line in one.lines for words in line.sentences)
    offered = [each for line in one.lines for each in line.actions if each.verb is not Verb.SPLIT]
    could = [f"To {each.what}: {each.command}" for each in offered]
    return (one.order, one.customer, short, " ".join([*why, *could]))


def _who(turn: Turn) -> tuple[str, str]:
    return turn.order, turn.customer


def _units(turn: Turn) -> str:
    return ", ".join(f"{each.units} {each.sku}" for each in turn.units)


def _date(moment: datetime) -> str:
    there = moment.astimezone(UTC)
    return f"{there:%A} {there.day} {there:%B %Y}"


def _day(moment: datetime) -> str:
    there = moment.astimezone(UTC)
    return f"{there.day} {there:%b}"


def _put_table(columns: dict[str, int | None], rows: Iterable[Sequence[str]], *, headed: bool = True) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(file=sys.stdout, highlight=False)
    console.width = max(NARROWEST, min(console.width, WIDEST)) if console.is_terminal else WIDEST
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_header=headed, header_style="bold")
    for head, width in columns.items():
        table.add_column(head, width=width, no_wrap=head in ("Order", "Priority", "Ordered"))
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    with console.capture() as printed:
        console.print(table)
    if text := "\n".join(line.rstrip() for line in printed.get().splitlines()):
        put(text)

"""`makegood demo`: one day of a small shop, lived for real in books of its own, and told as tables."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from makegood.domain.mails import MailKind, WrittenMail
from makegood.entrypoints.cli.counter import Json
from makegood.entrypoints.cli.demo_session import Exchange, hold_session, put_session
from makegood.entrypoints.cli.demo_view import put_mail, put_tale, put_traced, put_verdict
from makegood.entrypoints.cli.exits import FAULTY, FINE
from makegood.entrypoints.cli.output import put, put_json
from makegood.entrypoints.cli.tree import example, group
from makegood.services.demo.tale import Tale

if TYPE_CHECKING:
    from makegood.services.doctor import Examination
    from makegood.services.reports.make_report import Report
    from makegood.services.reports.rows import InflowRow

app = group("")

DEMO_HOME = Path(".makegood/demo")


class Demo(NamedTuple):
    """What the demo tells, the mail that the first of those who wait would get, what the doctor found afterwards,
    what unblocked whom, and the session over HTTP.
    """

    tale: Tale
    mail: WrittenMail
    laws: "Examination"
    traced: "Report[InflowRow]"
    http: Sequence[Exchange]


@app.command(epilog=example("demo", "demo --json"))
def demo(
    home: Annotated[Path, typer.Option(help="Folder of the demo's own books.")] = Path(".makegood/demo"),
    json: Json = False,
) -> int:
    """Live through one day of a small shop: who waited, what came, who got it and why, who still waits.

    The books are made anew each time; afterwards you can look around in them, and `make serve` opens them.
    """
    told = live_in(home)
    if json:
        put_json(_as_one_object(told))
    else:
        put_tale(told.tale)
        put_traced(told.traced)
        put_mail(told.tale.still_waiting[0].customer, told.mail)
        put_verdict(told.laws)
        put_session(told.http, _program(), home)
        put(f"\nTo look around in these books: MAKEGOOD_HOME={home} {_program()} orders list")
    return FAULTY if told.laws.findings else FINE


def _program() -> str:
    """Give the words that start this program again from here."""
    found = shutil.which("makegood") or Path(sys.argv[0]).name != "makegood"
    return "makegood" if found else sys.argv[0]


def live_in(home: Path) -> Demo:
    """Make the demo's books anew in this folder, live through its day in them, and hold the session over HTTP."""
    from makegood.services.accounts.tokens import create_token, revoke_token
    from makegood.services.demo.live import live
    from makegood.services.doctor import doctor
    from makegood.services.mails.draft_mail import draft_mail
    from makegood.services.reports.make_report import make_report
    from makegood.services.reports.window import Asked
    from makegood.store.demo_books import fresh_books
    from makegood.store.embedded import served
    from makegood.wiring import open_house

    with served(home) as server, fresh_books(server, home), open_house(database_url=server) as house:
        tale = live(house)
        laws = doctor(house.books, tale.ends_at)
        first = tale.still_waiting[0].order
        desk = house.at(tale.ends_at, "demo", "manual:demo")
        traced = desk(make_report, "inflows", Asked(tale.begins_at.date(), tale.ends_at.date(), "UTC"))
        mail = desk.read(draft_mail, MailKind.ORDER_BACKORDERED, first, shop=tale.shop)
        token = desk(create_token, "me", role="STAFF").secret
        http = hold_session(home, tale.ends_at, token)
        desk(revoke_token, "me")
        return Demo(tale, mail, laws, traced, http)


def _as_one_object(told: Demo) -> dict[str, object]:
    laws = [
        {"law": one.law, "title": one.title, "looked_at": one.looked_at, "findings": one.findings}
        for one in told.laws.laws
    ]
    told_of = {"mail": told.mail, "report": told.traced, "http": told.http}
    facts = {"laws_broken": told.laws.laws_broken, "laws": laws, **told_of}
    return {**told.tale._asdict(), **facts}

"""`makegood notifications`: what was told to whom, what failed, the templates, and who wants no mails."""

from pathlib import Path
from typing import Annotated

import typer

from makegood.domain.mails import WrittenMail
from makegood.entrypoints.cli.counter import After, Json, Limit, opened, tell_next
from makegood.entrypoints.cli.output import (
    Column,
    Status,
    minute,
    put,
    put_facts,
    put_json,
    put_table,
    said,
    talk,
    text,
    units,
)
from makegood.entrypoints.cli.tree import example, group
from makegood.entrypoints.cli.wanted import NUMBER
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.mails.draft_mail import draft_mail
from makegood.services.mails.list_mails import MailSheet, MailWithTries, list_mails, retry_mail, show_mail
from makegood.services.mails.opt_outs import add_opt_out, drop_opt_out, list_opt_outs
from makegood.services.mails.templates import (
    TemplateSheet,
    change_template,
    list_templates,
    preview_template,
    reset_template,
    show_template,
)
from makegood.wiring import missing_for_mails, read_settings

app = group("See what was told to whom, send again what failed, and write the templates.")
templates = group("See, try and change the templates of mails.")
opt_outs = group("See and say who wants no mails.")
app.add_typer(templates, name="templates")
app.add_typer(opt_outs, name="opt-outs")

Mail = Annotated[int, typer.Argument(help="The mail's number.", min=1)]
Kind = Annotated[str, typer.Argument(help="Its kind, such as order-backordered; `templates list` has them all.")]
Address = Annotated[str, typer.Argument(help="The e-mail address.")]
Merchant = Annotated[str, typer.Option("--merchant", help="Code of the merchant whose mails are meant.")]
Part = Annotated[Path | None, typer.Option(help="A file with this part.", exists=True, dir_okay=False)]


@app.command("list", epilog=example("notifications list", "notifications list --status failed --status bounced"))
def list_(
    ctx: typer.Context,
    status: Annotated[list[str] | None, typer.Option(help="Only those that stand there; several may be.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="Only those of this kind; several may be.")] = None,
    order: Annotated[str | None, typer.Option(help="Only those about this order.")] = None,
    to: Annotated[str | None, typer.Option(help="Only those to an address that holds this.")] = None,
    limit: Limit = 50,
    after: After = None,
    json: Json = False,
) -> None:
    """List the mails, the latest first."""
    with opened(ctx) as books:
        found = books.read(
            list_mails, statuses=status or [], kinds=kind or [], order=order, recipient=to, after=after, most=limit
        )
    if json:
        put_json(found)
        return
    tell_whether_on()
    if found.mails:
        put_table(
            [units("Mail"), Column("About"), Column("Order"), text("To"), Column("Stands"), Column("Queued"),
             text("Why", spare=True)],
            [(one.mail_id, said(one.kind), one.order, one.recipient, Status(one.status), minute(one.queued_at),
              one.because) for one in found.mails],
        )  # fmt: skip
    else:
        talk("There are no such mails.")
    tell_next(found.next, "notifications list")


@app.command(epilog=example("notifications show 31"))
def show(ctx: typer.Context, mail: Mail, json: Json = False) -> None:
    """Show a mail, what it says and every try to send it; links are left out."""
    with opened(ctx) as books:
        found = books.read(show_mail, mail)
    put_json(found) if json else _put_mail(found)


@app.command(epilog=example("notifications retry 31"))
def retry(ctx: typer.Context, mail: Mail, json: Json = False) -> None:
    """Send a mail once more that failed or was refused."""
    with opened(ctx) as books:
        found = books.change(retry_mail, mail)
    put_json(found) if json else put(f"Mail {mail} to {found.recipient} is sent again.")


@app.command(epilog=example("notifications ask 1001 split", "notifications ask 1001 substitute"))
def ask(
    ctx: typer.Context,
    order: Annotated[str, typer.Argument(help=NUMBER)],
    what: Annotated[str, typer.Argument(help="split or substitute.")],
    json: Json = False,
) -> None:
    """Ask the customer by mail whether an order may be split, or something else sent; the answer acts at once."""
    with opened(ctx) as books:
        asked = books.change(ask_customer, order, what)
    if json:
        put_json(asked)
        return
    tell_whether_on()
    put(f"The customer of order {asked.order} is asked, and can answer until {minute(asked.expires_at)}.")


@app.command(
    epilog=example(
        "notifications preview order-backordered", "notifications preview order-backordered --order 1001"
    )
)
def preview(
    ctx: typer.Context,
    kind: Kind,
    order: Annotated[str | None, typer.Option(help="Say it of this order, as things stand.")] = None,
    html: Annotated[bool, typer.Option("--html", help="Show the HTML instead of the plain text.")] = False,
    json: Json = False,
) -> None:
    """Show what a mail of a kind looks like, with made-up orders or with one of yours."""
    with opened(ctx) as books:
        found = [books.read(draft_mail, kind, order, shop="")] if order else books.read(preview_template, kind)
    put_json({"mails": found}) if json else _put_written(found, html=html)


@templates.command("list", epilog=example("notifications templates list"))
def templates_list(ctx: typer.Context, json: Json = False) -> None:
    """List the kinds of mails, and whose template each has."""
    with opened(ctx) as books:
        found = books.read(list_templates)
    if json:
        put_json({"templates": found})
        return
    put_table(
        [Column("Kind"), Column("Template"), Column("By", spare=True), Column("When", spare=True)],
        [
            (said(one.kind), "own" if one.own else "default", one.changed_by, minute(one.changed_at))
            for one in found
        ],
    )


@templates.command("show", epilog=example("notifications templates show order-backordered"))
def templates_show(ctx: typer.Context, kind: Kind, json: Json = False) -> None:
    """Show the three parts of a template, and which facts it may use."""
    with opened(ctx) as books:
        found = books.read(show_template, kind)
    put_json(found) if json else _put_template(found)


@templates.command("set", epilog=example("notifications templates set order-backordered --text wait.txt"))
def templates_set(
    ctx: typer.Context,
    kind: Kind,
    subject: Part = None,
    text_: Annotated[
        Path | None, typer.Option("--text", help="A file with this part.", exists=True, dir_okay=False)
    ] = None,
    html: Part = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what it would make, and keep nothing.")] = False,
    json: Json = False,
) -> None:
    """Write a template, in whole or in part, as Jinja; it is tried before it is kept."""
    parts = {"subject": _read(subject), "text": _read(text_), "html": _read(html)}
    with opened(ctx) as books:
        if dry_run:
            made = books.read(preview_template, kind, **parts)
            put_json({"mails": made}) if json else _put_written(made, html=False)
            return
        found = books.change(change_template, kind, **parts)
    put_json(found) if json else put(f"Mails of the kind {said(found.kind)} are written by it from now on.")


@templates.command("reset", epilog=example("notifications templates reset order-backordered"))
def templates_reset(ctx: typer.Context, kind: Kind, json: Json = False) -> None:
    """Let the template that comes along count again."""
    with opened(ctx) as books:
        found = books.change(reset_template, kind)
    put_json(found) if json else put(f"Mails of the kind {said(found.kind)} have their default template again.")


@opt_outs.command("list", epilog=example("notifications opt-outs list"))
def opt_outs_list(ctx: typer.Context, limit: Limit = 50, after: After = None, json: Json = False) -> None:
    """List the addresses that want no mails."""
    with opened(ctx) as books:
        found = books.read(list_opt_outs, after=after, most=limit)
    if json:
        put_json(found)
        return
    if not found.opt_outs:
        talk("Nobody has said that they want no mails.")
        return
    put_table(
        [text("Address"), Column("Merchant"), Column("How"), Column("By"), Column("When")],
        [(one.address, one.merchant, said(one.how), one.by, minute(one.at)) for one in found.opt_outs],
    )
    tell_next(found.next, "notifications opt-outs list")


@opt_outs.command("add", epilog=example("notifications opt-outs add ann@example.org"))
def opt_outs_add(ctx: typer.Context, address: Address, merchant: Merchant = "default", json: Json = False) -> None:
    """Send no more mails to an address; a notice of delay is sent all the same."""
    with opened(ctx) as books:
        found = books.change(add_opt_out, address, merchant=merchant)
    put_json(found) if json else put(f"{found.address} gets no more mails.")


@opt_outs.command("remove", epilog=example("notifications opt-outs remove ann@example.org"))
def opt_outs_remove(
    ctx: typer.Context, address: Address, merchant: Merchant = "default", json: Json = False
) -> None:
    """Send mails to an address again."""
    with opened(ctx) as books:
        dropped = books.change(drop_opt_out, address, merchant=merchant)
    if json:
        put_json({"address": address, "removed": dropped})
    else:
        put(f"{address} gets mails again." if dropped else f"{address} was not on the list.")


def tell_whether_on() -> None:
    """Say on stderr why no mails are sent, if that is so here."""
    if missing := missing_for_mails(read_settings()):
        talk(f"Mails are off: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not set here.")


def _read(file: Path | None) -> str | None:
    return file.read_text(encoding="utf-8") if file else None


def _put_mail(found: MailWithTries) -> None:
    mail: MailSheet = found.mail
    put_facts(
        [("Mail", str(mail.mail_id)), ("About", said(mail.kind)), ("Order", mail.order), ("To", mail.recipient),
         ("Stands", Status(mail.status)), ("Why", mail.because), ("Queued", minute(mail.queued_at)),
         ("Sent", minute(mail.sent_at)), ("Message-ID", mail.message_id)]
    )  # fmt: skip
    if found.tries:
        put("")
        put_table(
            [units("Try"), Column("Began"), Column("Came to"), units("Code", spare=True),
             text("Said", spare=True)],
            [(one.number, minute(one.began_at), said(one.outcome or "cut off"), one.code, one.said)
             for one in found.tries],
        )  # fmt: skip
    if found.written:
        put("")
        _put_written([found.written], html=False)


def _put_written(mails: list[WrittenMail], *, html: bool) -> None:
    for place, one in enumerate(mails):
        if place:
            put("\n" + "-" * 40 + "\n")
        put(f"Subject: {one.subject}\n\n{one.html if html else one.text}")


def _put_template(found: TemplateSheet) -> None:
    put(f"Facts: {', '.join(found.known)}")
    for part in ("subject", "text", "html"):
        put(f"\n--- {part} ---\n{getattr(found, part)}")

"""/notifications: what was told to whom, what failed, the templates, and who wants no mails."""

from fastapi import APIRouter
from markupsafe import escape
from starlette.responses import Response

from makegood.domain.errors import TemplateFaulty
from makegood.domain.mails import MailKind, MailStatus
from makegood.entrypoints.lobby.problems import status_of
from makegood.entrypoints.web.fields import Asked, Word
from makegood.entrypoints.web.rendering import urlencoded
from makegood.entrypoints.web.visit import (
    Administrator,
    ChangingAdministrator,
    ChangingHouseAdministrator,
    HouseAdministrator,
    Manager,
    Visit,
    shown_as_letter,
)
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.mails.list_mails import list_mails, retry_mail, show_mail
from makegood.services.mails.opt_outs import add_opt_out, drop_opt_out, list_opt_outs
from makegood.services.mails.templates import (
    change_template,
    list_templates,
    preview_template,
    reset_template,
    show_template,
)
from makegood.wiring import missing_for_mails, read_settings

router = APIRouter()


@router.get("/notifications")
def mails(
    visit: Administrator,
    status: Asked = None,
    kind: Asked = None,
    order: Asked = None,
    to: Asked = None,
    after: Asked = None,
) -> Response:
    """List the mails, the latest first, with how many stand where."""
    found = visit.read(
        list_mails,
        statuses=[status] if status else [],
        kinds=[kind] if kind else [],
        order=order,
        recipient=to,
        after=after,
    )
    return visit.show(
        "notifications/list.html",
        found=found,
        statuses=list(MailStatus),
        kinds=list(MailKind),
        missing=missing_for_mails(read_settings()),
    )


@router.get("/notifications/opt-outs")
def opt_outs(visit: Administrator, after: Asked = None) -> Response:
    """List the addresses that want no mails."""
    return visit.show("notifications/opt_outs.html", found=visit.read(list_opt_outs, after=after))


@router.post("/notifications/opt-outs")
def opt_out(visit: ChangingAdministrator, address: Word, merchant: Word = "default") -> Response:
    """Send no more mails to an address."""
    visit.do(add_opt_out, address, merchant=merchant.strip())
    return visit.done(f"{address} gets no more mails.", to="/notifications/opt-outs")


@router.post("/notifications/opt-outs/remove")
def opt_in(visit: ChangingAdministrator, address: Word, merchant: Word = "default") -> Response:
    """Send mails to an address again."""
    visit.do(drop_opt_out, address, merchant=merchant)
    return visit.done(f"{address} gets mails again.", to="/notifications/opt-outs")


@router.get("/notifications/{mail}")
def one(visit: Administrator, mail: int) -> Response:
    """Show a mail with what it says and every try to send it."""
    return visit.show("notifications/one.html", found=visit.read(show_mail, mail))


@router.get("/notifications/{mail}/letter")
def letter(visit: Administrator, mail: int) -> Response:
    """Give a mail as its reader sees it, without the links that are the reader's."""
    written = visit.read(show_mail, mail).written
    return shown_as_letter(written.html if written else "")


@router.post("/notifications/{mail}/retry")
def retry(visit: ChangingAdministrator, mail: int) -> Response:
    """Send a mail once more."""
    found = visit.do(retry_mail, mail)
    return visit.done(f"Mail {mail} to {found.recipient} is sent again.", to=f"/notifications/{mail}")


@router.post("/orders/{order:path}/ask/{purpose}")
def ask(visit: Manager, order: str, purpose: str) -> Response:
    """Ask the customer of an order by mail; the answer acts at once."""
    asked = visit.do(ask_customer, order, purpose)
    return visit.done(f"The customer of order {asked.order} is asked by mail.", to="/orders/" + urlencoded(order))


@router.get("/settings/mails")
def templates(visit: HouseAdministrator) -> Response:
    """List the templates of mails."""
    return visit.show("settings/mails.html", templates=visit.read(list_templates))


@router.get("/settings/mails/{kind}")
def template(visit: HouseAdministrator, kind: str) -> Response:
    """Show a template and what it makes of made-up orders."""
    return _template_page(visit, kind)


@router.post("/settings/mails/{kind}")
def write(
    visit: ChangingHouseAdministrator,
    kind: str,
    subject: Word,
    text: Word,
    html: Word,
    do: Word = "save",
) -> Response:
    """Keep a template, or show what it would make; one that cannot be used comes back with what is wrong."""
    parts = {"subject": _lines(subject), "text": _lines(text), "html": _lines(html)}
    try:
        if do == "save":
            visit.do(change_template, kind, **parts)
            return visit.done("The template is kept.", to=f"/settings/mails/{kind}")
        return _template_page(visit, kind, parts)
    except TemplateFaulty as faulty:
        return _template_page(visit, kind, parts, faulty)


@router.get("/settings/mails/{kind}/letter")
def sample(visit: HouseAdministrator, kind: str) -> Response:
    """Give what the template makes of a made-up order, as its reader sees it."""
    return shown_as_letter(visit.read(preview_template, kind)[0].html)


@router.post("/settings/mails/{kind}/letter")
def draft(visit: ChangingHouseAdministrator, kind: str, subject: Word, text: Word, html: Word) -> Response:
    """Give what a template that is not kept yet would make, or what is wrong with it."""
    parts = {"subject": _lines(subject), "text": _lines(text), "html": _lines(html)}
    try:
        return shown_as_letter(visit.read(preview_template, kind, **parts)[0].html)
    except TemplateFaulty as faulty:
        return shown_as_letter(str(escape(str(faulty))), status_of(TemplateFaulty))


@router.post("/settings/mails/{kind}/reset")
def reset(visit: ChangingHouseAdministrator, kind: str) -> Response:
    """Let the template that comes along count again."""
    visit.do(reset_template, kind)
    return visit.done("The default template counts again.", to=f"/settings/mails/{kind}")


def _template_page(
    visit: Visit, kind: str, parts: dict[str, str] | None = None, faulty: TemplateFaulty | None = None
) -> Response:
    sheet = visit.read(show_template, kind)
    written = [] if faulty else visit.read(preview_template, kind, **(parts or {}))
    shown = parts or {"subject": sheet.subject, "text": sheet.text, "html": sheet.html}
    return visit.show(
        "settings/mail.html",
        status=status_of(TemplateFaulty) if faulty else 200,
        sheet=sheet,
        parts_of=shown,
        written=written,
        trouble=str(faulty or ""),
    )


def _lines(typed: str) -> str:
    """Give what was typed with the ends of lines that the rest of the world uses."""
    return typed.replace("\r\n", "\n")

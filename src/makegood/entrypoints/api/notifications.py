"""Mails over HTTP: the log, the templates, who wants none; and the links on which customers answer."""

from collections.abc import Sequence
from typing import Annotated, NamedTuple

from fastapi import Path, Query
from pydantic import Field

from makegood.domain.delays import Answer
from makegood.domain.mails import MailKind, MailStatus, WrittenMail
from makegood.entrypoints.api.bodies import Body, Id, Word
from makegood.entrypoints.api.orders import OrderId
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.asking.answer_ask import Asked, answer_ask, show_ask
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.mails.list_mails import (
    MailPage,
    MailSheet,
    MailWithTries,
    list_mails,
    retry_mail,
    show_mail,
)
from makegood.services.mails.opt_outs import (
    OptOut,
    OptOutPage,
    add_opt_out,
    drop_opt_out,
    list_opt_outs,
    opt_out_by_link,
)
from makegood.services.mails.templates import (
    TemplateSheet,
    change_template,
    list_templates,
    preview_template,
    reset_template,
    show_template,
)
from makegood.services.work import Work

MailId = Annotated[Id, Path(description="The mail's number.", examples=[1])]
Kind = Annotated[MailKind, Path(description="The kind of mails.")]
Token = Annotated[Word, Path(description="What stands at the end of the link.", examples=["MQ.3Zk"])]
Part = Annotated[str | None, Field(default=None, max_length=50_000)]


class TemplateParts(Body):
    """Parts of a template, as Jinja; what is not given stays as it is."""

    subject: Part = None
    text: Part = None
    html: Part = None


class Templates(NamedTuple):
    """Every template in force."""

    templates: Sequence[TemplateSheet]


class Written(NamedTuple):
    """Mails as a template makes them of made-up orders."""

    mails: Sequence[WrittenMail]


class NewOptOut(Body):
    """An address, and the merchant whose mails are meant."""

    address: Word = Field(examples=["ann@example.org"])
    merchant: Word = "default"


class Dropped(NamedTuple):
    """Whether the address was on the list."""

    removed: bool


class Question(Body):
    """What the customer is asked."""

    purpose: Word = Field(examples=["split"], description="split or substitute")


class Given(Body):
    """What the customer answers."""

    answer: Answer


class Answered(NamedTuple):
    """What was answered about which order, and is done."""

    order: str
    purpose: str
    answer: str | None


class Stopped(NamedTuple):
    """No more mails are sent."""

    stopped: bool


def many(
    work: Work,
    status: Annotated[list[MailStatus] | None, Query(description="Only those that stand there.")] = None,
    kind: Annotated[list[MailKind] | None, Query(description="Only those of this kind.")] = None,
    order: Annotated[Word | None, Query(description="Only those about this order.")] = None,
    to: Annotated[Word | None, Query(description="Only those to an address that holds this.")] = None,
    limit: Limit = 50,
    after: After = None,
) -> MailPage:
    """List the mails, the latest first.

    With how many stand where. FAILED and BOUNCED ones wait for somebody.
    """
    return list_mails(
        work, statuses=status or [], kinds=kind or [], order=order, recipient=to, after=after, most=limit
    )


def one(work: Work, mail: MailId) -> MailWithTries:
    """Show a mail.

    With what it says, without its links, and every try to send it.
    """
    return show_mail(work, mail)


def retry(work: Work, mail: MailId) -> MailSheet:
    """Send a mail once more that failed or was refused."""
    return retry_mail(work, mail)


def templates(work: Work) -> Templates:
    """List the templates in force."""
    return Templates(list_templates(work))


def template(work: Work, kind: Kind) -> TemplateSheet:
    """Show a template, with the facts that it may use."""
    return show_template(work, kind)


def write(work: Work, kind: Kind, parts: TemplateParts) -> TemplateSheet:
    """Write a template.

    It is tried on made-up orders first: unknown names, syntax and what it makes are told with part and line.
    """
    return change_template(work, kind, **parts.model_dump())


def reset(work: Work, kind: Kind) -> TemplateSheet:
    """Let the template that comes along count again."""
    return reset_template(work, kind)


def preview(work: Work, kind: Kind, parts: TemplateParts = TemplateParts()) -> Written:
    """Show what a template makes of made-up orders.

    The one in force, with the parts that are given in place of its own; nothing is kept.
    """
    return Written(preview_template(work, kind, **parts.model_dump()))


def opt_outs(work: Work, limit: Limit = 50, after: After = None) -> OptOutPage:
    """List the addresses that want no mails."""
    return list_opt_outs(work, after=after, most=limit)


def opt_out(work: Work, wish: NewOptOut) -> OptOut:
    """Send no more mails to an address."""
    return add_opt_out(work, wish.address, merchant=wish.merchant)


def opt_in(work: Work, wish: NewOptOut) -> Dropped:
    """Send mails to an address again."""
    return Dropped(drop_opt_out(work, wish.address, merchant=wish.merchant))


def ask(work: Work, order: OrderId, question: Question) -> Answered:
    """Ask the customer by mail.

    Whether the order may be split, or something else be sent. The answer acts at once.
    """
    asked = ask_customer(work, order, question.purpose)
    return Answered(asked.order, asked.purpose, asked.answer)


def asked(work: Work, token: Token) -> Asked:
    """Show what a customer is asked.

    For whoever has the link; it changes nothing.
    """
    return show_ask(work, token)


def answer(work: Work, token: Token, given: Given) -> Answered:
    """Answer what was asked.

    It acts at once, and once: a second answer is refused with the first.
    """
    made = answer_ask(work, token, given.answer)
    return Answered(made.order, made.purpose, made.answer)


def stop(work: Work, token: Token) -> Stopped:
    """Send no more mails to whoever got this link.

    As programs that read mail do it with one click (RFC 8058).
    """
    opt_out_by_link(work, token, one_click=True)
    return Stopped(True)

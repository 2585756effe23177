"""What a customer answers on a link acts at once, once, and only while the order is what they were asked about."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.delays import Answer, AskPurpose
from makegood.domain.errors import (
    AlreadyAnswered,
    Conflict,
    InvalidValue,
    LinkExpired,
    OrderMovedOn,
)
from makegood.domain.splits import Consent
from makegood.domain.states import HoldKind, OrderStatus
from makegood.services.alternatives.apply_alternatives import apply_alternatives
from makegood.services.asking.asks import AskRow, ask_of, read_ask
from makegood.services.cancel_order import cancel_order
from makegood.services.consents import record_consent
from makegood.services.gates import lock_order
from makegood.services.mails.mail_facts import order_facts
from makegood.services.record import Event, record_events
from makegood.services.release_hold import release_hold
from makegood.services.split_order import split_order
from makegood.services.work import Work

WAITING = {OrderStatus.BACKORDERED, OrderStatus.PARTIALLY_ALLOCATED, OrderStatus.ON_HOLD}


class Asked(NamedTuple):
    """What a link shows: the order and its lines, what is asked, what can be answered, what was.

    `state` is OPEN, ANSWERED, EXPIRED or MOVED_ON. No person is named: whoever has the link sees it.
    """

    order: str
    shop: str
    purpose: str
    state: str
    choices: list[str]
    answer: str | None
    answered_at: datetime | None
    expires_at: datetime
    due_by: date | None
    revised: date | None
    silence: str | None
    answer_by: date | None
    status: str
    lines: list[dict[str, object]]
    substitutes: list[dict[str, object]]


def show_ask(work: Work, token: str) -> Asked:
    """Give what a link asks, as things stand; it changes nothing. Raises `LinkInvalid`."""
    ask = ask_of(work, token)
    facts = order_facts(work, ask.order_id, "")
    state = _state(work, ask, bool(facts["short"]))
    opens = state == "OPEN"
    return Asked(
        order=ask.order,
        shop=str(facts["shop"]),
        purpose=ask.purpose,
        state=state,
        choices=list(ask.choices) if opens else [],
        answer=ask.answer,
        answered_at=ask.answered_at,
        expires_at=ask.expires_at,
        due_by=ask.due_by,
        revised=ask.revised,
        silence=ask.silence,
        answer_by=ask.answer_by,
        status=ask.status,
        lines=list(facts["lines"]),  # type: ignore[call-overload]
        substitutes=work.db.value("substitutes_told", ask=ask.ask_id) or [],
    )


def answer_ask(work: Work, token: str, answer: str) -> AskRow:
    """Do what a customer answers, and give what was asked with the answer.

    Raises `LinkInvalid`, `LinkExpired`, `AlreadyAnswered`, `InvalidValue`, and `OrderMovedOn` when the order is
    not any more what was asked about: nothing is done then.
    """
    ask = ask_of(work, token)
    # The second of two who answer at the same time waits here, and then finds the answer of the first.
    work.db.all("hold_ask", ask=ask.ask_id)
    ask = read_ask(work, ask.ask_id)
    _insist_on_open(work, ask, answer)
    try:
        _act(work, ask, Answer(answer))
    except Conflict as refused:
        raise OrderMovedOn(order=ask.order, status=ask.status) from refused
    return note_answer(work, ask, Answer(answer))


def note_answer(work: Work, ask: AskRow, answer: Answer) -> AskRow:
    """Put an answer, or what silence was taken for, on record."""
    work.db.run_expecting(1, "answer_ask", ask=ask.ask_id, answer=answer.value, as_of=work.as_of)
    facts: dict[str, object] = {"purpose": ask.purpose, "answer": answer.value, "ask": ask.ask_id}
    record_events(work, [Event(ask.order_id, "order:answered", facts)])
    return read_ask(work, ask.ask_id)


def accept_delay(work: Work, ask: AskRow) -> None:
    """Promise the day to which the customer agreed; an order that was held for its age waits on."""
    locked = lock_order(work, ask.name)
    if locked.order.status not in WAITING or not any(line.shortfall > 0 for line in locked.lines):
        raise OrderMovedOn(order=ask.order, status=locked.order.status)
    if ask.revised:
        work.db.run("promise_revised", order=ask.order_id, revised=ask.revised)
    if locked.order.hold_kind == HoldKind.STALE:
        release_hold(work, ask.name)


def _state(work: Work, ask: AskRow, lacks: bool) -> str:
    if ask.answer and not ask.is_open:
        return "ANSWERED"
    if ask.expires_at <= work.as_of:
        return "EXPIRED"
    return "OPEN" if lacks and ask.status in WAITING else "MOVED_ON"


def _insist_on_open(work: Work, ask: AskRow, answer: str) -> None:
    if not ask.is_open:
        raise AlreadyAnswered(order=ask.order, answer=ask.answer or "")
    if ask.expires_at <= work.as_of:
        raise LinkExpired(order=ask.order)
    if answer not in ask.choices:
        raise InvalidValue("answer", answer, "one of " + ", ".join(ask.choices))
    if ask.status not in WAITING:
        raise OrderMovedOn(order=ask.order, status=ask.status)


def _act(work: Work, ask: AskRow, answer: Answer) -> None:
    if answer is Answer.DECLINED:
        return
    consent = Consent(by="the customer", how="by the link in the mail", at=work.as_of)
    if answer is Answer.CANCELLED:
        cancel_order(work, ask.name, because="the customer cancelled by the link in the mail")
    else:
        ACCEPTED[AskPurpose(ask.purpose)](work, ask, consent)


def _wait(work: Work, ask: AskRow, consent: Consent) -> None:
    accept_delay(work, ask)
    record_consent(work, consent, orders=[ask.order_id], to="DELAY")


def _split(work: Work, ask: AskRow, consent: Consent) -> None:
    split_order(work, ask.name, mode="quantities", consent=consent)


def _substitute(work: Work, ask: AskRow, consent: Consent) -> None:
    told = work.db.value("substitutes_told", ask=ask.ask_id) or []
    made = apply_alternatives(work, ask.name, consent=consent)
    agreed = sorted((one["sku"], one["units"], one["substitute"], one["substitute_units"]) for one in told)
    if agreed != sorted((one.sku, one.units, one.substitute, one.substitute_units) for one in made.lines):
        # Since the mail something else would be sent: to that nobody agreed.
        raise OrderMovedOn(order=ask.order, status=made.status)


ACCEPTED: Mapping[AskPurpose, Callable[[Work, AskRow, Consent], None]] = {
    AskPurpose.DELAY: _wait,
    AskPurpose.SPLIT: _split,
    AskPurpose.SUBSTITUTE: _substitute,
}

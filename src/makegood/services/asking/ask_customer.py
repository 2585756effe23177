"""Ask the customer of an order by mail: may it come in two parcels, may something else be sent."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from makegood.domain.delays import AskPurpose, DelayStep
from makegood.domain.errors import InvalidValue, NoAddress
from makegood.domain.mails import MailKind
from makegood.services.asking.asks import AskRow, asks_of_order
from makegood.services.asking.link_facts import substitutes_for
from makegood.services.business_settings import business_settings
from makegood.services.gates import find_order
from makegood.services.mails.queue_mails import ToCustomer, queue_mails
from makegood.services.record import Event, record_events
from makegood.services.split_order import split_order
from makegood.services.work import Work

# A customer may cancel for so long after a notice of delay, whatever silence has meant.
DELAY_LINK_LASTS = timedelta(days=90)


class _Asked(NamedTuple):
    order_id: int
    expires_at: datetime
    due_by: date | None = None
    revised: date | None = None
    silence: str | None = None
    answer_by: date | None = None


def ask_customer(work: Work, name: str, purpose: str) -> AskRow:
    """Queue a mail with a link on which the customer says yes or no to a split or a substitute, or cancels.

    It is refused as the split or substitute itself would be. What is being asked already is not asked twice.
    Raises `NoAddress`, `InvalidValue`, `OrderNotFound`, `NothingToShip`, `NothingToSubstitute` ….
    """
    order_id, _, _ = find_order(work, name)
    wanted = _purpose(purpose)
    if not work.db.value("order_can_be_mailed", order=order_id):
        raise NoAddress(order=name)
    if wanted is AskPurpose.SPLIT:
        split_order(work, name, mode="quantities", dry_run=True)
    else:
        substitutes_for(work, order_id, name)
    work.db.run("expire_asks", order=order_id, purpose=wanted.value, as_of=work.as_of)
    lasts = timedelta(days=business_settings(work.db).consent_days)
    _ask(work, wanted, [_Asked(order_id, work.as_of + lasts)], MailKind.CONSENT_ASKED)
    return [one for one in asks_of_order(work, order_id) if one.purpose == wanted][-1]


def ask_about_delays(work: Work, steps: Sequence[tuple[int, DelayStep]]) -> int:
    """Queue a notice of delay for each of these orders that is not asked already, and give how many."""
    asked = [
        _Asked(order, work.as_of + DELAY_LINK_LASTS, step.due_by, step.revised, step.silence, step.answer_by)
        for order, step in steps
    ]
    return _ask(work, AskPurpose.DELAY, asked, MailKind.DELAY_NOTICE) if asked else 0


def _ask(work: Work, purpose: AskPurpose, asked: Sequence[_Asked], kind: MailKind) -> int:
    orders, expire, due_by, revised, silence, answer_by = (list(column) for column in zip(*asked, strict=True))
    added = work.db.all("add_asks", purpose=purpose.value, orders=orders, expire=expire, due_by=due_by,
                        revised=revised, silence=silence, answer_by=answer_by, actor=work.actor,
                        as_of=work.as_of)  # fmt: skip
    queue_mails(work, [ToCustomer(kind, f"ask:{ask}", order, work.as_of, ask_id=ask) for ask, order in added])
    record_events(
        work, [Event(order, "order:asked", {"purpose": purpose.value, "ask": ask}) for ask, order in added]
    )
    return len(added)


def _purpose(word: str) -> AskPurpose:
    plain = word.strip().upper()
    if plain not in (AskPurpose.SPLIT, AskPurpose.SUBSTITUTE):
        raise InvalidValue("purpose", word, "split or substitute")
    return AskPurpose(plain)

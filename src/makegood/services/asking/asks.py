"""What a customer was asked, as the books hold it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from makegood.domain.delays import Answer, AskPurpose
from makegood.domain.errors import LinkInvalid
from makegood.services.mails.links import CONSENTS, read_signed
from makegood.services.work import Work


class AskRow(NamedTuple):
    """What the customer of an order was asked, until when the link holds, and the answer; `name` finds the
    order among those of all merchants."""

    ask_id: int
    order_id: int
    order: str
    purpose: str
    asked_at: datetime
    expires_at: datetime
    due_by: date | None
    revised: date | None
    silence: str | None
    answer_by: date | None
    answer: str | None
    answered_at: datetime | None
    status: str
    hold_kind: str | None
    name: str

    @property
    def is_open(self) -> bool:
        """Whether it can still be answered, if its time is not over: silence can be broken."""
        return self.answer in (None, Answer.SILENT)

    @property
    def choices(self) -> Sequence[str]:
        """What can be answered."""
        waits = [] if self.purpose == AskPurpose.DELAY else [Answer.DECLINED.value]
        return [Answer.ACCEPTED.value, *waits, Answer.CANCELLED.value]


def read_ask(work: Work, ask: int) -> AskRow:
    """Give what was asked; raises `LinkInvalid` when it does not exist."""
    rows = work.db.records(AskRow, "read_ask", ask=ask)
    if not rows:
        raise LinkInvalid
    return rows[0]


def ask_of(work: Work, token: str) -> AskRow:
    """Give what the link asks that a token stands for; raises `LinkInvalid`."""
    return read_ask(work, read_signed(work, CONSENTS, token))


def asks_of_order(work: Work, order_id: int) -> list[AskRow]:
    """List what the customer of an order was asked, the first one first."""
    return work.db.records(AskRow, "asks_of_order", order=order_id)

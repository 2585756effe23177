"""When a customer must be told that an order is late, and what the answer, or none, comes to.

The rule is that of mail orders in the United States (16 CFR 435.2), and good manners elsewhere. An order has a day
by which all of it leaves: the promised one, else thirty days after it was placed. Before that day is missed the
customer is offered to wait or to cancel. Silence is consent only to a first delay that is definite and at most
thirty days long; any other delay takes a yes, without which the order is not to be sent.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

# Without a promise an order leaves within so many days; so long may a first delay be for silence to be consent.
THIRTY = timedelta(days=30)


class Silence(StrEnum):
    """What it means that a customer does not answer."""

    CONSENTS = "CONSENTS"
    STOPS = "STOPS"


class Answer(StrEnum):
    """What a customer answered; SILENT is silence that was consent, LAPSED silence that was none."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    CANCELLED = "CANCELLED"
    SILENT = "SILENT"
    LAPSED = "LAPSED"


class AskPurpose(StrEnum):
    """What a customer is asked: to wait, to get the order in two parcels, to take something else."""

    DELAY = "DELAY"
    SPLIT = "SPLIT"
    SUBSTITUTE = "SUBSTITUTE"


class DelayNotice(NamedTuple):
    """A notice of delay: the day that is missed, the new one if known, what silence means, and what came of it.

    `told` says that its mail has reached the customer's server: who was not told cannot consent by silence.
    """

    due_by: date
    revised: date | None
    silence: Silence
    answer_by: date
    answer: Answer | None
    told: bool


class LateOrder(NamedTuple):
    """An order that lacks something: when it was placed, what was promised, what is expected, what was told."""

    placed_on: date
    promised: date | None
    expected: date | None
    notices: Sequence[DelayNotice] = ()


class DelayAction(StrEnum):
    """What is to be done about an order now."""

    NOTHING = "NOTHING"
    NOTIFY = "NOTIFY"
    CONSENTED = "CONSENTED"
    STOP = "STOP"


class DelayStep(NamedTuple):
    """What is to be done; for a notice, what it says."""

    do: DelayAction
    due_by: date | None = None
    revised: date | None = None
    silence: Silence | None = None
    answer_by: date | None = None


NOTHING = DelayStep(DelayAction.NOTHING)


def next_step(order: LateOrder, today: date, *, ahead: int = 3) -> DelayStep:
    """Give what is to be done about a late order today; a notice goes out `ahead` days before the day is missed.

    >>> mug = LateOrder(date(2026, 3, 1), None, date(2026, 4, 10))
    >>> next_step(mug, date(2026, 3, 20)).do.value
    'NOTHING'
    >>> step = next_step(mug, date(2026, 3, 28))
    >>> step.do.value, step.due_by.isoformat(), step.silence.value, step.answer_by.isoformat()
    ('NOTIFY', '2026-03-31', 'CONSENTS', '2026-03-31')
    """
    last = order.notices[-1] if order.notices else None
    if last and last.answer is None and today > last.answer_by:
        return _after_silence(last)
    due_by = day_in_force(order)
    expected = order.expected if order.expected and order.expected >= today else None
    if due_by is None or (expected and expected <= due_by):
        return NOTHING
    too_late = not order.notices and today > due_by + THIRTY
    if too_late or today < due_by - timedelta(days=ahead):
        return NOTHING
    return _notice(due_by, expected, today, first=not order.notices, ahead=ahead)


def day_in_force(order: LateOrder) -> date | None:
    """Give the day by which all of an order is to leave; None where there is none, or a person has to decide."""
    if not order.notices:
        return order.promised or order.placed_on + THIRTY
    last = order.notices[-1]
    newer = order.promised if order.promised and order.promised > last.due_by else None
    agreed = last.answer in (Answer.ACCEPTED, Answer.SILENT)
    silently = last.answer is None and last.silence is Silence.CONSENTS
    if (agreed or silently) and last.revised:
        return max(last.revised, newer or last.revised)
    return newer if last.answer is not None else None


def _after_silence(last: DelayNotice) -> DelayStep:
    consented = last.silence is Silence.CONSENTS and last.told
    return DelayStep(DelayAction.CONSENTED if consented else DelayAction.STOP, last.due_by, last.revised)


def _notice(due_by: date, expected: date | None, today: date, *, first: bool, ahead: int) -> DelayStep:
    """Give what a notice says; whoever is told late still has `ahead` days to answer."""
    short = first and expected is not None and expected <= due_by + THIRTY
    answer_by = due_by if short or not first else due_by + THIRTY
    return DelayStep(
        DelayAction.NOTIFY,
        due_by,
        expected,
        Silence.CONSENTS if short else Silence.STOPS,
        max(answer_by, today + timedelta(days=ahead)),
    )

"""Find the orders whose day is about to be missed, or whose customer's silence has its consequence, and act.

What is to be done about one order is decided in `domain/delays.py`. Notices go out many at a time; silence has its
consequence order by order, each in a transaction of its own, decided anew under the lock of what was asked.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from makegood.domain.delays import Answer, DelayAction, DelayNotice, DelayStep, LateOrder, Silence, next_step
from makegood.services.asking.answer_ask import accept_delay, note_answer
from makegood.services.asking.ask_customer import ask_about_delays
from makegood.services.asking.asks import read_ask
from makegood.services.business_settings import BusinessSettings, business_settings
from makegood.services.cancel_order import cancel_order
from makegood.services.hold_order import hold_order
from makegood.services.work import Work

ORDERS_AT_ONCE = 500


class _Row(NamedTuple):
    order_id: int
    placed_on: date
    promised: date | None
    expected: date | None
    told: Sequence[Sequence[object]]


class LateStep(NamedTuple):
    """What is to be done about an order, and which ask of it is open, if one is."""

    order_id: int
    step: DelayStep
    ask_id: int | None


class Watched(NamedTuple):
    """What a batch of orders came to: steps to be taken, and after which order the next batch begins."""

    steps: Sequence[LateStep]
    last: int | None


def watch_delays(work: Work, after: int = 0, *, only: Sequence[int] | None = None) -> Watched:
    """Give what is to be done about the next orders that may be late."""
    settings = business_settings(work.db)
    if not settings.delay_notices:
        return Watched([], None)
    rows = work.db.records(
        _Row,
        "orders_that_may_be_late",
        after=after,
        only=None if only is None else list(only),
        horizon=work.today + timedelta(days=settings.delay_notice_days),
        most=ORDERS_AT_ONCE,
    )
    found = [_step(work, settings, row) for row in rows]
    return Watched(
        [one for one in found if one.step.do is not DelayAction.NOTHING],
        rows[-1].order_id if len(rows) == ORDERS_AT_ONCE else None,
    )


def send_notices(work: Work, orders: Sequence[int]) -> int:
    """Queue the notices of delay that these orders need now, and give how many."""
    steps = watch_delays(work, only=orders).steps
    return ask_about_delays(work, [(one.order_id, one.step) for one in steps if one.step.do is DelayAction.NOTIFY])


def act_on_silence(work: Work, late: LateStep) -> bool:
    """Let the silence of a customer have its consequence; False when there is none to have any more.

    Consent: the order waits on, its new day is promised. None: it is held for a person, or cancelled, as the
    business decided.
    """
    assert late.ask_id is not None
    work.db.all("hold_ask", ask=late.ask_id)
    still = [one for one in watch_delays(work, only=[late.order_id]).steps if one == late]
    ask = read_ask(work, late.ask_id)
    if not still or ask.answer is not None:
        return False
    if late.step.do is DelayAction.CONSENTED:
        accept_delay(work, ask)
        note_answer(work, ask, Answer.SILENT)
        return True
    note_answer(work, ask, Answer.LAPSED)
    because = f"The customer had to answer by {ask.answer_by} about the delay, and did not"
    if business_settings(work.db).unanswered_delay == "CANCEL":
        cancel_order(work, ask.name, because=because)
    else:
        hold_order(work, ask.name, because=f"{because}: cancel and refund, or get an answer")
    return True


def _step(work: Work, settings: BusinessSettings, row: _Row) -> LateStep:
    late = LateOrder(row.placed_on, row.promised, row.expected, [_notice(one) for one in row.told])
    step = next_step(late, work.today, ahead=settings.delay_notice_days)
    ask = next((int(str(one[6])) for one in row.told[-1:] if one[4] is None and one[7] == row.order_id), None)
    if step.do in (DelayAction.CONSENTED, DelayAction.STOP) and ask is None:
        # What was asked about the order that this one was split from is answered there.
        step = DelayStep(DelayAction.NOTHING)
    return LateStep(row.order_id, step, ask)


def _notice(told: Sequence[object]) -> DelayNotice:
    due_by, revised, silence, answer_by, answer, reached, *_ = told
    return DelayNotice(
        date.fromisoformat(str(due_by)),
        date.fromisoformat(str(revised)) if revised else None,
        Silence(str(silence)),
        date.fromisoformat(str(answer_by)),
        Answer(str(answer)) if answer else None,
        bool(reached),
    )

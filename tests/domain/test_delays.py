"""When a customer is told that an order is late: the rule as a table, with the day as an argument."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.delays import (
    Answer,
    DelayAction,
    DelayNotice,
    DelayStep,
    LateOrder,
    Silence,
    day_in_force,
    next_step,
)

PLACED = date(2026, 3, 1)
# The thirtieth day.
DUE = date(2026, 3, 31)
SOON, LATE = DUE + timedelta(days=30), DUE + timedelta(days=31)


def day(offset: int) -> date:
    """Give a day counted from the one that is missed."""
    return DUE + timedelta(days=offset)


def late(expected: date | None = SOON, *notices: DelayNotice, promised: date | None = None) -> LateOrder:
    return LateOrder(PLACED, promised, expected, notices)


def told(
    answer: Answer | None = None,
    *,
    due_by: date = DUE,
    revised: date | None = SOON,
    silence: Silence = Silence.CONSENTS,
    answer_by: date = DUE,
    reached: bool = True,
) -> DelayNotice:
    return DelayNotice(due_by, revised, silence, answer_by, answer, reached)


def notice(due_by: date, revised: date | None, silence: Silence, answer_by: date) -> DelayStep:
    return DelayStep(DelayAction.NOTIFY, due_by, revised, silence, answer_by)


NOTHING, CONSENTED, STOP = DelayAction.NOTHING, DelayAction.CONSENTED, DelayAction.STOP
CONSENTS, STOPS = Silence.CONSENTS, Silence.STOPS
NEEDS_YES = told(silence=STOPS, revised=None, answer_by=day(30))
ACCEPTED, SILENT, LAPSED = told(Answer.ACCEPTED), told(Answer.SILENT), told(Answer.LAPSED)

TABLE = [
    # order, today, what is to be done
    ("in time", late(DUE), day(-3), NOTHING),
    ("long before its day", late(SOON), day(-4), NOTHING),
    ("first, definite, thirty days", late(SOON), day(-3), notice(DUE, SOON, CONSENTS, DUE)),
    ("first, definite, longer", late(LATE), day(-3), notice(DUE, LATE, STOPS, day(30))),
    ("first, no day known", late(None), day(-3), notice(DUE, None, STOPS, day(30))),
    ("supply that is late itself is no day", late(day(-4)), day(-3), notice(DUE, None, STOPS, day(30))),
    ("the same after its day", late(day(-10)), day(1), notice(DUE, None, STOPS, day(30))),
    ("told late: still time to answer", late(SOON), day(0), notice(DUE, SOON, CONSENTS, day(3))),
    ("after its day", late(SOON), day(20), notice(DUE, SOON, CONSENTS, day(23))),
    ("far after its day a person sees to it", late(None), day(31), NOTHING),
    ("a promise is the day", late(day(12), promised=day(10)), day(7), notice(day(10), day(12), CONSENTS, day(10))),
    ("a promise that holds", late(day(10), promised=day(10)), day(9), NOTHING),
    ("silence is waited for", late(SOON, told()), DUE, NOTHING),
    ("silence was consent", late(SOON, told()), day(1), CONSENTED),
    ("who was not told did not consent", late(SOON, told(reached=False)), day(1), STOP),
    ("a yes is waited for", late(None, NEEDS_YES), day(30), NOTHING),
    ("a yes did not come", late(None, NEEDS_YES), day(31), STOP),
    ("agreed and in time", late(SOON, ACCEPTED), day(20), NOTHING),
    ("agreed, later again: a yes", late(LATE, ACCEPTED), day(27), notice(SOON, LATE, STOPS, SOON)),
    ("silence, later again: a yes", late(LATE, SILENT), day(27), notice(SOON, LATE, STOPS, SOON)),
    ("silence, no day known any more", late(None, SILENT), day(27), notice(SOON, None, STOPS, SOON)),
    ("agreed to wait as long as it takes", late(None, told(Answer.ACCEPTED, revised=None)), day(300), NOTHING),
    ("no answer: a person decides", late(None, LAPSED), day(90), NOTHING),
    ("a person promised a new day", late(day(60), LAPSED, promised=day(50)), day(48),
     notice(day(50), day(60), STOPS, day(51))),
]  # fmt: skip


@pytest.mark.parametrize(("order", "today", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_rule(order: LateOrder, today: date, expected: DelayAction | DelayStep) -> None:
    made = next_step(order, today)
    assert (made.do if isinstance(expected, DelayAction) else made) == expected


days = st.integers(-60, 200).map(day)
notices = st.builds(
    DelayNotice,
    days,
    st.none() | days,
    st.sampled_from(Silence),
    days,
    st.none() | st.sampled_from(Answer),
    st.booleans(),
)
orders = st.builds(LateOrder, days, st.none() | days, st.none() | days, st.lists(notices, max_size=3))


@given(orders, days)
def test_silence_is_consent_only_to_a_first_definite_delay_of_at_most_thirty_days(
    order: LateOrder, today: date
) -> None:
    step = next_step(order, today)
    if step.silence is Silence.CONSENTS:
        assert not order.notices
        assert step.revised
        assert step.due_by
        assert (step.revised - step.due_by).days <= 30


@given(orders, days)
def test_whoever_is_asked_has_three_days_to_answer(order: LateOrder, today: date) -> None:
    step = next_step(order, today)
    if step.do is DelayAction.NOTIFY:
        assert step.answer_by
        assert step.due_by == day_in_force(order)
        assert (step.answer_by - today).days >= 3


@given(orders, days)
def test_who_was_not_told_never_consents_by_silence(order: LateOrder, today: date) -> None:
    if next_step(order, today).do is DelayAction.CONSENTED:
        assert order.notices[-1].told
        assert today > order.notices[-1].answer_by

"""The four rows of the outcome table, each by itself, and the sentences under it."""

from hypothesis import given
from hypothesis import strategies as st

from makegood.domain.outcome import LineState, Outcome, outcome
from makegood.domain.states import HoldKind, OrderStatus


def a_state(quantity: int = 2, allocated: int = 0, *, matched: bool = True, sku: str = "A") -> LineState:
    return LineState(sku_text=sku, matched=matched, quantity=quantity, allocated=allocated)


def test_an_unmatched_line_and_nothing_reserved_is_on_hold() -> None:
    found = outcome([a_state(3), a_state(matched=False, sku="X-1"), a_state(matched=False, sku="X-2")])
    reason = "No variant matches X-1, X-2; 3 units are backordered besides"
    assert found == Outcome(OrderStatus.ON_HOLD, HoldKind.UNMATCHED, reason)


def test_nothing_reserved_is_backordered() -> None:
    assert outcome([a_state(), a_state()]) == Outcome(OrderStatus.BACKORDERED)


def test_a_line_with_a_shortfall_is_partially_allocated() -> None:
    assert outcome([a_state(2, 2), a_state(2, 1)]) == Outcome(OrderStatus.PARTIALLY_ALLOCATED)


def test_an_unmatched_line_beside_a_full_one_is_partially_allocated_with_the_reason() -> None:
    found = outcome([a_state(2, 2), a_state(matched=False, sku="X-1")])
    assert found == Outcome(OrderStatus.PARTIALLY_ALLOCATED, None, "No variant matches X-1")


def test_everything_full_is_allocated() -> None:
    assert outcome([a_state(2, 2), a_state(1, 1)]) == Outcome(OrderStatus.ALLOCATED)


def test_a_surplus_on_one_line_does_not_hide_a_shortfall_on_another() -> None:
    """Per line and never on totals."""
    gone = LineState(sku_text="A", matched=True, quantity=5, fulfilled=5, allocated=0)
    assert outcome([gone, a_state(1, 1), a_state(1, 0)]).status is OrderStatus.PARTIALLY_ALLOCATED


def test_what_has_gone_out_or_was_cancelled_is_not_short() -> None:
    line = LineState(sku_text="A", matched=True, quantity=9, fulfilled=3, cancelled=2, allocated=4)
    assert line.shortfall == 0
    assert outcome([line]).status is OrderStatus.ALLOCATED


def test_an_unmatched_line_that_was_cancelled_holds_nobody() -> None:
    gone = LineState(sku_text="X", matched=False, quantity=2, cancelled=2)
    assert outcome([gone, a_state(1, 1)]) == Outcome(OrderStatus.ALLOCATED)


states = st.builds(
    lambda quantity, share, matched: a_state(quantity, share % (quantity + 1) if matched else 0, matched=matched),
    st.integers(1, 5),
    st.integers(0, 5),
    st.booleans(),
)


@given(st.lists(states, min_size=1, max_size=5))
def test_an_order_is_allocated_exactly_if_it_holds_something_and_every_line_is_full(
    lines: list[LineState],
) -> None:
    """Law 3."""
    full = all(line.shortfall == 0 for line in lines) and any(line.allocated for line in lines)
    assert (outcome(lines).status is OrderStatus.ALLOCATED) == full

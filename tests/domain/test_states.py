"""The state table says of every status what every step does to it."""

from itertools import product

import pytest

from makegood.domain.errors import WrongState
from makegood.domain.states import CLOSED, EDITABLE, IN_PICKING, NEXT, REFUSED, WAITING, OrderStatus, Step, after

PAIRS = list(product(OrderStatus, Step))


def reachable(start: OrderStatus) -> set[OrderStatus]:
    """Every status that steps can lead to."""
    found, edge = set[OrderStatus](), {start}
    while edge:
        found |= edge
        edge = {there for here in edge for there in NEXT[here].values()} - found
    return found


def test_the_table_knows_every_status() -> None:
    assert set(NEXT) == set(OrderStatus)
    assert len(OrderStatus) == 13


@pytest.mark.parametrize(("status", "step"), PAIRS, ids=lambda each: str(each.value))
def test_every_step_leads_somewhere_or_is_refused(status: OrderStatus, step: Step) -> None:
    if step in NEXT[status]:
        assert after(status, step) in OrderStatus
    else:
        with pytest.raises(WrongState, match=f"Order 7 cannot .* \\(status: {status.value}\\)"):
            after(status, step, order="7")


def test_every_step_is_of_use_somewhere() -> None:
    assert {step for steps in NEXT.values() for step in steps} == set(Step)


def test_every_status_can_be_come_to() -> None:
    assert reachable(OrderStatus.PENDING) == set(OrderStatus)


def test_every_open_order_can_be_ended() -> None:
    for status in set(OrderStatus) - CLOSED:
        assert reachable(status) & CLOSED


def test_what_is_closed_stays_closed() -> None:
    assert {OrderStatus.SHIPPED, OrderStatus.CANCELLED} == CLOSED
    assert all(not NEXT[status] for status in CLOSED)


def test_a_step_means_the_same_from_everywhere() -> None:
    """A retry that comes late finds its own step refused; it can never mean something else."""
    for step in Step:
        assert len({NEXT[status][step] for status in OrderStatus if step in NEXT[status]}) == 1


def test_an_order_on_hold_does_not_wait() -> None:
    assert OrderStatus.ON_HOLD not in WAITING
    assert OrderStatus.ON_HOLD in EDITABLE


def test_waiting_picking_and_closed_are_three_kinds() -> None:
    assert not WAITING & IN_PICKING
    assert not (WAITING | IN_PICKING) & CLOSED
    rest = {OrderStatus.ALLOCATED, OrderStatus.ON_HOLD}
    assert WAITING | IN_PICKING | CLOSED | rest == set(OrderStatus)


def test_a_step_that_is_refused_is_said_of_the_order() -> None:
    assert set(REFUSED) == set(Step)
    with pytest.raises(WrongState, match=r"^Order 1001 cannot be picked \(status: BACKORDERED\)\.$"):
        after(OrderStatus.BACKORDERED, Step.PICK, order="1001")

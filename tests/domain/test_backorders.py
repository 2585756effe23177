"""The status of a backorder follows from its units and its order, row by row."""

import pytest

from makegood.domain.backorders import BackorderFigures, backorder_status
from makegood.domain.states import IN_PICKING, BackorderStatus, OrderStatus


@pytest.mark.parametrize(
    ("figures", "order", "status"),
    [
        (BackorderFigures(5), OrderStatus.BACKORDERED, "PENDING"),
        (BackorderFigures(5, allocated=1), OrderStatus.PARTIALLY_ALLOCATED, "PENDING"),
        (BackorderFigures(5, fulfilled=2), OrderStatus.BACKORDERED, "PARTIALLY_FULFILLED"),
        (BackorderFigures(5, fulfilled=2, allocated=3), OrderStatus.ALLOCATED, "ALLOCATED"),
        (BackorderFigures(5, cancelled=2, allocated=3), OrderStatus.ON_HOLD, "ALLOCATED"),
        (BackorderFigures(5, sourced=5), OrderStatus.BACKORDERED, "PENDING"),
        (BackorderFigures(5, allocated=5), OrderStatus.PICKED, "READY_TO_SHIP"),
        (BackorderFigures(5, fulfilled=2, cancelled=3), OrderStatus.SHIPPED, "FULFILLED"),
        (BackorderFigures(5, cancelled=5), OrderStatus.CANCELLED, "CANCELLED"),
        (BackorderFigures(0), OrderStatus.BACKORDERED, "CANCELLED"),
    ],
)
def test_the_first_row_that_matches_decides(figures: BackorderFigures, order: OrderStatus, status: str) -> None:
    assert backorder_status(figures, order) is BackorderStatus(status)


def test_one_of_three_reserved_is_not_allocated() -> None:
    assert backorder_status(BackorderFigures(3, 1), OrderStatus.PARTIALLY_ALLOCATED) is BackorderStatus.PENDING


@pytest.mark.parametrize("order", sorted(IN_PICKING))
def test_from_release_on_it_is_ready_to_ship(order: OrderStatus) -> None:
    assert backorder_status(BackorderFigures(3, 3), order) is BackorderStatus.READY_TO_SHIP

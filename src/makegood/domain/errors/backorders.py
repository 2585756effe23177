"""What is refused of backorder records and allocations."""

from makegood.domain.errors.tree import Conflict, NotFound


class AllocationNotFound(NotFound):
    """No allocation has this id."""

    code = "allocation_not_found"

    def __init__(self, allocation: object) -> None:
        super().__init__(f"Allocation not found: {allocation}", allocation=allocation)


class BackorderNotFound(NotFound):
    """No backorder record has this number."""

    code = "backorder_not_found"

    def __init__(self, backorder: object) -> None:
        super().__init__(f"Backorder not found: {backorder}", backorder=backorder)


class PriorityConflict(Conflict):
    """Units are free, but orders that are better ranked wait for them."""

    code = "priority_conflict"

    def __init__(
        self, *, sku: str, wanted: int, free: int, orders_ahead: int, units_ahead: int, next_order: str | None
    ) -> None:
        super().__init__(
            f"{sku}: {wanted} wanted, {free} free, but {orders_ahead} better ranked orders wait for {units_ahead} "
            f"units, order {next_order} first",
            sku=sku,
            wanted=wanted,
            free=free,
            orders_ahead=orders_ahead,
            units_ahead=units_ahead,
            next_order=next_order,
        )


class BackorderClosed(Conflict):
    """The backorder is fulfilled or cancelled; nothing of it remains."""

    code = "backorder_closed"

    def __init__(self, *, backorder: str, status: str) -> None:
        super().__init__(f"Backorder {backorder} is closed (status: {status})", backorder=backorder, status=status)


class AllocationClosed(Conflict):
    """The allocation was released, has expired or has gone out already."""

    code = "allocation_closed"

    def __init__(self, *, allocation: int, state: str) -> None:
        super().__init__(f"Allocation {allocation} is closed (state: {state})", allocation=allocation, state=state)


class AllocationLapsed(Conflict):
    """The allocation's time is up."""

    code = "allocation_lapsed"

    def __init__(self, *, allocation: int, expires_at: object) -> None:
        super().__init__(
            f"The time of allocation {allocation} was up at {expires_at}",
            allocation=allocation,
            expires_at=expires_at,
        )

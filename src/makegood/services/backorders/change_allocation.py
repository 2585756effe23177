"""Confirm, release or extend one allocation by its id."""

from datetime import datetime
from typing import NamedTuple

from makegood.domain.errors import AllocationClosed, AllocationLapsed, AllocationNotFound, InvalidValue
from makegood.domain.states import AllocationState
from makegood.services.change_orders import Change, settle
from makegood.services.free_allocations import free, keep_whole_or_nothing, less, open_allocations
from makegood.services.gates import LockedOrder, insist_editable, lock_orders
from makegood.services.record import Event, record_events
from makegood.services.work import Work


class AllocationRow(NamedTuple):
    """An allocation: of which order and line, and how it stands."""

    allocation_id: int
    order_id: int
    warehouse_id: int
    line_id: int
    state: str
    expires_at: datetime | None

    def as_told(self) -> dict[str, object]:
        """Give the allocation as programs are told it, in the shape of every door."""
        return {"status": self.state.lower(), "allocation_id": self.allocation_id, "expires_at": self.expires_at}


def confirm_allocation(work: Work, allocation: int) -> AllocationRow:
    """Confirm an allocation: when stock shrinks it goes after those that are not.

    Raises `AllocationNotFound`, `AllocationClosed`, `AllocationLapsed`.
    """
    found, _ = _hold(work, allocation)
    if found.expires_at is not None and found.expires_at <= work.as_of:
        raise AllocationLapsed(allocation=allocation, expires_at=found.expires_at)
    work.db.run_expecting(1, "confirm_allocation", allocation=allocation)
    return _told(work, found, "allocation:confirmed", {})


def extend_allocation(work: Work, allocation: int, *, until: datetime | None) -> AllocationRow:
    """Let an allocation lapse later, or without a moment never; also one whose time is up, until it is swept.

    Raises `AllocationNotFound`, `AllocationClosed`, `InvalidValue`.
    """
    if until is not None and until <= work.as_of:
        raise InvalidValue("until", until, "a moment that lies ahead")
    found, _ = _hold(work, allocation)
    work.db.run_expecting(1, "extend_allocation", allocation=allocation, until=until)
    return _told(work, found, "allocation:extended", {"from": found.expires_at, "to": until})


def release_allocation(work: Work, allocation: int, *, because: str = "") -> AllocationRow:
    """Release an allocation: its units are offered to the queue, its line waits again at its rank.

    Raises `AllocationNotFound`, `AllocationClosed`, and `WrongState` from picking on.
    """
    found, locked = _hold(work, allocation)
    insist_editable(locked.order, "give up an allocation")
    held = [one for one in open_allocations(work, orders=[found.order_id]) if one.allocation_id == allocation]
    freed = free(work, {one: one.quantity for one in held}, because=because or "it was released by hand")
    change = Change(locked, locked.order, less(locked.lines, freed))
    settle(work, keep_whole_or_nothing(work, [change]))
    return _find(work, allocation)


def _hold(work: Work, allocation: int) -> tuple[AllocationRow, LockedOrder]:
    """Hold the order of an allocation that is open."""
    found = _find(work, allocation)
    locked = lock_orders(work, found.warehouse_id, [found.order_id])[0]
    found = _find(work, allocation)
    if found.state not in (AllocationState.RESERVED, AllocationState.CONFIRMED):
        raise AllocationClosed(allocation=allocation, state=found.state)
    return found, locked


def _find(work: Work, allocation: int) -> AllocationRow:
    found = work.db.records(AllocationRow, "named_allocation", allocation=allocation)
    if not found:
        raise AllocationNotFound(allocation)
    return found[0]


def _told(work: Work, found: AllocationRow, kind: str, facts: dict[str, object]) -> AllocationRow:
    payload: dict[str, object] = {"allocationId": found.allocation_id, **facts}
    record_events(work, [Event(found.order_id, kind, payload)])
    return _find(work, found.allocation_id)

"""The thirteen states of an order, its steps between them, and the derived states of a backorder."""

from collections.abc import Mapping
from enum import StrEnum

from makegood.domain.errors import WrongState


class OrderStatus(StrEnum):
    """Where an order stands (docs/concepts/how-nothing-is-lost.md)."""

    PENDING = "PENDING"
    CONFIRMED = "CONFIRMED"
    ALLOCATED = "ALLOCATED"
    PARTIALLY_ALLOCATED = "PARTIALLY_ALLOCATED"
    BACKORDERED = "BACKORDERED"
    ON_HOLD = "ON_HOLD"
    READY_TO_PICK = "READY_TO_PICK"
    PICKING = "PICKING"
    PICKED = "PICKED"
    PACKING = "PACKING"
    PACKED = "PACKED"
    SHIPPED = "SHIPPED"
    CANCELLED = "CANCELLED"


class Step(StrEnum):
    """What can happen to an order; an attempt's outcome is a step as well."""

    CONFIRM = "confirm"
    FILL = "fill"
    FILL_IN_PART = "fill_in_part"
    STARVE = "starve"
    HOLD = "hold"
    RELEASE_TO_PICK = "release_to_pick"
    START_PICK = "start_pick"
    PICK = "pick"
    START_PACK = "start_pack"
    PACK = "pack"
    SHIP = "ship"
    CANCEL = "cancel"


class HoldKind(StrEnum):
    """Why an order is held."""

    UNMATCHED = "UNMATCHED"
    STALE = "STALE"
    MANUAL = "MANUAL"
    NO_BACKORDERS = "NO_BACKORDERS"


class ShipPolicy(StrEnum):
    """How much of an order must be there before any of it is reserved."""

    PARTIAL = "PARTIAL"
    COMPLETE_LINES = "COMPLETE_LINES"
    COMPLETE = "COMPLETE"


class AllocationState(StrEnum):
    """What became of a reservation."""

    RESERVED = "RESERVED"
    CONFIRMED = "CONFIRMED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"
    FULFILLED = "FULFILLED"


class BackorderStatus(StrEnum):
    """The derived state of a backorder record (docs/concepts/how-nothing-is-lost.md)."""

    PENDING = "PENDING"
    PARTIALLY_FULFILLED = "PARTIALLY_FULFILLED"
    ALLOCATED = "ALLOCATED"
    READY_TO_SHIP = "READY_TO_SHIP"
    FULFILLED = "FULFILLED"
    CANCELLED = "CANCELLED"


_S = OrderStatus
_OUTCOMES: Mapping[Step, OrderStatus] = {
    Step.FILL: _S.ALLOCATED,
    Step.FILL_IN_PART: _S.PARTIALLY_ALLOCATED,
    Step.STARVE: _S.BACKORDERED,
    Step.HOLD: _S.ON_HOLD,
    Step.CANCEL: _S.CANCELLED,
}

# A short pick sends an order back to the queue.
_BACK_TO_QUEUE: Mapping[Step, OrderStatus] = {
    Step.FILL_IN_PART: _S.PARTIALLY_ALLOCATED,
    Step.STARVE: _S.BACKORDERED,
}

NEXT: Mapping[OrderStatus, Mapping[Step, OrderStatus]] = {
    _S.PENDING: {Step.CONFIRM: _S.CONFIRMED, **_OUTCOMES},
    _S.CONFIRMED: {**_OUTCOMES},
    _S.ALLOCATED: {**_OUTCOMES, Step.RELEASE_TO_PICK: _S.READY_TO_PICK, Step.SHIP: _S.SHIPPED},
    _S.PARTIALLY_ALLOCATED: {**_OUTCOMES, Step.SHIP: _S.SHIPPED},
    _S.BACKORDERED: {**_OUTCOMES, Step.SHIP: _S.SHIPPED},
    _S.ON_HOLD: {**_OUTCOMES, Step.SHIP: _S.SHIPPED},
    _S.READY_TO_PICK: {
        **_BACK_TO_QUEUE,
        Step.START_PICK: _S.PICKING,
        Step.PICK: _S.PICKED,
        Step.CANCEL: _S.CANCELLED,
    },
    _S.PICKING: {**_BACK_TO_QUEUE, Step.PICK: _S.PICKED},
    _S.PICKED: {Step.START_PACK: _S.PACKING, Step.PACK: _S.PACKED, Step.SHIP: _S.SHIPPED},
    _S.PACKING: {Step.PACK: _S.PACKED},
    _S.PACKED: {Step.SHIP: _S.SHIPPED},
    _S.SHIPPED: {},
    _S.CANCELLED: {},
}

WAITING: frozenset[OrderStatus] = frozenset({_S.PENDING, _S.CONFIRMED, _S.BACKORDERED, _S.PARTIALLY_ALLOCATED})
OPEN_TO_ALLOCATION: frozenset[OrderStatus] = WAITING | {_S.ALLOCATED}
IN_PICKING: frozenset[OrderStatus] = frozenset({_S.READY_TO_PICK, _S.PICKING, _S.PICKED, _S.PACKING, _S.PACKED})
CLOSED: frozenset[OrderStatus] = frozenset({_S.SHIPPED, _S.CANCELLED})
EDITABLE: frozenset[OrderStatus] = OPEN_TO_ALLOCATION | {_S.ON_HOLD}


# What is said of an order that cannot take a step: it cannot …
REFUSED: Mapping[Step, str] = {
    Step.CONFIRM: "be confirmed",
    Step.FILL: "be allocated",
    Step.FILL_IN_PART: "be allocated in part",
    Step.STARVE: "be backordered",
    Step.HOLD: "be held",
    Step.RELEASE_TO_PICK: "be released to picking",
    Step.START_PICK: "be taken into picking",
    Step.PICK: "be picked",
    Step.START_PACK: "be taken into packing",
    Step.PACK: "be packed",
    Step.SHIP: "be shipped",
    Step.CANCEL: "be cancelled",
}


def after(status: OrderStatus, step: Step, *, order: str = "") -> OrderStatus:
    """Give the status that a step leads to, or raise `WrongState` with the facts.

    >>> after(OrderStatus.ALLOCATED, Step.RELEASE_TO_PICK)
    <OrderStatus.READY_TO_PICK: 'READY_TO_PICK'>
    """
    found = NEXT[status].get(step)
    if found is None:
        raise WrongState(order=order, status=status, action=REFUSED[step])
    return found

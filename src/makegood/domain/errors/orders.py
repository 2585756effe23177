"""What is refused of orders."""

from makegood.domain.errors.tree import Conflict, NotFound


class OrderNotFound(NotFound):
    """No order has this number or id."""

    code = "order_not_found"

    def __init__(self, order: object) -> None:
        super().__init__(f"Order not found: {order}", order=order)


class LineNotFound(NotFound):
    """The order has no line with this number."""

    code = "line_not_found"

    def __init__(self, *, order: object, line: object) -> None:
        super().__init__(f"Order {order} has no line {line}", order=order, line=line)


class WrongState(Conflict):
    """The state of the thing does not allow the action; both are named."""

    code = "wrong_state"

    def __init__(self, *, order: str, status: str, action: str, hint: str = "") -> None:
        what = f"Order {order}" if order else "It"
        super().__init__(
            f"{what} cannot {action} (status: {status}).{' ' + hint if hint else ''}",
            order=order,
            status=status,
            action=action,
        )


class NothingToShip(Conflict):
    """Nothing of the order could go out now, so there is nothing to split off from."""

    code = "nothing_to_ship"

    def __init__(self, *, order: str, mode: str, reserved: int) -> None:
        lacks = "none of its lines is full" if mode == "lines" and reserved else "nothing is reserved for it"
        super().__init__(f"Order {order} has nothing to ship: {lacks}", order=order, mode=mode, reserved=reserved)


class NothingShort(Conflict):
    """The order lacks nothing, so there is nothing that a child could wait for."""

    code = "nothing_short"

    def __init__(self, *, order: str, reserved: int) -> None:
        super().__init__(f"Order {order} lacks nothing: it can go out whole", order=order, reserved=reserved)


class NothingToMerge(Conflict):
    """The order is no open part of a split order and has none."""

    code = "nothing_to_merge"

    def __init__(self, order: str) -> None:
        super().__init__(f"Order {order} has no open part that could be merged, and is none itself", order=order)


class TooLittleToSend(Conflict):
    """What could go out now is less than the minimum that was asked for."""

    code = "too_little_to_send"

    def __init__(self, *, order: str, ready: str, least: str) -> None:
        super().__init__(
            f"Order {order} is left whole: {ready} could go out, at least {least} should",
            order=order,
            ready=ready,
            least=least,
        )

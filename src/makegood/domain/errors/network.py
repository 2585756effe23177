"""What is refused of dividing orders over several warehouses."""

from makegood.domain.errors.tree import Conflict


class NothingToDivide(Conflict):
    """No other warehouse could send the order anything at its turn under its ship policy."""

    code = "nothing_to_divide"

    def __init__(self, *, order: str, short: int, warehouses: list[str]) -> None:
        why = "it lacks nothing"
        if short:
            there = f"what {', '.join(warehouses)} could send does not make it whole, or is spoken for"
            why = there if warehouses else "no other warehouse has what it lacks"
        super().__init__(f"Order {order} stays as it is: {why}", order=order, short=short, warehouses=warehouses)

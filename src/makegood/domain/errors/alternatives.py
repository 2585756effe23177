"""What is refused of substitutes."""

from makegood.domain.errors.tree import Conflict, NotFound


class AlternativeNotFound(NotFound):
    """The variant has no such alternative."""

    code = "alternative_not_found"

    def __init__(self, *, sku: str, substitute: str) -> None:
        super().__init__(f"{substitute} is no alternative for {sku}", sku=sku, substitute=substitute)


class NothingToSubstitute(Conflict):
    """No alternative could give the order anything at its turn under its ship policy."""

    code = "nothing_to_substitute"

    def __init__(self, *, order: str, short: int, alternatives: int) -> None:
        why = "none of its alternatives is there for it" if alternatives else "what it lacks has no alternatives"
        super().__init__(
            f"Order {order} stays as it is: {'it lacks nothing' if not short else why}",
            order=order,
            short=short,
            alternatives=alternatives,
        )


class ConsentNeeded(Conflict):
    """What could be sent instead needs the customer's agreement."""

    code = "consent_needed"

    def __init__(self, *, order: str, substitutes: list[str]) -> None:
        super().__init__(
            f"Order {order} stays as it is: {', '.join(substitutes)} could be sent if the customer agrees",
            order=order,
            substitutes=substitutes,
        )


class NothingToRestore(Conflict):
    """No line is sent as a substitute any more that could be what was ordered again."""

    code = "nothing_to_restore"

    def __init__(self, *, order: str, because: str) -> None:
        super().__init__(f"Order {order} keeps its substitutes: {because}", order=order, because=because)

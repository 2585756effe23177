"""What is refused of supply that is due."""

from makegood.domain.errors.tree import Conflict, NotFound


class InboundNotFound(NotFound):
    """No inbound line has this reference or id."""

    code = "inbound_not_found"

    def __init__(self, inbound: object) -> None:
        super().__init__(f"Inbound line not found: {inbound}", inbound=inbound)


class SupplierNotFound(NotFound):
    """The merchant has no supplier of this code."""

    code = "supplier_not_found"

    def __init__(self, supplier: object) -> None:
        super().__init__(f"Supplier not found: {supplier}", supplier=supplier)


class InboundClosed(Conflict):
    """Nothing of the inbound line is still to come: it was received or cancelled."""

    code = "inbound_closed"

    def __init__(self, *, inbound: str, status: str) -> None:
        super().__init__(f"Inbound line {inbound} is closed (status: {status})", inbound=inbound, status=status)


class InboundUnfit(Conflict):
    """The inbound line brings another SKU, to another warehouse, or from another kind of source."""

    code = "inbound_unfit"

    def __init__(self, *, inbound: str, field: str, wanted: str, found: str) -> None:
        super().__init__(
            f"Inbound line {inbound} does not fit: its {field} is {found}, not {wanted}",
            inbound=inbound,
            field=field,
            wanted=wanted,
            found=found,
        )


class NotEnoughDue(Conflict):
    """Fewer units of the inbound line are still to come and nobody's than were asked for."""

    code = "not_enough_due"

    def __init__(self, *, inbound: str, sku: str, wanted: int, outstanding: int, sourced: int) -> None:
        super().__init__(
            f"{sku}: {wanted} wanted of inbound line {inbound}, {outstanding} to come, {sourced} of them sourced",
            inbound=inbound,
            sku=sku,
            wanted=wanted,
            outstanding=outstanding,
            sourced=sourced,
        )


class NotReceived(Conflict):
    """Fewer units of the inbound line were received, and given to nobody, than were asked for."""

    code = "not_received"

    def __init__(self, *, inbound: str, sku: str, wanted: int, received: int, given: int) -> None:
        super().__init__(
            f"{sku}: {wanted} wanted from inbound line {inbound}, {received} received, {given} of them given away",
            inbound=inbound,
            sku=sku,
            wanted=wanted,
            received=received,
            given=given,
        )

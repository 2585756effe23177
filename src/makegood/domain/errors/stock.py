"""What is refused of stock, the catalogue and sessions."""

from makegood.domain.errors.tree import Conflict, NotFound


class VariantNotFound(NotFound):
    """No variant of the merchant has this SKU, alias or barcode."""

    code = "variant_not_found"

    def __init__(self, sku: object) -> None:
        super().__init__(f"Variant not found: {sku}", sku=sku)


class MerchantNotFound(NotFound):
    """No merchant has this code."""

    code = "merchant_not_found"

    def __init__(self, merchant: object) -> None:
        super().__init__(f"Merchant not found: {merchant}", merchant=merchant)


class BoxNotFound(NotFound):
    """The warehouse has no box with this code."""

    code = "box_not_found"

    def __init__(self, box: object, *, warehouse: object) -> None:
        super().__init__(f"Box not found: {box} in {warehouse}", box=box, warehouse=warehouse)


class WarehouseNotFound(NotFound):
    """No warehouse has this code."""

    code = "warehouse_not_found"

    def __init__(self, warehouse: object) -> None:
        super().__init__(f"Warehouse not found: {warehouse}", warehouse=warehouse)


class LocationNotFound(NotFound):
    """No location of the warehouse has this code."""

    code = "location_not_found"

    def __init__(self, location: object, *, warehouse: object) -> None:
        super().__init__(f"Location not found: {location} in {warehouse}", location=location, warehouse=warehouse)


class UnitNotFound(NotFound):
    """No stock stands where it was looked for."""

    code = "unit_not_found"

    def __init__(self, **where: object) -> None:
        described = ", ".join(f"{name} {value}" for name, value in where.items() if value is not None)
        super().__init__(f"No stock found: {described}", **where)


class SessionNotFound(NotFound):
    """No receiving, count or return session has this reference."""

    code = "session_not_found"

    def __init__(self, session: object) -> None:
        super().__init__(f"Session not found: {session}", session=session)


class SessionLineNotFound(NotFound):
    """The session has no figure under this key."""

    code = "session_line_not_found"

    def __init__(self, *, session: object, key: object) -> None:
        super().__init__(f"Session {session} has no figure under the key {key}", session=session, key=key)


class SessionClosed(Conflict):
    """The session was approved or rejected already, the other way than is asked now."""

    code = "session_closed"

    def __init__(self, *, session: str, status: str) -> None:
        super().__init__(f"Session {session} is closed (status: {status})", session=session, status=status)


class NotEnough(Conflict):
    """Fewer units are there than were asked for."""

    code = "not_enough"

    def __init__(self, *, sku: str, wanted: int, free: int) -> None:
        super().__init__(f"{sku}: {wanted} wanted, {free} there", sku=sku, wanted=wanted, free=free)


class CountOutdated(Conflict):
    """The counted variance no longer fits what is booked; count again."""

    code = "count_outdated"

    def __init__(self, *, session: str, sku: str, variance: int, booked: int) -> None:
        super().__init__(
            f"Count {session}: {sku} would be {booked + variance} units (booked {booked}, "
            f"variance {variance}); count it again",
            session=session,
            sku=sku,
            variance=variance,
            booked=booked,
        )

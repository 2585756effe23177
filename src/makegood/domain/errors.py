"""One tree of errors that carry facts.

MakegoodError
├── NotFound            OrderNotFound, VariantNotFound, WarehouseNotFound, LocationNotFound, UnitNotFound,
│                       LineNotFound, AllocationNotFound, SessionNotFound, SessionLineNotFound,
│                       BackorderNotFound
├── Conflict            WrongState, NotEnough, CountOutdated, AlreadyExists, KeyReused, BooksChanged,
│                       NothingToShip, NothingShort, NothingToMerge, TooLittleToSend,
│                       BackorderClosed, AllocationClosed, AllocationLapsed, PriorityConflict
├── Invalid             InvalidValue, Ambiguous, UnreadableFile, SourceUnsupported
└── Unavailable         DatabaseUnavailable, DatabaseTooOld
"""

from typing import ClassVar


class MakegoodError(Exception):
    """Something that was asked for and refused; `code` is stable, `facts` say why."""

    code: ClassVar[str] = "error"

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.facts = facts


class NotFound(MakegoodError):
    """What was named does not exist."""


class Conflict(MakegoodError):
    """The books as they stand do not allow it."""


class Invalid(MakegoodError):
    """What was handed in makes no sense, whatever the books say."""


class Unavailable(MakegoodError):
    """The books cannot be reached or used now."""


class OrderNotFound(NotFound):
    """No order has this number or id."""

    code = "order_not_found"

    def __init__(self, order: object) -> None:
        super().__init__(f"Order not found: {order}", order=order)


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


class LineNotFound(NotFound):
    """The order has no line with this number."""

    code = "line_not_found"

    def __init__(self, *, order: object, line: object) -> None:
        super().__init__(f"Order {order} has no line {line}", order=order, line=line)


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


class AlreadyExists(Conflict):
    """Another record holds this number or code, with other contents."""

    code = "already_exists"

    def __init__(self, *, kind: str, name: str) -> None:
        super().__init__(f"{kind} {name} exists already", kind=kind, name=name)


class KeyReused(Conflict):
    """The same idempotency key came before with another request."""

    code = "key_reused"

    def __init__(self, key: str) -> None:
        super().__init__(f"Idempotency key {key} was used for another request", key=key)


class BooksBusy(Conflict):
    """The books kept changing under the request; nothing was done, try again."""

    code = "books_busy"

    def __init__(self, tries: int) -> None:
        super().__init__(f"Nothing was done: the books changed during each of {tries} tries", tries=tries)


class LawBroken(Conflict):
    """A decision would break a law of the books; it was not carried out."""

    code = "law_broken"

    def __init__(self, broken: list[str]) -> None:
        super().__init__("; ".join(broken), broken=broken)


class InvalidValue(Invalid):
    """A value is not one that its field can take."""

    code = "invalid_value"

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field}: {value!r} is not {expected}", field=field, value=value, expected=expected)


class Ambiguous(Invalid):
    """A name stands for several things; say which."""

    code = "ambiguous"

    def __init__(self, *, name: str, choices: list[str]) -> None:
        super().__init__(f"{name} stands for {', '.join(choices)}: say which", name=name, choices=choices)


class SourceUnsupported(Invalid):
    """A backorder cannot be fulfilled from this source; what is in stock is INVENTORY."""

    code = "source_unsupported"

    def __init__(self, *, source: str, supported: list[str]) -> None:
        super().__init__(
            f"A backorder cannot be fulfilled from {source}; it can from {', '.join(supported)}",
            source=source,
            supported=supported,
        )


class UnreadableFile(Invalid):
    """A file cannot be read as what it is said to be; nothing of it was taken."""

    code = "unreadable_file"

    def __init__(self, file: str, because: str) -> None:
        super().__init__(f"{file}: {because}", file=file, because=because)


class DatabaseUnavailable(Unavailable):
    """PostgreSQL cannot be reached, or the connection was lost before the commit was confirmed."""

    code = "database_unavailable"

    def __init__(self, because: str) -> None:
        super().__init__(f"The database cannot be reached: {because}", because=because)


class DatabaseTooOld(Unavailable):
    """The schema lacks migrations that this version needs, or the server is too old."""

    code = "database_too_old"

    def __init__(self, found: str, needed: str) -> None:
        super().__init__(
            f"The database is at {found}, {needed} is needed: run `makegood db migrate`",
            found=found,
            needed=needed,
        )


def leaves(tree: type[MakegoodError]) -> list[type[MakegoodError]]:
    """List the errors of a tree that are raised: those that have no kinds of their own, by code."""
    below = [leaf for kind in tree.__subclasses__() for leaf in leaves(kind)]
    return sorted(below, key=lambda error: error.code) or [tree]

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

Each file beside this one holds the errors of one subject; everybody imports them from here.
"""

from makegood.domain.errors.backorders import (
    AllocationClosed,
    AllocationLapsed,
    AllocationNotFound,
    BackorderClosed,
    BackorderNotFound,
    PriorityConflict,
    SourceUnsupported,
)
from makegood.domain.errors.books import (
    AlreadyExists,
    Ambiguous,
    BooksBusy,
    DatabaseTooOld,
    DatabaseUnavailable,
    InvalidValue,
    KeyReused,
    LawBroken,
    UnreadableFile,
)
from makegood.domain.errors.orders import (
    LineNotFound,
    NothingShort,
    NothingToMerge,
    NothingToShip,
    OrderNotFound,
    TooLittleToSend,
    WrongState,
)
from makegood.domain.errors.stock import (
    CountOutdated,
    LocationNotFound,
    MerchantNotFound,
    NotEnough,
    SessionClosed,
    SessionLineNotFound,
    SessionNotFound,
    UnitNotFound,
    VariantNotFound,
    WarehouseNotFound,
)
from makegood.domain.errors.tree import (
    Conflict,
    Invalid,
    MakegoodError,
    NotFound,
    Unavailable,
    leaves,
)

__all__ = [
    "AllocationClosed",
    "AllocationLapsed",
    "AllocationNotFound",
    "AlreadyExists",
    "Ambiguous",
    "BackorderClosed",
    "BackorderNotFound",
    "BooksBusy",
    "Conflict",
    "CountOutdated",
    "DatabaseTooOld",
    "DatabaseUnavailable",
    "Invalid",
    "InvalidValue",
    "KeyReused",
    "LawBroken",
    "LineNotFound",
    "LocationNotFound",
    "MakegoodError",
    "MerchantNotFound",
    "NotEnough",
    "NotFound",
    "NothingShort",
    "NothingToMerge",
    "NothingToShip",
    "OrderNotFound",
    "PriorityConflict",
    "SessionClosed",
    "SessionLineNotFound",
    "SessionNotFound",
    "SourceUnsupported",
    "TooLittleToSend",
    "Unavailable",
    "UnitNotFound",
    "UnreadableFile",
    "VariantNotFound",
    "WarehouseNotFound",
    "WrongState",
    "leaves",
]

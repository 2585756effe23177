"""One tree of errors that carry facts.

MakegoodError
├── NotFound            OrderNotFound, VariantNotFound, WarehouseNotFound, LocationNotFound, UnitNotFound,
│                       LineNotFound, AllocationNotFound, SessionNotFound, SessionLineNotFound,
│                       BackorderNotFound, UserNotFound, TokenNotFound, RunNotFound,
│                       AlternativeNotFound, BoxNotFound, InboundNotFound, SupplierNotFound,
                       EndpointNotFound, DeliveryNotFound
├── Conflict            WrongState, NotEnough, CountOutdated, AlreadyExists, KeyReused, BooksChanged,
│                       NothingToShip, NothingShort, NothingToMerge, TooLittleToSend,
│                       BackorderClosed, AllocationClosed, AllocationLapsed, PriorityConflict,
│                       SetupClosed, LastSuperAdmin, RunClosed, RunNotStuck,
│                       NothingToSubstitute, ConsentNeeded, NothingToRestore, NothingToDivide,
│                       InboundClosed, InboundUnfit, NotEnoughDue, NotReceived, EndpointDisabled
├── Invalid             InvalidValue, Ambiguous, UnreadableFile
├── Denied              NotSignedIn, WrongCredentials, NotAllowed, MerchantsLimited, CsrfMissing, TooManyTries
└── Unavailable         DatabaseUnavailable, DatabaseTooOld

Each file beside this one holds the errors of one subject; everybody imports them from here.
"""

from makegood.domain.errors.accounts import (
    CsrfMissing,
    LastSuperAdmin,
    MerchantsLimited,
    NotAllowed,
    NotSignedIn,
    SetupClosed,
    TokenNotFound,
    TooManyTries,
    UserNotFound,
    WrongCredentials,
)
from makegood.domain.errors.alternatives import (
    AlternativeNotFound,
    ConsentNeeded,
    NothingToRestore,
    NothingToSubstitute,
)
from makegood.domain.errors.backorders import (
    AllocationClosed,
    AllocationLapsed,
    AllocationNotFound,
    BackorderClosed,
    BackorderNotFound,
    PriorityConflict,
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
from makegood.domain.errors.inbound import (
    InboundClosed,
    InboundNotFound,
    InboundUnfit,
    NotEnoughDue,
    NotReceived,
    SupplierNotFound,
)
from makegood.domain.errors.network import NothingToDivide
from makegood.domain.errors.orders import (
    LineNotFound,
    NothingShort,
    NothingToMerge,
    NothingToShip,
    OrderNotFound,
    TooLittleToSend,
    WrongState,
)
from makegood.domain.errors.runs import RunClosed, RunNotFound, RunNotStuck
from makegood.domain.errors.stock import (
    BoxNotFound,
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
    Denied,
    Invalid,
    MakegoodError,
    NotFound,
    Unavailable,
    leaves,
)
from makegood.domain.errors.webhooks import DeliveryNotFound, EndpointDisabled, EndpointNotFound

__all__ = [
    "AllocationClosed",
    "AllocationLapsed",
    "AllocationNotFound",
    "AlreadyExists",
    "AlternativeNotFound",
    "Ambiguous",
    "BackorderClosed",
    "BackorderNotFound",
    "BooksBusy",
    "BoxNotFound",
    "Conflict",
    "ConsentNeeded",
    "CountOutdated",
    "CsrfMissing",
    "DatabaseTooOld",
    "DatabaseUnavailable",
    "DeliveryNotFound",
    "Denied",
    "EndpointDisabled",
    "EndpointNotFound",
    "InboundClosed",
    "InboundNotFound",
    "InboundUnfit",
    "Invalid",
    "InvalidValue",
    "KeyReused",
    "LastSuperAdmin",
    "LawBroken",
    "LineNotFound",
    "LocationNotFound",
    "MakegoodError",
    "MerchantNotFound",
    "MerchantsLimited",
    "NotAllowed",
    "NotEnough",
    "NotEnoughDue",
    "NotFound",
    "NotReceived",
    "NotSignedIn",
    "NothingShort",
    "NothingToDivide",
    "NothingToMerge",
    "NothingToRestore",
    "NothingToShip",
    "NothingToSubstitute",
    "OrderNotFound",
    "PriorityConflict",
    "RunClosed",
    "RunNotFound",
    "RunNotStuck",
    "SessionClosed",
    "SessionLineNotFound",
    "SessionNotFound",
    "SetupClosed",
    "SupplierNotFound",
    "TokenNotFound",
    "TooLittleToSend",
    "TooManyTries",
    "Unavailable",
    "UnitNotFound",
    "UnreadableFile",
    "UserNotFound",
    "VariantNotFound",
    "WarehouseNotFound",
    "WrongCredentials",
    "WrongState",
    "leaves",
]

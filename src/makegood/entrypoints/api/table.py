"""Every route of the HTTP API in one visible list, each with the least role that may use it."""

from collections.abc import Sequence

from makegood.domain.accounts import Role
from makegood.domain.errors import (
    Ambiguous,
    DatabaseTooOld,
    DatabaseUnavailable,
    InvalidValue,
    LawBroken,
    OrderNotFound,
    WrongState,
)
from makegood.entrypoints.api import health, orders
from makegood.entrypoints.api.route import Route

READONLY, STAFF, MANAGER, ADMIN = Role.READONLY, Role.STAFF, Role.MANAGER, Role.ADMIN
# Only for health, signing in, signed links and the documents of the API itself.
ANYONE = None

# Where one order is named.
ORDER = (OrderNotFound, Ambiguous)

ROUTES: Sequence[Route] = (
    Route("GET", "/healthz", health.alive, ANYONE, "health"),
    Route("GET", "/readyz", health.ready, ANYONE, "health", (DatabaseUnavailable, DatabaseTooOld)),
    Route("GET", "/openapi.json", health.document, ANYONE, "health"),
    Route("GET", "/orders", orders.many, READONLY, "orders", (InvalidValue,)),
    Route("GET", "/orders/{order}", orders.one, READONLY, "orders", ORDER),
    Route("POST", "/orders/{order}/allocate", orders.allocate, STAFF, "orders", (*ORDER, WrongState, LawBroken)),
)

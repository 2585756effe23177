"""Every route of the HTTP API in one visible list, each with the least role that may use it."""

from collections.abc import Sequence

from makegood.domain.accounts import Role
from makegood.domain.errors import (
    AlreadyExists,
    Ambiguous,
    DatabaseTooOld,
    DatabaseUnavailable,
    InvalidValue,
    LastSuperAdmin,
    LawBroken,
    MerchantNotFound,
    OrderNotFound,
    SetupClosed,
    TokenNotFound,
    TooManyTries,
    UserNotFound,
    WarehouseNotFound,
    WrongCredentials,
    WrongState,
)
from makegood.entrypoints.api import accounts, events, health, orders, settings
from makegood.entrypoints.api.route import Route

READONLY, STAFF, MANAGER, ADMIN = Role.READONLY, Role.STAFF, Role.MANAGER, Role.ADMIN
# Only for health, signing in and signed links.
ANYONE = None

# Where one order is named.
ORDER = (OrderNotFound, Ambiguous)

SIGN_IN = (WrongCredentials, TooManyTries)
SET_UP = (SetupClosed, AlreadyExists, InvalidValue)
PASSWORD = (WrongCredentials, InvalidValue)
NEW_ACCOUNT = (AlreadyExists, MerchantNotFound, InvalidValue)
USER_EDIT = (UserNotFound, LastSuperAdmin, MerchantNotFound, InvalidValue)

EVENT_STREAM = "text/event-stream"

ROUTES: Sequence[Route] = (
    Route("GET", "/healthz", health.alive, ANYONE, "health"),
    Route("GET", "/readyz", health.ready, ANYONE, "health", (DatabaseUnavailable, DatabaseTooOld)),
    Route("GET", "/openapi.json", health.document, READONLY, "documents"),
    Route("GET", "/docs", health.docs, READONLY, "documents", media="text/html"),
    Route("GET", "/docs/errors", health.errors, READONLY, "documents", media="text/html"),
    Route("POST", "/login", accounts.login, ANYONE, "accounts", SIGN_IN, secret=True, gives=accounts.SignedIn),
    Route("POST", "/logout", accounts.logout, READONLY, "accounts", status=204, secret=True, gives=None),
    Route("POST", "/setup", accounts.first_user, ANYONE, "accounts", SET_UP, 201, secret=True),
    Route("GET", "/me", accounts.me, READONLY, "accounts"),
    Route("POST", "/me/password", accounts.own_password, READONLY, "accounts", PASSWORD, 204, secret=True),
    Route("GET", "/users", accounts.users, ADMIN, "accounts"),
    Route("POST", "/users", accounts.add_user, ADMIN, "accounts", NEW_ACCOUNT, 201, secret=True),
    Route("GET", "/users/{user}", accounts.user, ADMIN, "accounts", (UserNotFound,)),
    Route("PATCH", "/users/{user}", accounts.edit_user, ADMIN, "accounts", USER_EDIT, secret=True),
    Route("GET", "/tokens", accounts.tokens, ADMIN, "accounts"),
    Route("POST", "/tokens", accounts.add_token, ADMIN, "accounts", NEW_ACCOUNT, 201, secret=True),
    Route("DELETE", "/tokens/{token}", accounts.drop_token, ADMIN, "accounts", (TokenNotFound,)),
    Route("GET", "/audit", accounts.acts, ADMIN, "accounts", (InvalidValue,), whole_house=True),
    Route("GET", "/settings", settings.show, ADMIN, "settings", whole_house=True),
    Route("PUT", "/settings/{name}", settings.change, ADMIN, "settings", (InvalidValue,), whole_house=True),
    Route("GET", "/events", events.many, READONLY, "events", (InvalidValue, *ORDER)),
    Route("GET", "/events/stream", events.stream, READONLY, "events", (InvalidValue, *ORDER), media=EVENT_STREAM),
    Route("GET", "/orders", orders.many, READONLY, "orders", (InvalidValue, WarehouseNotFound)),
    Route("GET", "/orders/{order}", orders.one, READONLY, "orders", ORDER),
    Route("POST", "/orders/{order}/allocate", orders.allocate, STAFF, "orders", (*ORDER, WrongState, LawBroken)),
)

"""Every route of the HTTP API in one visible list, each with the least role that may use it."""

from collections.abc import Sequence

from makegood.domain.accounts import Role
from makegood.domain.errors import (
    AllocationClosed,
    AllocationLapsed,
    AllocationNotFound,
    AlreadyExists,
    AlternativeNotFound,
    Ambiguous,
    BackorderClosed,
    BackorderNotFound,
    BoxNotFound,
    ConsentNeeded,
    CountOutdated,
    DatabaseTooOld,
    DatabaseUnavailable,
    DeliveryNotFound,
    EndpointDisabled,
    EndpointNotFound,
    InboundClosed,
    InboundNotFound,
    InboundUnfit,
    InvalidValue,
    KeyReused,
    LastSuperAdmin,
    LawBroken,
    LineNotFound,
    LocationNotFound,
    MerchantNotFound,
    NotEnough,
    NotEnoughDue,
    NothingShort,
    NothingToDivide,
    NothingToMerge,
    NothingToRestore,
    NothingToShip,
    NothingToSubstitute,
    NotReceived,
    OrderNotFound,
    PriorityConflict,
    RunClosed,
    RunNotFound,
    RunNotStuck,
    SessionClosed,
    SessionLineNotFound,
    SessionNotFound,
    SetupClosed,
    TokenNotFound,
    TooManyTries,
    UnitNotFound,
    UnreadableFile,
    UserNotFound,
    VariantNotFound,
    WarehouseNotFound,
    WrongCredentials,
    WrongState,
)
from makegood.entrypoints.api import (
    accounts,
    alerts,
    alternatives,
    backorders,
    board,
    boxes,
    catalogue,
    events,
    files,
    health,
    inbound,
    inventory,
    order_splits,
    order_steps,
    orders,
    queue,
    reports,
    runs,
    sessions,
    settings,
    webhooks,
)
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.sessions import COUNTS, RECEIVING, RETURNS
from makegood.entrypoints.api.told import TOLD
from makegood.services.reports.as_csv import as_csv

READONLY, STAFF, MANAGER, ADMIN = Role.READONLY, Role.STAFF, Role.MANAGER, Role.ADMIN
# Only for health, signing in and signed links.
ANYONE = None

# Where one order is named.
ORDER = (OrderNotFound, Ambiguous)

STEP = (*ORDER, WrongState)
LIST = (InvalidValue,)
SITE_LIST = (WarehouseNotFound, InvalidValue)
BOARD = (*SITE_LIST, MerchantNotFound)
NEW_ORDER = (AlreadyExists, MerchantNotFound, WarehouseNotFound, InvalidValue)
MATCH = (*STEP, LineNotFound, VariantNotFound)
SHORT_PICK = (*STEP, LineNotFound, NotEnough)
SPLIT = (*STEP, NothingShort, NothingToShip, InvalidValue)
MERGE = (*STEP, NothingToMerge)
RUN_START = (InvalidValue, WarehouseNotFound, MerchantNotFound)
OPEN_RUN = (RunNotFound, RunClosed)

BACKORDER = (BackorderNotFound, BackorderClosed)
NEW_BACKORDER = (
    *STEP,
    LineNotFound,
    VariantNotFound,
    MerchantNotFound,
    WarehouseNotFound,
)
COVER = (*BACKORDER, PriorityConflict, NotEnough, WrongState, InvalidValue)
FULFIL = (*COVER, InboundNotFound, InboundUnfit, NotReceived)
CANCEL_PART = (*BACKORDER, WrongState, InvalidValue)
CONFIRM = (AllocationNotFound, AllocationClosed, AllocationLapsed)
EXTEND = (AllocationNotFound, AllocationClosed, InvalidValue)
LET_GO = (AllocationNotFound, AllocationClosed, WrongState)

SOURCE = (*BACKORDER, InboundNotFound, InboundUnfit, InboundClosed, NotEnoughDue, WrongState, InvalidValue)
UNSOURCE = (*BACKORDER, InboundNotFound, InboundUnfit, WrongState, InvalidValue)
INBOUND = (InboundNotFound, Ambiguous)
DUE = (*INBOUND, InboundClosed, InvalidValue)
ANNOUNCE = (AlreadyExists, VariantNotFound, MerchantNotFound, WarehouseNotFound, NotEnough, InvalidValue)
TAKE_IN = (*INBOUND, InboundClosed, LocationNotFound, AlreadyExists, InvalidValue)
SUBSTITUTE = (*STEP, NothingToSubstitute, ConsentNeeded, InvalidValue)
NETWORK = (*STEP, NothingToDivide, InvalidValue)
RESTORE = (*STEP, LineNotFound, NothingToRestore)
ALTERNATIVES = (VariantNotFound, InvalidValue)
NEW_ALTERNATIVE = (VariantNotFound, MerchantNotFound, InvalidValue)

ONE_SKU = (VariantNotFound, Ambiguous)
SKU_SUMMARY = (VariantNotFound, *SITE_LIST)
SUMMARY = (WarehouseNotFound, MerchantNotFound)
PLACE = (VariantNotFound, MerchantNotFound, LocationNotFound, InvalidValue)
ADD_STOCK = (*PLACE, WarehouseNotFound, NotEnough, Ambiguous)
UNIT = (UnitNotFound, WrongState, NotEnough, InvalidValue)
ASIDE = (UnitNotFound, WrongState, NotEnough, LocationNotFound)
EDIT_VARIANT = (VariantNotFound, InvalidValue)
SITE = (WarehouseNotFound,)
NEW_BOX = (WarehouseNotFound, InvalidValue)
BOX = (BoxNotFound, WarehouseNotFound)
TAKEN = (AlreadyExists,)
NEW_PLACE = (AlreadyExists, WarehouseNotFound)

SESSION = (SessionNotFound,)
CLOSE = (SessionNotFound, SessionClosed)
OPEN_SESSION = (AlreadyExists, WarehouseNotFound, InvalidValue)
FIGURES = (*CLOSE, *PLACE, KeyReused)
COUNTED = (*FIGURES, Ambiguous)
UNLOADED = (*COUNTED, InboundNotFound, InboundUnfit)
CORRECTION = (*CLOSE, SessionLineNotFound)
RESTATE = (*CORRECTION, InvalidValue)
IMPORT = (UnreadableFile, InvalidValue)

SIGN_IN = (WrongCredentials, TooManyTries)
SET_UP = (SetupClosed, AlreadyExists, InvalidValue)
PASSWORD = (WrongCredentials, InvalidValue)
NEW_ACCOUNT = (AlreadyExists, MerchantNotFound, InvalidValue)
USER_EDIT = (UserNotFound, LastSuperAdmin, MerchantNotFound, InvalidValue)

ENDPOINT = (EndpointNotFound,)
NEW_ENDPOINT = (MerchantNotFound, InvalidValue)
TO_ENDPOINT = (EndpointNotFound, EndpointDisabled)
DELIVERY = (DeliveryNotFound,)

EVENT_STREAM = "text/event-stream"

ROUTES: Sequence[Route] = (
    Route("GET", "/healthz", health.alive, ANYONE, "health"),
    Route("GET", "/readyz", health.ready, ANYONE, "health", (DatabaseUnavailable, DatabaseTooOld)),
    Route("GET", "/metrics", health.metrics, ANYONE, "health", (DatabaseUnavailable,), media="text/plain"),
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
    Route("GET", "/orders", orders.many, READONLY, "orders", SITE_LIST),
    Route("POST", "/orders", orders.place, STAFF, "orders", NEW_ORDER, 201),
    Route("GET", "/orders/backorders", board.show, READONLY, "orders", BOARD),
    Route("GET", "/orders/unlockable", order_splits.unlockable, READONLY, "orders", SITE_LIST),
    Route("POST", "/orders/allocate-batch", runs.allocate, MANAGER, "runs", RUN_START, 202),
    Route("POST", "/orders/divide", runs.divide, MANAGER, "runs", RUN_START, 202),
    Route("POST", "/orders/apply-alternatives", runs.substitute, MANAGER, "runs", RUN_START, 202),
    Route("POST", "/orders/divide-network", runs.divide_over_network, MANAGER, "runs", RUN_START, 202),
    Route("POST", "/orders/send-available", runs.send, MANAGER, "runs", RUN_START, 202),
    Route("GET", "/orders/{order}", orders.one, READONLY, "orders", ORDER),
    Route("PATCH", "/orders/{order}", orders.edit, STAFF, "orders", (*STEP, LineNotFound, InvalidValue)),
    Route("POST", "/orders/{order}/cancel", orders.cancel, STAFF, "orders", (*STEP, LineNotFound, InvalidValue)),
    Route("POST", "/orders/{order}/lines/{line}/match", orders.match, STAFF, "orders", MATCH),
    Route("POST", "/orders/{order}/allocate", orders.allocate, STAFF, "orders", (*STEP, LawBroken)),
    Route("GET", "/orders/{order}/explanation", order_steps.explanation, READONLY, "orders", ORDER),
    Route("GET", "/orders/{order}/attempts", orders.attempts, READONLY, "orders", (*ORDER, InvalidValue)),
    Route("GET", "/orders/{order}/packages", boxes.packages, READONLY, "orders", ORDER),
    Route("POST", "/orders/{order}/packages", boxes.pack, STAFF, "orders", ORDER),
    Route("POST", "/orders/{order}/hold", order_steps.hold, MANAGER, "orders", STEP),
    Route("POST", "/orders/{order}/release", order_steps.release, MANAGER, "orders", STEP),
    Route("POST", "/orders/{order}/split-backorder", order_splits.split, MANAGER, "orders", SPLIT),
    Route("POST", "/orders/{order}/merge-backorder", order_splits.merge, MANAGER, "orders", MERGE),
    Route("POST", "/orders/{order}/divide-network", order_splits.divide_over_network, MANAGER, "orders", NETWORK),
    Route("POST", "/orders/{order}/apply-alternatives", alternatives.apply, MANAGER, "orders", SUBSTITUTE),
    Route("POST", "/orders/{order}/undo-alternatives", alternatives.undo, MANAGER, "orders", RESTORE),
    Route("POST", "/orders/{order}/release-to-pick", order_steps.to_pick, STAFF, "picking", STEP),
    Route("POST", "/orders/{order}/start-pick", order_steps.start, STAFF, "picking", STEP),
    Route("POST", "/orders/{order}/picked", order_steps.picked, STAFF, "picking", STEP),
    Route("POST", "/orders/{order}/short-pick", order_steps.short, STAFF, "picking", SHORT_PICK),
    Route("POST", "/orders/{order}/shipped", order_steps.shipped, STAFF, "picking", STEP),
    Route("GET", "/runs", runs.many, READONLY, "runs", LIST),
    Route("GET", "/runs/{run}", runs.one, READONLY, "runs", (RunNotFound,)),
    Route("GET", "/runs/{run}/orders", runs.results, READONLY, "runs", (RunNotFound, InvalidValue)),
    Route("POST", "/runs/{run}/pause", runs.pause, MANAGER, "runs", OPEN_RUN),
    Route("POST", "/runs/{run}/resume", runs.resume, MANAGER, "runs", OPEN_RUN),
    Route("POST", "/runs/{run}/cancel", runs.cancel, MANAGER, "runs", OPEN_RUN),
    Route("POST", "/runs/{run}/reset", runs.reset, MANAGER, "runs", (*OPEN_RUN, RunNotStuck)),
    Route("GET", "/backorders", backorders.many, READONLY, "backorders", BOARD),
    Route("POST", "/backorders", backorders.create, STAFF, "backorders", NEW_BACKORDER, 201),
    Route("GET", "/backorders/summary", backorders.summary, READONLY, "backorders", SUMMARY),
    Route("GET", "/backorders/{number}", backorders.one, READONLY, "backorders", (BackorderNotFound,)),
    Route("PATCH", "/backorders/{number}", backorders.edit, STAFF, "backorders", (*BACKORDER, InvalidValue)),
    Route("POST", "/backorders/{number}/allocate", backorders.allocate, STAFF, "backorders", COVER),
    Route("POST", "/backorders/{number}/fulfill", backorders.fulfil, STAFF, "backorders", FULFIL),
    Route("POST", "/backorders/{number}/cancel", backorders.cancel, MANAGER, "backorders", CANCEL_PART),
    Route("POST", "/backorders/{number}/source", inbound.source, MANAGER, "backorders", SOURCE),
    Route("POST", "/backorders/{number}/release-source", inbound.unsource, MANAGER, "backorders", UNSOURCE),
    Route("POST", "/allocations/{allocation}/confirm", backorders.confirm, STAFF, "allocations", CONFIRM),
    Route("POST", "/allocations/{allocation}/extend", backorders.extend, STAFF, "allocations", EXTEND),
    Route("POST", "/allocations/{allocation}/release", backorders.let_go, MANAGER, "allocations", LET_GO),
    Route("GET", "/skus", inventory.skus, READONLY, "stock", SITE_LIST),
    Route("GET", "/skus/{sku:path}/availability", inventory.availability, READONLY, "stock", ONE_SKU),
    Route("GET", "/skus/{sku:path}/backorder-summary", backorders.of_sku, READONLY, "backorders", SKU_SUMMARY),
    Route("GET", "/inventory", inventory.many, READONLY, "stock", (VariantNotFound, *SITE_LIST)),
    Route("POST", "/inventory", inventory.add, STAFF, "stock", ADD_STOCK, 201),
    Route("POST", "/inventory/{unit}/adjust", inventory.adjust, STAFF, "stock", UNIT),
    Route("POST", "/inventory/{unit}/move", inventory.move, STAFF, "stock", (*UNIT, LocationNotFound)),
    Route("POST", "/inventory/{unit}/damage", inventory.damage, STAFF, "stock", ASIDE),
    Route("POST", "/inventory/{unit}/restore", inventory.restore, MANAGER, "stock", ASIDE),
    Route("POST", "/inventory/{unit}/quarantine", inventory.quarantine, MANAGER, "stock", ASIDE),
    Route("GET", "/variants", catalogue.variants, READONLY, "catalogue", LIST),
    Route("POST", "/variants", catalogue.add_variant, MANAGER, "catalogue", (MerchantNotFound, InvalidValue), 201),
    Route("GET", "/variants/{sku:path}/alternatives", alternatives.many, READONLY, "alternatives", ALTERNATIVES),
    Route(
        "POST",
        "/variants/{sku:path}/alternatives",
        alternatives.add,
        MANAGER,
        "alternatives",
        NEW_ALTERNATIVE,
        201,
    ),
    Route(
        "DELETE",
        "/variants/{sku:path}/alternatives/{substitute}",
        alternatives.remove,
        MANAGER,
        "alternatives",
        (VariantNotFound, MerchantNotFound, AlternativeNotFound),
    ),
    Route("GET", "/variants/{sku:path}", catalogue.variant, READONLY, "catalogue", (VariantNotFound,)),
    Route("PATCH", "/variants/{sku:path}", catalogue.edit_variant, MANAGER, "catalogue", EDIT_VARIANT),
    Route("GET", "/warehouses", catalogue.warehouses, READONLY, "catalogue"),
    Route("POST", "/warehouses", catalogue.add_warehouse, MANAGER, "catalogue", TAKEN, 201, whole_house=True),
    Route(
        "PATCH", "/warehouses/{warehouse}", catalogue.edit_warehouse, MANAGER, "catalogue", SITE, whole_house=True
    ),
    Route("GET", "/locations", catalogue.locations, READONLY, "catalogue", SITE),
    Route("POST", "/locations", catalogue.add_location, MANAGER, "catalogue", NEW_PLACE, 201, whole_house=True),
    Route(
        "PATCH",
        "/locations/{warehouse}/{location}",
        catalogue.edit_location,
        MANAGER,
        "catalogue",
        (WarehouseNotFound, LocationNotFound),
        whole_house=True,
    ),
    Route("GET", "/boxes", boxes.many, READONLY, "boxes", SITE),
    Route("POST", "/boxes", boxes.add, MANAGER, "boxes", NEW_BOX, 201, whole_house=True),
    Route("DELETE", "/boxes/{box}", boxes.retire, MANAGER, "boxes", BOX, whole_house=True),
    Route("GET", "/inbound", inbound.many, READONLY, "inbound", BOARD),
    Route("POST", "/inbound", inbound.announce, STAFF, "inbound", ANNOUNCE, 201),
    Route("GET", "/inbound/{inbound:path}", inbound.one, READONLY, "inbound", INBOUND),
    Route("PATCH", "/inbound/{inbound:path}", inbound.edit, STAFF, "inbound", (*DUE, NotEnough)),
    Route("POST", "/inbound/{inbound:path}/receive", inbound.take_in, MANAGER, "inbound", TAKE_IN),
    Route("POST", "/inbound/{inbound:path}/cancel", inbound.cancel, MANAGER, "inbound", DUE),
    Route("GET", "/receiving", RECEIVING.many, READONLY, "receiving", SITE_LIST),
    Route("POST", "/receiving", sessions.receiving_open, STAFF, "receiving", OPEN_SESSION, 201),
    Route("GET", "/receiving/{reference}", RECEIVING.one, READONLY, "receiving", SESSION),
    Route("POST", "/receiving/{reference}/lines", sessions.receiving_add, STAFF, "receiving", UNLOADED, 201),
    Route("PATCH", "/receiving/{reference}/lines/{key}", sessions.receiving_correct, STAFF, "receiving", RESTATE),
    Route(
        "POST", "/receiving/{reference}/approve", RECEIVING.approve, MANAGER, "receiving", (*CLOSE, InboundClosed)
    ),
    Route("POST", "/receiving/{reference}/reject", RECEIVING.reject, MANAGER, "receiving", CLOSE),
    Route("GET", "/cycle-counts", COUNTS.many, READONLY, "cycle counts", SITE_LIST),
    Route("POST", "/cycle-counts", sessions.count_open, STAFF, "cycle counts", OPEN_SESSION, 201),
    Route("GET", "/cycle-counts/{reference}", COUNTS.one, READONLY, "cycle counts", SESSION),
    Route("POST", "/cycle-counts/{reference}/lines", sessions.count_add, STAFF, "cycle counts", COUNTED, 201),
    Route(
        "POST",
        "/cycle-counts/{reference}/approve",
        COUNTS.approve,
        MANAGER,
        "cycle counts",
        (*CLOSE, CountOutdated),
    ),
    Route("POST", "/cycle-counts/{reference}/reject", COUNTS.reject, MANAGER, "cycle counts", CLOSE),
    Route("GET", "/returns", RETURNS.many, READONLY, "returns", SITE_LIST),
    Route("POST", "/returns", sessions.return_open, STAFF, "returns", (*OPEN_SESSION, *ORDER), 201),
    Route("GET", "/returns/{reference}", RETURNS.one, READONLY, "returns", SESSION),
    Route("POST", "/returns/{reference}/lines", sessions.return_add, STAFF, "returns", FIGURES, 201),
    Route("PATCH", "/returns/{reference}/lines/{key}", sessions.return_correct, STAFF, "returns", CORRECTION),
    Route("POST", "/returns/{reference}/approve", RETURNS.approve, MANAGER, "returns", CLOSE),
    Route("POST", "/returns/{reference}/reject", RETURNS.reject, MANAGER, "returns", CLOSE),
    Route(
        "POST",
        "/imports/{kind}",
        files.take,
        MANAGER,
        "files",
        IMPORT,
        uploads=True,
        takes=files.TAKEN,
    ),
    Route("GET", "/imports/{kind}/template", files.empty, READONLY, "files", media="text/csv"),
    Route("GET", "/exports/{kind}", files.give, READONLY, "files", whole_house=True, media=files.GIVEN),
    *TOLD,
    Route("GET", "/reports", reports.many, READONLY, "reports"),
    Route("GET", "/reports/orders", reports.orders, READONLY, "reports", BOARD),
    *(
        Route("GET", f"/reports/{name}", show, READONLY, "reports", BOARD, tabular=as_csv)
        for name, show in reports.SHOWS.items()
    ),
    Route("GET", "/queue", queue.show, READONLY, "queue", whole_house=True),
    Route("POST", "/queue/{job}/retry", queue.retry, MANAGER, "queue", whole_house=True),
    Route("POST", "/queue/orders/{order}/retry", queue.take_back, MANAGER, "queue", ORDER, whole_house=True),
    Route("GET", "/alerts", alerts.many, READONLY, "alerts", LIST, whole_house=True),
    Route("GET", "/webhooks", webhooks.many, ADMIN, "webhooks"),
    Route("POST", "/webhooks", webhooks.add, ADMIN, "webhooks", NEW_ENDPOINT, 201, secret=True),
    Route("GET", "/webhooks/deliveries/{delivery}", webhooks.delivery, ADMIN, "webhooks", DELIVERY),
    Route(
        "POST",
        "/webhooks/deliveries/{delivery}/replay",
        webhooks.replay,
        ADMIN,
        "webhooks",
        (DeliveryNotFound, EndpointDisabled),
        202,
    ),
    Route("GET", "/webhooks/{endpoint}", webhooks.one, ADMIN, "webhooks", ENDPOINT),
    Route("PATCH", "/webhooks/{endpoint}", webhooks.edit, ADMIN, "webhooks", (*ENDPOINT, *NEW_ENDPOINT)),
    Route("DELETE", "/webhooks/{endpoint}", webhooks.remove, ADMIN, "webhooks", ENDPOINT),
    Route("POST", "/webhooks/{endpoint}/rotate", webhooks.rotate, ADMIN, "webhooks", ENDPOINT, secret=True),
    Route("POST", "/webhooks/{endpoint}/enable", webhooks.enable, ADMIN, "webhooks", ENDPOINT),
    Route("POST", "/webhooks/{endpoint}/disable", webhooks.disable, ADMIN, "webhooks", ENDPOINT),
    Route("POST", "/webhooks/{endpoint}/test", webhooks.test, ADMIN, "webhooks", TO_ENDPOINT, 202),
    Route("POST", "/webhooks/{endpoint}/replay", webhooks.replay_all, ADMIN, "webhooks", TO_ENDPOINT, 202),
    Route(
        "GET", "/webhooks/{endpoint}/deliveries", webhooks.deliveries, ADMIN, "webhooks", (*ENDPOINT, InvalidValue)
    ),
)

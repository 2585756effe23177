"""The one place that knows HTTP statuses: what is refused becomes an RFC 9457 problem with a stable code."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from makegood.domain.errors import (
    BooksBusy,
    Conflict,
    CsrfMissing,
    Denied,
    Invalid,
    InvalidValue,
    KeyReused,
    MakegoodError,
    MerchantsLimited,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooManyTries,
    Unavailable,
    leaves,
)
from makegood.entrypoints.lobby.facts import camel, plain_json

# By branch of the error tree; a leaf that stands here itself is the exception from its branch.
BRANCHES: Mapping[type[MakegoodError], int] = {
    Denied: 401,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    Unavailable: 503,
}
LEAVES: Mapping[type[MakegoodError], int] = {
    KeyReused: 422,
    NotAllowed: 403,
    MerchantsLimited: 403,
    CsrfMissing: 403,
    TooManyTries: 429,
    BooksBusy: 503,
}


class Protocol(NamedTuple):
    """A problem of the request as HTTP itself sees it, before any use-case."""

    code: str
    status: int
    title: str
    remedy: str


PROTOCOL: Mapping[int, Protocol] = {
    one.status: one
    for one in (
        Protocol("bad_request", 400, "The request cannot be read.", "Send UTF-8 and well-formed JSON."),
        Protocol("no_such_route", 404, "Nothing is at this address.", "See /docs for what there is."),
        Protocol("wrong_method", 405, "This address takes other methods.", "See the Allow header, or /docs."),
        Protocol("body_too_large", 413, "The body is larger than is taken here.", "Send it in several parts."),
        Protocol(
            "wrong_media_type",
            415,
            "The body is not of a kind that is taken here.",
            "Send JSON, and with it the header Content-Type: application/json.",
        ),
        Protocol("invalid_request", 422, "Fields of the request make no sense.", "See `errors` for each field."),
        Protocol("defect", 500, "A defect of makegood; the transaction was undone.", "Report the request id."),
    )
}

# What is said of a field, where the words of pydantic are those of Python.
FAULTS: Mapping[str, str] = {
    "bool_parsing": "true or false is wanted",
    "bool_type": "true or false is wanted",
    "dict_type": "a JSON object is wanted",
    "extra_forbidden": "no such field is taken here",
    "int_from_float": "a whole number is wanted",
    "int_parsing": "a whole number is wanted",
    "int_type": "a whole number is wanted",
    "list_type": "a JSON array is wanted",
    "missing": "is wanted",
    "model_attributes_type": "a JSON object is wanted",
    "model_type": "a JSON object is wanted",
    "string_too_short": "is empty",
    "string_type": "text is wanted",
    "timezone_aware": "a time needs its zone, such as Z or +01:00",
}

REMEDIES: Mapping[str, str] = {
    "already_answered": "Nothing is done twice; write to the shop if it is to be otherwise.",
    "link_expired": "Write to the shop; it can ask again.",
    "link_invalid": "Copy the whole link from the mail.",
    "mail_not_found": "GET /notifications lists them.",
    "mail_not_retried": "Only FAILED and BOUNCED ones are: GET /notifications/{mail} says where it stands.",
    "no_address": "Ask the customer in another way.",
    "order_moved_on": "Nothing was done. Write to the shop if it is to be otherwise.",
    "template_faulty": "Mend the line that is named; GET /notifications/templates/{kind} lists the facts.",
    "already_exists": "Choose another number, or look at the one that exists. To repeat a request, send its "
    "Idempotency-Key again.",
    "allocation_closed": "Allocate anew: POST /backorders/{number}/allocate.",
    "allocation_lapsed": "Extend it: POST /allocations/{id}/extend, or allocate anew.",
    "allocation_not_found": "GET /orders/{id} lists the allocations of an order.",
    "alternative_not_found": "GET /variants/{sku}/alternatives lists them.",
    "ambiguous": "Say which: by id (of an order id:17), by merchant/number, or with merchant, lot or warehouse.",
    "backorder_closed": "GET /backorders/{number} says what it came to.",
    "backorder_not_found": "GET /backorders lists them.",
    "books_busy": "Nothing was done: send the same request again in a moment.",
    "box_not_found": "GET /boxes lists them.",
    "consent_needed": "Ask the customer, and send the consent: by, how and at.",
    "count_outdated": "Count it again: the books have moved since.",
    "csrf_missing": "Send the X-CSRF-Token of this sign-in; programs use a bearer token instead.",
    "database_too_old": "Run `makegood db migrate`; PostgreSQL itself must be 15 or newer.",
    "database_unavailable": "Send the same request again, with the same Idempotency-Key if it writes.",
    "delivery_not_found": "GET /webhooks/{endpoint}/deliveries lists them.",
    "endpoint_disabled": "Put it into service first: POST /webhooks/{endpoint}/enable.",
    "endpoint_not_found": "GET /webhooks lists them.",
    "inbound_closed": "GET /inbound/{id} says what it came to.",
    "inbound_not_found": "GET /inbound lists them.",
    "inbound_unfit": "GET /inbound?sku=… lists what fits.",
    "invalid_value": "See /docs for what the field takes.",
    "key_reused": "Use a new Idempotency-Key for a new request.",
    "last_super_admin": "Make another SUPER_ADMIN first.",
    "law_broken": "Nothing was done. This is a defect of makegood: run `makegood doctor --json` and report it.",
    "line_not_found": "GET /orders/{id} lists its lines.",
    "location_not_found": "GET /locations lists them.",
    "merchant_not_found": "Without another merchant all belongs to `default`.",
    "merchants_limited": "Ask somebody who may see all merchants.",
    "not_allowed": "Ask an administrator for a higher role.",
    "not_enough": "GET /skus/{sku}/availability says what is there.",
    "not_enough_due": "GET /inbound?sku=… says what is to come; ask for fewer units or another line.",
    "not_received": "Receive it first: POST /inbound/{id}/receive, or fulfil from INVENTORY.",
    "not_signed_in": "Send `Authorization: Bearer TOKEN`, or sign in: POST /login.",
    "nothing_short": "Let it go out whole: POST /orders/{id}/release-to-pick.",
    "nothing_to_divide": "GET /orders/{id}/explanation says where it lies.",
    "nothing_to_merge": "GET /orders/{id}: a part names its parent.",
    "nothing_to_restore": "GET /orders/{id} says what its lines are sent as.",
    "nothing_to_ship": "GET /orders/{id}/explanation says what it waits for; or split it by quantities.",
    "nothing_to_substitute": "GET /orders/{id}/explanation says what could help.",
    "order_not_found": "GET /orders lists them.",
    "priority_conflict": "Leave it to the queue, raise the priority, or force it with a reason.",
    "run_closed": "Start a new one; GET /runs/{id} says what came of this one.",
    "run_not_found": "GET /runs lists them.",
    "run_not_stuck": "Wait for it, or POST /runs/{id}/resume.",
    "session_closed": "Open a new session with another reference.",
    "session_line_not_found": "Check the key: it is the one under which the figure was entered.",
    "session_not_found": "Check the reference.",
    "setup_closed": "Sign in, or start `makegood serve` again for a new link if there is no SUPER_ADMIN yet.",
    "supplier_not_found": "GET /inbound/suppliers lists them.",
    "token_not_found": "GET /tokens lists them.",
    "too_little_to_send": "Wait for more, or ask for a smaller minimum.",
    "too_many_tries": "Wait for the seconds in Retry-After.",
    "unit_not_found": "GET /inventory says what lies where.",
    "unreadable_file": "GET /imports/{kind}/template gives an empty file of the right form.",
    "user_not_found": "GET /users lists them.",
    "variant_not_found": "GET /variants lists them.",
    "warehouse_not_found": "GET /warehouses lists them.",
    "wrong_credentials": "Check both; after several tries you have to wait.",
    "wrong_state": "GET /orders/{id} says where it stands.",
}


def status_of(error: type[MakegoodError]) -> int:
    """Give the status of an error: its own, else its branch's."""
    return LEAVES.get(error) or next(code for kind, code in BRANCHES.items() if issubclass(error, kind))


def title_of(error: type[MakegoodError]) -> str:
    """Give what an error means, the same words each time."""
    return " ".join((error.__doc__ or "").split())


def refused(request: Request, error: MakegoodError) -> Response:
    """Answer with the problem that an error of the house is; a browser is led to where one signs in."""
    if isinstance(error, NotSignedIn) and "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/login?next={quote(request.url.path)}", 303)
    status = status_of(type(error))
    headers = {}
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooManyTries):
        headers["Retry-After"] = str(error.facts["retry_after"])
    elif status == 503:
        headers["Retry-After"] = "1"
    facts, detail = _as_spelled_here(error)
    told = {"facts": facts, "remedy": REMEDIES.get(error.code, "")}
    return problem(request, error.code, status, title_of(type(error)), detail, told, headers)


def _as_spelled_here(error: MakegoodError) -> tuple[Mapping[str, Any], str]:
    """Give the facts and the words of an error with the name of a field as requests spell it."""
    if not isinstance(error, InvalidValue):
        return error.facts, str(error)
    named = str(error.facts["field"])
    spelled = ".".join(camel(part) for part in named.split("."))
    return {**error.facts, "field": spelled}, spelled + str(error).removeprefix(named)


def misread(request: Request, error: RequestValidationError) -> Response:
    """Answer with each field that makes no sense; JSON that cannot be read at all is a 400."""
    faults = error.errors()
    kind = PROTOCOL[400] if any(one["type"] == "json_invalid" for one in faults) else PROTOCOL[422]
    errors = [_fault(one) for one in faults]
    detail = "; ".join(f"{one['field']}: {one['message']}" for one in errors)
    return problem(request, kind.code, kind.status, kind.title, detail, {"errors": errors, "remedy": kind.remedy})


def _fault(one: Any) -> dict[str, str]:
    """Say what is wrong with a field in words that fit JSON and no language."""
    kind, place, facts = one["type"], one["loc"], one.get("ctx", {})
    if kind == "json_invalid":
        return {"field": "body", "message": f"no JSON from character {place[-1]} on: {facts.get('error', '')}"}
    message = FAULTS.get(kind, one["msg"]).removeprefix("Value error, ")
    return {"field": ".".join(map(str, place)), "message": message}


def unanswered(request: Request, error: HTTPException) -> Response:
    """Answer what HTTP itself refuses: no such address, another method, a body that is too large."""
    kind = PROTOCOL.get(error.status_code, PROTOCOL[400])
    told, headers = {"remedy": kind.remedy}, dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    return problem(request, kind.code, error.status_code, kind.title, kind.title, told, headers)


def _methods(request: Request) -> list[str]:
    """Give all methods of an address; each of them is a route of its own."""
    here = [route for route in request.app.routes if route.matches(request.scope)[0] is not Match.NONE]
    found = {method for route in here for method in getattr(route, "methods", None) or ()}
    return sorted(found | ({"HEAD"} if "GET" in found else set()))


def broken(request: Request, _error: Exception) -> Response:
    """Answer a defect without telling what it was; the log tells it under the request's id."""
    kind = PROTOCOL[500]
    return problem(request, kind.code, kind.status, kind.title, kind.title, {"remedy": kind.remedy})


def problem(
    request: Request,
    code: str,
    status: int,
    title: str,
    detail: str,
    told: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write a problem; `type` leads to what is documented of the code."""
    body = {
        "type": f"/docs/errors#{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": request.url.path,
        "code": code,
        **told,
        "requestId": request.scope.get("request_id"),
    }
    return Response(plain_json(body), status, dict(headers or {}), "application/problem+json")


def every_code() -> dict[str, int]:
    """Give every code that can be answered, with its status."""
    own = {error.code: status_of(error) for error in leaves(MakegoodError)}
    return own | {one.code: one.status for one in PROTOCOL.values()}

"""The one place that knows what an agent can do about a refusal: code, message, facts, and what comes next."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError

from makegood.domain.errors import Conflict, Denied, Invalid, InvalidValue, MakegoodError, NotFound, Unavailable
from makegood.domain.plain import as_plain

# By branch of the error tree, and by code where a tool can do something about it.
BRANCHES: Mapping[type[MakegoodError], str] = {
    NotFound: "Check the name: list_backorders, list_orders and get_order show what there is.",
    Conflict: "Nothing was done. Call get_order or get_backorder to see how things stand now.",
    Invalid: "Nothing was done. Call again with what is expected; `facts` say which value.",
    Denied: "Nothing was done. Ask whoever gave you access; another role or token is needed.",
    Unavailable: "Call again later, a write with the same idempotency_key: it is done at most once.",
}
NEXT: Mapping[str, str] = {
    "allocation_closed": "Nothing is left to change. Call get_backorder to see what is reserved now.",
    "allocation_lapsed": "Call extend_allocation for it before it is swept, or allocate_backorder anew.",
    "allocation_not_found": "Call get_backorder: its allocations carry their ids.",
    "ambiguous": "Call again and name one of the choices.",
    "backorder_closed": "Nothing of it remains. Call get_backorder to see what it came to.",
    "backorder_not_found": "Call list_backorders to find its number.",
    "books_busy": "Nothing was done. Call again in a moment, a write with the same idempotency_key.",
    "database_too_old": "A person has to run `makegood db migrate`.",
    "inbound_closed": "Nothing of it is to come. Call list_inbound for what is.",
    "inbound_not_found": "Call list_inbound: each line has its inbound_id.",
    "inbound_unfit": "Call list_inbound with the backorder's sku and warehouse.",
    "key_reused": "Use a new idempotency_key for a new request, or repeat the first request unchanged.",
    "law_broken": "Nothing was done. Report it: this is a defect of makegood.",
    "line_not_found": "Call get_order to see the order's lines.",
    "merchant_not_found": "Name a merchant that you may see: list_orders names them; or leave it out.",
    "merchants_limited": "Nothing is wrong with the call: ask somebody who may see all merchants.",
    "not_enough": "Ask for fewer units, or call explain_order to see why and list_inbound to see what is due.",
    "not_enough_due": "Ask for fewer units, or call list_inbound for other supply with unsourced units.",
    "not_received": "Wait until it is received, or fulfil from inventory.",
    "nothing_short": "It lacks nothing and can go out whole; there is nothing to split.",
    "nothing_to_ship": "Nothing can go out yet. Call explain_order, or split with mode quantities.",
    "order_not_found": "Call list_orders to find its number.",
    "priority_conflict": "Serve the order in `next_order` first, raise the priority with update_backorder, or, as "
    "a manager, force it with force_because.",
    "variant_not_found": "Check the SKU: get_sku_backorder_summary and get_order show those that are wanted.",
    "warehouse_not_found": "Check the code: list_orders and list_backorders name warehouses.",
    "wrong_state": "Call get_order to see where the order stands; explain_order says why it waits.",
}


class Refusal(NamedTuple):
    """What is told of a refused call."""

    code: str
    message: str
    facts: Mapping[str, Any]
    next: str


def refusal(error: MakegoodError) -> Refusal:
    """Say what a refused use-case means to an agent."""
    branch = next(words for kind, words in BRANCHES.items() if isinstance(error, kind))
    facts, words = as_plain(error.facts), str(error)
    if isinstance(error, InvalidValue) and facts.get("field") == "after":
        facts, words = facts | {"field": "cursor"}, "cursor" + words.removeprefix("after")
    return Refusal(error.code, words, facts, NEXT.get(error.code, branch))


def wrong_arguments(error: ValidationError, schema: Mapping[str, Any]) -> Refusal:
    """Say which arguments are wrong, and which the tool knows; `schema` is that of its arguments."""
    wrong = [
        {"argument": ".".join(map(str, one["loc"])) or "arguments", "problem": _problem(one)}
        for one in error.errors(include_url=False, include_input=False)
    ]
    known = list(schema["properties"])
    return Refusal(
        "invalid_arguments",
        "; ".join(f"{one['argument']}: {one['problem']}" for one in wrong),
        {"arguments": wrong, "known_arguments": known, "required": schema.get("required", [])},
        "Nothing was done. Call again with these put right; what the tool does not know is never ignored.",
    )


def _problem(one: Any) -> str:
    if one["type"] == "extra_forbidden":
        return "this tool has no such argument"
    return str(one["msg"])

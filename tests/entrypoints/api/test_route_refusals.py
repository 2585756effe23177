"""Every refusal that the API documents of a route of orders, stock or files is provoked, and none besides.

A refusal changes nothing: all of them are tried on one shop, and the doctor finds it sound afterwards.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from makegood.entrypoints.api import accounts, events, health, notifications, settings, webhooks
from makegood.entrypoints.api.reports import SHOWS
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.table import ROUTES
from makegood.services.doctor import doctor
from makegood.services.pages import cursor_after
from tests.entrypoints.api.sensible import AGREED, BODIES, NOWHERE
from tests.entrypoints.api.trouble import Trouble
from tests.entrypoints.api.visitors import Api

# Their own tests provoke what these refuse.
ELSEWHERE = {module.__name__ for module in (accounts, events, health, notifications, settings, webhooks)}
# Only a defect of makegood leads to it: see test_refusals.py.
DEFECTS = {"law_broken"}
FORGED = {"after": cursor_after("x", [1])}
# The dashboard pages two lists, and a report, which is a page by itself, asks for days of a zone.
FORGED_OF = {
    "GET /orders/backorders": {"afterSkus": FORGED["after"]},
    **{f"GET /reports/{name}": {"zone": "Europe/Nowhere"} for name in SHOWS},
}
# What a query must say besides.
QUERIES = {"GET /reports/orders": {"figure": "waiting"}}


class Refusal(NamedTuple):
    """A request that must be refused: the route, the code, what its path names, its body and its query."""

    route: str
    code: str
    at: Mapping[str, Any] = {}
    body: Any = None
    query: Mapping[str, Any] = {}


def name(route: Route) -> str:
    """Give a route as a person would say it."""
    return f"{route.method} {route.path}"


def module_of(route: Route) -> str:
    """Give the module of a route's endpoint."""
    return str(route.do.__module__)


OURS = [route for route in ROUTES if module_of(route) not in ELSEWHERE]


class Rule(NamedTuple):
    """What is refused in the same way by every route that documents the code and is called like `where`."""

    code: str
    where: str
    at: Mapping[str, Any]
    change: Mapping[str, Any] = {}
    query: Mapping[str, Any] = {}


ASIDE = ("move", "damage", "quarantine", "restore")
RULES = [
    *(
        Rule(f"{noun}_not_found", where, NOWHERE)
        for noun, where in (
            ("order", "{order}"),
            ("backorder", "{number}"),
            ("allocation", "{allocation}"),
            ("unit", "{unit}"),
            ("run", "{run}"),
            ("session", "{reference}"),
            ("inbound", "{inbound:path}"),
        )
    ),
    Rule("ambiguous", "/orders/{order}", {"order": "TWICE"}),
    Rule("wrong_state", "/orders/{order}", {"order": "SHIPPED"}),
    Rule("invalid_value", "GET /", {"order": "WAITS", "run": "@run_going", "sku:path": "MUG"}, query=FORGED),
    Rule("warehouse_not_found", "GET /", {"sku:path": "MUG"}, query={"warehouse": "NONE"}),
    Rule("merchant_not_found", "GET /", {}, query={"merchant": "none"}),
    Rule("ambiguous", "{inbound:path}", {"inbound:path": "PO-TWO"}),
    Rule("inbound_closed", "{inbound:path}", {"inbound:path": "PO-GONE"}),
    Rule("backorder_closed", "{number}", {"number": "@bo_over"}),
    Rule("allocation_closed", "{allocation}", {"allocation": "@allocation_gone"}),
    Rule("run_closed", "{run}", {"run": "@run_ended"}),
    *(Rule("not_enough", f"{{unit}}/{verb}", {"unit": "@unit"}, {"units": 999}) for verb in ASIDE),
    Rule("wrong_state", "{unit}", {"unit": "@unit_picked"}),
    Rule("location_not_found", "{unit}", {"unit": "@unit"}, {"toLocation": "NONE"}),
    Rule("session_closed", "/receiving/", {"reference": "D-2", "key": "k1"}),
    Rule("session_closed", "/cycle-counts/", {"reference": "C-2"}),
    Rule("session_closed", "/returns/", {"reference": "R-2", "key": "k1"}),
]
# Where the same needs something else: what was rejected may be rejected again, what is damaged can be restored.
EXCEPTIONS: Mapping[tuple[str, str], Mapping[str, Any]] = {
    ("POST /inbound/{inbound:path}/receive", "inbound_closed"): {"inbound:path": "TR-GONE"},
    ("POST /receiving/{reference}/reject", "session_closed"): {"reference": "D-3"},
    ("POST /cycle-counts/{reference}/reject", "session_closed"): {"reference": "C-3"},
    ("POST /returns/{reference}/reject", "session_closed"): {"reference": "R-3"},
    ("POST /inventory/{unit}/restore", "not_enough"): {"unit": "@unit_damaged"},
    ("POST /inventory/{unit}/restore", "location_not_found"): {"unit": "@unit_damaged"},
    ("POST /orders/{order}/merge-backorder", "wrong_state"): {"order": "PARTED-BO1"},
}


def everywhere() -> Iterator[Refusal]:
    """Give what is refused in the same way by every route that documents it."""
    for route in OURS:
        said, codes = name(route), {error.code for error in route.refuses}
        for rule in RULES:
            if rule.code in codes and rule.where in said:
                at = EXCEPTIONS.get((said, rule.code), rule.at)
                body = {**(BODIES.get(said) or {}), **rule.change} or None
                query = FORGED_OF.get(said, FORGED) if rule.query is FORGED else rule.query
                yield Refusal(said, rule.code, at, body, {**QUERIES.get(said, {}), **(query or {})})
        if route.path.endswith("/lines") and route.method == "POST":
            yield from figures(route)


def figures(route: Route) -> Iterator[Refusal]:
    """Give figures that make no sense, each in one way."""
    said = name(route)
    (line,) = BODIES[said]["lines"]
    reference = {"/rec": "D-1", "/cyc": "C-1", "/ret": "R-1"}[route.path[:4]]
    keyed = {"sku": "LID", "key": "k1"}
    wrong = {"variant_not_found": {"sku": "NOSUCH"}, "merchant_not_found": {"merchant": "none"},
             "location_not_found": {"location": "NONE"}, "key_reused": keyed}  # fmt: skip
    for code, change in wrong.items():
        yield Refusal(said, code, {"reference": reference}, {"lines": [line | change]})
    if "cycle" in said:
        lotted = line | {"sku": "LOTTED", "location": "A-01"}
        yield Refusal(said, "ambiguous", {"reference": reference}, {"lines": [lotted]})
        yield Refusal(said, "invalid_value", {"reference": reference}, {"lines": [line, line]})
    else:
        lotted = line | {"sku": "LOTTED"}
        yield Refusal(said, "invalid_value", {"reference": reference}, {"lines": [lotted]})


ONE = {"quantity": 1}
NEW = {"number": "NEW", "lines": [{"sku": "MUG", "quantity": 1}]}
FOUND = {"sku": "MUG", "units": 1, "location": "A-01", "reason": "found"}
MATCH = "POST /orders/{order}/lines/{line}/match"
SPLIT = "POST /orders/{order}/split-backorder"
MERGE = "POST /orders/{order}/merge-backorder"
COVER = "POST /backorders/{number}/allocate"
FULFIL = "POST /backorders/{number}/fulfill"
BOX = {"code": "S", "lengthMm": 300, "widthMm": 200, "heightMm": 150, "maxWeightG": 9000}
UNLOADED = {"sku": "MUG", "location": "DOCK", "quantity": 1}
ARRIVED = {"delivery": "D-9", "location": "A-01", "quantity": 1}
DUE = {"kind": "PURCHASE_ORDER", "reference": "PO-NEW", "sku": "MUG", "quantity": 1}
BOUGHT = {"source": "PURCHASE_ORDER"}

REFUSALS = [
    *everywhere(),
    Refusal("POST /orders", "already_exists", body=NEW | {"number": "WAITS"}),
    Refusal("POST /orders", "merchant_not_found", body=NEW | {"merchant": "none"}),
    Refusal("POST /orders", "warehouse_not_found", body=NEW | {"warehouse": "NONE"}),
    Refusal("POST /orders", "invalid_value", body=NEW | {"whenShort": "perhaps"}),
    Refusal("PATCH /orders/{order}", "line_not_found", {"order": "WAITS"}, {"quantities": {"9": 1}}),
    Refusal("PATCH /orders/{order}", "invalid_value", {"order": "WAITS"}, {"whenShort": "perhaps"}),
    Refusal("POST /orders/{order}/cancel", "line_not_found", {"order": "WAITS"}, {"quantities": {"9": 1}}),
    Refusal("POST /orders/{order}/cancel", "invalid_value", {"order": "WAITS"}, {"quantities": {"1": 99}}),
    Refusal(MATCH, "line_not_found", {"order": "UNKNOWN", "line": 9}, {"sku": "MUG"}),
    Refusal(MATCH, "variant_not_found", {"order": "UNKNOWN", "line": 1}, {"sku": "NOSUCH"}),
    Refusal("POST /orders/{order}/short-pick", "line_not_found", {"order": "READY"}, {"line": 9, "missing": 1}),
    Refusal("POST /orders/{order}/short-pick", "not_enough", {"order": "READY"}, {"line": 1, "missing": 9}),
    Refusal(SPLIT, "nothing_to_ship", {"order": "WAITS"}, {"consent": AGREED}),
    Refusal(SPLIT, "nothing_short", {"order": "WHOLE"}, {"consent": AGREED}),
    Refusal(SPLIT, "invalid_value", {"order": "WAITS"}, {}),
    Refusal(MERGE, "nothing_to_merge", {"order": "WAITS"}),
    *(
        Refusal(f"POST /orders/{run}", f"{what}_not_found", body={"where": {what: "none"}, "dryRun": True})
        for run in ("allocate-batch", "divide", "send-available", "apply-alternatives", "divide-network")
        for what in ("warehouse", "merchant")
    ),
    Refusal("POST /orders/allocate-batch", "invalid_value", body={"orderIds": ["WAITS"], "where": {}}),
    Refusal("POST /orders/divide", "invalid_value", body={"orderIds": ["WAITS"]}),
    Refusal("POST /orders/send-available", "invalid_value", body={"orderIds": ["WAITS"]}),
    Refusal("POST /runs/{run}/reset", "run_not_stuck", {"run": "@run_going"}),
    Refusal("POST /backorders", "order_not_found", body={"order": "9999", "line": 1}),
    Refusal("POST /backorders", "ambiguous", body={"order": "TWICE", "line": 1}),
    Refusal("POST /backorders", "wrong_state", body={"order": "SHIPPED", "line": 1}),
    Refusal("POST /backorders", "line_not_found", body={"order": "WAITS", "line": 9}),
    Refusal("POST /backorders", "variant_not_found", body={"sku": "NOSUCH", "quantity": 1}),
    Refusal("POST /backorders", "merchant_not_found", body={"sku": "MUG", "quantity": 1, "merchant": "none"}),
    Refusal("POST /backorders", "warehouse_not_found", body={"sku": "MUG", "quantity": 1, "warehouse": "NONE"}),
    Refusal("PATCH /backorders/{number}", "invalid_value", {"number": "@bo_waits"}, {}),
    Refusal(COVER, "priority_conflict", {"number": "@bo_later"}),
    Refusal(COVER, "not_enough", {"number": "@bo_waits"}),
    Refusal(COVER, "wrong_state", {"number": "@bo_held"}),
    Refusal(COVER, "invalid_value", {"number": "@bo_waits"}, {"quantity": 99}),
    Refusal(FULFIL, "priority_conflict", {"number": "@bo_later"}),
    Refusal(FULFIL, "not_enough", {"number": "@bo_waits"}),
    Refusal(FULFIL, "wrong_state", {"number": "@bo_held"}),
    Refusal(FULFIL, "invalid_value", {"number": "@bo_waits"}, {"quantity": 99}),
    Refusal(FULFIL, "inbound_not_found", {"number": "@bo_waits"}, BOUGHT | {"sourceId": "NONE"}),
    Refusal(FULFIL, "inbound_unfit", {"number": "@bo_waits"}, BOUGHT | {"sourceId": "PO-LID"}),
    Refusal(FULFIL, "not_received", {"number": "@bo_waits"}, BOUGHT | {"sourceId": "PO-MUG"}),
    Refusal("POST /backorders/{number}/cancel", "wrong_state", {"number": "@bo_ready"}),
    Refusal("POST /backorders/{number}/cancel", "invalid_value", {"number": "@bo_waits"}, {"quantity": 99}),
    Refusal("POST /allocations/{allocation}/confirm", "allocation_lapsed", {"allocation": "@allocation_lapsing"}),
    Refusal(
        "POST /allocations/{allocation}/extend",
        "invalid_value",
        {"allocation": "@allocation_full"},
        {"until": "2026-01-01T00:00:00Z"},
    ),
    Refusal("POST /allocations/{allocation}/release", "wrong_state", {"allocation": "@allocation_ready"}),
    Refusal("GET /skus/{sku:path}/availability", "variant_not_found", NOWHERE),
    Refusal("GET /skus/{sku:path}/availability", "ambiguous", {"sku:path": "MUG"}),
    Refusal("GET /skus/{sku:path}/backorder-summary", "variant_not_found", NOWHERE),
    Refusal("GET /inventory", "variant_not_found", query={"sku": "NOSUCH"}),
    Refusal("POST /inventory", "variant_not_found", body=FOUND | {"sku": "NOSUCH"}),
    Refusal("POST /inventory", "merchant_not_found", body=FOUND | {"merchant": "none"}),
    Refusal("POST /inventory", "location_not_found", body=FOUND | {"location": "NONE"}),
    Refusal("POST /inventory", "warehouse_not_found", body=FOUND | {"warehouse": "NONE"}),
    Refusal("POST /inventory", "invalid_value", body=FOUND | {"units": 0}),
    Refusal("POST /inventory", "not_enough", body=FOUND | {"sku": "LID", "units": -999}),
    Refusal("POST /inventory", "ambiguous", body=FOUND | {"sku": "LOTTED", "units": -1}),
    Refusal("POST /inventory/{unit}/adjust", "not_enough", {"unit": "@unit"}, {"units": -999, "reason": "gone"}),
    Refusal("POST /inventory/{unit}/adjust", "invalid_value", {"unit": "@unit"}, {"units": 0, "reason": "none"}),
    Refusal("POST /inventory/{unit}/move", "invalid_value", {"unit": "@unit"}, {"units": 1, "toLocation": "A-01"}),
    Refusal("POST /variants", "merchant_not_found", body={"sku": "NEW", "merchant": "none"}),
    Refusal("POST /variants", "invalid_value", body={"sku": "NEW", "barcodes": ["4006"]}),
    Refusal("GET /variants/{sku:path}", "variant_not_found", NOWHERE),
    Refusal("PATCH /variants/{sku:path}", "variant_not_found", NOWHERE, {"name": "None"}),
    Refusal("PATCH /variants/{sku:path}", "invalid_value", {"sku:path": "MUG"}, {"barcodes": ["4006"]}),
    Refusal("POST /boxes", "warehouse_not_found", body=BOX | {"warehouse": "NONE"}),
    Refusal("POST /boxes", "invalid_value", body=BOX | {"code": "  "}),
    Refusal("DELETE /boxes/{box}", "box_not_found", {"box": "NONE"}),
    Refusal("DELETE /boxes/{box}", "warehouse_not_found", {"box": "NONE"}, query={"warehouse": "NONE"}),
    Refusal("POST /warehouses", "already_exists", body={"code": "EAST"}),
    Refusal("PATCH /warehouses/{warehouse}", "warehouse_not_found", NOWHERE, {"name": "None"}),
    Refusal("POST /locations", "already_exists", body={"code": "A-01"}),
    Refusal("POST /locations", "warehouse_not_found", body={"code": "Z-01", "warehouse": "NONE"}),
    Refusal("PATCH /locations/{warehouse}/{location}", "warehouse_not_found", NOWHERE, {"active": True}),
    Refusal(
        "PATCH /locations/{warehouse}/{location}",
        "location_not_found",
        {"warehouse": "EAST", "location": "NONE"},
        {"active": True},
    ),
    *(
        Refusal(f"POST /{kind}", code, body={"reference": reference} | more)
        for kind, reference in (("receiving", "D-1"), ("cycle-counts", "C-1"), ("returns", "R-1"))
        for code, more in (
            ("already_exists", {"warehouse": "WEST"}),
            ("warehouse_not_found", {"warehouse": "NONE"}),
            ("invalid_value", {"reference": "  "}),
        )
    ),
    Refusal("POST /returns", "order_not_found", body={"reference": "R-9", "order": "9999"}),
    Refusal("POST /returns", "ambiguous", body={"reference": "R-9", "order": "TWICE"}),
    Refusal("POST /cycle-counts/{reference}/approve", "count_outdated", {"reference": "C-1"}),
    *(
        Refusal(f"PATCH /{kind}/{{reference}}/lines/{{key}}", "session_line_not_found", {"reference": of}, ONE)
        for kind, of in (("receiving", "D-1"), ("returns", "R-1"))
    ),
    Refusal(
        "PATCH /receiving/{reference}/lines/{key}",
        "invalid_value",
        {"reference": "D-1", "key": "k1"},
        {"quantity": 1, "damaged": 2},
    ),
    *(
        Refusal(f"POST /backorders/{{number}}/{verb}", code, {"number": number}, body)
        for verb, code, number, body in (
            ("source", "inbound_not_found", "@bo_waits", {"inbound": "NONE"}),
            ("source", "inbound_unfit", "@bo_waits", {"inbound": "PO-LID"}),
            ("source", "inbound_closed", "@bo_waits", {"inbound": "PO-GONE"}),
            ("source", "not_enough_due", "@bo_waits", {"inbound": "PO-FEW", "quantity": 2}),
            ("source", "wrong_state", "@bo_ready", {"inbound": "PO-LID"}),
            ("source", "invalid_value", "@bo_waits", {"inbound": "PO-MUG", "quantity": 99}),
            ("release-source", "inbound_not_found", "@bo_waits", {"inbound": "NONE"}),
            ("release-source", "inbound_unfit", "@bo_waits", {"inbound": "PO-LID"}),
            ("release-source", "wrong_state", "@bo_ready", {}),
            ("release-source", "invalid_value", "@bo_waits", {}),
        )
    ),
    *(
        Refusal("POST /inbound", code, body={"lines": [DUE | change]})
        for code, change in (
            ("already_exists", {"reference": "PO-MUG"}),
            ("variant_not_found", {"sku": "NOSUCH"}),
            ("merchant_not_found", {"merchant": "none"}),
            ("warehouse_not_found", {"warehouse": "NONE"}),
            ("not_enough", {"kind": "TRANSFER", "fromWarehouse": "WEST"}),
            ("invalid_value", {"kind": "TRANSFER"}),
        )
    ),
    Refusal("PATCH /inbound/{inbound:path}", "invalid_value", {"inbound:path": "PO-MUG"}, {}),
    Refusal("PATCH /inbound/{inbound:path}", "not_enough", {"inbound:path": "TR-1"}, {"quantity": 999}),
    Refusal("POST /inbound/{inbound:path}/cancel", "invalid_value", {"inbound:path": "PO-MUG"}, {"lost": True}),
    Refusal("POST /inbound/{inbound:path}/receive", "location_not_found", {"inbound:path": "PO-MUG"},
            ARRIVED | {"location": "NONE"}),
    Refusal("POST /inbound/{inbound:path}/receive", "already_exists", {"inbound:path": "PO-MUG"},
            ARRIVED | {"delivery": "D-3"}),
    Refusal("POST /inbound/{inbound:path}/receive", "invalid_value", {"inbound:path": "PO-MUG"},
            ARRIVED | {"damaged": 9}),
    Refusal("POST /orders/divide-network", "invalid_value", body={"orderIds": ["WAITS"], "where": {}}),
    Refusal("POST /orders/{order}/divide-network", "nothing_to_divide", {"order": "WAITS"}),
    Refusal(
        "POST /orders/{order}/divide-network",
        "invalid_value",
        {"order": "WAITS"},
        {"consent": AGREED | {"at": "2030-01-01T00:00:00Z"}},
    ),
    Refusal("POST /receiving/{reference}/approve", "inbound_closed", {"reference": "D-4"}),
    *(
        Refusal("POST /receiving/{reference}/lines", code, {"reference": "D-1"}, {"lines": [UNLOADED | change]})
        for code, change in (
            ("inbound_not_found", {"inbound": "NONE"}),
            ("inbound_unfit", {"inbound": "PO-LID"}),
            ("ambiguous", {"inbound": "PO-TWO"}),
        )
    ),
    Refusal("POST /orders/apply-alternatives", "invalid_value", body={"orderIds": ["WAITS"], "where": {}}),
    Refusal("POST /orders/{order}/apply-alternatives", "nothing_to_substitute", {"order": "WAITS"}),
    Refusal("POST /orders/{order}/apply-alternatives", "consent_needed", {"order": "OTHERS"}),
    Refusal("POST /orders/{order}/apply-alternatives", "invalid_value", {"order": "OTHERS"},
            {"consent": AGREED | {"at": "2030-01-01T00:00:00Z"}}),
    Refusal("POST /orders/{order}/undo-alternatives", "nothing_to_restore", {"order": "WAITS"}),
    Refusal("POST /orders/{order}/undo-alternatives", "line_not_found", {"order": "WAITS"}, {"line": 9}),
    Refusal("GET /variants/{sku:path}/alternatives", "variant_not_found", NOWHERE),
    *(
        Refusal("POST /variants/{sku:path}/alternatives", code, {"sku:path": sku}, {"substitute": "LID"}, query)
        for code, sku, query in (
            ("variant_not_found", "NOSUCH", {}),
            ("merchant_not_found", "MUG", {"merchant": "none"}),
            ("invalid_value", "LID", {}),
        )
    ),
    *(
        Refusal("DELETE /variants/{sku:path}/alternatives/{substitute}", code, at, query=query)
        for code, at, query in (
            ("variant_not_found", {"sku:path": "NOSUCH", "substitute": "LID"}, {}),
            ("merchant_not_found", {"sku:path": "MUG", "substitute": "LID"}, {"merchant": "none"}),
            ("alternative_not_found", {"sku:path": "MUG", "substitute": "LID"}, {}),
        )
    ),
    Refusal("POST /imports/{kind}", "unreadable_file", {"kind": "orders"}, "number\n1001\n"),
    Refusal("POST /imports/{kind}", "invalid_value", {"kind": "orders"}, "", {"columns": "nonsense"}),
]  # fmt: skip


@pytest.fixture(scope="module")
def trouble(module_api: Api) -> Trouble:
    """The shop in which everything stands ready."""
    return Trouble(module_api)


def refusal_name(one: Refusal) -> str:
    """Give a refusal as a person would say it."""
    return f"{one.route}: {one.code}"


@pytest.mark.parametrize("refusal", REFUSALS, ids=refusal_name)
def test_it_is_refused_with_its_code(trouble: Trouble, refusal: Refusal) -> None:
    method, path = refusal.route.split(" ")
    at = {**NOWHERE, **refusal.at}
    address = re.sub(r"\{(.*?)\}", lambda found: str(trouble.named(at[found[1]])), path)
    body = {"content": refusal.body} if isinstance(refusal.body, str) else {"json": refusal.body}
    answer = trouble.manager.calls(method, address, params=dict(refusal.query), **body)
    assert answer.status_code >= 400, answer.text
    assert answer.json()["code"] == refusal.code, answer.text
    assert answer.json()["remedy"]


def test_every_refusal_of_the_table_is_provoked() -> None:
    documented = {
        (name(route), error.code) for route in OURS for error in route.refuses if error.code not in DEFECTS
    }
    provoked = {(one.route, one.code) for one in REFUSALS}
    assert (documented - provoked, provoked - documented) == (set(), set())


def test_nothing_was_changed_by_all_that(trouble: Trouble) -> None:
    trouble.shop.check()
    assert [finding.words for finding in doctor(trouble.shop.books, trouble.shop.clock).findings] == []

"""Backorder records and allocations over HTTP."""

from datetime import timedelta

import pytest

from makegood.domain.accounts import Role
from makegood.entrypoints.api.backorders import Backorder
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api
from tests.services.backorder_stories import backorder, number_of


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def test_a_backorder_is_told_in_the_shape_of_every_door(api: Api) -> None:
    api.shop.gets("MUG", 2)
    api.shop.order("1001", MUG=5, customer_name="Ada Okafor")
    told = api.visitor().asks(f"/backorders/{number_of(api.shop, '1001')}")
    assert told["backorder"] | {"openedAt": "", "backorderId": ""} == {
        "backorderId": "",
        "status": "PENDING",
        "sku": "MUG",
        "quantityOrdered": 5,
        "quantityFulfilled": 0,
        "quantityRemaining": 5,
        "quantityAllocated": 2,
        "quantityCancelled": 0,
        "quantitySourced": 0,
        "quantityUncovered": 3,
        "priority": "NORMAL",
        "expectedDate": None,
        "promisedDate": None,
        "overdue": False,
        "atRisk": False,
        "source": "INVENTORY",
        "order": "1001",
        "line": 1,
        "customer": "Ada Okafor",
        "warehouse": "EAST",
        "merchant": "default",
        "notes": "",
        "openedAt": "",
        "closedAt": None,
    }
    assert [(one["quantity"], one["location"]) for one in told["allocations"]] == [(2, "A-01")]
    assert "backorder:created" in [one["type"] for one in told["history"]]


def test_a_customer_without_an_order_gets_a_backorder(api: Api) -> None:
    asked = {"sku": "MUG", "quantity": 2, "customerName": "Ada Okafor", "priority": "HIGH", "notes": "by phone"}
    made = api.visitor().does("/backorders", asked)
    assert (made["status"], made["priority"], made["notes"]) == ("PENDING", "HIGH", "by phone")
    assert [one["backorderId"] for one in api.visitor().asks("/backorders", customer="ada")["backorders"]] == [
        made["backorderId"]
    ]


def test_the_record_of_a_line_that_lacks_nothing_yet(api: Api) -> None:
    api.shop.gets("MUG", 1)
    api.shop.order("1001", MUG=1)
    asked = {"order": "1001", "line": 1, "promisedDate": "2026-03-10"}
    made = api.visitor().does("/backorders", asked)
    assert (made["status"], made["promisedDate"]) == ("ALLOCATED", "2026-03-10")
    assert api.visitor().does("/backorders", asked)["backorderId"] == made["backorderId"]


@pytest.mark.parametrize(
    "both",
    [
        {"order": "1001", "line": 1, "sku": "MUG", "quantity": 1},
        {"order": "1001", "sku": "MUG", "quantity": 1},
        {"line": 1, "sku": "MUG", "quantity": 1},
        {"order": "1001", "line": 1, "quantity": 1},
        {"order": "1001", "line": 1, "customerName": "Ada Okafor"},
    ],
    ids=lambda both: " ".join(both),
)
def test_what_a_backorder_is_for_is_never_ignored(module_api: Api, both: dict[str, object]) -> None:
    assert module_api.visitor().refused("POST", "/backorders", json=both) == (422, "invalid_request")


def test_words_can_be_sent_back_as_they_were_told(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    path = f"/backorders/{number_of(api.shop, '1001')}"
    staff = api.visitor()
    told = staff.asks(path)["backorder"]
    assert staff.does(path, {"priority": told["priority"]}, method="PATCH")["priority"] == told["priority"]
    same = {"status": told["status"], "priority": told["priority"], "source": told["source"]}
    assert [one["backorderId"] for one in staff.asks("/backorders", **same)["backorders"]] == [told["backorderId"]]
    api.shop.gets("MUG", 1).check()
    assert staff.does(f"{path}/fulfill", {"source": told["source"]})["status"] == "FULFILLED"


def test_terms_are_set_and_cleared_with_null(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    path = f"/backorders/{number_of(api.shop, '1001')}"
    staff = api.visitor()
    told = staff.does(path, {"priority": "CRITICAL", "promisedDate": "2026-03-10"}, method="PATCH")
    assert (told["priority"], told["promisedDate"]) == ("CRITICAL", "2026-03-10")
    told = staff.does(path, {"promisedDate": None}, method="PATCH")
    assert (told["priority"], told["promisedDate"]) == ("CRITICAL", None)


def test_only_a_manager_may_force_stock_against_the_rank(api: Api) -> None:
    api.shop.order("FIRST", MUG=5, ship_policy="COMPLETE", when_short="reserve")
    api.shop.order("SECOND", MUG=1)
    api.shop.gets("MUG", 2)
    api.shop.check()
    path = f"/backorders/{number_of(api.shop, 'SECOND')}/allocate"
    forced = {"quantity": 1, "forceBecause": "the customer stands at the counter"}
    assert api.visitor().refused("POST", path) == (409, "priority_conflict")
    assert api.visitor().refused("POST", path, json=forced) == (403, "not_allowed")
    assert api.visitor(Role.MANAGER).does(path, forced)["quantityAllocated"] == 1
    (kept,) = api.visitor().asks("/orders/SECOND")["allocations"]
    assert (kept["forced"], kept["reason"]) == (True, "the customer stands at the counter")
    assert is_sound(api)


def test_units_go_out_and_a_part_is_cancelled(api: Api) -> None:
    api.shop.order("1001", MUG=5)
    api.shop.gets("MUG", 3)
    api.shop.check()
    path = f"/backorders/{number_of(api.shop, '1001')}"
    assert api.visitor().does(f"{path}/fulfill", {"quantity": 2})["quantityFulfilled"] == 2
    rest = api.visitor(Role.MANAGER).does(f"{path}/cancel", {"quantity": 2, "because": "too late"})
    assert (rest["status"], rest["quantityRemaining"], rest["quantityUncovered"]) == ("ALLOCATED", 1, 0)
    assert api.visitor().does(f"{path}/fulfill")["status"] == "FULFILLED"
    assert is_sound(api)


def test_sums_of_all_and_of_a_sku(api: Api) -> None:
    api.shop.order("1001", MUG=5, LID=1)
    api.shop.order("1002", MUG=2, priority="EXPRESS")
    total = api.visitor().asks("/backorders/summary")
    assert (total["total"], total["unitsUncovered"], total["critical"]) == (3, 8, 1)
    (mug,) = api.visitor().asks("/skus/mug/backorder-summary")["skus"]
    assert (mug["backorders"], mug["unitsUncovered"]) == (2, 7)


def test_an_allocation_is_confirmed_extended_and_released(api: Api) -> None:
    api.shop.gets("MUG", 2)
    api.shop.order("1001", MUG=2)
    api.shop.order("1002", MUG=2)
    (one,) = api.visitor().asks("/orders/1001")["allocations"]
    path = f"/allocations/{one['allocationId']}"
    assert api.visitor().does(f"{path}/confirm")["status"] == "CONFIRMED"
    until = (api.shop.clock + timedelta(days=1)).isoformat()
    assert api.visitor().does(f"{path}/extend", {"until": until})["expiresAt"] == "2026-03-03T09:00:00Z"
    assert api.visitor(Role.MANAGER).does(f"{path}/release", {"because": "a mistake"})["status"] == "RELEASED"
    assert api.visitor(Role.MANAGER).refused("POST", f"{path}/release") == (409, "allocation_closed")
    assert is_sound(api)


def test_the_dashboard(api: Api) -> None:
    api.shop.order("1001", MUG=5, customer_name="Ada Okafor")
    api.shop.order("1002", MUG=1, LID=2, priority="RUSH")
    api.shop.order("1003", NOSUCH=1)
    api.shop.gets("MUG", 2)
    api.shop.gets("MUG", 4, bin="DOCK")
    api.shop.later(days=3)
    board = api.visitor(Role.READONLY).asks("/orders/backorders")
    assert board["stats"] == {
        "totalBackorderedOrders": 2,
        "totalSkus": 2,
        "oldestDaysPending": 3,
        "totalShortfall": 8,
    }
    mug = next(one for one in board["skus"] if one["sku"] == "MUG")
    figures = {
        "ordersWaiting": 2,
        "quantityNeeded": 6,
        "quantityAllocated": 0,
        "quantityAvailable": 2,
        "quantityNotPickable": 4,
        "shortfall": 6,
        "fillPercent": 33,
        "nextInbound": None,
    }
    assert {name: mug[name] for name in figures} == figures
    first = board["orders"][0]
    assert (first["orderNumber"], first["priority"], first["daysPending"], first["shortfall"]) == (
        "1002",
        "RUSH",
        3,
        3,
    )
    assert (first["coverableBy"], first["expectedDate"]) == ([], None)
    assert [one["shortfall"] for one in first["items"]] == [1, 2]
    held = api.visitor().asks("/orders/backorders", status="ON_HOLD")
    assert ([one["orderNumber"] for one in held["orders"]], held["unmatched"][0]["skuText"]) == (
        ["1003"],
        "NOSUCH",
    )


def test_nothing_of_the_shape_of_every_door_is_left_out(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    assert set(Backorder._fields) == set(backorder(api.shop, "1001").as_told())

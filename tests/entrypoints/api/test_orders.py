"""Orders over HTTP."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from makegood.domain.accounts import Role
from makegood.services.cancel_order import cancel_order
from tests.entrypoints.api.visitors import Api

TWO_LINES = {
    "number": "1001",
    "lines": [
        {"sku": "MUG", "quantity": 3, "unitPrice": "12.50", "currency": "EUR"},
        {"sku": "LID", "quantity": 1},
    ],
    "customerName": "Ada Okafor",
    "priority": "RUSH",
}


def test_an_order_is_placed_and_gets_at_once_what_nobody_waits_for(api: Api) -> None:
    api.shop.gets("MUG", 2)
    told = api.visitor().does("/orders", TWO_LINES)
    assert (told["order"], told["status"], told["allocated"], told["short"]) == (
        "1001",
        "PARTIALLY_ALLOCATED",
        2,
        2,
    )
    assert {reason["sku"]: reason["sentence"] for reason in told["reasons"]} == {
        "MUG": "1 unit is wanted and none is free.",
        "LID": "1 unit is wanted and none is free.",
    }
    sheet = api.visitor().asks("/orders/1001")
    assert (sheet["order"]["customerName"], sheet["order"]["priority"]) == ("Ada Okafor", "RUSH")
    assert sheet["lines"][0]["unitPrice"] == "12.5000"
    assert "order:partially_allocated" in [event["type"] for event in sheet["events"]]


def test_a_newcomer_does_not_overtake_over_http_either(api: Api) -> None:
    api.shop.order("FIRST", MUG=5)
    api.shop.gets("MUG", 3)
    told = api.visitor().does("/orders", {"number": "SECOND", "lines": [{"sku": "MUG", "quantity": 1}]})
    assert (told["status"], api.shop.has("FIRST")) == ("BACKORDERED", {"MUG": 3})


def test_an_unknown_sku_is_held_until_somebody_says_what_it_means(api: Api) -> None:
    api.shop.gets("MUG", 1)
    staff = api.visitor()
    held = staff.does("/orders", {"number": "1001", "lines": [{"sku": "MUGG", "quantity": 1}]})
    assert (held["status"], held["holdKind"]) == ("ON_HOLD", "UNMATCHED")
    matched = staff.does("/orders/1001/lines/1/match", {"sku": "MUG"})
    assert matched["status"] in ("PENDING", "BACKORDERED")
    assert staff.does("/orders/1001/allocate")["status"] == "ALLOCATED"
    assert staff.refused("POST", "/orders/1001/lines/1/match", json={"sku": "LID"}) == (409, "wrong_state")


def test_an_order_is_changed_and_what_it_no_longer_needs_goes_to_the_queue(api: Api) -> None:
    api.shop.gets("MUG", 3)
    api.shop.order("1001", MUG=3)
    api.shop.order("1002", MUG=2)
    changes = {"quantities": {"1": 1}, "add": [{"sku": "LID", "quantity": 4}], "priority": "EXPRESS"}
    told = api.visitor().does("/orders/1001", changes, method="PATCH")
    assert [(line["sku"], line["quantity"]) for line in told["lines"]] == [("MUG", 1), ("LID", 4)]
    api.shop.check()
    assert api.shop.status("1002") == "ALLOCATED"


def test_an_order_is_cancelled_in_part_and_then_whole(api: Api) -> None:
    api.shop.gets("MUG", 3)
    api.shop.order("1001", MUG=5)
    staff = api.visitor()
    part = staff.does("/orders/1001/cancel", {"quantities": {"1": 3}, "because": "too many"})
    assert (part["status"], part["cancelled"], part["allocated"], part["short"]) == ("ALLOCATED", 3, 2, 0)
    assert api.shop.free("MUG") == 1
    assert staff.does("/orders/1001/cancel")["status"] == "CANCELLED"
    assert staff.refused("POST", "/orders/1001/cancel") == (409, "wrong_state")
    assert api.shop.free("MUG") == 3


def test_all_units_cancelled_in_part_cancel_the_order(api: Api) -> None:
    api.shop.order("1001", MUG=2)
    assert api.visitor().does("/orders/1001/cancel", {"quantities": {"1": 2}})["status"] == "CANCELLED"


def test_an_order_is_tried_again_and_told_why_it_still_waits(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    api.shop.gets("MUG", 2)
    told = api.visitor().does("/orders/1001/allocate", {"allowPartial": True})
    assert (told["statusBefore"], told["status"]) == ("BACKORDERED", "PARTIALLY_ALLOCATED")
    assert (told["granted"], told["short"]) == (2, 1)
    assert told["reasons"][0]["sentence"] == "1 unit is wanted and none is free."


def test_all_of_it_or_nothing(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    api.shop.gets("MUG", 2)
    assert api.visitor().does("/orders/1001/allocate", {"allowPartial": False})["status"] == "BACKORDERED"
    assert api.shop.free("MUG") == 2


def test_allocating_what_is_allocated_changes_nothing(api: Api) -> None:
    api.shop.gets("MUG", 3)
    api.shop.order("1001", MUG=3)
    told = api.visitor().does("/orders/1001/allocate")
    assert (told["statusBefore"], told["status"], told["granted"]) == ("ALLOCATED", "ALLOCATED", 0)


def test_the_words_of_the_procedure_for_whoever_comes_too_late(api: Api) -> None:
    api.shop.gets("MUG", 1)
    api.shop.order("1001", MUG=1)
    manager = api.visitor(Role.MANAGER)

    def detail(path: str, body: Any = None) -> str:
        return str(manager.calls("POST", path, json=body).json()["detail"])

    assert detail("/orders/9/allocate") == "Order not found: 9"
    assert detail("/orders/1001/split-backorder", AGREED) == (
        "Order 1001 cannot be split (status: ALLOCATED). "
        "Only PARTIALLY_ALLOCATED or BACKORDERED orders can be split."
    )
    api.visitor().does("/orders/1001/cancel")
    assert detail("/orders/1001/allocate") == "Order 1001 cannot be allocated (status: CANCELLED)."


def test_who_did_it_is_on_record(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    api.visitor().does("/orders/1001/allocate")
    attempt = api.visitor().asks("/orders/1001")["attempts"][-1]
    assert (attempt["actor"], attempt["triggerSources"]) == ("token:t0", ["manual:token:t0"])


def test_attempts_are_listed_page_by_page(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    for _ in range(3):
        api.visitor().does("/orders/1001/allocate")
    first = api.visitor().asks("/orders/1001/attempts", limit=3)
    rest = api.visitor().asks("/orders/1001/attempts", limit=3, after=first["next"])
    found = [one["attemptId"] for one in first["attempts"] + rest["attempts"]]
    assert (len(found), found, rest["next"]) == (4, sorted(set(found)), None)


def test_a_list_goes_on_where_the_page_before_ended(api: Api) -> None:
    for number in ("A", "B", "C"):
        api.shop.order(number, MUG=1)
    first = api.visitor().asks("/orders", sort="rank", limit=2)
    rest = api.visitor().asks("/orders", sort="rank", limit=2, after=first["next"])
    assert [one["number"] for one in first["orders"] + rest["orders"]] == ["A", "B", "C"]
    assert (rest["next"], rest["counts"]["BACKORDERED"], len(rest["counts"])) == (None, 3, 13)


def test_orders_are_found_by_every_filter(api: Api) -> None:
    api.shop.order("A", MUG=1, customer_name="Ada Okafor", priority="RUSH")
    api.shop.order("B", LID=1)
    for query in ({"sku": "mug"}, {"customer": "okafor"}, {"priority": "RUSH"}):
        assert [one["number"] for one in api.visitor().asks("/orders", **query)["orders"]] == ["A"]
    assert api.visitor().asks("/orders", status=["ALLOCATED", "SHIPPED"])["orders"] == []


def test_over_a_real_server(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    with api.served() as address, httpx.Client(base_url=address) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok", "workers": "silent"}
        told = client.get("/orders/1001", headers={"Authorization": f"Bearer {api.token(Role.READONLY)}"}).json()
    assert told["order"]["status"] == "BACKORDERED"


def test_the_words_of_the_procedure(api: Api) -> None:
    """The warehouse's written procedure names these two answers word for word; the wrong state is a 409 here."""
    unknown = api.visitor().calls("POST", "/orders/4711/allocate")
    assert (unknown.status_code, unknown.json()["detail"]) == (404, "Order not found: 4711")
    api.shop.order("1001", MUG=1)
    api.shop.do(cancel_order, "1001")
    wrong = api.visitor().calls("POST", "/orders/1001/allocate")
    assert wrong.json()["detail"] == "Order 1001 cannot be allocated (status: CANCELLED)."
    assert (wrong.status_code, wrong.json()["code"]) == (409, "wrong_state")


def test_filters_that_name_nothing_are_refused(api: Api) -> None:
    assert api.visitor().refused("GET", "/orders?warehouse=WEST") == (404, "warehouse_not_found")
    assert api.visitor().refused("GET", "/orders?status=LOST") == (422, "invalid_value")


@pytest.mark.parametrize("text", ["'; DROP TABLE orders; --", "%", "1 OR 1=1", "\\x00", "') UNION SELECT 1 --"])
def test_sql_is_only_text(api: Api, text: str) -> None:
    api.shop.order("1001", MUG=1)
    visitor = api.visitor()
    for field in ("status", "sku", "customer", "priority", "warehouse", "sort", "after"):
        answer = visitor.calls("GET", "/orders", params={field: text})
        assert answer.status_code in (200, 404, 422), answer.text
        assert answer.is_error or answer.json()["orders"] == []
    assert visitor.refused("GET", f"/orders/{quote(text, safe='')}")[0] == 404
    assert visitor.asks("/orders/1001")["order"]["number"] == "1001"


AGREED = {"mode": "quantities", "consent": {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}}

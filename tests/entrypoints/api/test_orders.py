"""Orders over HTTP."""

from urllib.parse import quote

import httpx
import pytest

from makegood.domain.accounts import Role
from makegood.services.cancel_order import cancel_order
from tests.entrypoints.api.visitors import Api


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


def test_who_did_it_is_on_record(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    api.visitor().does("/orders/1001/allocate")
    attempt = api.visitor().asks("/orders/1001")["attempts"][-1]
    assert (attempt["actor"], attempt["triggerSources"]) == ("token:t0", ["manual:token:t0"])


def test_a_list_goes_on_where_the_page_before_ended(api: Api) -> None:
    for number in ("A", "B", "C"):
        api.shop.order(number, MUG=1)
    first = api.visitor().asks("/orders", sort="rank", limit=2)
    rest = api.visitor().asks("/orders", sort="rank", limit=2, after=first["next"])
    assert [one["number"] for one in first["orders"] + rest["orders"]] == ["A", "B", "C"]
    assert (rest["next"], rest["counts"]) == (None, {"BACKORDERED": 3})


def test_over_a_real_server(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    with api.served() as address, httpx.Client(base_url=address) as client:
        assert client.get("/healthz").json() == {"status": "ok"}
        assert client.get("/readyz").json() == {"status": "ok"}
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

"""Orders over HTTP."""

import httpx

from makegood.domain.accounts import Role
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

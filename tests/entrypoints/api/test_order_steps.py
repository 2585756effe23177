"""An order's way over HTTP: held, released, picked, shipped, split, merged, explained."""

from typing import Any

from makegood.domain.accounts import Role
from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api, Visitor
from tests.services.test_runs import serve

PURCHASE = {"kind": "PURCHASE_ORDER", "reference": "PO-7", "due": "2026-03-20"}
AGREED = {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def test_the_whole_loop(api: Api) -> None:
    api.shop.gets("MUG", 3)
    api.shop.order("1001", MUG=3)
    staff = api.visitor()
    assert staff.does("/orders/1001/release-to-pick")["status"] == "READY_TO_PICK"
    assert staff.does("/orders/1001/start-pick")["status"] == "PICKING"
    assert staff.does("/orders/1001/picked")["status"] == "PICKED"
    shipped = staff.does("/orders/1001/shipped")
    assert (shipped["status"], shipped["fulfilled"]) == ("SHIPPED", 3)
    assert is_sound(api)


def test_what_the_picker_misses_goes_back_to_the_queue(api: Api) -> None:
    api.shop.gets("MUG", 3)
    api.shop.order("1001", MUG=3)
    staff = api.visitor()
    staff.does("/orders/1001/release-to-pick")
    told = staff.does("/orders/1001/short-pick", {"line": 1, "missing": 1, "quarantine": True})
    assert (told["status"], told["allocated"], told["short"]) == ("PARTIALLY_ALLOCATED", 2, 1)
    assert [one["whyNot"] for one in staff.asks("/inventory", sku="MUG")["units"]] == ["", "quarantine"]
    assert is_sound(api)


def test_a_held_order_leaves_the_queue_and_returns_with_its_age(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    manager = api.visitor(Role.MANAGER)
    held = manager.does("/orders/1001/hold", {"because": "the address is unclear", "free": True})
    assert (held["status"], held["holdReason"]) == ("ON_HOLD", "the address is unclear")
    api.shop.gets("MUG", 3)
    api.shop.order("1002", MUG=1)
    manager.does("/orders/1001/release", {"snoozeDays": 7})
    sheet = manager.asks("/orders/1001")["order"]
    assert sheet["reviewAfter"] == "2026-03-09T09:00:00Z"
    api.shop.check()
    assert (api.shop.status("1001"), api.shop.status("1002")) == ("PARTIALLY_ALLOCATED", "ALLOCATED")


def test_a_split_answers_with_the_keys_of_the_procedure(api: Api) -> None:
    api.shop.gets("MUG", 2)
    placed = api.shop.order("1001", MUG=5, LID=1)
    manager = api.visitor(Role.MANAGER)
    asked = {"mode": "quantities", "consent": AGREED}
    foreseen = manager.does("/orders/1001/split-backorder", {"mode": "quantities", "dryRun": True})
    assert api.shop.status("1001") == "PARTIALLY_ALLOCATED"
    told = manager.does("/orders/1001/split-backorder", asked)
    child = told.pop("backorderOrderId")
    assert told == {
        "originalOrderId": placed.order.order_id,
        "originalOrderNumber": "1001",
        "originalStatus": "ALLOCATED",
        "backorderOrderNumber": "1001-BO1",
        "backorderStatus": "BACKORDERED",
        "shippableItems": 2,
        "backorderedItems": 4,
    }
    assert {**foreseen, "backorderOrderId": child} == {**told, "backorderOrderId": child}
    assert manager.asks(f"/orders/{child}")["order"]["parent"] == "1001"
    merged = manager.does("/orders/1001-BO1/merge-backorder")
    assert (merged["originalStatus"], merged["backorderStatus"], merged["returnedItems"]) == (
        "PARTIALLY_ALLOCATED",
        "CANCELLED",
        4,
    )
    assert is_sound(api)


def test_orders_of_which_a_part_could_go_now(api: Api) -> None:
    api.shop.gets("LID", 1)
    api.shop.order("1001", MUG=5, LID=1)
    api.shop.order("1002", MUG=5)
    (found,) = api.visitor(Role.READONLY).asks("/orders/unlockable")["orders"]
    assert (found["order"]["number"], found["readyUnits"], found["waitingUnits"]) == ("1001", 1, 5)


def does_what_is_offered(visitor: Visitor, order: str, known: dict[str, Any]) -> list[str]:
    """Send every call that an explanation offers, with what only a person knows; give what each was for."""
    done = []
    for line in visitor.asks(f"/orders/{order}/explanation")["lines"]:
        for call in line["actions"]:
            body = call["body"] | {name: known[name] for name in call["fill"]}
            answer = visitor.calls(call["method"], call["path"], json=body)
            assert answer.is_success, (call, answer.text)
            done.append(call["path"].rpartition("/")[2])
    return done


def test_an_id_is_never_taken_for_the_number_of_another_order(api: Api) -> None:
    api.shop.gets("MUG", 1).order("FIRST", MUG=2)
    api.shop.order("1", MUG=3)
    manager = api.visitor(Role.MANAGER)
    first, other = manager.asks("/orders/FIRST")["order"], manager.asks("/orders/1")["order"]
    assert (first["orderId"], other["orderId"]) == (1, 2)
    assert manager.asks("/orders/id:1")["order"]["number"] == "FIRST"
    offered = manager.asks("/orders/FIRST/explanation")["lines"][0]["actions"]
    assert {one["path"].split("/")[2] for one in offered} == {"id:1"}
    run = manager.does("/orders/allocate-batch", {"orderIds": [1]})["run"]
    serve(api.shop)
    assert [one["order"] for one in manager.asks(f"/runs/{run['runId']}/orders")["results"]] == ["FIRST"]


def test_what_an_explanation_offers_works_as_it_stands(api: Api) -> None:
    api.shop.gets("MUG", 2, bin="DOCK")
    api.shop.order("1001", MUG=5, LID=2)
    api.shop.gets("LID", 1)
    api.shop.check()
    manager = api.visitor(Role.MANAGER)
    said = manager.asks("/orders/1001/explanation")
    assert said["status"] == "PARTIALLY_ALLOCATED"
    assert [reason["code"] for reason in said["lines"][0]["reasons"]] == ["STOCK_NOT_PICKABLE", "NO_STOCK"]
    assert said["lines"][0]["queuePosition"] == 1
    assert does_what_is_offered(manager, "1001", {}) == ["move", "split-backorder"]
    api.shop.check()
    assert api.shop.has("1001") == {"MUG": 2, "LID": 1}


def test_what_is_offered_for_quarantine_a_hold_and_a_text_that_nobody_knows(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    api.shop.gets("MUG", 2)
    (unit,) = manager.asks("/inventory", sku="MUG")["units"]
    manager.does(f"/inventory/{unit['unitId']}/quarantine", {"units": 2})
    api.shop.order("1001", MUG=2)
    api.shop.order("1002", LID=1)
    manager.does("/orders/1002/hold", {"because": "a question"})
    api.shop.order("1003", LIDD=1)
    assert does_what_is_offered(manager, "1001", {}) == ["restore"]
    assert does_what_is_offered(manager, "1002", {}) == ["release"]
    assert does_what_is_offered(manager, "1003", {"sku": "LID"}) == ["match"]
    assert does_what_is_offered(manager, "1001", {}) == ["allocate"]
    assert api.shop.status("1001") == "ALLOCATED"
    assert is_sound(api)


def test_what_is_offered_of_other_warehouses_and_of_supply_that_is_due(api: Api) -> None:
    api.shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    api.shop.do(add_locations, [NewLocation("W-01", "WEST")])
    api.shop.gets("MUG", 2, bin="W-01", warehouse="WEST").check()
    api.shop.order("1001", MUG=2)
    api.shop.order("1002", LID=3)
    manager = api.visitor(Role.MANAGER)
    manager.does("/inbound", {"lines": [PURCHASE | {"sku": "LID", "quantity": 5}]})
    assert does_what_is_offered(manager, "1001", {}) == ["divide-network"]
    assert does_what_is_offered(manager, "1002", {}) == ["source"]
    (backorder,) = manager.asks("/backorders", order="1002")["backorders"]
    assert backorder["quantitySourced"] == 3
    assert api.shop.status("1001") == "ALLOCATED"
    assert is_sound(api)

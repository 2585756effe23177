"""Supply that is due and alternatives, over HTTP."""

from makegood.domain.accounts import Role
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api
from tests.services.backorder_stories import number_of

BOUGHT = {"kind": "PURCHASE_ORDER", "reference": "PO-7", "sku": "MUG", "quantity": 6, "due": "2026-03-20"}


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def test_supply_is_announced_put_off_received_and_cancelled(api: Api) -> None:
    api.shop.order("1001", MUG=4)
    staff, manager = api.visitor(), api.visitor(Role.MANAGER)
    (made,) = staff.does("/inbound", {"lines": [BOUGHT | {"supplier": "KILN"}]})["inbound"]
    assert (made["status"], made["quantityOutstanding"], made["supplier"]) == ("OPEN", 6, "KILN")
    late = staff.does("/inbound/PO-7/1", {"due": "2026-03-25", "notes": "they called"}, method="PATCH")
    assert (late["due"], late["notes"]) == ("2026-03-25", "they called")
    assert staff.does("/inbound/PO-7", {"notes": None}, method="PATCH")["notes"] == ""
    came = {"delivery": "D-1", "location": "A-01", "quantity": 5, "damaged": 1}
    first, again = (manager.does("/inbound/PO-7/receive", came) for _ in range(2))
    assert first == again
    rest = manager.does("/inbound/PO-7/cancel", {"because": "the kiln broke"})
    assert (rest["status"], rest["quantityReceived"], rest["quantityCancelled"]) == ("RECEIVED", 5, 1)
    assert is_sound(api)
    assert api.shop.status("1001") == "ALLOCATED"
    story = staff.asks("/inbound/PO-7")
    assert [(one["delivery"], one["quantity"]) for one in story["receipts"]] == [("D-1", 5)]
    assert staff.asks("/inbound")["inbound"] == []
    assert [one["reference"] for one in staff.asks("/inbound", status="RECEIVED")["inbound"]] == ["PO-7"]


def test_a_backorder_has_supply_by_name_and_gives_it_back(api: Api) -> None:
    api.shop.order("1001", MUG=4)
    manager = api.visitor(Role.MANAGER)
    manager.does("/inbound", {"lines": [BOUGHT]})
    path = f"/backorders/{number_of(api.shop, '1001')}"
    assert manager.does(f"{path}/source", {"inbound": "PO-7", "quantity": 3})["quantitySourced"] == 3
    assert manager.does(f"{path}/release-source", {"quantity": 1})["quantitySourced"] == 2
    manager.does("/receiving", {"reference": "D-1"})
    line = {"sku": "MUG", "location": "DOCK", "quantity": 2, "inbound": "PO-7"}
    manager.does("/receiving/D-1/lines", {"lines": [line]})
    manager.does("/receiving/D-1/approve")
    told = manager.asks(path)["backorder"]
    assert (told["quantityAllocated"], told["quantitySourced"]) == (2, 0)
    gone = manager.does(f"{path}/fulfill", {"quantity": 2, "source": "PURCHASE_ORDER", "sourceId": "PO-7"})
    assert (gone["quantityFulfilled"], gone["source"]) == (2, "PURCHASE_ORDER")
    assert is_sound(api)


def test_something_else_is_sent_and_undone(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    said = {"substitute": "LID", "kind": "DOWNGRADE", "twoWay": True}
    (shown,) = manager.does("/variants/MUG/alternatives", said)["alternatives"]
    assert (shown["substitute"], shown["kind"], shown["needsConsent"]) == ("LID", "DOWNGRADE", True)
    api.shop.gets("LID", 2).check()
    api.shop.order("1001", MUG=2)
    assert manager.refused("POST", "/orders/1001/apply-alternatives") == (409, "consent_needed")
    foreseen = manager.does("/orders/1001/apply-alternatives", {"dryRun": True})
    agreed = {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}
    told = manager.does("/orders/1001/apply-alternatives", {"consent": agreed})
    assert foreseen["lines"] == told["lines"]
    assert (told["status"], told["lines"][0]["substitute"]) == ("ALLOCATED", "LID")
    assert manager.does("/orders/1001/undo-alternatives")["status"] == "BACKORDERED"
    answer = manager.calls("DELETE", "/variants/MUG/alternatives/LID")
    assert (answer.status_code, answer.json()["alternatives"]) == (200, [])
    assert is_sound(api)

"""Stock and the catalogue over HTTP."""

from makegood.domain.accounts import Role
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def test_units_are_booked_in_and_go_to_whoever_waits(api: Api) -> None:
    api.shop.order("1001", MUG=2)
    found = {"sku": "MUG", "units": 3, "location": "A-01", "reason": "found behind the shelf"}
    assert api.visitor().does("/inventory", found)["units"] == 3
    api.shop.check()
    (unit,) = api.visitor().asks("/inventory", sku="mug")["units"]
    assert (unit["quantity"], unit["reserved"], unit["free"], unit["location"]) == (3, 2, 1, "A-01")
    lost = api.visitor().does(f"/inventory/{unit['unitId']}/adjust", {"units": -2, "reason": "broken"})
    assert [(one["order"], one["status"]) for one in lost["lost"]] == [("1001", "PARTIALLY_ALLOCATED")]
    assert is_sound(api)


def test_units_are_moved_damaged_locked_away_and_restored(api: Api) -> None:
    api.shop.gets("MUG", 9, bin="DOCK")
    staff, manager = api.visitor(), api.visitor(Role.MANAGER)

    def unit(status: str, location: str) -> str:
        rows = staff.asks("/inventory", sku="MUG")["units"]
        return str(next(one["unitId"] for one in rows if (one["status"], one["location"]) == (status, location)))

    staff.does(f"/inventory/{unit('AVAILABLE', 'DOCK')}/move", {"units": 9, "toLocation": "A-01"})
    shelf = unit("AVAILABLE", "A-01")
    staff.does(f"/inventory/{shelf}/damage", {"units": 2, "toLocation": "DOCK"})
    manager.does(f"/inventory/{shelf}/quarantine", {"units": 3})
    assert api.shop.free("MUG") == 4
    manager.does(f"/inventory/{unit('DAMAGED', 'DOCK')}/restore", {"units": 2, "toLocation": "A-02"})
    manager.does(f"/inventory/{unit('QUARANTINE', 'A-01')}/restore", {"units": 1})
    assert api.shop.free("MUG") == 7
    assert staff.refused("POST", f"/inventory/{shelf}/quarantine", json={"units": 1}) == (403, "not_allowed")
    assert is_sound(api)


def test_what_a_shop_asks(api: Api) -> None:
    api.shop.gets("MUG", 5)
    api.shop.gets("MUG", 4, bin="DOCK")
    api.shop.order("1001", MUG=2)
    api.shop.order("1002", LID=3)
    told = api.visitor(Role.READONLY).asks("/skus/mug/availability")
    assert told.pop("warehouses") == [
        {"warehouse": "EAST", "free": 3, "allocated": 2, "notPickable": 4, "waiting": 0, "nextInbound": None}
    ]
    assert told == {
        "merchant": "default",
        "sku": "MUG",
        "name": "",
        "free": 3,
        "allocated": 2,
        "notPickable": 4,
        "waiting": 0,
        "nextInbound": None,
    }
    assert api.visitor().asks("/skus/LID/availability")["waiting"] == 3
    assert [one["sku"] for one in api.visitor().asks("/skus", short=True)["skus"]] == ["LID"]


def test_a_sku_with_a_slash_has_an_address(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    manager.does("/variants", {"sku": "TEA/GREEN", "name": "Green tea"})
    assert manager.asks("/variants/TEA/GREEN")["name"] == "Green tea"
    assert manager.asks("/skus/TEA%2FGREEN/availability")["free"] == 0


def test_an_encoded_slash_belongs_to_the_sku_and_a_plain_one_separates(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    manager.does("/variants", {"sku": "TEA/alternatives", "name": "Tea for others"})
    manager.does("/variants", {"sku": "TEA", "name": "Tea"})
    manager.does("/variants/TEA%2Falternatives/alternatives", {"substitute": "TEA"})
    assert manager.asks("/variants/TEA%2Falternatives")["name"] == "Tea for others"
    assert manager.asks("/variants/TEA/alternatives")["alternatives"] == []
    (one,) = manager.asks("/variants/TEA%2Falternatives/alternatives")["alternatives"]
    assert (one["sku"], one["substitute"]) == ("TEA/alternatives", "TEA")


def test_head_asks_as_get_does(api: Api) -> None:
    answer = api.visitor().calls("HEAD", "/skus/MUG/availability")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, b"", "application/json")
    assert api.visitor().calls("HEAD", "/skus/NOTHING/availability").status_code == 404


def test_a_variant_is_described_and_found_by_its_codes(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    made = manager.does("/variants", {"sku": "POT", "name": "Teapot", "weightG": 700, "barcodes": ["4006381"]})
    assert (made["sku"], made["weightG"], made["barcodes"]) == ("POT", 700, ["4006381"])
    manager.does("/variants/4006381", {"aliases": ["KETTLE"], "minShelfLifeDays": 3}, method="PATCH")
    told = manager.asks("/variants/kettle")
    assert (told["sku"], told["name"], told["minShelfLifeDays"]) == ("POT", "Teapot", 3)
    assert [one["sku"] for one in manager.asks("/variants", search="pot")["variants"]] == ["POT"]
    taken = manager.calls("POST", "/variants", json={"sku": "PAN", "barcodes": ["4006381"]}).json()
    assert taken["detail"] == "barcodes: '4006381' is not possible here: it stands for POT already"


def test_warehouses_and_locations_are_added_and_changed(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    manager.does("/warehouses", {"code": "WEST", "networkRank": 2, "allowBackorders": False})
    west = manager.does("/warehouses/WEST", {"name": "West"}, method="PATCH")
    assert (west["name"], west["networkRank"], west["allowBackorders"], west["sharesStock"]) == (
        "West",
        2,
        False,
        True,
    )
    manager.does("/locations", {"code": "W-01", "warehouse": "WEST", "type": "PICKING", "pickSequence": 7})
    (place,) = manager.asks("/locations", warehouse="WEST")["locations"]
    assert (place["code"], place["type"], place["isPickable"], place["pickSequence"]) == (
        "W-01",
        "PICKING",
        True,
        7,
    )
    assert [one["code"] for one in manager.asks("/warehouses")["warehouses"]] == ["EAST", "WEST"]


def test_a_location_that_becomes_pickable_serves_whoever_waits(api: Api) -> None:
    api.shop.gets("MUG", 3, bin="DOCK")
    api.shop.order("1001", MUG=3)
    changed = api.visitor(Role.MANAGER).does("/locations/EAST/DOCK", {"isPickable": True}, method="PATCH")
    assert (changed["isPickable"], changed["units"]) == (True, 3)
    api.shop.check()
    assert api.shop.status("1001") == "ALLOCATED"
    assert is_sound(api)


def test_an_order_is_told_what_to_pack_it_into(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    sizes = {"lengthMm": 100, "widthMm": 100, "heightMm": 100, "weightG": 350}
    manager.does("/variants/MUG", sizes, method="PATCH")
    api.shop.gets("MUG", 4).order("1001", MUG=2)
    assert manager.asks("/orders/1001/packages")["outcome"] in ("PENDING", "NONE")
    box = {"code": "S", "lengthMm": 210, "widthMm": 110, "heightMm": 110, "maxWeightG": 5000, "weightG": 80}
    assert [one["code"] for one in manager.does("/boxes", box)["boxes"]] == ["S"]
    told = manager.does("/orders/1001/packages")
    assert (told["outcome"], [one["box"] for one in told["packages"]]) == ("PACKED", ["S"])
    assert len(told["packages"][0]["placements"]) == 2
    assert manager.asks("/orders/1001/packages") == told
    answer = manager.calls("DELETE", "/boxes/S")
    assert (answer.status_code, [one["active"] for one in answer.json()["boxes"]]) in ((200, []), (200, [False]))

"""Deliveries, counts and returns over HTTP."""

import pytest

from makegood.domain.accounts import Role
from makegood.services.doctor import doctor
from tests.entrypoints.api.visitors import Api


def is_sound(api: Api) -> bool:
    """Serve whoever can be served, then ask the doctor."""
    api.shop.check()
    assert [finding.words for finding in doctor(api.shop.books, api.shop.clock).findings] == []
    return True


def test_a_delivery_goes_into_stock_with_one_approval(api: Api) -> None:
    api.shop.order("1001", MUG=4)
    staff, manager = api.visitor(), api.visitor(Role.MANAGER)
    staff.does("/receiving", {"reference": "D-17"})
    line = {"sku": "MUG", "location": "A-01", "quantity": 5, "damaged": 2, "key": "pallet-1"}
    for _ in range(2):
        told = staff.does("/receiving/D-17/lines", {"lines": [line]})
        assert [(one["sku"], one["quantity"], one["damaged"]) for one in told["lines"]] == [("MUG", 5, 2)]
    staff.does("/receiving/D-17/lines/pallet-1", {"quantity": 6, "damaged": 1}, method="PATCH")
    first, again = (manager.does("/receiving/D-17/approve") for _ in range(2))
    assert first == again
    assert (first["added"], first["usable"], first["selfApproved"]) == (6, 5, False)
    assert is_sound(api)
    assert (api.shop.status("1001"), api.shop.free("MUG")) == ("ALLOCATED", 1)
    (listed,) = staff.asks("/receiving", status="APPROVED")["sessions"]
    assert (listed["reference"], listed["units"], listed["closedBy"]) == ("D-17", 6, "token:t1")
    assert staff.asks("/receiving/D-17")["result"]["added"] == 6


def test_whoever_approves_figures_of_their_own_is_told_so(api: Api) -> None:
    manager = api.visitor(Role.MANAGER)
    manager.does("/receiving", {"reference": "D-18"})
    manager.does("/receiving/D-18/lines", {"lines": [{"sku": "MUG", "location": "A-01", "quantity": 1}]})
    assert manager.does("/receiving/D-18/approve")["selfApproved"]
    assert manager.asks("/receiving/D-18")["session"]["selfApproved"]


def test_a_count_posts_what_differs_from_the_books(api: Api) -> None:
    api.shop.gets("MUG", 5)
    api.shop.order("1001", MUG=7)
    staff = api.visitor()
    staff.does("/cycle-counts", {"reference": "C-1"})
    staff.does("/cycle-counts/C-1/lines", {"lines": [{"sku": "MUG", "location": "A-01", "counted": 6}]})
    told = staff.does("/cycle-counts/C-1/lines", {"lines": [{"sku": "MUG", "location": "A-01", "counted": 8}]})
    assert [(one["quantity"], one["booked"]) for one in told["lines"]] == [(8, 5)]
    assert api.visitor(Role.MANAGER).does("/cycle-counts/C-1/approve")["added"] == 3
    assert is_sound(api)
    assert api.shop.status("1001") == "ALLOCATED"


def test_a_return_serves_whoever_waits_and_sets_the_rest_aside(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    staff = api.visitor()
    staff.does("/returns", {"reference": "R-1", "order": "1001"})
    lines = [
        {"sku": "MUG", "location": "A-01", "quantity": 1, "key": "a"},
        {"sku": "LID", "location": "A-01", "quantity": 2, "key": "b", "disposition": "damaged"},
    ]
    staff.does("/returns/R-1/lines", {"lines": lines})
    staff.does("/returns/R-1/lines/b", {"quantity": 3}, method="PATCH")
    approved = api.visitor(Role.MANAGER).does("/returns/R-1/approve")
    assert (approved["added"], approved["usable"]) == (4, 1)
    assert is_sound(api)
    assert (api.shop.status("1001"), api.shop.free("LID")) == ("ALLOCATED", 0)
    assert staff.asks("/returns/R-1")["session"]["order"] == "1001"


@pytest.mark.parametrize("kind", ["receiving", "cycle-counts", "returns"])
def test_what_is_rejected_changes_nothing(api: Api, kind: str) -> None:
    units = "counted" if kind == "cycle-counts" else "quantity"
    api.visitor().does(f"/{kind}", {"reference": "X-1"})
    api.visitor().does(f"/{kind}/X-1/lines", {"lines": [{"sku": "MUG", "location": "A-01", units: 3}]})
    manager = api.visitor(Role.MANAGER)
    for _ in range(2):
        assert manager.does(f"/{kind}/X-1/reject")["session"]["status"] == "REJECTED"
    assert manager.refused("POST", f"/{kind}/X-1/approve") == (409, "session_closed")
    assert (api.shop.free("MUG"), api.visitor().asks(f"/{kind}", status="OPEN")["sessions"]) == (0, [])

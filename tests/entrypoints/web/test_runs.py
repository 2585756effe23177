"""Work on many orders: shown first, said how many, started once, watched, steered, with a result for each."""

import re

from makegood.domain.accounts import Role
from makegood.domain.alternatives import NewAlternative
from makegood.domain.catalogue import NewLocation, NewWarehouse
from makegood.jobs.serve_runs import serve_runs
from makegood.jobs.station import Station
from makegood.services.add_catalogue import add_locations, add_warehouses
from makegood.services.alternatives.keep_alternatives import add_alternatives
from tests.entrypoints.web.site import Page, Reader, Site

AGREED = {"agreed_by": "Ada", "how": "by phone"}


def served(site: Site) -> None:
    """Let a worker do what is to be done."""
    serve_runs(Station(site.shop.books, clock=lambda: site.shop.clock))


def started(reader: Reader, address: str, form: dict[str, str]) -> Page:
    """Start what a page offers, with the key that it was given."""
    key = re.search(r'name="key" value="([^"]+)"', reader.sees(f"/runs/new?{address}").html)
    assert key
    return reader.sends(f"/runs?{address}", form | {"key": key[1]})


def test_fulfil_all_says_how_many_and_ends_with_the_count(site: Site) -> None:
    for number, units in (("1", 2), ("2", 3), ("3", 1)):
        site.shop.order(number, MUG=units)
    site.shop.order("4", LID=1)
    site.shop.gets("MUG", 3)
    reader = site.reader()
    assert "Fulfill all 3" in reader.sees("/backorders?tab=orders&sku=MUG").text
    asked = reader.sees("/runs/new?kind=ALLOCATE&all=1&sku=MUG")
    assert ("Fulfill: 3 orders" in asked.text, site.shop.free("MUG")) == (True, 3)
    page = started(reader, "kind=ALLOCATE&all=1&sku=MUG", {})
    assert "0 of 3 orders." in page.text
    assert "Fulfill is going on: 0 of 3 orders" in reader.sees("/backorders").text
    served(site)
    page = reader.sees("/runs/1")
    assert "Batch complete: 1 fulfilled, 2 still backordered." in page.text
    assert [row[0] for row in page.rows()] == ["1", "2", "3"]
    assert [row[0] for row in reader.sees("/runs/1?outcome=FULFILLED").rows()] == ["1"]


def test_send_what_is_available_takes_the_agreement_and_names_the_skipped(site: Site) -> None:
    site.shop.gets("MUG", 2)
    site.shop.order("1", MUG=3)
    site.shop.order("2", LID=1)
    reader = site.reader()
    address = "kind=SEND_AVAILABLE&order=default/1&order=default/2"
    asked = reader.sees(f"/runs/new?{address}")
    assert [(row[0], row[1]) for row in asked.rows()] == [("1", "done"), ("2", "skipped")]
    assert site.shop.status("1") == "PARTIALLY_ALLOCATED"
    assert started(reader, address, {}).status == 422
    started(reader, address, AGREED)
    served(site)
    assert [(row[0], row[1]) for row in reader.sees("/runs/1").rows()] == [("1", "done"), ("2", "skipped")]
    assert site.shop.rows("SELECT DISTINCT agreed_by FROM consents") == [("Ada",)]


def test_pressing_start_twice_starts_once(site: Site) -> None:
    site.shop.order("1", MUG=1)
    reader = site.reader()
    for _ in range(2):
        reader.sends("/runs?kind=ALLOCATE&all=1", {"key": "the-same"})
    assert site.shop.value("SELECT count(*) FROM runs") == 1


def test_a_run_is_paused_resumed_and_ended(site: Site) -> None:
    site.shop.order("1", MUG=1)
    reader = site.reader()
    started(reader, "kind=ALLOCATE&all=1", {})
    assert "Resume" in reader.sends("/runs/1/pause").text
    assert "Pause" in reader.sends("/runs/1/resume").text
    assert "ended by hand" in reader.sends("/runs/1/cancel").text
    refused = reader.sends("/runs/1/reset")
    assert refused.status == 409


def test_nothing_is_ticked(site: Site) -> None:
    assert "No order is chosen" in site.reader().sees("/runs/new?kind=ALLOCATE").text
    assert site.reader().sees("/runs/new?kind=NONSENSE").status == 422
    assert "No runs yet" in site.reader().sees("/runs").text


def test_the_unlock_window_divides(site: Site) -> None:
    site.shop.gets("MUG", 1).order("1", MUG=1, LID=1, customer_name="Ada")
    reader = site.reader()
    assert "Unlock 1" in reader.sees("/backorders/unlock/button").text
    assert reader.sees("/backorders/unlock").rows()[0][1:] == [
        "1", "Ada", "partially allocated", "2 Mar 2026", "1", "1 MUG", "1", "1 of 1 LID",
    ]  # fmt: skip
    started(reader, "kind=SPLIT&order=default/1", AGREED)
    served(site)
    assert (site.shop.status("1"), site.shop.status("1-BO1")) == ("ALLOCATED", "BACKORDERED")
    assert "Unlock" not in reader.sees("/backorders/unlock/button").text
    assert "Nothing can be unlocked" in reader.sees("/backorders/unlock").text


def test_clerks_see_no_bulk_menu(site: Site) -> None:
    site.shop.order("1", MUG=1)
    clerk = site.reader(Role.STAFF)
    assert "Fulfill all" not in clerk.sees("/backorders?tab=orders").text
    assert clerk.sees("/runs/new?kind=ALLOCATE&all=1").status == 403


def test_the_network_and_alternatives_are_offered_and_shown_first(site: Site) -> None:
    site.shop.do(add_warehouses, [NewWarehouse("WEST", network_rank=2)])
    site.shop.do(add_locations, [NewLocation("W-01", "WEST", "PICKING")])
    site.shop.do(add_alternatives, [NewAlternative("MUG", "LID", needs_consent=False)])
    site.shop.gets("MUG", 2, bin="W-01", warehouse="WEST").gets("LID", 2)
    site.shop.order("1", warehouse="EAST", MUG=2)
    site.shop.check()
    reader = site.reader()
    page = reader.sees("/orders/1").text
    assert ("Have 2 from WEST" in page, "Send 2 LID instead of 2" in page) == (True, True)
    assert "2 from WEST" in reader.sees("/runs/new?kind=DIVIDE_NETWORK&order=default/1").text
    assert "2 LID for 2 MUG" in reader.sees("/runs/new?kind=APPLY_ALTERNATIVES&order=default/1").text
    started(reader, "kind=APPLY_ALTERNATIVES&order=default/1", {})
    served(site)
    assert (site.shop.status("1"), site.shop.free("LID")) == ("ALLOCATED", 0)

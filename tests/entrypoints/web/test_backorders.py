"""/backorders as a manager reads it, without scripts."""

import csv
import io

from makegood.domain.accounts import Role
from tests.entrypoints.web.site import Site


def test_an_empty_list_says_what_to_do(site: Site) -> None:
    assert "Nothing waits Every order has what it asked for." in site.reader().sees("/backorders").text
    assert "Nothing waits" in site.reader().sees("/backorders?tab=orders").text


def test_what_is_short_by_sku_and_who_waits_for_it(site: Site) -> None:
    site.shop.gets("MUG", 2).gets("MUG", 5, bin="DOCK").order("1001", MUG=6, customer_name="Ada")
    reader = site.reader()
    page = reader.sees("/backorders")
    assert "Orders waiting 1 SKUs short 1 Units short 4 Oldest 0 days" in page.text
    assert page.rows() == [["MUG", "1", "6", "0", "5", "4", "33%", "none", "not known"]]
    assert reader.sees("/backorders/skus/MUG").rows()[0][:2] == ["1001", "Ada"]


def test_a_retry_is_answered_on_the_next_page(site: Site) -> None:
    site.shop.order("1001", MUG=3)
    site.shop.gets("MUG", 2)
    page = site.reader(Role.STAFF).sends("/orders/1001/fulfill")
    assert (
        "Order 1001 is partially allocated: 2 units reserved. 1 unit still short. "
        "MUG: 1 unit is wanted and none is free." in page.text
    )


def test_from_a_list_one_is_led_back_to_it(site: Site) -> None:
    site.shop.order("1001", MUG=3)
    page = site.reader(Role.STAFF).sends("/orders/1001/fulfill", {"back": "/backorders?tab=orders"})
    assert ("<h1>Backorders</h1>" in page.html, "nothing new reserved" in page.text) == (True, True)


def test_a_retry_is_answered_in_place_for_a_script(site: Site) -> None:
    site.shop.order("1001", MUG=3)
    answer = site.reader(Role.STAFF).sends("/orders/1001/fulfill", HX_Request="true")
    assert answer.html == ""
    assert '"kind": "warn"' in answer.headers["hx-trigger"]


def test_what_the_house_refuses_is_told(site: Site) -> None:
    reader = site.reader()
    page = reader.sends("/orders/9/fulfill")
    assert (page.status, "Order not found: 9" in page.text) == (404, True)
    in_place = reader.sends("/orders/9/fulfill", HX_Request="true")
    assert (in_place.status, in_place.headers["hx-reswap"]) == (404, "none")
    assert "Order not found: 9." in in_place.headers["hx-trigger"]


def test_lists_go_on_where_the_page_before_ended(site: Site) -> None:
    for number in range(60):
        site.shop.order(f"N{number:02}", MUG=1)
    page = site.reader().sees("/backorders?tab=orders")
    assert (len(page.rows()), "50 of 60 orders" in page.text) == (50, True)


def test_each_list_is_a_file_of_all_of_it(site: Site) -> None:
    site.shop.order("=1+1", MUG=2, customer_name="Ada, and Ben")
    site.shop.order("1002", LID=1)
    reader = site.reader()
    orders = list(csv.DictReader(io.StringIO(reader.sees("/backorders/orders.csv?sku=mug").html)))
    assert [(row["Order"], row["Customer"], row["Units short"]) for row in orders] == [
        ("'=1+1", "Ada, and Ben", "2")
    ]
    skus = list(csv.DictReader(io.StringIO(reader.sees("/backorders/skus.csv").html)))
    assert [(row["SKU"], row["Short"]) for row in skus] == [("MUG", "2"), ("LID", "1")]

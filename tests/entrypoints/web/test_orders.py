"""One order on its page, and what can be done to it there without scripts."""

import re

import pytest

from makegood.domain.accounts import Role
from makegood.domain.boxes import NewBox
from makegood.domain.catalogue import NewVariant
from makegood.domain.inbound import InboundKind, NewInbound
from makegood.entrypoints.web.drawing import pictures
from makegood.services.add_catalogue import add_variants
from makegood.services.boxes.keep_boxes import add_box
from makegood.services.boxes.show_packages import ShownPackage, ShownPlacement, find_packages
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.set_stock_aside import quarantine_stock
from tests.entrypoints.web.site import Site


def test_an_order_tells_why_it_waits_and_what_happened(site: Site) -> None:
    site.shop.gets("MUG", 1).order("1001", MUG=3, customer_name="Ada")
    page = site.reader().sees("/orders/1001")
    assert "2 units are wanted and none is free." in page.text
    assert "Tried: 1 unit reserved" in page.text
    assert "EAST A-01" in page.text


def test_a_split_takes_the_customers_agreement(site: Site) -> None:
    site.shop.gets("MUG", 1).order("1001", MUG=3)
    reader = site.reader()
    assert "The customer has to agree" in reader.sees("/orders/1001/split").text
    refused = reader.sends("/orders/1001/split", {"mode": "quantities", "agreed_by": " ", "how": "by phone"})
    assert (refused.status, site.shop.status("1001")) == (422, "PARTIALLY_ALLOCATED")
    page = reader.sends("/orders/1001/split", {"mode": "quantities", "agreed_by": "Ada", "how": "by phone"})
    assert "1001 is allocated with 1 unit to go out; 1001-BO1 waits for 2 units." in page.text
    assert "agreed by Ada, by phone" in page.text
    assert site.shop.rows("SELECT agreed_by, agreed_how FROM consents") == [("Ada", "by phone")]
    assert "2 units went back to 1001." in reader.sends("/orders/1001-BO1/merge").text


def test_a_text_is_matched_a_hold_released_an_order_picked_and_shipped(site: Site) -> None:
    site.shop.gets("MUG", 2).order("1001", CUP=2)
    reader = site.reader()
    assert "on hold" in reader.sees("/orders/1001").text
    assert "Line 1 means MUG." in reader.sends("/orders/1001/lines/1/match", {"sku": "MUG"}).text
    site.shop.check()
    reader.sends("/orders/1001/hold", {"because": "asked to wait"})
    assert "asked to wait" in reader.sees("/orders?status=ON_HOLD").text
    reader.sends("/orders/1001/release")
    site.shop.check()
    for step in ("release-to-pick", "picking", "picked", "shipped"):
        reader.sends(f"/orders/1001/steps/{step}")
    assert site.shop.status("1001") == "SHIPPED"


def test_a_cancelled_order_says_so(site: Site) -> None:
    site.shop.order("1001", MUG=2)
    page = site.reader(Role.STAFF).sends("/orders/1001/cancel", {"because": "changed her mind"})
    assert "Order 1001 is cancelled." in page.text


def test_what_was_done_is_on_record(site: Site) -> None:
    site.shop.order("1001", MUG=2)
    site.reader().sends("/orders/1001/fulfill")
    assert site.shop.rows("SELECT act, subject FROM audit_log WHERE act LIKE 'POST%%'") == [
        ("POST /orders/{order:path}/fulfill", "/orders/1001/fulfill")
    ]


def test_a_number_may_hold_a_slash_and_two_merchants_may_have_it(site: Site) -> None:
    site.shop.change("INSERT INTO merchants (code) VALUES ('acme')")
    site.shop.do(add_variants, [NewVariant("CAN", merchant="acme")])
    site.shop.order("SO/1", MUG=1)
    site.shop.order("SO/1", merchant="acme", CAN=1)
    reader = site.reader()
    assert reader.sees("/orders/SO/1").status == 422
    page = reader.sees("/orders/acme/SO/1")
    assert ("<h1>Order SO/1</h1>" in page.html, "CAN" in page.text) == (True, True)
    assert "Order SO/1 is cancelled." in reader.sends("/orders/acme/SO/1/cancel").text
    html = reader.sees("/orders").html
    assert ('href="/orders/acme/SO%2F1"' in html, 'href="/orders/default/SO%2F1"' in html) == (True, True)
    assert "<h1>Order SO/1</h1>" in reader.sees("/orders/default/SO%2F1").html


def test_a_number_may_read_like_an_address(site: Site) -> None:
    site.shop.order("1/split", MUG=1)
    site.shop.order("50%2F", LID=1)
    reader = site.reader()
    assert "<h1>Order 1/split</h1>" in reader.sees("/orders/default/1%2Fsplit").html
    assert "<h1>Order 50%2F</h1>" in reader.sees("/orders/50%252F").html
    assert "Order 1/split is backordered" in reader.sends("/orders/default/1%2Fsplit/fulfill").text


def stuck(site: Site) -> dict[str, str]:
    """Let 1001 wait for what lies on the dock, is locked away, or is kept back; give its backorders by SKU."""
    shop = site.shop.sells("POT")
    shop.gets("MUG", 2, bin="DOCK").gets("LID", 1).gets("POT", 3)
    shop.do(quarantine_stock, "POT", 3, location="A-01")
    shop.do(create_inbound, [NewInbound(InboundKind.PRODUCTION, "P-1", "MUG", 5)])
    shop.order("FIRST", ship_policy="COMPLETE", when_short="reserve", LID=1, MUG=9)
    shop.order("1001", MUG=2, LID=1, POT=1)
    shop.check()
    return dict(
        shop.rows(
            "SELECT l.sku_text, b.number FROM backorders b JOIN order_lines l USING (line_id) "
            "JOIN orders o USING (order_id) WHERE o.number = '1001'"
        )
    )


def test_what_would_help_is_a_button_for_whoever_may_press_it(site: Site) -> None:
    backorders = stuck(site)
    page = site.reader(Role.STAFF).sees("/orders/1001")
    assert "<button>Put 2 away from DOCK into A-01</button>" in page.html
    assert "Reserve units of P-1/1 for it." in page.text, "what one may not do stays a sentence"
    manager = site.reader()
    page = manager.sees("/orders/1001")
    assert f'href="/orders/1001/force?backorder={backorders["LID"]}&amp;quantity=1"' in page.html
    assert "<button>Reserve units of P-1/1 for it</button>" in page.html
    buttons = re.findall(
        r'<form method="post" action="([^"]+)"[^>]*>(?:(?!</form>).)*?<button>([^<]+)<', page.html, flags=re.S
    )
    restore = next(path for path, words in buttons if words.startswith("Release 3 in A-01 from quarantine"))
    page = manager.sends(restore, {"act": "restore", "units": "3", "back": "/orders/1001"})
    assert "<h1>Order 1001</h1>" in page.html
    site.shop.check()
    assert site.shop.has("1001")["POT"] == 1


def test_supply_is_reserved_and_what_is_kept_back_is_forced_with_a_reason(site: Site) -> None:
    backorders, manager = stuck(site), site.reader()
    form = {"backorder": backorders["LID"], "quantity": "1", "because": "she stands at the counter"}
    assert manager.sends("/orders/1001/force", form | {"because": " "}).status == 422
    assert site.reader(Role.STAFF).sends("/orders/1001/force", form).status == 403
    assert "Order 1001 has 1 unit of LID now" in manager.sends("/orders/1001/force", form).text
    assert "forced" in manager.sees("/orders/1001").text
    source = {"backorder": backorders["MUG"], "inbound": "P-1"}
    assert "2 units of MUG come to order 1001 by name." in manager.sends("/orders/1001/source", source).text


def test_what_a_picker_does_not_find_leaves_the_bin_and_the_line_waits_again(site: Site) -> None:
    site.shop.gets("MUG", 3).order("1001", MUG=3)
    clerk = site.reader(Role.STAFF)
    clerk.sends("/orders/1001/steps/release-to-pick")
    assert "1: 3 MUG" in clerk.sees("/orders/1001/short").text
    page = clerk.sends("/orders/1001/short", {"line": "1", "missing": "2"})
    assert "2 units not found." in page.text
    assert site.shop.value("SELECT sum(quantity) FROM inventory_units") == 1


def test_what_others_did_is_told_to_whoever_looks(site: Site) -> None:
    site.shop.order("1001", MUG=2)
    mine, other = site.reader(), site.reader()
    begun = max(row[0] for row in site.shop.rows("SELECT event_id FROM fulfillment_events"))
    other.sends("/orders/1001/hold", {"because": "asked to wait"})
    told = mine.sees(f"/orders/1001/news?after={begun}", HX_Request="true")
    assert "Held (token:t1)." in told.headers["hx-trigger"]
    assert "hx-trigger" not in other.sees(f"/orders/1001/news?after={begun}", HX_Request="true").headers


def test_boxes_are_drawn_to_one_scale_with_what_lies_in_them(site: Site) -> None:
    site.shop.do(add_variants, [NewVariant("BRICK", length_mm=100, width_mm=100, height_mm=100, weight_g=50)])
    site.shop.do(add_box, NewBox("S", 210, 110, 110, 5_000))
    site.shop.gets("BRICK", 4).order("1001", BRICK=4)
    site.shop.do(find_packages, "1001")
    page = site.reader().sees("/orders/1001")
    assert "S 210 × 110 × 110 mm" in page.text
    assert page.html.count("<svg width=") == 2
    assert page.html.count('<polygon class="top"') == 4


def test_a_picture_is_as_large_as_its_box_and_the_farthest_unit_is_drawn_first() -> None:
    near, far = (ShownPlacement(1, sku, x, 0, 0, 10, 10, 5) for sku, x in (("NEAR", 10), ("FAR", 0)))
    lid = ShownPlacement(1, "LID", 0, 0, 5, 20, 10, 5)
    large = ShownPackage(1, "L", 20, 10, 10, 0, [lid, near, far])
    small = ShownPackage(2, "S", 10, 5, 5, 0, [])
    drawn = pictures([large, small])
    assert drawn[0].width == pytest.approx(2 * drawn[1].width, abs=0.2)
    assert drawn[0].height == pytest.approx(2 * drawn[1].height, abs=0.2)
    assert [face.sku for face in drawn[0].faces] == ["FAR"] * 3 + ["NEAR"] * 3 + ["LID"] * 3
    points = [
        float(number) for face in drawn[0].faces for pair in face.points.split() for number in pair.split(",")
    ]
    assert min(points) == pytest.approx(0, abs=0.1)
    assert max(points) == pytest.approx(drawn[0].width, abs=0.1)

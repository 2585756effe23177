"""The floor in a real browser: moves and scans, each counted once, however often and however fast it is sent."""

import pytest
from playwright.sync_api import Page, expect

from makegood.services.receive_stock import open_receiving
from tests.browser import in_a_browser
from tests.entrypoints.web.seat import Seat, marked, never_reloaded

pytestmark = [pytest.mark.slow, in_a_browser]

ENTERED = """
SELECT v.sku FROM stock_session_lines n JOIN stock_sessions s USING (session_id) JOIN variants v USING (variant_id)
WHERE s.reference = %s ORDER BY n.session_line_id
"""


def units(seat: Seat, sku: str, bin: str) -> int:
    return int(
        seat.shop.value(
            "SELECT COALESCE(sum(u.quantity), 0) FROM inventory_units u JOIN locations l USING (location_id) "
            "JOIN variants v USING (variant_id) WHERE v.sku = %s AND l.code = %s", sku, bin
        )
    )  # fmt: skip


def fills_move(page: Page, sku: str) -> None:
    page.get_by_role("textbox", name="From bin").fill("A-01")
    page.get_by_role("textbox", name="Item to move").fill(sku)
    page.get_by_role("textbox", name="To bin").fill("A-02")


def test_going_back_and_sending_again_moves_once(seat: Seat, paper: Page) -> None:
    seat.shop.sells("SPOON").gets("SPOON", 5)
    paper.goto(seat.address + "/inventory?sku=SPOON")
    fills_move(paper, "SPOON")
    paper.get_by_role("button", name="Move").click()
    expect(paper.locator("main")).to_contain_text("1 SPOON from A-01 to A-02.")
    paper.go_back()
    if not paper.get_by_role("textbox", name="To bin").input_value():
        fills_move(paper, "SPOON")
    paper.get_by_role("button", name="Move").click()
    expect(paper.locator("main")).to_contain_text("This was sent before and counts once.")
    assert units(seat, "SPOON", "A-02") == 1


def test_a_double_click_moves_once(seat: Seat) -> None:
    seat.shop.sells("FORK").gets("FORK", 5)
    page = seat.goes("/inventory?sku=FORK")
    fills_move(page, "FORK")
    page.get_by_role("button", name="Move").dblclick()
    expect(page.locator("#toasts")).to_contain_text("1 FORK from A-01 to A-02.")
    expect(page.get_by_role("textbox", name="Item to move")).to_have_value("")
    assert units(seat, "FORK", "A-02") == 1


def test_a_scanner_types_and_presses_enter(seat: Seat) -> None:
    seat.shop.do(open_receiving, "D-9")
    page = marked(seat.goes("/receiving/D-9?location=A-01"))
    for number in (1, 2):
        expect(page.get_by_label("Item", exact=True)).to_be_focused()
        page.keyboard.type("LID")
        page.keyboard.press("Enter")
        expect(page.locator("main tbody tr")).to_have_count(number)
        expect(page.get_by_label("Item", exact=True)).to_have_value("")
        expect(page.get_by_label("Location")).to_have_value("A-01")
    assert never_reloaded(page)


def test_a_scan_finds_its_field_from_its_first_letter_on(seat: Seat) -> None:
    seat.shop.do(open_receiving, "D-12")
    page = seat.goes("/receiving/D-12?location=A-01")
    for number in (1, 2):
        page.evaluate("document.activeElement.blur()")
        page.keyboard.type("LID")
        page.keyboard.press("Enter")
        expect(page.locator("main tbody tr")).to_have_count(number)
    assert [row[0] for row in seat.shop.rows(ENTERED, "D-12")] == ["LID", "LID"]


def test_two_scans_without_a_pause_are_two_scans(seat: Seat) -> None:
    seat.shop.do(open_receiving, "D-10")
    page = marked(seat.goes("/receiving/D-10?location=A-01"))
    expect(page.get_by_label("Item", exact=True)).to_be_focused()
    page.keyboard.type("LID")
    page.keyboard.press("Enter")
    page.keyboard.type("MU")
    with page.expect_response(lambda one: one.request.method == "GET" and "/receiving/D-10" in one.url):
        # The page is shown anew in the middle of a scan.
        page.evaluate("document.body.dispatchEvent(new CustomEvent('books-changed'))")
    page.keyboard.type("G")
    page.keyboard.press("Enter")
    page.keyboard.type("POT")
    page.keyboard.press("Enter")
    expect(page.locator("main tbody tr")).to_have_count(3)
    assert [row[0] for row in seat.shop.rows(ENTERED, "D-10")] == ["LID", "MUG", "POT"]
    expect(page.get_by_label("Item", exact=True)).to_have_value("")
    assert never_reloaded(page)


def test_a_scan_that_is_refused_or_gets_no_answer_comes_back_and_counts_once(seat: Seat) -> None:
    seat.shop.do(open_receiving, "D-11")
    page = seat.goes("/receiving/D-11?location=A-01")
    item = page.get_by_label("Item", exact=True)
    page.keyboard.type("LIDD")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("LIDD")
    expect(item).to_have_value("LIDD")
    # It is marked, so that the next scan takes its place. The answer of that one is lost on the way.
    page.route("**/D-11/lines", lambda route: (route.fetch(), route.abort()))
    page.keyboard.type("LID")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("LID may not be entered.")
    expect(item).to_have_value("LID")
    page.unroute("**/D-11/lines")
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("counts once")
    assert [row[0] for row in seat.shop.rows(ENTERED, "D-11")] == ["LID"]

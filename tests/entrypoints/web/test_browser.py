"""The pages in a real browser: the whole story live, with a keyboard, on every width, and without scripts."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from makegood.entrypoints.beside import running_worker
from makegood.entrypoints.lobby.clock import Clock
from makegood.services.accounts.users import create_user
from makegood.services.receive_stock import open_receiving
from makegood.services.work import now
from makegood.store.database import Database
from tests.browser import AXE, PICTURES, chromium, in_a_browser
from tests.entrypoints.web.addresses import PAGES, furnish
from tests.entrypoints.web.site import Site
from tests.shop import Shop

pytestmark = [pytest.mark.slow, in_a_browser]

PASSWORD = "mugs-and-lids-42"
WIDTHS = (320, 768, 1440)
SOON = 15_000
expect.set_options(timeout=SOON)
ENTERED = """
SELECT v.sku FROM stock_session_lines n JOIN stock_sessions s USING (session_id) JOIN variants v USING (variant_id)
WHERE s.reference = %s ORDER BY n.session_line_id
"""


class Seat(NamedTuple):
    """A place to work at: the shop, its address, a browser, and a page on which a manager is signed in."""

    shop: Shop
    address: str
    browser: Browser
    page: Page

    def goes(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.address + path)
        return self.page

    def signs_in(self, page: Page) -> Page:
        """Sign a manager in on another page."""
        page.goto(self.address + "/login")
        page.get_by_label("Name").fill("ann")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/backorders")
        return page


@pytest.fixture(scope="module")
def seat(module_books: Database) -> Iterator[Seat]:
    """A manager in a shop whose worker is at work."""
    shop = Shop(module_books, clock=now()).sells("MUG", "LID", "POT")
    shop.do(create_user, "ann", password=PASSWORD, role="SUPER_ADMIN")
    with ExitStack() as stack:
        address = stack.enter_context(Site(shop).served())
        stack.enter_context(running_worker(module_books.conninfo, Clock()))
        browser = stack.enter_context(chromium())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(SOON)
        seat = Seat(shop, address, browser, page)
        seat.signs_in(page)
        yield seat


def marked(page: Page) -> Page:
    """Leave a mark that a reload would wipe out."""
    page.evaluate("window.here = true")
    return page


def never_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.here === true"))


def test_the_whole_story_in_one_browser(seat: Seat) -> None:
    page = marked(seat.goes("/backorders?tab=orders"))
    expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    # An order comes in short, and is seen.
    seat.shop.order("1001", customer_name="Ada Okafor", MUG=3, LID=1)
    row = page.get_by_role("row").filter(has_text="Ada Okafor")
    expect(row).to_contain_text("backordered")
    # Stock comes elsewhere; the row follows without a reload.
    seat.shop.gets("MUG", 2)
    expect(row).to_contain_text("partially allocated")
    expect(row).to_contain_text("1 of 3 MUG, 1 of 1 LID")
    # The split says what it does, and takes the customer's agreement.
    row.get_by_role("link", name="Split 1001").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("The customer has to agree")
    dialog.get_by_label("How").select_option("by phone")
    dialog.get_by_role("button", name="Split the order").click()
    expect(page.get_by_role("status").last).to_contain_text("1001-BO1 waits for 2 units")
    expect(dialog).to_be_hidden()
    child = page.get_by_role("row").filter(has_text="1001-BO1")
    expect(child).to_contain_text("1 of 1 MUG, 1 of 1 LID")
    # A delivery resolves it: it goes from the list by itself.
    seat.shop.gets("MUG", 1).gets("LID", 1)
    expect(page.get_by_role("heading", name="Nothing waits")).to_be_visible()
    assert never_reloaded(page)
    assert seat.shop.status("1001-BO1") == "ALLOCATED"


def test_a_batch_runs_with_progress_that_survives_a_reload(seat: Seat) -> None:
    for number in range(40):
        seat.shop.order(f"B{number:02}", customer_name="Batch", POT=1)
    page = seat.goes("/backorders?tab=orders&q=Batch")
    page.get_by_role("link", name="Fulfill all 40").click()
    expect(page.get_by_role("heading", name="Fulfill: 40 orders")).to_be_visible()
    page.get_by_role("button", name="Start with 40 orders").click()
    page.wait_for_url("**/runs/*")
    page.reload()
    progress = page.get_by_role("progressbar", name="Orders tried")
    expect(progress).to_be_visible()
    expect(page.get_by_text("Batch complete: 0 fulfilled, 40 still backordered.")).to_be_visible(timeout=60_000)
    assert progress.evaluate("one => one.value") == 40


def test_ticks_count_and_survive_what_happens_meanwhile(seat: Seat) -> None:
    page = marked(seat.goes("/backorders?tab=orders&q=Batch&sort=newest"))
    page.get_by_label("Tick B07").check()
    page.get_by_label("Tick B08").check()
    expect(page.get_by_role("button", name="Fulfill ticked 2")).to_be_enabled()
    page.get_by_label("Find an order or customer").focus()
    page.mouse.move(2, 2)
    seat.shop.order("B99", customer_name="Batch", POT=1)
    expect(page.get_by_label("Tick B99")).to_be_visible()
    expect(page.get_by_label("Tick B07")).to_be_checked()
    expect(page.get_by_label("Tick B99")).not_to_be_checked()
    expect(page.get_by_label("Find an order or customer")).to_be_focused()
    page.get_by_label("All on this page").check()
    expect(page.get_by_role("button", name="Fulfill ticked 41")).to_be_enabled()
    assert never_reloaded(page)


def test_filters_work_while_one_types_and_stay_in_the_address(seat: Seat) -> None:
    page = marked(seat.goes("/backorders?tab=orders"))
    page.get_by_label("Find an order or customer").press_sequentially("B0", delay=20)
    expect(page.get_by_text("10 of 10 orders")).to_be_visible()
    assert "q=B0" in page.url
    assert never_reloaded(page)
    page.reload()
    expect(page.get_by_text("10 of 10 orders")).to_be_visible()


def test_a_retry_is_answered_in_place(seat: Seat) -> None:
    page = marked(seat.goes("/backorders?tab=orders&q=B00"))
    page.get_by_role("button", name="Fulfill B00").click()
    expect(page.locator("#toasts")).to_contain_text("Order B00 is backordered: nothing new reserved.")
    expect(page.get_by_role("row").filter(has_text="B00")).to_contain_text("0 units reserved, 1 short")
    assert never_reloaded(page)


def test_what_others_do_to_the_order_one_looks_at_is_told(seat: Seat) -> None:
    seat.shop.order("N1", POT=1)
    page = marked(seat.goes("/orders/N1"))
    with seat.browser.new_context() as context:
        other = seat.signs_in(context.new_page())
        other.goto(seat.address + "/orders/N1/hold")
        other.get_by_role("textbox", name="Why").fill("asked to wait")
        other.get_by_role("button", name="Hold the order").click()
        other.get_by_text("Order N1 is on hold").first.wait_for()
    expect(page.get_by_text("On hold since")).to_be_visible()
    assert never_reloaded(page)


def test_the_dialog_says_what_is_wrong_and_stays(seat: Seat) -> None:
    page = seat.goes("/orders/B01")
    page.get_by_role("link", name="Hold …").click()
    page.get_by_role("textbox", name="Why").fill("asked to wait")
    seat.shop.change("UPDATE orders SET status = 'CANCELLED' WHERE number = 'B01'")
    page.get_by_role("button", name="Hold the order").click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("cancelled", ignore_case=True)
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    seat.shop.change("UPDATE orders SET status = 'BACKORDERED' WHERE number = 'B01'")


def test_a_keyboard_is_enough(seat: Seat) -> None:
    page = seat.goes("/backorders?tab=orders&q=B02")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == "Fulfill":
            break
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("Order B02 is backordered")


@pytest.fixture(scope="module")
def names(seat: Seat) -> dict[str, object]:
    """What the addresses of the pages name, in a shop in which there is something to see on each."""
    return furnish(seat.shop)


@pytest.fixture(scope="module")
def looker(seat: Seat) -> Iterator[tuple[Page, list[str]]]:
    """A page that notes whatever the policy refuses, what is missing and what fails."""
    wrong: list[str] = []
    with seat.browser.new_context() as context:
        page = context.new_page()
        page.on("console", lambda one: wrong.append(one.text) if one.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield seat.signs_in(page), wrong


def violations(page: Page, *, only: str = "") -> list[object]:
    """Let axe look at the page as it stands, or look for one thing only."""
    found = page.evaluate("only => axe.run(only ? {runOnly: [only]} : {}).then(found => found.violations)", only)
    return [(one["id"], [node["html"] for node in one["nodes"]]) for one in found]


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(
    seat: Seat, looker: tuple[Page, list[str]], names: dict[str, object], address: str
) -> None:
    """Nothing for axe in light and dark, no width that scrolls sideways, nothing refused or missing."""
    page, wrong = looker
    page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(seat.address + address.format(**names))
    page.evaluate(AXE.read_text())
    found = {"light": violations(page)}
    page.emulate_media(color_scheme="dark")
    found["dark"] = violations(page, only="color-contrast")
    page.emulate_media(color_scheme="light")
    assert (found, too_wide(page, address), wrong) == ({"light": [], "dark": []}, {}, [])
    wrong.clear()


def too_wide(page: Page, address: str) -> dict[int, int]:
    """Take pictures at every width, and say by how much the page is too wide for which."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    name = "".join(letter if letter.isalnum() else "-" for letter in address).strip("-")
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=PICTURES / f"{name}-{width}.png", full_page=True)
        found[width] = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return {width: pixels for width, pixels in found.items() if pixels}


@pytest.fixture(scope="module")
def paper(seat: Seat) -> Iterator[Page]:
    """A page on which no script runs."""
    with seat.browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_default_timeout(SOON)
        yield seat.signs_in(page)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_reads_without_scripts(seat: Seat, paper: Page, names: dict[str, object], address: str) -> None:
    paper.goto(seat.address + address.format(**names))
    expect(paper.get_by_role("heading", level=1)).to_be_visible()
    for form in paper.locator("main form").all():
        assert form.locator("button:visible").count() or form.locator("button").count() == 0


def test_forms_post_without_scripts(seat: Seat, paper: Page) -> None:
    for number in ("PAPER", "PENCIL"):
        seat.shop.order(number, customer_name="Batch", POT=1)
    paper.goto(seat.address + "/backorders?tab=orders&q=PAPER")
    paper.get_by_role("button", name="Fulfill PAPER").click()
    expect(paper.locator("main")).to_contain_text("Order PAPER is backordered: nothing new reserved.")
    paper.get_by_label("Find an order or customer").fill("PENCIL")
    paper.get_by_role("button", name="Show", exact=True).click()
    expect(paper.get_by_role("row").filter(has_text="PENCIL")).to_be_visible()
    paper.get_by_label("Tick PENCIL").check()
    paper.get_by_role("button", name="Fulfill ticked").click()
    paper.get_by_role("button", name="Start with 1 order").click()
    expect(paper.get_by_role("heading", level=1)).to_contain_text("Fulfill, run")


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


def test_the_first_press_changes_the_colours_that_the_system_has(seat: Seat) -> None:
    seat.page.emulate_media(color_scheme="dark")
    page = seat.goes("/orders")
    page.get_by_role("button", name="Light colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.context.clear_cookies(name="theme")
    seat.page.emulate_media(color_scheme="light")


def test_the_clock_of_the_reader_counts(seat: Seat) -> None:
    seat.shop.order("CLOCK", POT=1)
    with seat.browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB") as context:
        page = seat.signs_in(context.new_page())
        page.goto(seat.address + "/orders/CLOCK")
        first = page.locator("time[datetime*='T']").first
        there = seat.shop.clock + timedelta(hours=9)
        expect(first).to_contain_text(f"{there:%H:%M}")
        expect(first).to_have_attribute("title", re.compile("Japan|GMT\\+9"))

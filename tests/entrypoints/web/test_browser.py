"""The pages in a real browser: the whole story live, with a keyboard, on every width, and without scripts."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from makegood.services.cancel_order import cancel_order
from tests.browser import AXE, PICTURES, in_a_browser
from tests.entrypoints.web.addresses import PAGES, furnish
from tests.entrypoints.web.seat import Seat, marked, never_reloaded

pytestmark = [pytest.mark.slow, in_a_browser]

WIDTHS = (320, 768, 1440)


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


def test_what_happens_between_a_page_and_its_listening_is_seen(seat: Seat) -> None:
    with seat.browser.new_context() as context:
        page = seat.signs_in(context.new_page())

        def comes_late(route: Route) -> None:
            answer = route.fetch()
            seat.shop.order("MEANWHILE", customer_name="Bo Lund", MUG=1)
            route.fulfill(response=answer)

        page.route("**/backorders?tab=orders", comes_late, times=1)
        page.goto(seat.address + "/backorders?tab=orders")
        expect(page.get_by_role("row").filter(has_text="Bo Lund")).to_contain_text("backordered")
    seat.shop.do(cancel_order, "MEANWHILE")


def test_a_page_listens_also_when_a_script_of_it_comes_late(seat: Seat) -> None:
    with seat.browser.new_context() as context:
        page = seat.signs_in(context.new_page())

        def comes_late(route: Route) -> None:
            time.sleep(0.5)
            route.continue_()

        page.route("**/hx-sse.min.js*", comes_late)
        with page.expect_request("**/events/stream*"):
            page.goto(seat.address + "/backorders?tab=orders")


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
    expect(page).to_have_url(re.compile("q=B0"))
    assert never_reloaded(page)
    page.reload()
    expect(page.get_by_text("10 of 10 orders")).to_be_visible()


def test_what_was_asked_before_a_filter_does_not_undo_it(seat: Seat) -> None:
    page = marked(seat.goes("/backorders?tab=orders"))
    late: list[Route] = []
    page.route(lambda url: url.endswith("?tab=orders"), lambda route: late.append(route))
    with page.expect_request(lambda one: one.url.endswith("?tab=orders")):
        page.evaluate("document.body.dispatchEvent(new CustomEvent('books-changed'))")
    page.get_by_label("Find an order or customer").fill("B05")
    expect(page.get_by_text("1 of 1 order")).to_be_visible()
    expect(page).to_have_url(re.compile("q=B05"))
    page.get_by_label("Contains this SKU").focus()
    # The list is asked for anew, as it is filtered now.
    with page.expect_response(lambda one: "q=B05" in one.url):
        late[0].continue_()
    expect(page.get_by_text("1 of 1 order")).to_be_visible()
    expect(page.get_by_label("Find an order or customer")).to_have_value("B05")
    assert never_reloaded(page)
    page.unroute_all()


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


def test_a_template_is_tried_in_its_frame_and_keeps_what_was_typed(seat: Seat) -> None:
    page = marked(seat.goes("/settings/mails/ORDER_BACKORDERED"))
    letter = page.frame_locator("iframe.letter")
    expect(letter.get_by_text("Hello Ann,")).to_be_visible()
    page.get_by_label("HTML", exact=True).fill("<p>Dear {{ customer }}, wait.</p>")
    page.get_by_role("button", name="Preview the HTML").click()
    expect(letter.get_by_text("Dear Ann, wait.")).to_be_visible()
    expect(page.get_by_label("HTML", exact=True)).to_have_value("<p>Dear {{ customer }}, wait.</p>")
    assert never_reloaded(page)


def test_the_first_press_changes_the_colours_that_the_system_has(seat: Seat) -> None:
    seat.page.emulate_media(color_scheme="dark")
    page = seat.goes("/orders")
    page.get_by_role("button", name="Light colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.context.clear_cookies(name="theme")
    seat.page.emulate_media(color_scheme="light")


def test_on_paper_a_table_is_a_table_in_black_on_white_without_buttons(seat: Seat) -> None:
    seat.shop.order("PRINTED", POT=1)
    page = seat.goes("/orders/PRINTED")
    page.set_viewport_size({"width": 760, "height": 1000})
    page.emulate_media(media="print", color_scheme="dark")
    head = page.get_by_role("columnheader", name="Ordered")
    expect(head).to_be_visible()
    assert head.evaluate("one => one.offsetWidth") > 20, "the heads of the columns are there to be read"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(26, 34, 48)"
    assert page.locator("main").get_by_role("button").count() == 0
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_the_clock_of_the_reader_counts(seat: Seat) -> None:
    seat.shop.order("CLOCK", POT=1)
    with seat.browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB") as context:
        page = seat.signs_in(context.new_page())
        page.goto(seat.address + "/orders/CLOCK")
        first = page.locator("time[datetime*='T']").first
        there = seat.shop.clock + timedelta(hours=9)
        expect(first).to_contain_text(f"{there:%H:%M}")
        expect(first).to_have_attribute("title", re.compile("Japan|GMT\\+9"))

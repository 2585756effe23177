"""`make pictures`: the demo's books looked at in a browser, for docs/guides/the-pages.md."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Page

from makegood.domain.boxes import NewBox
from makegood.domain.orders import NewLine, NewOrder
from makegood.domain.sessions import ReceivedLine
from makegood.entrypoints.beside import running_worker
from makegood.entrypoints.lobby.clock import Clock
from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.users import create_user
from makegood.services.adjust_stock import adjust_stock
from makegood.services.boxes.keep_boxes import add_box
from makegood.services.boxes.show_packages import find_packages
from makegood.services.demo.live import live
from makegood.services.describe_catalogue import describe_variant
from makegood.services.park_job import note_failure, park_job
from makegood.services.place_order import place_order
from makegood.services.receive_stock import add_received, open_receiving
from makegood.store.demo_books import fresh_books
from makegood.store.embedded import served
from makegood.wiring import Desk, House, open_house
from tests.browser import chromium, missing
from tests.entrypoints.web.site import answering

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PASSWORD = "harbour-tea-42"


class Picture(NamedTuple):
    """A page to be taken: where, how it is called, how wide and high, and what is pressed or scrolled to first."""

    name: str
    path: str
    width: int = 1280
    height: int = 640
    presses: str = ""
    scrolls_to: str = ""
    colours: str = "light"


TAKEN: Sequence[Picture] = (
    Picture("backorders-by-sku", "/backorders"),
    Picture("backorders-orders", "/backorders?tab=orders"),
    Picture("order", "/orders/1005", height=900),
    Picture("split", "/backorders?tab=orders", presses="Split 1003"),
    Picture("unlock", "/backorders/unlock", height=420),
    Picture("boxes", "/orders/1011", height=620, scrolls_to="Boxes"),
    Picture("holds", "/holds", height=420),
    Picture("queue", "/queue", height=660),
    Picture("receiving", "/receiving/PO-88?location=A-01", height=560),
    Picture("inventory", "/inventory?sku=MUG", height=820),
    Picture("settings", "/settings/locations", height=560, presses="Change A-01 in HARBOUR"),
    Picture("scanner", "/receiving/PO-88?location=A-01", width=320, height=640),
    Picture("backorders-dark", "/backorders?tab=orders", colours="dark"),
    Picture("phone", "/backorders?tab=orders", width=360, height=740),
)


def main() -> None:
    """Take every picture anew."""
    if said := missing():
        raise SystemExit(said)
    PICTURES.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        served(Path(folder)) as server,
        fresh_books(server, Path(folder)),
        open_house(database_url=server) as house,
    ):
        _take(house)


def _take(house: House) -> None:
    ends_at = live(house).ends_at
    _go_on(house.at(ends_at, "mara", "manual:mara"))
    house.check_until_quiet(ends_at)
    with (
        running_worker(house.books.conninfo, Clock.started(ends_at)),
        answering(Front(house, clock=lambda: ends_at)) as address,
        chromium() as browser,
    ):
        page = browser.new_page(locale="en-GB", timezone_id="UTC")
        page.goto(address + "/login")
        page.get_by_label("Name").fill("mara")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.goto(address + "/queue")
        # The page is live: the worker appears on it once it has signed on.
        page.get_by_text("No worker is alive").wait_for(state="hidden", timeout=60_000)
        for one in TAKEN:
            _shoot(page, address, one)


def _go_on(desk: Desk) -> None:
    """Let something be there on the pages that the demo leaves empty: a delivery, an order that can be divided."""
    desk(create_user, "mara", password=PASSWORD, role="MANAGER")
    desk(add_box, NewBox("S", 260, 200, 160, 8_000))
    desk(lambda work: describe_variant(work, "KETTLE", length_mm=180, width_mm=150, height_mm=120, weight_g=900))
    desk(lambda work: describe_variant(work, "INFUSER", length_mm=60, width_mm=60, height_mm=70, weight_g=80))
    desk(adjust_stock, "KETTLE", 1, location="A-02", reason="found behind the shelf")
    desk(adjust_stock, "INFUSER", 3, location="A-02", reason="found behind the shelf")
    desk(
        place_order,
        NewOrder(number="1011", customer_name="Priya Nair", lines=[NewLine("KETTLE", 1), NewLine("INFUSER", 2)]),
    )
    desk(
        place_order,
        NewOrder(number="1012", customer_name="Tom Weiss", lines=[NewLine("INFUSER", 1), NewLine("MUG", 2)]),
    )
    desk(find_packages, "1011")
    desk(note_failure, "recommend_boxes", "", ValueError("box M of HARBOUR has no height"))
    desk(park_job, "keep_dates", "HARBOUR", because="it failed 5 times in a row")
    desk(open_receiving, "PO-88")
    scans = [("MUG", 24, 1), ("POT", 6, 0), ("KETTLE", 4, 0)]
    lines = [ReceivedLine(sku, units, "A-01", damaged, key=sku) for sku, units, damaged in scans]
    desk(add_received, "PO-88", lines)


def _shoot(page: Page, address: str, one: Picture) -> None:
    page.set_viewport_size({"width": one.width, "height": one.height})
    page.emulate_media(color_scheme="dark" if one.colours == "dark" else "light")
    page.goto(address + one.path)
    page.wait_for_load_state("load")
    if one.presses:
        page.get_by_label(one.presses).click()
        page.get_by_role("dialog").get_by_role("heading").wait_for()
    if one.scrolls_to:
        page.get_by_role("heading", name=one.scrolls_to).evaluate("one => one.scrollIntoView()")
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"{one.name}.png")


if __name__ == "__main__":
    main()

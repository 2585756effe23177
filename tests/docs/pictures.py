"""`make pictures`: the demo's books looked at in a browser, for docs/guides/the-pages.md."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from playwright.sync_api import Page

from makegood.entrypoints.lobby.front import Front
from makegood.services.accounts.users import create_user
from makegood.services.demo.live import live
from makegood.store.demo_books import fresh_books
from makegood.store.embedded import served
from makegood.wiring import House, open_house
from tests.browser import chromium, missing
from tests.entrypoints.web.site import answering

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
PASSWORD = "harbour-tea-42"


class Picture(NamedTuple):
    """A page to be taken: where, how it is called, how wide and high, and what is pressed first."""

    name: str
    path: str
    width: int = 1280
    height: int = 640
    presses: str = ""
    colours: str = "light"


TAKEN: Sequence[Picture] = (
    Picture("backorders-by-sku", "/backorders"),
    Picture("backorders-orders", "/backorders?tab=orders"),
    Picture("order", "/orders/1005", height=900),
    Picture("split", "/backorders?tab=orders", presses="Split 1003"),
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
    house.at(ends_at, "pictures", "manual:pictures")(create_user, "mara", password=PASSWORD, role="MANAGER")
    with answering(Front(house, clock=lambda: ends_at)) as address, chromium() as browser:
        page = browser.new_page(locale="en-GB", timezone_id="UTC")
        page.goto(address + "/login")
        page.get_by_label("Name").fill("mara")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        for one in TAKEN:
            _shoot(page, address, one)


def _shoot(page: Page, address: str, one: Picture) -> None:
    page.set_viewport_size({"width": one.width, "height": one.height})
    page.emulate_media(color_scheme="dark" if one.colours == "dark" else "light")
    page.goto(address + one.path)
    page.wait_for_load_state("load")
    if one.presses:
        page.get_by_label(one.presses).click()
        page.get_by_role("dialog").get_by_role("heading").wait_for()
    page.wait_for_timeout(300)
    page.screenshot(path=PICTURES / f"{one.name}.png")


if __name__ == "__main__":
    main()

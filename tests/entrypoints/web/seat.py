"""A place to work at in a real browser: a shop whose worker is at work, and a manager who is signed in."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, Page, expect

from makegood.entrypoints.beside import running_worker
from makegood.entrypoints.lobby.clock import Clock
from makegood.services.accounts.users import create_user
from makegood.services.work import now
from makegood.store.database import Database
from tests.browser import chromium
from tests.entrypoints.web.site import Site
from tests.shop import Shop

PASSWORD = "mugs-and-lids-42"
SOON = 15_000
expect.set_options(timeout=SOON)


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


@contextmanager
def seated(books: Database) -> Iterator[Seat]:
    """A manager in a shop whose worker is at work."""
    shop = Shop(books, clock=now()).sells("MUG", "LID", "POT")
    shop.do(create_user, "ann", password=PASSWORD, role="SUPER_ADMIN")
    with ExitStack() as stack:
        address = stack.enter_context(Site(shop).served())
        stack.enter_context(running_worker(books.conninfo, Clock()))
        browser = stack.enter_context(chromium())
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(SOON)
        seat = Seat(shop, address, browser, page)
        seat.signs_in(page)
        yield seat


@contextmanager
def on_paper(seat: Seat) -> Iterator[Page]:
    """A page on which no script runs."""
    with seat.browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.set_default_timeout(SOON)
        yield seat.signs_in(page)


def marked(page: Page) -> Page:
    """Leave a mark that a reload would wipe out."""
    page.evaluate("window.here = true")
    return page


def never_reloaded(page: Page) -> bool:
    return bool(page.evaluate("window.here === true"))

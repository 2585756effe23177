"""The pages over the books of one test, or over books that the tests of one file share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from makegood.store.database import Database
from tests.entrypoints.web.seat import Seat, on_paper, seated
from tests.entrypoints.web.site import Site
from tests.shop import Shop


@pytest.fixture
def site(shop: Shop) -> Site:
    """The pages over a small shop that sells mugs and lids."""
    return Site(shop.sells("MUG", "LID"))


@pytest.fixture(scope="module")
def module_site(module_books: Database) -> Site:
    """The pages over a small shop that the tests of one file share."""
    return Site(Shop(module_books).sells("MUG", "LID"))


@pytest.fixture(scope="module")
def seat(module_books: Database) -> Iterator[Seat]:
    """A manager at a browser, in a shop that the tests of one file share."""
    with seated(module_books) as seat:
        yield seat


@pytest.fixture(scope="module")
def paper(seat: Seat) -> Iterator[Page]:
    """The same manager on a page on which no script runs."""
    with on_paper(seat) as page:
        yield page

"""The pages over the books of one test, or over books that the tests of one file share."""

import pytest

from makegood.store.database import Database
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

"""The API over the books of one test, or over books that the tests of one file share."""

import pytest

from makegood.store.database import Database
from tests.entrypoints.api.visitors import Api
from tests.shop import Shop


@pytest.fixture
def api(shop: Shop) -> Api:
    """The API over a small shop that sells mugs and lids."""
    return Api(shop.sells("MUG", "LID"))


@pytest.fixture(scope="module")
def module_api(module_books: Database) -> Api:
    """The API over a small shop that the tests of one file share."""
    return Api(Shop(module_books).sells("MUG", "LID"))

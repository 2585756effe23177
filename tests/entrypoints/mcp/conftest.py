"""A shop whose orders wait, shared by the tests of one file that only look."""

from collections.abc import Iterator, Sequence

import pytest

from makegood.domain.accounts import Caller, Role
from makegood.entrypoints.mcp.call import Visit
from makegood.entrypoints.mcp.server import make_server
from makegood.jobs.desk import Desk
from makegood.services.show_order import Served, last_attempt, served_since
from makegood.store.database import Database
from tests.shop import Shop

from .agents import Agent, connected


def waiting_shop(books: Database) -> Shop:
    """Order 1001 wants five mugs and has three, 1002 wants three and has none; one lid is free."""
    shop = Shop(books).sells("MUG", "LID").gets("LID", 1)
    shop.order("1001", MUG=5, customer_name="Ann")
    shop.order("1002", MUG=3, customer_name="Bo")
    shop.gets("MUG", 3).check()
    return shop


@pytest.fixture(scope="module")
def module_shop(module_books: Database) -> Shop:
    """The waiting shop, for tests that leave it as it is."""
    return waiting_shop(module_books)


@pytest.fixture
def shop(books: Database) -> Shop:
    """The waiting shop of one test."""
    return waiting_shop(books)


def visit(shop: Shop, role: Role = Role.MANAGER) -> Visit:
    """Let the agent be served at the shop's clock, in this process."""
    desk = Desk(shop.books, shop.clock, "agent", "manual:agent")
    return Visit(Caller("agent", role), desk, lambda: served(shop))


def served(shop: Shop) -> Sequence[Served]:
    """Serve the queues, and say who got something."""
    before = shop.do(last_attempt)
    shop.check()
    return shop.do(served_since, before)


@pytest.fixture(scope="module")
def looker(module_shop: Shop) -> Iterator[Agent]:
    """An agent whose writes are only previewed, in this process."""
    with connected(make_server(lambda: visit(module_shop), apply=False)) as agent:
        yield agent


@pytest.fixture
def doer(shop: Shop) -> Iterator[Agent]:
    """An agent whose writes are done, in this process."""
    with connected(make_server(lambda: visit(shop), apply=True)) as agent:
        yield agent

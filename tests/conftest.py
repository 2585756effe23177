"""What the tests need of the world: PostgreSQL, started by themselves, and a fresh copy of the books for each."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from makegood.jobs import retry
from makegood.store.database import Database
from makegood.store.embedded import served
from tests.clean_books import fresh_books, shelf
from tests.debian import debian_postgres, debian_served
from tests.shop import Shop

ROOT = Path(__file__).parent.parent
# A transaction that ends in another database may keep events back for a moment (`events_are_final_before`): no two
# test processes share a server.
HOME = ROOT / ".makegood" / f"tests-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
SERVERS = ["embedded", *(["debian"] if debian_postgres() else [])]

settings.register_profile("house", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("house")


# `make check` leaves out whole days, other processes, all the routes, a browser and a second server.
SLOW_ROOMS = (
    "benchmarks", "docs", "entrypoints/api", "entrypoints/mcp", "entrypoints/web", "field", "judge", "mails",
    "mishaps", "replay", "store",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whole rooms as slow, and all that is tested again on Debian's server."""
    here = Path(__file__).parent
    rooms = [here / room for room in SLOW_ROOMS]
    for item in items:
        on_debian = getattr(getattr(item, "callspec", None), "params", {}).get("each_server") == "debian"
        if on_debian or any(item.path.is_relative_to(room) for room in rooms):
            item.add_marker(pytest.mark.slow)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly, once, what was left out on this machine."""
    skipped = {str(report.longrepr[2]) for report in terminalreporter.stats.get("skipped", ())}
    said = {reason.removeprefix("Skipped: ") for reason in skipped if "LEFT OUT" in reason}
    if not debian_postgres():
        said.add("LEFT OUT: Debian's PostgreSQL is not installed; only the embedded server is tested")
    for reason in sorted(said):
        terminalreporter.write_line(reason, yellow=True)


@pytest.fixture(scope="session")
def embedded() -> Iterator[str]:
    """One embedded server for all the tests of this process."""
    with served(HOME) as conninfo, shelf(conninfo):
        yield conninfo


@pytest.fixture(scope="session")
def debian() -> Iterator[str]:
    """Debian's PostgreSQL, where it is installed."""
    with debian_served() as conninfo, shelf(conninfo):
        yield conninfo


@pytest.fixture(params=SERVERS)
def each_server(request: pytest.FixtureRequest) -> str:
    """Each server that the product promises to run on, one after the other."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def books(embedded: str) -> Iterator[Database]:
    """Empty books in a database of their own."""
    with fresh_books(embedded) as database:
        yield database


@pytest.fixture(scope="module")
def module_books(embedded: str) -> Iterator[Database]:
    """Empty books that the tests of one file share."""
    with fresh_books(embedded) as database:
        yield database


@pytest.fixture
def books_of_each(each_server: str) -> Iterator[Database]:
    """Empty books, once on each server."""
    with fresh_books(each_server) as database:
        yield database


@pytest.fixture
def shop(books: Database) -> Shop:
    """A small shop with one warehouse, and verbs to live in it."""
    return Shop(books)


@pytest.fixture
def long_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no pause after a failure be over before the test says so, however slow the machine is."""
    monkeypatch.setattr(retry, "SHORTEST_PAUSE", retry.LONGEST_PAUSE)

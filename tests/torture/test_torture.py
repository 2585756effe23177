"""Under load and under kill nothing is lost, done twice or by half; and the accounts notice when something is."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from makegood.services.adjust_stock import adjust_stock
from makegood.services.work import Work
from tests.shop import Shop
from tests.torture.__main__ import torture
from tests.torture.accounts import Traces, unaccounted
from tests.torture.deadlocks import deadlocks
from tests.torture.journal import End, Journal, Request, read_journals


@pytest.mark.slow
def test_nothing_is_lost_under_load_and_under_kill(tmp_path: Path) -> None:
    said, found = torture(tmp_path / "home", seconds=60, seed=3)
    assert found == [], "\n".join(said)


def asked(end: End, name: str = "hand.1", **facts: object) -> Request:
    return Request(name=name, kind="something", facts=facts, end=end, result="not_enough")


@pytest.fixture
def adjusted(shop: Shop) -> Shop:
    """Three units were added by the request hand.1, in a shop with the order A."""
    shop.sells("MUG").order("A", MUG=1)
    shop.books.transaction(
        lambda db: adjust_stock(
            Work(db=db, as_of=shop.clock, actor="hand.1", source="manual"),
            "MUG",
            3,
            location="DOCK",
            reason="found",
        )
    )
    return shop


@pytest.mark.parametrize(
    ("end", "ledger", "right"),
    [
        (End.DONE, [0, 3], True),
        (End.UNKNOWN, [0, 3], True),
        (End.DONE, [0, 6], False),
        (End.UNKNOWN, [0, 6], False),
        (End.REFUSED, [0, 3], False),
        (End.CRASHED, [0, 3], False),
    ],
)
def test_units_that_a_request_moved_are_accounted_for(
    adjusted: Shop, end: End, ledger: list[int], *, right: bool
) -> None:
    found = unaccounted([asked(end, ledger=ledger)], Traces(adjusted.books.conninfo))
    assert (found == []) is right


@pytest.mark.parametrize(
    ("end", "numbers", "right"),
    [
        (End.DONE, {"A": [["MUG", 1]]}, True),
        (End.REFUSED, {"B": [["MUG", 1]]}, True),
        (End.UNKNOWN, {"B": [["MUG", 1]]}, True),
        (End.DONE, {"B": [["MUG", 1]]}, False),
        (End.REFUSED, {"A": [["MUG", 1]]}, False),
        (End.UNKNOWN, {"A": [["MUG", 1]], "B": [["MUG", 1]]}, False),
        (End.DONE, {"A": [["MUG", 1], ["LID", 1]]}, False),
    ],
)
def test_orders_are_there_once_or_not_at_all(
    adjusted: Shop, end: End, numbers: dict[str, object], *, right: bool
) -> None:
    found = unaccounted([asked(end, "hand.2", numbers=numbers)], Traces(adjusted.books.conninfo))
    assert (found == []) is right


@pytest.mark.parametrize(
    ("end", "imported", "right"),
    [
        (End.DONE, {"A": [["MUG", 1]]}, True),
        (End.UNKNOWN, {"A": [["MUG", 1]], "B": [["MUG", 1]]}, True),
        (End.DONE, {"A": [["MUG", 1]], "B": [["MUG", 1]]}, False),
        (End.UNKNOWN, {"A": [["MUG", 1], ["LID", 1]]}, False),
    ],
)
def test_the_rows_of_a_file_are_there_once(
    adjusted: Shop, end: End, imported: dict[str, object], *, right: bool
) -> None:
    found = unaccounted([asked(end, "hand.2", file="a.csv", imported=imported)], Traces(adjusted.books.conninfo))
    assert (found == []) is right


def test_what_was_never_answered_is_unknown(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "hand.journal")
    journal.asks("hand.1", "adjust", {"ledger": [0, 3]})
    journal.asks("hand.2", "adjust", {"ledger": [0, 1]})
    journal.ends("hand.2", End.DONE)
    assert [request.end for request in read_journals(tmp_path)] == [End.UNKNOWN, End.DONE]


def test_a_deadlock_names_who_was_in_it_and_what_they_did(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "2026-03-02 09:00:00.000 UTC [8] LOG:  connection authorized: user=makegood application_name=mover6-1\n"
        "2026-03-02 09:00:00.500 UTC [7] LOG:  connection authorized: user=makegood application_name=worker9-1\n"
        "2026-03-02 09:00:02.000 UTC [7] ERROR:  deadlock detected\n"
        "2026-03-02 09:00:02.000 UTC [7] DETAIL:  Process 7 waits for ShareLock on transaction 12; blocked by "
        "process 8.\n\tProcess 8 waits for ShareLock on transaction 11; blocked by process 7.\n"
        "2026-03-02 09:00:02.000 UTC [7] HINT:  See server log for query details.\n"
    )
    nine = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()
    moves = Request(name="mover6-1.4", kind="move", facts={}, asked_at=nine + 1.5, took=0.7)
    earlier = Request(name="mover6-1.3", kind="location", facts={}, asked_at=nine + 1.0, took=0.2)
    (words,) = deadlocks(log, 0, [earlier, moves])
    assert words.startswith("worker9-1 (no request) and mover6-1 (mover6-1.4 move) at 2026-03-02 09:00:02.000: ")

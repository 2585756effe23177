"""Under load and under kill nothing is lost, done twice or by half; and the accounts notice when something is."""

from pathlib import Path

import pytest

from makegood.services.adjust_stock import adjust_stock
from makegood.services.work import Work
from tests.shop import Shop
from tests.torture.__main__ import torture
from tests.torture.accounts import Traces, unaccounted
from tests.torture.journal import End, Journal, Request, read_journals
from tests.torture.verdict import deadlocks


@pytest.mark.slow
def test_nothing_is_lost_under_load_and_under_kill(tmp_path: Path) -> None:
    said, found = torture(tmp_path / "home", seconds=20, seed=3)
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


def test_the_deadlocks_of_a_second_are_one_tangle_and_a_storm_is_many(tmp_path: Path) -> None:
    log = tmp_path / "log"
    moments = ["02.000", "02.400", "02.900", "03.100", "04.000", "04.200"]
    log.write_text(
        "".join(f"ERROR:  deadlock detected\n2026-03-02 09:00:{moment} UTC [7] DETAIL:  …\n" for moment in moments)
    )
    assert len(deadlocks(log, 0)) == 3

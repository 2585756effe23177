"""Readers of events: each does what follows from an event once, and misses none, whoever is killed in between."""

from collections.abc import Sequence
from threading import Barrier, Thread

import psycopg
import pytest

from makegood.services.follow_events import FollowedEvent
from makegood.services.outbox.read_on import Reader, has_more, read_on, stop_reading
from makegood.services.work import Work
from makegood.store.copies import make_events_own
from tests.shop import Shop


def note(work: Work, events: Sequence[FollowedEvent]) -> None:
    """Write down what was told."""
    work.db.connection.cursor().executemany(
        "INSERT INTO told VALUES (%s, %s)", [(one.event_id, one.order_number) for one in events]
    )


EVERYTHING = Reader("clerk", note)


@pytest.fixture
def told(shop: Shop) -> Shop:
    """A shop with a clerk who notes what is told."""
    shop.sells("MUG").change("CREATE TABLE told (event_id bigint, number text)")
    shop.order("BEFORE", MUG=1)
    shop.do(read_on, EVERYTHING)
    return shop


def noted(shop: Shop) -> list[str]:
    """Name the orders of which something was told, in the order in which it was."""
    return [row[0] for row in shop.rows("SELECT number FROM told ORDER BY ctid")]


def test_a_new_reader_begins_at_the_end(told: Shop) -> None:
    assert told.do(read_on, EVERYTHING) == 0
    assert noted(told) == []
    told.order("A", MUG=1)
    assert told.do(read_on, EVERYTHING) == len(told.events("A"))
    assert set(noted(told)) == {"A"}
    assert not told.do(has_more, EVERYTHING)


def test_what_a_reader_does_is_undone_with_its_step(told: Shop) -> None:
    told.order("A", MUG=1)

    def breaks(work: Work, events: Sequence[FollowedEvent]) -> None:
        note(work, events)
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        told.do(read_on, EVERYTHING._replace(take=breaks))
    assert noted(told) == []
    assert told.do(read_on, EVERYTHING) == 2


def test_only_what_is_meant_is_told_and_the_rest_is_not_read_again(told: Shop) -> None:
    held = EVERYTHING._replace(types=("order:held",))
    told.order("A", MUG=1)
    assert told.do(read_on, held) == 0
    assert not told.do(has_more, held)
    told.order("B", PLUM=1)
    told.order("C", PLUM=1)
    assert told.do(read_on, held, most=1) == 1
    assert told.do(read_on, held, most=1) == 1
    assert noted(told) == ["B", "C"]


def test_what_commits_late_is_told_before_what_came_after_it(told: Shop) -> None:
    with psycopg.connect(told.books.conninfo) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        told.order("FAST", MUG=1)
        assert told.do(read_on, EVERYTHING) == 0
        slow.execute(
            "INSERT INTO fulfillment_events (order_id, type, payload, trigger_sources, actor, occurred_at) "
            "SELECT order_id, 'order:noted', '{}', '{}', 'slow', now() FROM orders WHERE number = 'BEFORE'"
        )
        slow.commit()
    assert told.do(read_on, EVERYTHING) == 3
    assert noted(told)[0] == "BEFORE"


def test_of_many_who_read_at_once_each_event_reaches_one(told: Shop) -> None:
    for number in range(20):
        told.order(f"A{number:02}", MUG=1)
    at_once = Barrier(4)

    def read() -> None:
        at_once.wait()
        while told.do(has_more, EVERYTHING):
            told.do(read_on, EVERYTHING, most=3)

    readers = [Thread(target=read) for _ in range(4)]
    for one in readers:
        one.start()
    for one in readers:
        one.join(60)
    assert told.value("SELECT count(*) = 40 AND count(DISTINCT event_id) = 40 FROM told")
    assert noted(told) == sorted(noted(told))


def test_who_is_at_it_is_not_waited_for(told: Shop) -> None:
    told.order("A", MUG=1)
    with psycopg.connect(told.books.conninfo) as other:
        other.execute("SELECT * FROM event_readers FOR UPDATE")
        assert told.do(read_on, EVERYTHING) == 0
    assert told.do(read_on, EVERYTHING) == 2


def test_a_reader_that_stopped_begins_at_the_end_again(told: Shop) -> None:
    told.order("A", MUG=1)
    told.do(stop_reading, EVERYTHING)
    assert told.do(has_more, EVERYTHING)
    assert told.do(read_on, EVERYTHING) == 0
    assert not told.do(has_more, EVERYTHING)


def test_the_events_of_a_copy_from_another_server_are_told_here(told: Shop) -> None:
    told.order("SEEN", MUG=1)
    told.do(read_on, EVERYTHING)
    told.order("UNSEEN", MUG=1)
    # The other server had counted far more transactions.
    far = "SET transaction_id = (transaction_id::text::bigint + 1000000000000000)::text::xid8"
    told.change(f"UPDATE event_readers {far}")
    told.change("ALTER TABLE fulfillment_events DISABLE TRIGGER USER")
    told.change(f"UPDATE fulfillment_events {far}")
    told.order("HERE", MUG=1)
    assert told.do(read_on, EVERYTHING) == 0, "the count is not so far yet"
    assert make_events_own(told.books.conninfo)
    assert not make_events_own(told.books.conninfo)
    while told.do(read_on, EVERYTHING):
        pass
    assert list(dict.fromkeys(noted(told))) == ["SEEN", "UNSEEN", "HERE"]

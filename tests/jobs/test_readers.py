"""The readers of the list: one that fails keeps no other waiting, and one event keeps none behind it for ever."""

from collections.abc import Sequence

import pytest

from makegood.jobs.readers import READ_EVENTS, Listed, read_events, readers_behind
from makegood.jobs.retry import MOST_TRIES
from makegood.jobs.station import Station
from makegood.services.follow_events import FollowedEvent
from makegood.services.outbox.read_on import Reader
from makegood.services.work import Work
from tests.shop import Shop

pytestmark = pytest.mark.usefixtures("long_pauses")


class Scribe:
    """Keeps in memory what it was told; one that is `ill` can make nothing of order BAD."""

    def __init__(self, *, ill: bool = False) -> None:
        self.told: list[str] = []
        self.ill = ill

    def take(self, work: Work, events: Sequence[FollowedEvent]) -> None:
        numbers = [one.order_number for one in events]
        if self.ill and "BAD" in numbers:
            raise ValueError("of this nothing can be made")
        self.told += numbers


@pytest.fixture
def station(shop: Shop) -> Station:
    return Station(shop.books, clock=lambda: shop.clock)


def listed(name: str, scribe: Scribe, *, wanted: bool = True) -> Listed:
    return Listed(Reader(name, scribe.take, ("order:backordered",)), lambda *_: wanted)


def wait_no_longer(shop: Shop) -> None:
    """Let every pause be over."""
    shop.change("UPDATE parked_jobs SET until = clock_timestamp()")


def test_one_event_that_nobody_can_make_anything_of_is_skipped_after_some_tries(
    shop: Shop, station: Station
) -> None:
    ill, well = Scribe(ill=True), Scribe()
    readers = [listed("ill", ill), listed("well", well)]
    read_events(station, readers)
    shop.sells("MUG")
    for number in ("A", "BAD", "C"):
        shop.order(number, MUG=1)
    read_events(station, readers)
    assert (ill.told, well.told) == (["A"], ["A", "BAD", "C"])
    assert readers_behind(station, readers) == []
    for _ in range(MOST_TRIES - 1):
        wait_no_longer(shop)
        assert readers_behind(station, readers) == ["ill"]
        read_events(station, readers)
        assert ill.told == ["A"]
    wait_no_longer(shop)
    read_events(station, readers)
    read_events(station, readers)
    assert ill.told == ["A", "C"]
    assert shop.rows("SELECT job FROM parked_jobs") == []
    bad = shop.value("SELECT event_id FROM fulfillment_events JOIN orders USING (order_id) "
                     "WHERE number = 'BAD' AND type = 'order:backordered'")  # fmt: skip
    assert shop.rows("SELECT subject FROM job_failures WHERE job = %s ORDER BY 1", READ_EVENTS) == [
        ("ill",),
        (f"ill/{bad}",),
    ]


def test_a_reader_that_is_not_wanted_stays_where_it_is(shop: Shop, station: Station) -> None:
    scribe = Scribe()
    shop.sells("MUG")
    read_events(station, [listed("clerk", scribe)])
    shop.order("A", MUG=1)
    read_events(station, [listed("clerk", scribe, wanted=False)])
    assert (scribe.told, readers_behind(station, [listed("clerk", scribe, wanted=False)])) == ([], [])
    read_events(station, [listed("clerk", scribe)])
    assert scribe.told == ["A"]

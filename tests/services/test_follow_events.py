"""The stream of events: whom it waits for, and whom not."""

import psycopg

from makegood.services.follow_events import follow_events
from tests.shop import Shop


def seen(shop: Shop) -> set[str]:
    with shop.books.snapshot() as db:
        return {event.order_number for event in follow_events(db)}


def test_what_is_under_way_in_these_books_is_waited_for(shop: Shop) -> None:
    shop.sells("MUG")
    with psycopg.connect(shop.books.conninfo) as other:
        other.execute("SELECT pg_current_xact_id()")
        shop.order("A", MUG=1)
        assert seen(shop) == set()
    assert seen(shop) == {"A"}


def test_what_is_under_way_in_another_database_of_the_server_is_not(shop: Shop, embedded: str) -> None:
    shop.sells("MUG")
    with psycopg.connect(embedded) as elsewhere:
        elsewhere.execute("SELECT pg_current_xact_id()")
        shop.order("A", MUG=1)
        assert seen(shop) == {"A"}

"""Column by column: what a hand changes is refused, or found by the doctor, or known to nothing else in the books.

A column counts as guarded when a change of it is found in at least one row of the story, or refused in each.
"""

import re
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from makegood.domain.sessions import ReceivedLine
from makegood.services.doctor import examine
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.receive_stock import open_receiving, receive, reject_receiving
from makegood.store.database import Db
from tests.services.inbound_stories import sources
from tests.shop import Shop
from tests.supply_drifts import a_supply_story

BOOKS = (
    "inventory_units", "stock_movements", "orders", "order_lines", "allocations", "backorders", "inbound_lines",
    "sourcings", "transfer_loads", "stock_sessions", "stock_session_lines", "expected_dates", "fulfillment_events",
)  # fmt: skip

# What nothing else in the books knows: a hand that changes it tells a new fact, which no law contradicts.
STATED_ONCE = {
    "when it was": "allocations.closed_at allocations.reserved_at backorders.opened_at inbound_lines.closed_at "
    "inbound_lines.created_at inventory_units.received_at orders.changed_at orders.held_at sourcings.closed_at "
    "sourcings.sourced_at stock_session_lines.entered_at stock_sessions.closed_at stock_sessions.opened_at",
    "who did it, and why": "allocations.reason inbound_lines.created_by orders.hold_reason sourcings.because "
    "sourcings.sourced_by stock_session_lines.entered_by stock_sessions.closed_by stock_sessions.opened_by "
    "stock_sessions.self_approved",
    "how it came about": "allocations.attempt_id allocations.sourcing_id allocations.turn "
    "order_lines.part_of_line order_lines.root_line_number order_lines.waits_since_turn orders.parent_id "
    "orders.home_warehouse_id stock_sessions.order_id",
    "what the customer said": "order_lines.currency order_lines.line_number order_lines.sku_text "
    "order_lines.unit_price orders.channel orders.customer_class orders.customer_email orders.customer_name "
    "orders.customer_reference orders.number orders.requested_date",
    "what the warehouse or a supplier said": "allocations.expires_at backorders.expected_by_hand "
    "backorders.expected_date backorders.notes backorders.number backorders.promised_date backorders.source "
    "inbound_lines.from_warehouse_id inbound_lines.kind inbound_lines.line_number inbound_lines.notes "
    "inbound_lines.reference orders.keeps_back orders.packed orders.review_after stock_session_lines.line_key",
    "what a caller asked for": "stock_sessions.fingerprint",
    "a picture of the line as it was when its record was closed": "backorders.cancelled backorders.fulfilled "
    "backorders.ordered",
    "what is worked out anew together with `due`, which is shown and compared": "expected_dates.line_due "
    "expected_dates.order_id",
    "where it was opened; its figures name their own bins": "stock_sessions.warehouse_id",
}

COLUMNS = """
    SELECT a.attname, format_type(a.atttypid, NULL), NOT a.attnotnull,
           (SELECT string_agg(pg_get_constraintdef(c.oid), ' ') FROM pg_constraint c
            WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum])
    FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attgenerated = '' AND a.attidentity = ''
"""
NUMBER = ("COALESCE({0}, 0) + 1", "{0} - 1")
OTHERWISE = {
    "integer": NUMBER, "bigint": NUMBER, "numeric": NUMBER, "smallint": ("COALESCE({0}, 0) + 10", "{0} - 10"),
    "boolean": ("NOT {0}",), "date": ("COALESCE({0}, '2026-03-05') + 1", "{0} - 1"),
    "text": ("COALESCE({0}, '') || 'x'",), "text[]": ("{0} || 'x'::text",), "jsonb": ("'{{}}'",),
    "timestamp with time zone": ("COALESCE({0}, '2026-03-05Z') + interval '1 day'", "{0} - interval '1 day'"),
    "xid8": ("'1'",),
}  # fmt: skip


@pytest.fixture
def story(shop: Shop) -> Shop:
    """Supply is due and some has come; orders wait for it, are picked, gone or held; a delivery was rejected."""
    a_supply_story(shop).gets("MUG", 6).check()
    shop.order("E", LID=1)
    shop.sells("TEA")
    tea = ReceivedLine("TEA", 2, "A-01", expires_on=(shop.clock + timedelta(days=9)).date())
    shop.do(receive, "R-9", [ReceivedLine("LID", 6, "A-01", damaged=1), tea])
    shop.do(open_receiving, "R-10")
    shop.do(reject_receiving, "R-10")
    shop.do(open_receiving, "R-11")
    shop.check()
    shop.order("F", LID=1)
    shop.do(release_to_pick, ["E", "F"])
    shop.do(confirm_pick, ["E", "F"])
    shop.do(ship_order, ["F"])
    shop.order("G", LID=9, priority="LOW")
    sources(shop, "G", "T-1", 2)
    shop.order("H", NOSUCH=1)
    shop.order("I", LID=1)
    shop.do(hold_order, "I", because="asked the customer")
    shop.check()
    shop.date()
    return shop


@pytest.mark.slow
def test_what_is_kept_twice_cannot_be_changed_by_hand_unnoticed(story: Shop) -> None:
    with psycopg.connect(story.books.conninfo) as connection:
        assert examine(Db(connection), story.clock).findings == []
        unnoticed = {
            f"{table}.{name}"
            for table in BOOKS
            for name, *about in story.rows(COLUMNS, table)
            if not noticed(story, connection, table, name, *about)
        }
    stated = {column for columns in STATED_ONCE.values() for column in columns.split()}
    assert sorted(unnoticed - stated) == []
    assert sorted(stated - unnoticed) == []


def noticed(
    shop: Shop, connection: psycopg.Connection, table: str, name: str, kind: str, nullable: bool, check: str | None
) -> bool:
    """Tell whether a change of this column is found at least once, or refused each time."""
    ends = set()
    for otherwise in _otherwise(name, kind, nullable, check):
        rows = f"SELECT ctid::text FROM {table} WHERE {name} IS DISTINCT FROM {otherwise} ORDER BY ctid"
        for (row,) in shop.rows(rows):
            ends.add(_end(shop, connection, f"UPDATE {table} SET {name} = {otherwise} WHERE ctid = '{row}'"))
            if "found" in ends:
                return True
    return ends == {"refused"}


def _otherwise(name: str, kind: str, nullable: bool, check: str | None) -> Iterator[str]:
    """Give other values for a column: each word that it may say, or some more and some less; nothing at all."""
    words = re.findall(r"'([A-Z_]+)'::text", check or "")
    yield from (f"'{word}'" for word in words) if words else (one.format(name) for one in OTHERWISE[kind])
    if nullable:
        yield "NULL"


def _end(shop: Shop, connection: psycopg.Connection, by_hand: str) -> str:
    """Say what comes of a change by hand, and take it back."""
    with connection.transaction(force_rollback=True):
        try:
            connection.execute(by_hand.encode())
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except psycopg.IntegrityError:
            return "refused"
        return "found" if examine(Db(connection), shop.clock).findings else "unnoticed"

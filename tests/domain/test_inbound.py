"""The status of an inbound line follows from its units, in Python as in the database."""

from itertools import product

import psycopg
import pytest

from makegood.domain.inbound import InboundFigures, inbound_status
from makegood.store.database import Database
from tests.shop import Shop

ADD = """
INSERT INTO inbound_lines (merchant_id, kind, reference, variant_id, warehouse_id, quantity, received, cancelled,
                           closed_at)
SELECT 1, 'PRODUCTION', %s, variant_id, 1, %s, %s, %s, CASE WHEN %s THEN now() END FROM variants
"""


@pytest.fixture
def counted(books_of_each: Database) -> list[InboundFigures]:
    """Inbound lines of three units, in every state of receiving and cancelling."""
    shop = Shop(books_of_each).sells("MUG")
    lines = [InboundFigures(3, received, cancelled) for received, cancelled in product(range(5), range(4))]
    for place, one in enumerate(lines):
        shop.change(ADD, f"P-{place}", *one[:3], one.outstanding == 0)
    return lines


def test_the_books_and_the_rule_say_the_same(counted: list[InboundFigures], books_of_each: Database) -> None:
    with psycopg.connect(books_of_each.conninfo) as connection:
        rows = connection.execute(
            "SELECT quantity, received, cancelled, outstanding, status FROM inbound_lines ORDER BY inbound_line_id"
        ).fetchall()
    assert rows == [(*one[:3], one.outstanding, inbound_status(one)) for one in counted]

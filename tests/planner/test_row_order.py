"""Sorting packed rows is sorting rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from makegood.planner.row_order import row_order

# Two columns of the widest kind cannot be packed together, so that ties are settled in several stages.
VALUES = st.sampled_from([0, 1, 2, 3, 5, 2**20, 2**40 + 1, 2**61, 2**61 + 1, 2**61 + 2, 2**62 - 1]) | st.integers(
    -(2**30), 2**30
)


@given(st.lists(st.tuples(VALUES, VALUES, VALUES, VALUES), min_size=1, max_size=40))
def test_rows_come_in_the_order_of_their_columns(rows: list[tuple[int, ...]]) -> None:
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    expected = sorted(range(len(rows)), key=lambda place: rows[place])
    assert row_order(columns).tolist() == expected


def test_no_rows_have_an_order_too() -> None:
    assert row_order([np.zeros(0, dtype=np.int64)]).tolist() == []

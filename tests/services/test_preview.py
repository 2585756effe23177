"""A preview computes for real and leaves no trace."""

import pytest

from makegood.domain.errors import WrongState
from makegood.services.cancel_order import cancel_order
from makegood.services.preview import done_or_previewed, previewed
from makegood.services.work import Work
from tests.shop import Shop

COUNTS = (
    "SELECT (SELECT count(*) FROM marks), (SELECT count(*) FROM fulfillment_events), "
    "(SELECT max(xmin::text::bigint) FROM orders)"
)


@pytest.fixture
def placed(shop: Shop) -> Shop:
    """One order that has all it wants."""
    shop.sells("MUG").gets("MUG", 3).check()
    shop.order("A", MUG=3)
    shop.check()
    return shop


def test_what_is_previewed_leaves_no_trace(placed: Shop) -> None:
    before = placed.rows(COUNTS)
    assert placed.do(previewed, cancel_order, "A").after.status == "CANCELLED"
    assert placed.rows(COUNTS) == before
    assert (placed.status("A"), placed.free("MUG")) == ("ALLOCATED", 0)


def test_a_preview_wakes_nobody_and_the_transaction_goes_on(placed: Shop) -> None:
    def look_then_cancel(work: Work) -> tuple[bool, str]:
        previewed(work, cancel_order, "A")
        woken = work.marked
        return woken, cancel_order(work, "A").after.status

    assert placed.do(look_then_cancel) == (False, "CANCELLED")
    assert placed.free("MUG") == 3


def test_what_would_be_refused_is_refused_in_a_preview(placed: Shop) -> None:
    placed.do(done_or_previewed, False, cancel_order, "A")
    with pytest.raises(WrongState):
        placed.do(done_or_previewed, True, cancel_order, "A")

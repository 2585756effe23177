"""Units move between bins: reservations stay with their lines, and who waits gets what comes into reach."""

from datetime import date, timedelta

import pytest

from makegood.domain.errors import Ambiguous, InvalidValue, LocationNotFound, NotEnough, VariantNotFound
from makegood.domain.orders import NewLine
from makegood.services.move_stock import Move, move_all, move_stock
from makegood.store.database import Database
from tests.services.stock_stories import add_bin, books_balance, holders, lies, marks
from tests.shop import MONDAY, Shop


def test_putaway_from_the_dock_serves_who_waits(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=5)
    shop.gets("MUG", 8, bin="DOCK").check()
    assert shop.status("A") == "BACKORDERED"
    moved = shop.do(move_stock, "MUG", 6, from_location="DOCK", to_location="A-01")
    assert (moved.units, moved.along, moved.lost) == (6, 0, [])
    shop.check()
    assert (shop.has("A"), shop.free("MUG")) == ({"MUG": 5}, 1)
    trigger = shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1")
    assert trigger == [moved.source]
    assert moved.source.startswith("move:")


def test_a_move_between_bins_keeps_reservations_with_their_lines(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5).gets("MUG", 4, bin="A-02").check()
    shop.order("A", MUG=5)
    shop.order("B", MUG=4)
    assert holders(shop) == {("A", "A-01"): 5, ("B", "A-02"): 4}
    moved = shop.do(move_stock, "MUG", 5, from_location="A-01", to_location="A-02")
    assert (moved.along, moved.lost, marks(shop)) == (5, [], [])
    assert holders(shop) == {("A", "A-02"): 5, ("B", "A-02"): 4}
    assert "allocation:moved" in shop.events("A")
    assert "allocation:moved" not in shop.events("B")
    assert lies(shop, "MUG") == {("A-02", "AVAILABLE"): (9, 9)}
    books_balance(shop)


def test_free_units_move_first_and_a_reservation_is_split_where_it_must_be(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10).check()
    shop.order("A", MUG=4)
    shop.order("B", MUG=4)
    shop.do(move_stock, "MUG", 2, from_location="A-01", to_location="A-02")
    assert holders(shop) == {("A", "A-01"): 4, ("B", "A-01"): 4}
    shop.do(move_stock, "MUG", 5, from_location="A-01", to_location="A-02")
    assert holders(shop) == {("A", "A-02"): 4, ("B", "A-02"): 1, ("B", "A-01"): 3}
    assert (shop.status("A"), shop.status("B")) == ("ALLOCATED", "ALLOCATED")
    books_balance(shop)


def test_a_split_reservation_stays_what_it_was(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).check()
    shop.order("A", MUG=4)
    shop.change("UPDATE allocations SET state = 'CONFIRMED', forced = true, reason = 'the boss'")
    shop.do(move_stock, "MUG", 1, from_location="A-01", to_location="A-02")
    rows = shop.rows("SELECT quantity, state, forced, reason, turn > 0, reserved_at FROM allocations ORDER BY 1")
    assert [row[:5] for row in rows] == [(n, "CONFIRMED", True, "the boss", True) for n in (1, 3)]
    assert rows[0][5] == rows[1][5]


def test_a_move_out_of_reach_frees_what_no_longer_fits_worst_rank_first(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 10).check()
    shop.order("OLD", placed=MONDAY - timedelta(days=2), MUG=4)
    shop.order("NEW", MUG=4)
    moved = shop.do(move_stock, "MUG", 4, from_location="A-01", to_location="DOCK")
    assert [made.order.number for made in moved.lost] == ["NEW"]
    shop.check()
    assert (shop.has("OLD"), shop.has("NEW")) == ({"MUG": 4}, {"MUG": 2})
    assert shop.status("NEW") == "PARTIALLY_ALLOCATED"
    assert {"stock:shrunk", "allocation:released"} <= set(shop.events("NEW"))
    books_balance(shop)


def test_what_is_freed_by_a_move_finds_free_units_elsewhere(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 4).gets("MUG", 4, bin="A-02").check()
    shop.order("A", MUG=4)
    shop.do(move_stock, "MUG", 4, from_location="A-01", to_location="DOCK")
    shop.check()
    assert holders(shop) == {("A", "A-02"): 4}
    assert shop.status("A") == "ALLOCATED"


def test_a_move_out_of_nobodys_reach_tells_nobody(shop: Shop) -> None:
    add_bin(shop, "YARD", is_pickable=False)
    shop.sells("MUG").order("A", MUG=1)
    shop.gets("MUG", 3, bin="DOCK").check()
    shop.do(move_stock, "MUG", 3, from_location="DOCK", to_location="YARD")
    assert (marks(shop), lies(shop, "MUG")) == ([], {("YARD", "AVAILABLE"): (3, 0)})


def test_the_age_of_units_goes_along(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3, bin="DOCK").later(days=5).gets("MUG", 3, bin="A-01")
    shop.do(move_stock, "MUG", 3, from_location="DOCK", to_location="A-02")
    shop.check()
    shop.order("A", MUG=3)
    assert holders(shop) == {("A", "A-02"): 3}


def test_a_lot_keeps_its_name_and_date_and_must_be_named_where_several_lie(shop: Shop) -> None:
    shop.sells("MILK").gets("MILK", 3, bin="DOCK", lot="L1", expires_on=date(2026, 5, 1))
    shop.do(move_stock, "MILK", 1, from_location="DOCK", to_location="A-01")
    shop.gets("MILK", 3, bin="DOCK", lot="L2", expires_on=date(2026, 6, 1))
    with pytest.raises(Ambiguous, match="lot L1, expires 2026-05-01, lot L2"):
        shop.do(move_stock, "MILK", 1, from_location="DOCK", to_location="A-01")
    shop.do(move_stock, "MILK", 1, from_location="DOCK", to_location="A-01", lot="L2")
    lots = shop.rows("SELECT lot, expires_on, quantity FROM inventory_units WHERE location_id = 1 ORDER BY 1")
    assert lots == [("L1", date(2026, 5, 1), 1), ("L2", date(2026, 6, 1), 1)]


def test_more_than_is_there_is_refused_with_the_facts(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3)
    with pytest.raises(NotEnough) as refused:
        shop.do(move_stock, "MUG", 4, from_location="A-01", to_location="A-02")
    assert refused.value.facts == {"sku": "MUG", "wanted": 4, "free": 3}
    with pytest.raises(NotEnough):
        shop.do(move_stock, "MUG", 1, from_location="A-02", to_location="A-01")
    assert lies(shop, "MUG") == {("A-01", "AVAILABLE"): (3, 0)}


def test_names_that_do_not_exist_are_named(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3)
    with pytest.raises(VariantNotFound, match="CUP"):
        shop.do(move_stock, "CUP", 1, from_location="A-01", to_location="A-02")
    with pytest.raises(LocationNotFound, match="Z-99 in EAST"):
        shop.do(move_stock, "MUG", 1, from_location="A-01", to_location="Z-99")
    with pytest.raises(InvalidValue, match="another location"):
        shop.do(move_stock, "MUG", 1, from_location="A-01", to_location="A-01")
    with pytest.raises(InvalidValue, match="units"):
        shop.do(move_stock, "MUG", 0, from_location="A-01", to_location="A-02")


def test_many_moves_are_one_change(books_of_each: Database) -> None:
    shop = Shop(books_of_each)
    skus = [f"S{number}" for number in range(30)]
    shop.sells(*skus)
    for sku in skus:
        shop.gets(sku, 4, bin="DOCK")
    shop.order("A", lines=[NewLine(sku, 3) for sku in skus])
    shop.do(move_all, [Move(sku, 2, "DOCK", bin) for sku in skus for bin in ("A-01", "A-02")])
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    shop.do(move_all, [Move(sku, 2, "A-01", "A-02") for sku in skus])
    assert set(shop.rows("SELECT quantity, reserved FROM inventory_units WHERE location_id = 2")) == {(4, 3)}
    books_balance(shop)

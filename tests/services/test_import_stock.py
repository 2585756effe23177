"""Stock from a file: it says what is on hand, and the books say the same afterwards."""

import threading
from datetime import date
from typing import Any

from makegood.domain.catalogue import NewVariant
from makegood.domain.orders import NewLine
from makegood.services.add_catalogue import add_variants
from makegood.services.work import Work
from makegood.store.database import Db
from tests.services.importing import counts, said, take
from tests.shop import Shop

HEAD = "sku,warehouse,location,quantity"


def on_hand(shop: Shop) -> list[tuple[Any, ...]]:
    return shop.rows(
        "SELECT sku, code, status, lot, expires_on, quantity FROM inventory_units "
        "JOIN variants USING (variant_id) JOIN locations USING (location_id) ORDER BY 1, 2, 3, 4"
    )


def test_the_difference_is_posted_up_and_down(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 4).gets("LID", 9).gets("LID", 1, bin="A-02")
    made = take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,7\nlid,EAST,A-01,2\nLID,EAST,A-02,1\n")
    assert counts(made) == (2, 1, 0)
    assert [row[-1] for row in on_hand(shop)] == [2, 1, 7]
    ledger = shop.rows("SELECT delta FROM stock_movements WHERE reason = 'stock was stated' ORDER BY 1")
    assert ledger == [(-7,), (3,)]
    assert counts(take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,7\nlid,EAST,A-01,2\n")) == (0, 2, 0)


def test_more_goes_to_whoever_waits_and_less_is_taken_from_the_worst_rank(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("FIRST", MUG=3)
    shop.later(hours=1).order("SECOND", MUG=3)
    take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,6\n")
    shop.check()
    assert (shop.status("FIRST"), shop.status("SECOND")) == ("ALLOCATED", "ALLOCATED")
    take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,4\n")
    shop.check()
    assert (shop.has("FIRST"), shop.has("SECOND")) == ({"MUG": 3}, {"MUG": 1})


def test_lots_and_statuses_are_places_of_their_own(shop: Shop) -> None:
    shop.sells("MILK")
    text = f"{HEAD},status,lot,expires_on\nMILK,EAST,A-01,5,,L1,2026-12-31\nMILK,EAST,A-01,2,damaged,L1,\n"
    assert counts(take(shop, "stock", text)) == (2, 0, 0)
    day = date(2026, 12, 31)
    assert [row[2:] for row in on_hand(shop)] == [("AVAILABLE", "L1", day, 5), ("DAMAGED", "L1", None, 2)]


def test_a_tracked_variant_needs_its_lot(shop: Shop) -> None:
    shop.sells("MILK", lot_tracked=True, expiry_tracked=True)
    made = take(shop, "stock", f"{HEAD}\nMILK,EAST,A-01,5\n")
    assert said(made) == [
        (2, "lot", "MILK is tracked by lot"),
        (2, "expires_on", "MILK is tracked by expiry date"),
    ]


def test_a_place_is_stated_once_whatever_it_is_called(shop: Shop) -> None:
    shop.do(add_variants, [NewVariant("MUG", aliases=["CUP"])])
    made = take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,5\nCUP,EAST,A-01,3\nMUG,EAST,A-01,5\n")
    assert counts(made) == (1, 0, 2)
    assert sorted(said(made)) == [
        (3, "sku", "the stock of A-01 was stated before"),
        (4, "sku", "the place was in the file before"),
    ]


def test_a_place_that_came_in_an_earlier_batch_is_stated_once(shop: Shop) -> None:
    shop.do(add_variants, [NewVariant("MUG", aliases=["CUP"]), *(NewVariant(f"S{n}") for n in range(1000))])
    filler = "".join(f"S{number},EAST,A-01,1\n" for number in range(1000))
    made = take(shop, "stock", f"{HEAD}\nMUG,EAST,A-01,5\n{filler}CUP,EAST,A-01,3\n")
    assert counts(made) == (1001, 0, 1)


def test_unknown_names_are_bad_rows_or_created(shop: Shop) -> None:
    text = f"{HEAD}\nJUG,EAST,A-01,5\nMUG,EAST,B-07,5\nMUG,NORTH,A-01,5\n"
    shop.sells("MUG")
    assert [field for _, field, _ in said(take(shop, "stock", text))] == ["sku", "location", "warehouse"]
    assert counts(take(shop, "stock", text, create=True)) == (3, 0, 0)


def test_two_importers_of_the_same_file_at_once_post_it_once(shop: Shop) -> None:
    shop.sells(*(f"S{number}" for number in range(300)))
    text = HEAD + "".join(f"\nS{number},EAST,A-01,7" for number in range(300))
    importers = [threading.Thread(target=take, args=(shop, "stock", text)) for _ in "abc"]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()
    assert shop.rows("SELECT DISTINCT quantity FROM inventory_units") == [(7,)]
    assert shop.value("SELECT sum(delta) FROM stock_movements") == 2100


def test_statements_do_not_grow_with_the_orders_that_lose_units(shop: Shop) -> None:
    few = statements_to_shrink(shop, "FEW", 3)
    assert statements_to_shrink(shop, "MANY", 60) == few


def statements_to_shrink(shop: Shop, sku: str, orders: int) -> int:
    """Count the statements of taking everything from so many orders."""
    shop.sells(sku).gets(sku, orders).check()
    for number in range(orders):
        shop.order(f"{sku}{number}", lines=[NewLine(sku, 1)])
    counted: list[int] = []

    def desk(use_case: Any, *args: Any) -> Any:
        def work(db: Db) -> Any:
            done = use_case(Work(db=db, as_of=shop.clock, actor="ann", source="import:x"), *args)
            counted.append(db.statements)
            return done

        return shop.books.transaction(work)

    assert counts(take(shop, "stock", f"{HEAD}\n{sku},EAST,A-01,0\n", desk=desk)) == (1, 0, 0)
    assert shop.rows("SELECT DISTINCT status FROM orders WHERE number LIKE %s", f"{sku}%") == [("BACKORDERED",)]
    return sum(counted)

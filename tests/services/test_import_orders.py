"""Orders from a file: what is one order, what is refused, and that the same file changes nothing."""

import threading
from typing import Any

from makegood.domain.catalogue import NewWarehouse
from makegood.domain.errors import InvalidValue
from makegood.services.add_catalogue import add_warehouses
from makegood.services.work import Work
from makegood.store.database import Db
from tests.services.importing import counts, said, take
from tests.shop import Shop

HEAD = "number,sku,quantity"


def test_rows_of_one_number_are_one_order(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 9).check()
    made = take(shop, "orders", f"{HEAD},customer_name\nA,MUG,2,Ada\nA,lid ,1,\nB,MUG,3,Bob\n")
    assert (counts(made), made.things) == ((3, 0, 0), 2)
    assert (shop.status("A"), shop.status("B")) == ("PARTIALLY_ALLOCATED", "ALLOCATED")
    assert shop.rows("SELECT number, customer_name FROM orders ORDER BY 1") == [("A", "Ada"), ("B", "Bob")]


def test_one_bad_row_refuses_its_order_and_no_other(shop: Shop) -> None:
    shop.sells("MUG")
    made = take(shop, "orders", f"{HEAD}\nA,MUG,2\nA,MUG,none\nB,MUG,3\nC,JUG,1\n")
    assert counts(made) == (1, 0, 3)
    assert shop.rows("SELECT number FROM orders") == [("B",)]
    assert [(line, field) for line, field, _ in said(made)] == [(3, "quantity"), (5, "sku")]


def test_a_number_that_comes_back_later_is_told(shop: Shop) -> None:
    shop.sells("MUG")
    made = take(shop, "orders", f"{HEAD}\nA,MUG,2\nB,MUG,3\nA,MUG,1\n")
    assert counts(made) == (2, 0, 1)
    assert said(made) == [(4, "number", "the order was in the file before")]
    assert made.problems[0].remedy == "Sort the file by number"


def test_an_order_that_exists_otherwise_is_refused_with_the_difference(shop: Shop) -> None:
    shop.sells("MUG")
    take(shop, "orders", f"{HEAD},priority\nA,MUG,2,RUSH\nB,MUG,1,\nC,MUG,1,\n")
    again = take(shop, "orders", f"{HEAD},priority\nA,mug,3,HIGH\nB,MUG,1,\nB,MUG,1,\nC,MUG,1,NORMAL\n")
    assert counts(again) == (0, 1, 3)
    assert said(again) == [
        (2, "quantity", "order A exists already, with quantity 2"),
        (3, "number", "order B exists already, with 1 lines instead of 2"),
    ]


def test_rows_that_disagree_about_their_order_are_refused(shop: Shop) -> None:
    shop.sells("MUG")
    made = take(shop, "orders", f"{HEAD},channel\nA,MUG,2,web\nA,MUG,1,\nA,MUG,1,shop\n")
    assert said(made) == [(4, "channel", "the order's rows disagree: one before says web")]


def test_unknown_names_are_created_on_request(shop: Shop) -> None:
    text = f"{HEAD},merchant,warehouse\nA,JUG,2,acme,NORTH\n"
    assert counts(take(shop, "orders", text)) == (0, 0, 1)
    assert counts(take(shop, "orders", text, create=True)) == (1, 0, 0)
    assert shop.status("A") == "BACKORDERED"


def test_unmatched_lines_are_kept_on_request(shop: Shop) -> None:
    shop.sells("MUG")
    assert counts(take(shop, "orders", f"{HEAD}\nA,MUG,2\nA,JUG,1\n", keep_unmatched=True)) == (2, 0, 0)
    assert shop.status("A") == "ON_HOLD"


def test_orders_of_several_warehouses_go_each_to_theirs(shop: Shop) -> None:
    shop.sells("MUG").do(add_warehouses, [NewWarehouse("WEST")])
    made = take(shop, "orders", f"{HEAD},warehouse\nA,MUG,1,WEST\nB,MUG,1,EAST\nC,MUG,1,\nD,MUG,1,NORTH\n")
    assert counts(made) == (3, 0, 1)
    rows = shop.rows("SELECT number, code FROM orders JOIN warehouses USING (warehouse_id) ORDER BY 1")
    assert rows == [("A", "WEST"), ("B", "EAST"), ("C", "EAST")]


def test_a_row_that_cannot_be_read_amid_an_order_refuses_the_order(shop: Shop) -> None:
    shop.sells("MUG")
    lines = '{"number": "A", "sku": "MUG", "quantity": 1}', '{"number": "B", "sku": "MUG", "quantity": 1}'
    broken = '{"number": "A", "sku'
    made = take(shop, "orders", "\n".join([lines[0], broken, lines[0], lines[1], broken]))
    assert counts(made) == (1, 0, 4)
    assert shop.rows("SELECT number FROM orders") == [("B",)]


def test_one_order_that_the_books_refuse_does_not_stop_the_others(shop: Shop) -> None:
    shop.sells("MUG")

    def desk(use_case: Any, orders: Any, *more: Any) -> Any:
        if any(order.first.number == "P7" for order in orders):
            raise InvalidValue("number", "P7", "an order for this test")
        return shop.do(use_case, orders, *more)

    text = HEAD + "".join(f"\nP{number},MUG,1" for number in range(20))
    made = take(shop, "orders", text, desk=desk)
    assert counts(made) == (19, 0, 1)
    assert made.problems[0].line == 9


def test_a_dry_run_finds_what_an_import_would_find(shop: Shop) -> None:
    shop.sells("MUG")
    text = f"{HEAD}\nA,MUG,1\nB,JUG,1\nA,MUG,1\n"
    assert counts(take(shop, "orders", text, dry_run=True)) == (1, 0, 2)
    assert shop.value("SELECT count(*) FROM orders") == 0
    assert counts(take(shop, "orders", text)) == (1, 0, 2)


def test_statements_do_not_grow_with_the_orders(shop: Shop) -> None:
    shop.sells(*(f"S{number}" for number in range(50)))
    few = statements_of(shop, "F", 10)
    assert statements_of(shop, "M", 500) <= few + 2


def statements_of(shop: Shop, prefix: str, orders: int) -> int:
    """Count the statements of one import of so many orders of two lines."""
    counted: list[int] = []

    def desk(use_case: Any, *args: Any) -> Any:
        def work(db: Db) -> Any:
            done = use_case(Work(db=db, as_of=shop.clock, actor="ann", source="import:x"), *args)
            counted.append(db.statements)
            return done

        return shop.books.transaction(work)

    rows = (f"\n{prefix}{number},S{(number + line) % 50},1" for number in range(orders) for line in range(2))
    assert counts(take(shop, "orders", HEAD + "".join(rows), desk=desk)) == (2 * orders, 0, 0)
    return sum(counted)


def test_two_importers_of_the_same_file_at_once_place_each_order_once(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 300).check()
    text = HEAD + "".join(f"\nO{number},{sku},1" for number in range(1500) for sku in ("MUG", "LID"))
    made: list[tuple[int, int, int]] = []
    importers = [threading.Thread(target=lambda: made.append(counts(take(shop, "orders", text)))) for _ in "ab"]
    for importer in importers:
        importer.start()
    for importer in importers:
        importer.join()
    assert shop.value("SELECT count(*) FROM orders") == 1500
    assert sum(landed for landed, _, _ in made) == 3000
    assert all(bad == 0 for _, _, bad in made)
    assert shop.free("MUG") == 0

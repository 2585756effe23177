"""Variants and locations from files: added or brought up to date, and queues feel what becomes usable."""

from datetime import timedelta

from tests.services.importing import counts, said, take
from tests.shop import MONDAY, Shop


def test_what_a_variants_row_leaves_empty_stays(shop: Shop) -> None:
    take(shop, "variants", "sku,name,weight_g,lot_tracked\nMUG,Mug,300,yes\n")
    assert counts(take(shop, "variants", "sku,name,weight_g\nmug,,320\n")) == (1, 0, 0)
    assert shop.rows("SELECT sku, name, weight_g, lot_tracked FROM variants") == [("MUG", "Mug", 320, True)]
    assert counts(take(shop, "variants", "sku,name\nMUG,Mug\n")) == (0, 1, 0)


def test_an_alias_stands_for_one_variant(shop: Shop) -> None:
    shop.sells("MUG", aliases=["CUP"])
    made = take(shop, "variants", "sku,aliases,barcodes\nJUG,cup,\nPOT,,111\nPAN,,111\nMUG,CUP|MG,\n")
    assert counts(made) == (2, 0, 2)
    assert said(made) == [
        (2, "aliases", "it stands for MUG already"),
        (4, "barcodes", "it stands for pot already"),
    ]
    assert shop.variant("MG") == shop.variant("MUG")


def test_a_sku_in_two_spellings_is_one_variant(shop: Shop) -> None:
    made = take(shop, "variants", "sku,name\nMUG,Mug\nmug,Cup\n")
    assert (counts(made), shop.value("SELECT name FROM variants")) == ((1, 0, 1), "Mug")


def test_a_shorter_shelf_life_serves_whoever_waits_and_a_longer_one_takes_back(shop: Shop) -> None:
    shop.sells("MILK", min_shelf_life_days=30)
    shop.gets("MILK", 5, expires_on=(MONDAY + timedelta(days=10)).date())
    shop.order("A", MILK=5)
    assert shop.status("A") == "BACKORDERED"
    take(shop, "variants", "sku,min_shelf_life_days\nMILK,3\n")
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    take(shop, "variants", "sku,min_shelf_life_days\nMILK,20\n")
    assert shop.status("A") == "BACKORDERED"


def test_a_location_that_becomes_pickable_serves_whoever_waits(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 5, bin="DOCK")
    shop.order("A", MUG=5)
    text = "warehouse,location,is_pickable,type\nEAST,DOCK,yes,\nEAST,B-01,,PICKING\nEAST,A-01,yes,PICKING\n"
    assert counts(take(shop, "locations", text)) == (2, 1, 0)
    shop.check()
    assert shop.status("A") == "ALLOCATED"
    take(shop, "locations", "warehouse,location,active\nEAST,DOCK,no\n")
    assert shop.status("A") == "BACKORDERED"
    assert shop.rows("SELECT type, is_pickable, active FROM locations WHERE code = 'DOCK'") == [
        ("RECEIVING", True, False)
    ]


def test_a_location_of_an_unknown_warehouse_is_refused_or_created(shop: Shop) -> None:
    text = "warehouse,location\nNORTH,N-1\n"
    assert counts(take(shop, "locations", text)) == (0, 0, 1)
    assert counts(take(shop, "locations", text, create=True)) == (1, 0, 0)


def test_a_return_is_taken_back_once(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=2)
    head = "reference,sku,quantity,warehouse,location,status,order\n"
    text = f"{head}R1,MUG,2,EAST,A-01,,A\nR1,LID,1,EAST,A-01,DAMAGED,A\nR2,MUG,1,EAST,A-01,,\n"
    assert counts(take(shop, "returns", text)) == (3, 0, 0)
    shop.check()
    assert (shop.status("A"), shop.free("MUG")) == ("ALLOCATED", 1)
    assert counts(take(shop, "returns", text)) == (0, 3, 0)
    made = take(shop, "returns", f"{head}R2,MUG,5,EAST,A-01,,\nR3,MUG,1,EAST,A-01,,NONE\n")
    assert said(made) == [
        (3, "order", "no such order"),
        (2, "reference", "return R2 exists already with other contents"),
    ]
    assert shop.value("SELECT sum(delta) FROM stock_movements") == 4


def test_rows_of_a_return_that_disagree_are_refused(shop: Shop) -> None:
    shop.sells("MUG")
    head = "reference,sku,quantity,warehouse,location,order\n"
    made = take(shop, "returns", f"{head}R1,MUG,2,EAST,A-01,\nR1,MUG,1,WEST,A-01,\n")
    assert counts(made) == (0, 0, 2)
    assert said(made)[0] == (3, "warehouse", "the rows of return R1 disagree: the first says EAST")

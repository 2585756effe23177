"""Supply that is due comes from a file and goes into one; the same file again changes nothing."""

from pathlib import Path

from makegood.services.export_books import export_books
from makegood.services.files.columns import columns_of
from makegood.services.files.entries import InboundEntry
from makegood.services.files.writing import writing
from tests.services.backorder_stories import backorder, is_sound
from tests.services.importing import counts, said, take
from tests.services.inbound_stories import comes, figures, in_days, inbound, opens_west, sources, west
from tests.shop import Shop

HEAD = "kind,reference,sku,quantity,line,due,supplier,from_warehouse\n"


def test_good_rows_land_bad_ones_are_told_and_again_changes_nothing(shop: Shop) -> None:
    opens_west(shop).sells("MUG", "LID").gets("MUG", 4, warehouse="WEST", bin="W-01").check()
    text = (
        HEAD
        + "purchase_order,PO-7,mug,40,1,2026-03-09,ACME,\n"
        + "PURCHASE_ORDER,PO-7,LID,10,2,,ACME,\n"
        + "PURCHASE_ORDER,PO-7,LID,10,2,,ACME,\n"
        + "PRODUCTION,M-1,CUP,10,1,,,\n"
        + "TRANSFER,T-1,MUG,3,1,,,WEST\n"
        + "TRANSFER,T-2,MUG,3,1,,,WEST\n"
        + "TRANSFER,T-3,MUG,1,1,,,NORTH\n"
        + "GIFT,G-1,MUG,1,1,,,\n"
    )
    made = take(shop, "inbound", text)
    assert counts(made) == (3, 0, 5)
    assert sorted((line, field) for line, field, _ in said(made)) == [
        (4, "line"),
        (5, "sku"),
        (7, ""),
        (8, ""),
        (9, "kind"),
    ]
    assert west(shop, "MUG") == {"AVAILABLE": 1, "IN_TRANSIT": 3}
    again = take(shop, "inbound", text)
    assert (counts(again)[:2], west(shop, "MUG")) == ((0, 3), {"AVAILABLE": 1, "IN_TRANSIT": 3})
    assert is_sound(shop)


def test_a_known_line_is_brought_up_to_date_where_the_file_says_something(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=9)
    take(shop, "inbound", HEAD + "PURCHASE_ORDER,PO-7,MUG,9,1,2026-03-09,ACME,\n")
    sources(shop, "A", "PO-7")
    assert counts(take(shop, "inbound", HEAD + "PURCHASE_ORDER,PO-7,MUG,6,1,,,\n")) == (1, 0, 0)
    assert (backorder(shop, "A").sourced, inbound(shop, "PO-7").due, inbound(shop, "PO-7").supplier) == (
        6, in_days(shop, 7), "ACME")  # fmt: skip
    other = take(shop, "inbound", HEAD + "PURCHASE_ORDER,PO-7,LID,6,1,,,\n")
    assert said(other)[0][1:] == ("reference", "PO-7/1 exists already, with other goods or another way")


def test_an_export_is_read_back(shop: Shop, tmp_path: Path) -> None:
    shop.sells("MUG")
    take(shop, "inbound", HEAD + "PRODUCTION,M-1,MUG,5,1,2026-03-09,,\nPRODUCTION,M-2,MUG,5,1,,,\n")
    comes(shop, "M-2")
    for closed, units in ((False, 1), (True, 2)):
        file = tmp_path / f"{units}.csv"
        with writing(file, list(columns_of(InboundEntry).values())) as writer:
            shop.do(export_books, "inbound", writer.write_all, closed=closed)
        assert counts(take(shop, "inbound", file.read_text())) == (0, units, 0)
    assert figures(shop, "M-2")[0] == "RECEIVED"

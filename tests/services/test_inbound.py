"""Supply is announced, listed, changed and received exactly once, in part, too much, too late."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from makegood.domain.errors import (
    AlreadyExists,
    Ambiguous,
    InboundClosed,
    InboundNotFound,
    InboundUnfit,
    InvalidValue,
    MerchantNotFound,
    VariantNotFound,
    WarehouseNotFound,
)
from makegood.domain.inbound import NewInbound
from makegood.domain.orders import NewLine
from makegood.domain.sessions import ReceivedLine
from makegood.services.business_settings import change_setting
from makegood.services.files.names import know_merchants
from makegood.services.files.rows import Terms
from makegood.services.inbound.create_inbound import create_inbound
from makegood.services.inbound.list_inbound import SORTS, InboundFilter, list_inbound
from makegood.services.inbound.show_inbound import show_inbound
from makegood.services.inbound.suppliers import list_suppliers, set_supplier
from makegood.services.inbound.update_inbound import update_inbound
from makegood.services.receive_inbound import receive_inbound
from makegood.services.receive_stock import add_received, approve_receiving, open_receiving, receive
from makegood.services.work import Work
from tests.services.backorder_stories import is_sound, on_hand
from tests.services.inbound_stories import announce, comes, figures, in_days, inbound, opens_west, send, sources
from tests.shop import Shop


def named(shop: Shop, only: InboundFilter = InboundFilter(), **how: Any) -> list[str]:
    return [one.name for one in shop.do(list_inbound, only, **how).inbound]


def test_it_is_told_with_the_day_on_which_it_is_counted(shop: Shop) -> None:
    shop.sells("MUG")
    shop.do(set_supplier, "acme", margin_days=3)
    shop.do(change_setting, "supplier_margin_days", 2)
    first = announce(shop, "PO-7", "mug", 10, supplier=" ACME ", notes="by sea")
    other = announce(shop, "PO-8", "MUG", 1, supplier="Other")
    assert (first.counted_on, other.counted_on) == (in_days(shop, 8), in_days(shop, 7))
    assert (first.supplier, first.sku, first.late, first.outstanding) == ("acme", "MUG", False, 10)
    shop.later(days=6)
    assert inbound(shop, "PO-7").late
    assert shop.do(set_supplier, "ACME", clear_margin=True).margin_days == 2
    assert [(one.code, one.units, one.late) for one in shop.do(list_suppliers)] == [
        ("acme", 10, 1),
        ("Other", 1, 1),
    ]


def test_what_does_not_exist_or_is_taken_is_refused_whole(shop: Shop) -> None:
    shop.sells("MUG")
    good = NewInbound("PURCHASE_ORDER", "PO-7", "MUG", 5)
    for bad, error in (
        (good._replace(sku="CUP", line_number=2), VariantNotFound),
        (good._replace(warehouse="NORTH", line_number=2), WarehouseNotFound),
        (good._replace(merchant="nobody", line_number=2), MerchantNotFound),
        (good._replace(quantity=0, line_number=2), InvalidValue),
        (good._replace(kind="GIFT", line_number=2), InvalidValue),
        (good._replace(reference=" ", line_number=2), InvalidValue),
        (good, AlreadyExists),
    ):
        with pytest.raises(error):
            shop.do(create_inbound, [good, bad])
    assert shop.value("SELECT count(*) FROM inbound_lines") == 0
    shop.do(create_inbound, [good, good._replace(kind="production")])
    with pytest.raises(AlreadyExists, match="PO-7/1"):
        shop.do(create_inbound, [good])


def test_a_name_finds_what_fits_and_of_which_something_comes(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.do(know_merchants, {"acme"}, Terms(create=True))
    shop.do(lambda work: work.db.run("add_variants", merchants=["acme"], skus=["MUG"], names=[""], lengths=[None],
                                     widths=[None], heights=[None], weights=[None], lots=[False], expiries=[False],
                                     shelf_lives=[0]))  # fmt: skip
    for line, sku in enumerate(("MUG", "LID", "MUG"), start=1):
        announce(shop, "PO-7", sku, 5, line_number=line)
    announce(shop, "PO-7", "MUG", 5, merchant="acme", line_number=9)
    with pytest.raises(Ambiguous, match="PO-7/1"):
        inbound(shop, "po-7")
    assert inbound(shop, "PO-7/2").sku == "LID"
    assert inbound(shop, "acme/PO-7").merchant == "acme"
    assert inbound(shop, str(inbound(shop, "PO-7/3").inbound_line_id)).line_number == 3
    with pytest.raises(InboundNotFound):
        inbound(shop, "PO-7/4")
    comes(shop, "PO-7/1")
    shop.do(receive, "D-X", [ReceivedLine("MUG", 5, "A-01", inbound="default/PO-7")])
    assert figures(shop, "PO-7/3")[:2] == ("RECEIVED", 5)


def test_a_merchant_that_does_not_exist_is_refused(shop: Shop) -> None:
    with pytest.raises(MerchantNotFound):
        named(shop, InboundFilter(merchant="other"))


def test_every_filter_and_sort_and_a_cursor_that_stays(shop: Shop) -> None:
    opens_west(shop).sells("MUG", "LID").gets("MUG", 9, warehouse="WEST", bin="W-01").check()
    announce(shop, "PO-7", "MUG", 5, supplier="ACME")
    announce(shop, "PO-8", "LID", 5, due=None)
    announce(shop, "MO-1", "MUG", 5, kind="PRODUCTION", due=in_days(shop, 2))
    send(shop, "T-1", "MUG", 2, due=in_days(shop, 9))
    announce(shop, "PO-9", "LID", 5, due=in_days(shop, -1))
    announce(shop, "PO-10", "LID", 1)
    comes(shop, "PO-10")
    assert named(shop) == ["PO-9/1", "MO-1/1", "PO-7/1", "T-1/1", "PO-8/1"]
    assert named(shop, sort="oldest") == ["PO-7/1", "PO-8/1", "MO-1/1", "T-1/1", "PO-9/1"]
    shop.order("A", MUG=5)
    sources(shop, "A", "MO-1")
    for only, found in (
        ({"statuses": ["received"]}, ["PO-10/1"]),
        ({"kind": "purchase order", "sku": "mug"}, ["PO-7/1"]),
        ({"reference": "po-8"}, ["PO-8/1"]),
        ({"warehouse": "WEST"}, []),
        ({"from_warehouse": "WEST"}, ["T-1/1"]),
        ({"supplier": "acme"}, ["PO-7/1"]),
        ({"merchant": "default", "sku": "mug", "late": True}, []),
        ({"late": True}, ["PO-9/1"]),
        ({"late": False, "dated": True, "sku": "LID"}, []),
        ({"dated": False}, ["PO-8/1"]),
        ({"unsourced": False}, ["MO-1/1"]),
        ({"due_from": in_days(shop, 3), "due_to": in_days(shop, 5)}, ["PO-7/1"]),
    ):
        assert named(shop, InboundFilter(**only)) == found, only
    for sort in SORTS:
        seen, cursor = [], None
        while True:
            page = shop.do(list_inbound, sort=sort, after=cursor, most=2)
            seen += [one.name for one in page.inbound]
            cursor = page.next
            if cursor is None:
                break
        assert seen == named(shop, sort=sort)
    for bad in ({"sort": "size"}, {"after": "x"}, {"most": 0}, {"only": InboundFilter(statuses=["gone"])}):
        with pytest.raises(InvalidValue):
            shop.do(list_inbound, **bad)


def test_a_change_is_on_record_from_what_to_what(shop: Shop) -> None:
    shop.sells("MUG")
    announce(shop, "PO-7", "MUG", 5)
    day = in_days(shop, 9)
    shop.do(update_inbound, "PO-7", due=day, quantity=7, supplier="ACME")
    shop.do(update_inbound, "PO-7", clear=["due", "supplier"], notes="sorry")
    for bad in ({"clear": ["quantity"]}, {"clear": ["due"], "due": day}, {}, {"quantity": 0}):
        with pytest.raises(InvalidValue):
            shop.do(update_inbound, "PO-7", **bad)
    story = shop.do(show_inbound, "PO-7")
    assert (story.inbound.quantity, story.inbound.due, story.inbound.supplier, story.inbound.notes) == (
        7, None, None, "sorry")  # fmt: skip
    assert [entry.type for entry in story.history] == [
        "inbound:announced",
        "inbound:due_changed",
        "inbound:due_changed",
    ]
    assert story.history[1].payload["quantity"] == {"from": 5, "to": 7}
    comes(shop, "PO-7", 3)
    with pytest.raises(InvalidValue, match="at least 3"):
        shop.do(update_inbound, "PO-7", quantity=2)
    assert shop.do(update_inbound, "PO-7", quantity=3).status == "RECEIVED"
    with pytest.raises(InboundClosed):
        shop.do(update_inbound, "PO-7", due=day)


def test_more_and_later_than_announced_is_taken_in(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=9)
    announce(shop, "PO-7", "MUG", 5)
    sources(shop, "A", "PO-7", 2)
    comes(shop.later(days=40), "PO-7", 7)
    shop.check()
    assert (figures(shop, "PO-7"), shop.has("A")) == (("RECEIVED", 7, 0, 0, 0), {"MUG": 7})
    comes(shop, "PO-7", 1)
    assert figures(shop, "PO-7")[:2] == ("RECEIVED", 8)
    assert is_sound(shop)


def test_ten_who_receive_the_same_delivery_receive_it_once(shop: Shop) -> None:
    shop.sells("MUG").order("A", MUG=9)
    announce(shop, "PO-7", "MUG", 8)
    sources(shop, "A", "PO-7", 3)
    with ThreadPoolExecutor(8) as clerks:
        made = list(clerks.map(
            lambda _: shop.do(receive_inbound, "PO-7", location="A-01", reference="D-1").delivery, range(10)
        ))  # fmt: skip
    assert (len(set(made)), on_hand(shop, "MUG"), figures(shop, "PO-7")[:2]) == (1, 8, ("RECEIVED", 8))
    with pytest.raises(AlreadyExists):
        shop.do(receive_inbound, "PO-7", 2, location="A-01", reference="D-1")
    assert shop.do(show_inbound, "PO-7").receipts[0].delivery == "D-1"
    assert is_sound(shop)


def test_a_delivery_of_several_lines_is_entered_and_approved_together(shop: Shop) -> None:
    shop.sells("MUG", "LID").order("A", MUG=2, LID=2)
    announce(shop, "PO-7", "MUG", 5)
    announce(shop, "PO-7", "LID", 5, line_number=2)
    sources(shop, "A", "PO-7", line=1)
    sources(shop, "A", "PO-7", line=2)
    shop.do(open_receiving, "D-1")
    scan = ReceivedLine("MUG", 2, "DOCK", inbound="PO-7", key="1")
    for _ in range(2):
        shop.do(add_received, "D-1", [scan, ReceivedLine("LID", 2, "A-01", inbound="PO-7", key="2"),
                                      ReceivedLine("LID", 1, "A-01", key="3")])  # fmt: skip
    with pytest.raises(InboundUnfit):
        shop.do(add_received, "D-1", [ReceivedLine("LID", 1, "A-01", inbound="PO-7/1")])
    shop.do(approve_receiving, "D-1")
    assert (shop.status("A"), shop.has("A")) == ("ALLOCATED", {"MUG": 2, "LID": 2})
    assert [figures(shop, f"PO-7/{line}")[1:5:2] for line in (1, 2)] == [(2, 3), (2, 3)]
    assert is_sound(shop)


def test_a_delivery_of_400_announced_lines_takes_no_more_statements_than_one_of_4(shop: Shop) -> None:
    skus = [f"S{number}" for number in range(400)]
    shop.sells(*skus)
    for some in (skus[:4], skus):
        reference = f"PO-{len(some)}"
        shop.do(create_inbound, [NewInbound("PRODUCTION", reference, sku, 5, line_number=place)
                                 for place, sku in enumerate(some, start=1)])  # fmt: skip
        shop.order(f"O-{len(some)}", lines=[NewLine(sku, 2) for sku in some])
        for line in (1, 2):
            sources(shop, f"O-{len(some)}", reference, line=line)

    def statements(work: Work, units: int) -> int:
        receive(work, f"D-{units}", [ReceivedLine(sku, 5, "A-01", inbound=f"PO-{units}") for sku in skus[:units]])
        return work.db.statements

    assert shop.do(statements, 4) == shop.do(statements, 400) <= 60
    assert is_sound(shop)

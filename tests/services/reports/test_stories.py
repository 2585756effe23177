"""What a manager reads at the end of a month, told as short stories."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from makegood.domain.catalogue import NewVariant
from makegood.domain.errors import InvalidValue
from makegood.domain.orders import NewLine
from makegood.domain.splits import Consent
from makegood.services.add_catalogue import add_variants
from makegood.services.allocate_order import allocate_order
from makegood.services.backorders.fulfil_backorder import fulfil_backorder
from makegood.services.business_settings import change_setting
from makegood.services.cancel_order import cancel_order
from makegood.services.doctor import doctor
from makegood.services.edit_order import edit_order
from makegood.services.escalate_stale import escalate_stale
from makegood.services.hold_order import hold_order
from makegood.services.pick_order import confirm_pick, release_to_pick, ship_order
from makegood.services.reports.as_csv import as_csv
from makegood.services.reports.kinds import NAMES
from makegood.services.reports.list_report_orders import ReportOrder, Which, list_report_orders
from makegood.services.reports.make_report import make_report
from makegood.services.reports.trace_inflows import one_query
from makegood.services.reports.window import Asked
from makegood.services.split_order import split_order
from makegood.services.work import Work
from tests.services.backorder_stories import number_of
from tests.shop import MONDAY, Shop

MARCH = Asked(date(2026, 3, 1), date(2026, 3, 31), "UTC")
AGREED = Consent(by="Ann", how="phone", at=MONDAY)


def rows(shop: Shop, name: str, asked: Asked = MARCH) -> list[Any]:
    return list(shop.do(make_report, name, asked, most=100).rows)


def one(shop: Shop, name: str, asked: Asked = MARCH) -> Any:
    (row,) = rows(shop, name, asked)
    return row


def behind(shop: Shop, figure: str, asked: Asked = MARCH, **which: str) -> list[str]:
    return [order.number for order in _behind(shop, figure, asked, Which(**which))]


def _behind(shop: Shop, figure: str, asked: Asked, which: Which) -> list[ReportOrder]:
    return list(shop.do(list_report_orders, figure, asked, which).orders)


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 3, day, hour, tzinfo=UTC)


def test_a_month_that_began_with_one_and_ended_with_two(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.clock = datetime(2026, 2, 25, tzinfo=UTC)
    shop.order("1001", MUG=2)
    shop.clock = at(3)
    for number in ("1002", "1003", "1004"):
        shop.order(number, LID=1)
    shop.gets("MUG", 2).check()
    shop.do(cancel_order, "1002")
    month = one(shop, "monthly")
    assert (month.at_start, month.entered, month.left, month.at_end, month.change) == (1, 3, 2, 2, 1)
    assert (month.resolved, month.held) == (1, 0)
    assert behind(shop, "waiting_before") == ["1001"]
    assert behind(shop, "resolved") == ["1001"]
    assert behind(shop, "left") == ["1001", "1002"]
    assert behind(shop, "waiting") == ["1003", "1004"]


def test_who_was_held_and_who_for_its_age(shop: Shop) -> None:
    shop.sells("MUG")
    shop.order("OLD", MUG=1)
    shop.later(days=20).order("ASKED", MUG=1)
    shop.do(hold_order, "ASKED", because="the customer asks to wait")
    shop.later(days=9).order("UNKNOWN", WHATEVER=1)
    april = Asked(date(2026, 3, 1), date(2026, 4, 30), "UTC")
    shop.later(days=5).check()
    shop.do(escalate_stale)
    march, april_so_far = rows(shop, "monthly", april)
    assert (march.held, march.escalated, march.at_end) == (2, 0, 1)
    assert (april_so_far.held, april_so_far.escalated, april_so_far.at_end) == (1, 1, 0)
    assert behind(shop, "held", april) == ["ASKED", "UNKNOWN", "OLD"]
    assert behind(shop, "escalated", april) == ["OLD"]
    assert behind(shop, "on_hold", april) == ["OLD", "ASKED", "UNKNOWN"]


def test_how_long_they_were_short(shop: Shop) -> None:
    shop.sells("MUG")
    for days in range(10):
        shop.clock = at(1 + days)
        shop.order(f"{days}", MUG=1)
    shop.clock = at(11)
    shop.gets("MUG", 10).check()
    (quarter,) = rows(shop, "quarterly", Asked(date(2026, 1, 1), date(2026, 3, 31), "UTC"))
    assert (quarter.resolved, quarter.median_days, quarter.p90_days) == (10, 5.5, 9.1)


def test_a_part_that_was_split_off_has_been_short_since_its_parent_was(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("LID", 1)
    shop.order("1001", MUG=1, LID=1)
    shop.later(days=4).do(split_order, "1001", consent=AGREED)
    shop.later(days=2).gets("MUG", 1).check()
    quarter = rows(shop, "quarterly")[0]
    assert (quarter.resolved, quarter.median_days) == (2, 5.0)
    hands = one(shop, "unattended")
    assert (hands.by_inflow, hands.by_retry, hands.by_act, hands.percent, hands.met) == (1, 0, 1, 100.0, True)


def test_ages_count_from_the_original_date(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("LID", 1)
    shop.clock = at(31, 12)
    for days, number in ((0, "A"), (3, "B"), (4, "C"), (30, "D"), (46, "E")):
        shop.order(number, MUG=2, placed=shop.clock - timedelta(days=days))
    shop.order("HALF", MUG=1, LID=1, placed=shop.clock - timedelta(days=8))
    shop.do(split_order, "HALF", consent=AGREED)
    shop.do(hold_order, "E", because="look")
    shop.clock = at(31, 13)
    found = {row.days: tuple(row)[1:] for row in rows(shop, "aging")}
    assert found == {
        "0-3": (2, 4, 0, 0),
        "4-7": (1, 2, 0, 0),
        "8-14": (1, 1, 0, 0),
        "15-21": (0, 0, 0, 0),
        "22-30": (1, 2, 0, 0),
        "31-45": (0, 0, 0, 0),
        "46+": (0, 0, 1, 2),
    }
    assert behind(shop, "waiting", days="0-3") == ["B", "A"]
    assert behind(shop, "on_hold", days="46+") == ["E"]


def test_what_to_reorder_first_is_orders_times_units(shop: Shop) -> None:
    shop.sells("MUG", "LID", "POT").gets("POT", 1)
    shop.order("1", MUG=9)
    shop.order("2", LID=2)
    shop.order("3", LID=3)
    shop.order("4", POT=2)
    found = [(row.sku, row.orders, row.units, row.score) for row in rows(shop, "reorder-priority")]
    assert found == [("LID", 2, 5, 10), ("MUG", 1, 9, 9), ("POT", 1, 1, 1)]
    assert behind(shop, "waiting", sku="lid") == ["2", "3"]
    # Whatever changes what an order lacks counts from then on: an edit, a part that is cancelled, a substitute.
    shop.later(days=1).do(edit_order, "1", quantities={1: 4})
    shop.do(cancel_order, "3", quantities={1: 2})
    changed = [(row.sku, row.units) for row in rows(shop, "reorder-priority")]
    assert changed == [("LID", 3), ("MUG", 4), ("POT", 1)]
    yesterday = Asked(None, date(2026, 3, 2), "UTC")
    assert [row.units for row in rows(shop, "reorder-priority", yesterday)] == [5, 9, 1]


def ship(shop: Shop, *orders: str) -> None:
    for step in (release_to_pick, confirm_pick, ship_order):
        shop.do(step, list(orders))


def test_how_much_goes_out_with_the_first_shipment(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 5).gets("LID", 1)
    shop.order("WHOLE", MUG=2)
    shop.order("PARTED", MUG=2, LID=2)
    shop.do(split_order, "PARTED", mode="quantities", consent=AGREED)
    ship(shop, "WHOLE", "PARTED")
    shop.later(days=7).gets("LID", 1).check()
    ship(shop, "PARTED-BO1")
    first, second, *_ = rows(shop, "service-level", Asked(date(2026, 3, 2), date(2026, 3, 31), "UTC"))
    assert (first.week, first.orders, first.whole_orders, first.orders_percent) == ("2026-03-02", 2, 1, 50.0)
    assert (first.lines, first.whole_lines, first.lines_percent) == (3, 2, 66.6)
    assert (first.units, first.units_sent, first.units_percent) == (6, 5, 83.3)
    # What goes later is no first shipment.
    assert (second.orders, second.orders_percent) == (0, None)
    assert behind(shop, "shipped") == ["WHOLE", "PARTED"]
    assert behind(shop, "whole") == ["WHOLE"]


def test_of_two_parts_that_leave_at_the_same_moment_one_is_the_first(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 2).gets("LID", 2)
    shop.order("PARTED", MUG=2, LID=3)
    shop.do(split_order, "PARTED", mode="lines", consent=AGREED)
    ship(shop, "PARTED")
    # The other part leaves in a transaction that does not see this one yet, and takes itself for the first too.
    shop.change(
        "INSERT INTO fulfillment_events (order_id, type, payload, actor, occurred_at, trigger_sources) "
        "SELECT p.order_id, e.type, e.payload, e.actor, e.occurred_at, e.trigger_sources "
        "FROM fulfillment_events e, orders p WHERE e.type = 'order:first_shipment' AND p.number = 'PARTED-BO1'"
    )
    assert one(shop, "service-level", Asked(date(2026, 3, 2), date(2026, 3, 8), "UTC")).orders == 1
    assert behind(shop, "shipped") == ["PARTED"]


def test_what_a_record_lets_go_out_is_a_shipment_too(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 1)
    shop.order("1001", MUG=3)
    shop.do(fulfil_backorder, number_of(shop, "1001", 1), quantity=1)
    shop.gets("MUG", 2).check()
    shop.do(fulfil_backorder, number_of(shop, "1001", 1), quantity=2)
    assert shop.status("1001") == "SHIPPED"
    weeks = rows(shop, "service-level")
    assert [(row.orders, row.units, row.units_sent) for row in weeks if row.orders] == [(1, 3, 1)]


def test_which_delivery_unblocked_which_order(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("1001", MUG=1)
    shop.order("1002", MUG=1, LID=1)
    shop.gets("MUG", 2, source="receiving:D-1").check()
    shop.later(hours=1).gets("LID", 1, source="return:R-7").check()
    found = [(row.source, row.unblocked, row.served, row.units) for row in rows(shop, "inflows")]
    assert found == [("receiving:D-1", 1, 2, 2), ("return:R-7", 1, 1, 1)]
    assert behind(shop, "unblocked", source="receiving:D-1") == ["1001"]
    assert behind(shop, "served", source="receiving:D-1") == ["1001", "1002"]
    # The one query that is shown to people says the same.
    assert [row[0] for row in shop.rows(one_query("return:R-7"))] == ["1002"]


def test_a_retry_by_a_person_counts_even_where_a_delivery_had_come(shop: Shop) -> None:
    shop.sells("MUG")
    for number in ("1", "2", "3"):
        shop.order(number, MUG=1)
    # The worker is away: a person tries one, the worker serves the others later.
    shop.gets("MUG", 3, source="receiving:D-1").by("manual:ann", allocate_order, "1")
    shop.check()
    hands = one(shop, "unattended")
    assert (hands.resolved, hands.by_retry, hands.by_act) == (3, 1, 0)
    assert (hands.percent, hands.goal, hands.met) == (66.6, 90.0, False)
    assert behind(shop, "by_retry") == ["1"]
    assert behind(shop, "by_inflow") == ["2", "3"]


def test_a_trend_is_told_by_day_then_by_week_then_by_month(shop: Shop) -> None:
    shop.sells("MUG").order("1", MUG=1)
    shop.clock = datetime(2030, 1, 1, tzinfo=UTC)
    spans = {days: shop.do(make_report, "trend", _last(shop, days)).rows for days in (30, 300, 900)}
    assert {days: len(found) for days, found in spans.items()} == {30: 30, 300: 44, 900: 31}
    assert all(row.waiting == 1 for found in spans.values() for row in found)


def _last(shop: Shop, days: int) -> Asked:
    today = shop.clock.date()
    return Asked(today - timedelta(days=days - 1), today)


def test_on_the_first_the_month_that_is_over_is_told(shop: Shop) -> None:
    shop.clock = datetime(2026, 4, 1, 8, tzinfo=UTC)
    made = shop.do(make_report, "monthly")
    assert (made.rows[-1].month, made.until, made.final) == ("2026-03", date(2026, 3, 31), True)
    shop.later(days=1)
    made = shop.do(make_report, "monthly")
    assert (made.rows[-1].month, made.until, made.final) == ("2026-04", date(2026, 4, 2), False)


def test_the_zone_of_the_business_counts_where_nobody_asks_for_one(shop: Shop) -> None:
    shop.do(change_setting, "time_zone", "Asia/Tokyo")
    assert shop.do(make_report, "aging").zone == "Asia/Tokyo"
    with pytest.raises(InvalidValue, match="time zone"):
        shop.do(change_setting, "time_zone", "Mars/Olympus")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (Asked(zone="Nowhere"), "zone"),
        (Asked(date(2026, 3, 2), date(2026, 3, 1)), "from"),
        (Asked(date(1800, 1, 1)), "from"),
        (Asked(until=date(9999, 12, 31)), "to"),
    ],
)
def test_days_that_make_no_sense_are_refused(shop: Shop, asked: Asked, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        shop.do(make_report, "monthly", asked)


def test_a_merchant_sees_only_its_own(shop: Shop) -> None:
    shop.change("INSERT INTO merchants (code) VALUES ('acme'), ('zenith')")
    shop.do(add_variants, [NewVariant("MUG", merchant=code) for code in ("acme", "zenith")])
    for code in ("acme", "zenith"):
        shop.order(f"{code}-1", merchant=code, lines=[NewLine("MUG", 2)])
    acme = shop.value("SELECT merchant_id FROM merchants WHERE code = 'acme'")

    def limited(name: str) -> list[Any]:
        with shop.books.snapshot() as db:
            work = Work(db=db, as_of=shop.clock, actor="acme", source="manual:acme", merchants=[acme])
            return list(make_report(work, name, MARCH).rows)

    assert [(row.merchant, row.units) for row in limited("reorder-priority")] == [("acme", 2)]
    assert sum(row.orders for row in limited("aging")) == 1
    assert limited("monthly")[0].at_end == 1
    # Whoever sees all may ask for one.
    assert one(shop, "monthly", MARCH._replace(merchant="zenith")).at_end == 1
    assert one(shop, "monthly").at_end == 2


def test_a_list_goes_on_page_by_page_with_as_many_rows_as_the_figure(shop: Shop) -> None:
    shop.sells("MUG")
    for number in range(7):
        shop.order(f"{number}", MUG=1)
    found: list[str] = []
    after = None
    while True:
        page = shop.do(list_report_orders, "entered", MARCH, after=after, most=3)
        found += [order.number for order in page.orders]
        after = page.next
        if not after:
            break
    assert found == [f"{number}" for number in range(one(shop, "monthly").entered)]


def test_every_report_is_a_file_as_well(shop: Shop) -> None:
    shop.do(add_variants, [NewVariant("=MUG")])
    shop.order("1", lines=[NewLine("=MUG", 1)])
    for name in NAMES:
        made = shop.do(make_report, name, MARCH)
        lines = as_csv(made).splitlines()
        assert lines[0].split(",") == list(type(made.rows[0])._fields if made.rows else lines[0].split(","))
        assert len(lines) == len(made.rows) + 1
    assert "'=MUG" in as_csv(shop.do(make_report, "reorder-priority", MARCH))
    assert not doctor(shop.books, shop.clock).findings

"""What is on hold, and the queue: seen, and worked off by forms."""

from datetime import timedelta

from makegood.domain.accounts import Role
from makegood.services.hold_order import hold_order
from makegood.services.park_job import find_parked, note_failure, park_job
from makegood.services.set_aside import set_aside
from tests.entrypoints.web.site import Site


def test_the_review_queue_is_worked_off(site: Site) -> None:
    shop = site.shop.gets("MUG", 2)
    shop.order("1001", customer_name="Ada", CUP=2)
    shop.order("1002", LID=1)
    shop.do(hold_order, "1002", because="asked to wait")
    manager = site.reader()
    page = manager.sees("/holds")
    assert [row[0].split()[0] for row in page.rows()] == ["1001", "1002"]
    assert ("unmatched" in page.text, "asked to wait" in page.text) == (True, True)
    page = manager.sends("/orders/1001/lines/1/match", {"sku": "MUG", "back": "/holds"})
    assert "Line 1 means MUG." in page.text
    assert [row[0] for row in page.rows()] == ["1002"]
    assert "not held again" in manager.sees("/orders/1002/snooze").text
    page = manager.sends("/orders/1002/release", {"snooze_days": "9", "back": "/holds"})
    assert "Nothing is on hold" in page.text
    assert shop.value("SELECT review_after FROM orders WHERE number = '1002'") == shop.clock + timedelta(days=9)


def test_the_alert_opens_the_review_queue(site: Site) -> None:
    site.shop.order("1001", CUP=2)
    assert 'href="/holds"><b>1</b> on hold' in site.reader().sees("/backorders").html


def test_holds_are_narrowed_by_kind_and_sorted_by_when_they_were_held(site: Site) -> None:
    shop = site.shop
    shop.order("1001", MUG=1)
    shop.order("1002", LID=1)
    shop.later(hours=1).do(hold_order, "1002", because="asked to wait")
    shop.later(days=3).do(hold_order, "1001", because="asked to wait")
    shop.later(days=2).order("1003", CUP=2)
    manager = site.reader()
    assert [(row[0], row[4]) for row in manager.sees("/holds").rows()] == [
        ("1002", "5"),
        ("1001", "2"),
        ("1003", "0"),
    ]
    assert [row[0] for row in manager.sees("/holds?sort=oldest").rows()] == ["1001", "1002", "1003"]
    assert [row[0] for row in manager.sees("/holds?kind=UNMATCHED").rows()] == ["1003"]
    assert manager.sees("/holds?kind=NONSENSE").status == 422


def test_what_failed_and_does_not_rest_is_tried_again_too(site: Site) -> None:
    site.shop.do(note_failure, "recommend_boxes", "", ValueError("a box has no sides"))
    manager = site.reader()
    assert "a box has no sides" in manager.sees("/queue").text
    page = manager.sends("/queue/retry", {"job": "recommend_boxes", "subject": ""})
    assert "Recommend boxes: tried again." in page.text
    assert site.shop.rows("SELECT entrypoint FROM pgqueuer") == [("recommend_boxes",)]
    never = manager.sends("/queue/retry", {"job": "sweep", "subject": ""})
    assert "Sweep for lines left lying: it neither rests nor failed." in never.text


def test_what_rests_and_what_was_set_aside_goes_on(site: Site) -> None:
    shop = site.shop
    shop.order("1001", MUG=1)
    order = shop.value("SELECT order_id FROM orders")
    shop.do(set_aside, {order: ValueError("a line of it is odd")}, job="check_backorders")
    shop.do(park_job, "escalate_stale", "EAST", because="it failed five times")
    manager = site.reader()
    page = manager.sees("/queue")
    assert "No worker is alive" in page.text
    assert ("a line of it is odd" in page.text, "it failed five times" in page.text) == (True, True)
    assert (
        site.reader(Role.STAFF).sends("/queue/retry", {"job": "escalate_stale", "subject": "EAST"}).status == 403
    )
    form = {"job": "escalate_stale", "subject": "EAST"}
    assert "Hold what waits too long: tried again." in manager.sends("/queue/retry", form).text
    assert not shop.do(find_parked, "escalate_stale", "EAST").rests
    assert "Order 1001 is in the queue again." in manager.sends("/queue/orders/retry", {"order": "1001"}).text
    assert "Orders set aside" not in manager.sees("/queue").text


def test_who_may_see_some_merchants_only_does_not_see_the_queue_of_all(site: Site) -> None:
    reader = site.reader()
    site.shop.change("UPDATE tokens SET merchants = ARRAY[1]")
    assert reader.sees("/queue").status == 403

"""What customers are told: what happened to their orders, once, as things stand when the mail goes out."""

from datetime import date
from typing import Any

from makegood.domain.orders import NewLine
from makegood.domain.splits import Consent
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.business_settings import change_setting
from makegood.services.cancel_order import cancel_order
from makegood.services.edit_order import edit_order
from makegood.services.mails.opt_outs import add_opt_out
from makegood.services.split_order import split_order
from tests.mails.post_office import PostOffice, standing, text_of, told
from tests.shop import Shop

ANN: dict[str, Any] = {"customer_email": "ann@example.org", "customer_name": "Ann"}


def expects(shop: Shop, day: date) -> None:
    """Say by hand when the one backorder is expected."""
    shop.do(update_backorder, shop.value("SELECT number FROM backorders"), expected_date=day)


def test_who_has_to_wait_is_told_what_and_until_when(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    with office.open():
        told(telling, office.post)
    (mail,) = office.taken()
    assert (mail["Subject"], mail["To"]) == ("Your order A has to wait", "ann@example.org")
    assert mail["From"] == "Mugs & Tea <orders@shop.example>"
    text = text_of(mail)
    assert "Hello Ann," in text
    assert "- MUG: 2 to come" in text
    assert "- TEA: 1 ready" in text
    assert "We do not know yet" in text
    html = mail.get_body(("html",))
    assert html is not None
    assert "Mugs &amp; Tea" in html.get_content()
    assert standing(telling) == [("ORDER_BACKORDERED", "SENT")]


def test_another_day_is_told_with_the_one_before(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    with office.open():
        told(telling, office.post)
        expects(telling, date(2026, 3, 9))
        told(telling, office.post)
        expects(telling.later(days=1), date(2026, 3, 16))
        told(telling, office.post)
    assert office.subjects()[1:] == [
        "Your order A is expected on 9 March 2026",
        "Your order A is expected on 16 March 2026",
    ]
    assert "not on 9 March 2026 as we told you" in text_of(office.taken()[-1])


def test_a_split_is_told_once_and_its_part_is_not_told_that_it_waits(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    told_by = Consent(by="Ann", how="by phone", at=telling.clock)
    with office.open():
        told(telling, office.post)
        telling.do(split_order, "A", consent=told_by)
        told(telling, office.post)
    assert office.subjects() == ["Your order A has to wait", "Your order A comes in two parcels"]
    text = text_of(office.taken()[1])
    assert text.index("- TEA: 1") < text.index("A-BO1") < text.index("- MUG: 2")


def test_two_splits_that_are_read_together_are_told_each(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    agreed = Consent(by="Ann", how="by phone", at=telling.clock)
    telling.do(split_order, "A", consent=agreed)
    telling.do(edit_order, "A", add=[NewLine("MUG", 1)])
    telling.do(split_order, "A", consent=agreed)
    with office.open():
        told(telling, office.post)
    assert office.subjects().count("Your order A comes in two parcels") == 2
    assert [name for name in ("A-BO1", "A-BO2") if any(name in text_of(one) for one in office.taken())] == [
        "A-BO1",
        "A-BO2",
    ]


def test_what_came_is_told_and_only_to_whom_was_told_that_they_wait(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=1, **ANN)
    with office.open():
        told(telling, office.post)
        telling.do(change_setting, "mail_wait_minutes", 10)
        telling.order("B", MUG=1, **ANN)
        told(telling, office.post)
        telling.gets("MUG", 2).check()
        told(telling.later(minutes=20), office.post)
    assert office.subjects() == ["Your order A has to wait", "Your order A is complete"]
    assert standing(telling) == [
        ("ORDER_BACKORDERED", "SENT"),
        ("ORDER_BACKORDERED", "DROPPED"),
        ("BACKORDER_RESOLVED", "SENT"),
        ("BACKORDER_RESOLVED", "DROPPED"),
    ]


def test_nothing_is_told_of_an_order_that_was_cancelled_meanwhile(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=1, **ANN)
    told(telling, office.post)
    telling.do(cancel_order, "A")
    with office.open():
        telling.change("DELETE FROM parked_jobs")
        told(telling, office.post)
    assert (office.taken(), standing(telling)) == ([], [("ORDER_BACKORDERED", "DROPPED")])


def test_mails_of_one_kind_keep_their_distance_and_the_last_one_tells_the_latest(
    telling: Shop, office: PostOffice
) -> None:
    telling.do(change_setting, "mail_repeat_hours", 24)
    telling.order("A", MUG=2, **ANN)
    with office.open():
        told(telling, office.post)
        expects(telling.later(hours=1), date(2026, 3, 9))
        told(telling, office.post)
        for hour, day in enumerate((10, 11, 12)):
            expects(telling.later(hours=1), date(2026, 3, day))
            told(telling, office.post)
            assert len(office.taken()) == 2, f"after {hour + 1} more changes"
        told(telling.later(hours=24), office.post)
    assert office.subjects()[2:] == ["Your order A is expected on 12 March 2026"]


def test_where_no_server_is_set_nothing_is_queued(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    told(telling, None)
    assert standing(telling) == []


def test_what_is_a_week_old_is_news_to_nobody(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    told(telling.later(days=8), office.post)
    assert standing(telling) == []


def test_without_an_address_there_is_no_mail_and_whoever_wants_none_gets_none(
    telling: Shop, office: PostOffice
) -> None:
    telling.do(add_opt_out, "Cat@Example.org ")
    telling.order("A", MUG=1)
    telling.order("B", MUG=1, customer_email="ann@example.org, bob@example.org")
    telling.order("C", MUG=1, customer_email="cat@example.org\nBcc: all@example.org")
    telling.order("D", MUG=1, customer_email="cat@example.org")
    told(telling, office.post)
    assert standing(telling) == []


def test_who_says_no_after_it_was_queued_gets_none(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=1, **ANN)
    told(telling, office.post)
    telling.do(add_opt_out, "ann@example.org")
    with office.open():
        telling.change("DELETE FROM parked_jobs")
        told(telling, office.post)
    assert (office.taken(), standing(telling)) == ([], [("ORDER_BACKORDERED", "DROPPED")])


def test_no_event_holds_an_address(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=1, **ANN)
    with office.open():
        told(telling, office.post)
    assert telling.value("SELECT count(*) FROM fulfillment_events WHERE payload::text LIKE '%%example.org%%'") == 0
    assert telling.value("SELECT count(*) FROM job_failures WHERE message LIKE '%%example.org%%'") == 0

"""Sending: what the server takes, puts off, refuses or never answers, and what becomes of the mail."""

from datetime import timedelta
from pathlib import Path

import pytest

from makegood.domain.errors import InvalidValue, MailNotRetried
from makegood.domain.mails import MailKind
from makegood.services.alerts.watch import watch
from makegood.services.business_settings import change_setting
from makegood.services.mails.list_mails import MailWithTries, list_mails, retry_mail, show_mail
from makegood.services.mails.queue_mails import queue_mail
from makegood.services.sending.take_mail import MOST_TRIES
from tests.mails.certificate import certificate_in
from tests.mails.post_office import PostOffice, standing, text_of, told
from tests.services.test_alerts import mans
from tests.shop import Shop

ALERT = {"title": "7 holds", "words": "Look at them.", "link": ""}

pytestmark = pytest.mark.usefixtures("long_pauses")


def the_mail(shop: Shop) -> MailWithTries:
    """Give the one mail there is."""
    (mail,) = shop.do(list_mails).mails
    return shop.do(show_mail, mail.mail_id)


def alert(shop: Shop, to: str, key: str = "holds:1") -> bool:
    """Queue an alert to somebody of the house."""
    return shop.do(queue_mail, MailKind.STAFF_ALERT, to, ALERT, key)


def test_an_alert_reaches_each_of_the_house_once(telling: Shop, office: PostOffice) -> None:
    assert [alert(telling, to) for to in ("ann@house.example", "bob@house.example", "ann@house.example")] == [
        True,
        True,
        False,
    ]
    with office.open():
        told(telling, office.post)
        told(telling, office.post)
    assert sorted(str(one["To"]) for one in office.taken()) == ["ann@house.example", "bob@house.example"]
    assert text_of(office.taken()[0]).startswith("7 holds\n\nLook at them.")
    assert office.taken()[0]["List-Unsubscribe"] is None


def test_what_needs_a_person_reaches_the_staff_with_a_link_to_the_alerts(
    telling: Shop, office: PostOffice
) -> None:
    telling.do(change_setting, "alert_mail_to", "ann@house.example")
    telling.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 2)")
    mans(telling).do(watch)
    telling.do(watch)
    with office.open():
        told(telling, office.post)
    (mail,) = office.taken()
    assert (mail["To"], mail["Subject"]) == ("ann@house.example", "makegood: Lines were left lying")
    assert "found within a day: 2." in text_of(mail)
    assert f"{office.post.site}/alerts" in text_of(mail)


def test_an_alert_of_last_week_is_news_to_nobody(telling: Shop, office: PostOffice) -> None:
    alert(telling, "ann@house.example")
    with office.open():
        told(telling.later(days=8), office.post)
    assert (office.taken(), standing(telling)) == ([], [("STAFF_ALERT", "DROPPED")])


def test_an_alert_has_one_address_and_all_its_facts(telling: Shop) -> None:
    with pytest.raises(InvalidValue):
        alert(telling, "ann@house.example, bob@house.example")
    with pytest.raises(InvalidValue):
        telling.do(queue_mail, MailKind.STAFF_ALERT, "ann@house.example", {"title": "x"}, "k")


def test_a_server_that_is_away_keeps_all_mails_waiting_and_none_is_to_blame(
    telling: Shop, office: PostOffice
) -> None:
    alert(telling, "ann@house.example")
    told(telling, office.post)
    mail = the_mail(telling)
    assert (mail.mail.status, mail.tries) == ("QUEUED", [])
    assert telling.rows("SELECT job, times FROM parked_jobs") == [("send_mails", 1)]
    with office.open():
        told(telling, office.post)
        assert office.taken() == [], "it rests for a moment"
        telling.change("UPDATE parked_jobs SET until = clock_timestamp()")
        told(telling, office.post)
    assert len(office.taken()) == 1
    assert telling.rows("SELECT * FROM parked_jobs") == []


def test_who_is_not_known_bounces_at_once_and_is_tried_again_only_by_hand(
    telling: Shop, office: PostOffice
) -> None:
    alert(telling, "nobody@house.example")
    alert(telling, "ann@house.example")
    with office.open():
        told(telling, office.post)
        told(telling.later(days=2), office.post)
        assert [status for _, status in standing(telling)] == ["BOUNCED", "SENT"]
        bounced = telling.do(list_mails, statuses=["bounced"]).mails[0]
        assert bounced.because == "550 5.1.1 no such user here"
        assert [(one.outcome, one.code) for one in telling.do(show_mail, bounced.mail_id).tries] == [
            ("REFUSED", 550)
        ]
        telling.do(retry_mail, bounced.mail_id)
        told(telling, office.post)
    assert [one.number for one in telling.do(show_mail, bounced.mail_id).tries] == [1, 2]
    with pytest.raises(MailNotRetried):
        telling.do(retry_mail, 2)


def test_what_is_put_off_is_tried_again_later_each_time_under_the_same_name(
    telling: Shop, office: PostOffice
) -> None:
    alert(telling, "ann@house.example")
    with office.open("full"):
        told(telling, office.post)
        told(telling.later(seconds=59), office.post)
        assert len(the_mail(telling).tries) == 1
        told(telling.later(seconds=1), office.post)
        told(telling.later(minutes=2), office.post)
    mail = the_mail(telling)
    assert [one.outcome for one in mail.tries] == ["LATER", "LATER", "SENT"]
    assert [str(one["Message-ID"]) for one in office.taken()] == [mail.mail.message_id]


def test_at_last_it_is_given_up_and_waits_for_a_person(telling: Shop, office: PostOffice) -> None:
    alert(telling, "ann@house.example")
    telling.change("UPDATE mails SET tries = %s", MOST_TRIES - 1)
    with office.open("full"):
        told(telling, office.post)
        assert the_mail(telling).mail.status == "FAILED"
        telling.do(retry_mail, the_mail(telling).mail.mail_id)
        told(telling, office.post)
        told(telling.later(hours=3), office.post)
    assert the_mail(telling).mail.status == "SENT"


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_the_line_is_encrypted_and_only_with_whom_is_trusted(
    telling: Shop, office: PostOffice, tmp_path: Path, tls: str
) -> None:
    trusting = str(certificate_in(tmp_path))
    post = office.post._replace(tls=tls)  # type: ignore[arg-type]
    alert(telling, "ann@house.example")
    with office.open(tls):
        told(telling, post)
        assert office.taken() == []
        assert "CERTIFICATE_VERIFY_FAILED" in telling.value("SELECT message FROM job_failures")
        telling.change("DELETE FROM parked_jobs")
        told(telling, post._replace(ca=trusting))
    assert len(office.taken()) == 1


def test_a_login_is_made_and_a_wrong_one_blames_no_mail(telling: Shop, office: PostOffice) -> None:
    alert(telling, "ann@house.example")
    with office.open("login"):
        told(telling, office.post._replace(user="ann", password="wrong"))
        assert the_mail(telling).mail.status == "QUEUED"
        told_of = telling.value("SELECT message FROM job_failures")
        assert "535" in told_of
        assert "wrong" not in told_of
        telling.change("DELETE FROM parked_jobs")
        told(telling, office.post._replace(user="ann", password="secret"))
    assert len(office.taken()) == 1


def test_a_customer_may_write_in_any_letters(telling: Shop, office: PostOffice) -> None:
    telling.order("Ä-1", MUG=1, customer_email="jörg@example.org", customer_name="Jörg\r\nBcc: all@example.org")
    with office.open():
        told(telling, office.post)
    (mail,) = office.taken()
    assert (mail["To"], mail["Bcc"]) == ("jörg@example.org", None)
    assert mail["Subject"] == "Your order Ä-1 has to wait"


def test_a_mail_of_an_hour_ago_says_when_it_was_sent(telling: Shop, office: PostOffice) -> None:
    alert(telling, "ann@house.example")
    telling.later(hours=1)
    with office.open():
        told(telling, office.post)
    assert office.taken()[0]["Date"].datetime == telling.clock
    assert the_mail(telling).mail.sent_at == telling.clock
    assert the_mail(telling).mail.queued_at == telling.clock - timedelta(hours=1)

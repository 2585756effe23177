"""Mails under kill: server and workers may die at any moment, and no mail is lost.

None is doubled but where somebody died between the taking of a mail and the word of it; then both bear one name.
"""

import time
from collections import Counter
from collections.abc import Callable

import pytest

from makegood.domain.mails import MailKind
from makegood.domain.orders import NewLine, NewOrder
from makegood.services.mails.queue_mails import queue_mail
from makegood.services.place_order import place_orders
from makegood.services.work import now
from tests.mails.post_office import PostOffice, standing, told, working
from tests.meanwhile import soon
from tests.shop import Shop

ALERT = {"title": "7 holds", "words": "Look at them.", "link": ""}


def until(what: Callable[[], bool], within: float = 60) -> None:
    soon(what, within=within)


def names(office: PostOffice) -> Counter[str]:
    """Count the mails that were taken by their names."""
    return Counter(str(one["Message-ID"]) for one in office.taken())


def test_a_server_that_dies_between_taking_a_mail_and_saying_so_gets_it_twice_under_one_name(
    telling: Shop, office: PostOffice
) -> None:
    for number in range(4):
        telling.do(queue_mail, MailKind.STAFF_ALERT, f"a{number}@house.example", ALERT, "k")
    with office.open("dies"):
        told(telling, office.post)
    with office.open():
        telling.change("DELETE FROM parked_jobs")
        told(telling.later(minutes=5), office.post)
        told(telling.later(minutes=5), office.post)
    assert {status for _, status in standing(telling)} == {"SENT"}
    assert sorted(names(office).values()) == [1, 1, 1, 2]
    doubled = [one for one in office.taken() if names(office)[str(one["Message-ID"])] == 2]
    assert doubled[0].as_bytes() != b""
    assert doubled[0]["To"] == doubled[1]["To"]
    assert telling.rows("SELECT outcome, count(*) FROM mail_tries GROUP BY 1 ORDER BY 1") == [
        ("LOST", 1),
        ("SENT", 4),
    ]


def test_a_mail_that_somebody_is_sending_is_left_to_him(telling: Shop, office: PostOffice) -> None:
    telling.do(queue_mail, MailKind.STAFF_ALERT, "ann@house.example", ALERT, "k")
    telling.change("UPDATE mails SET status = 'SENDING', tries = 1, message_id = '<x@shop.example>'")
    with office.open():
        with telling.books.claimed("claim_mail", mail=1) as ours:
            assert ours
            told(telling, office.post)
            assert office.taken() == []
        told(telling, office.post)
    assert list(names(office)) == ["<x@shop.example>"]


@pytest.mark.slow
def test_with_server_and_workers_killed_in_mid_run_each_customer_is_told(
    telling: Shop, office: PostOffice
) -> None:
    telling.clock = now()
    customers = [f"c{number:03}@example.org" for number in range(120)]
    orders = [
        NewOrder(number=one, lines=[NewLine("MUG", 1)], customer_email=one, placed_at=telling.clock)
        for one in customers
    ]
    telling.do(place_orders, orders, warehouse="EAST")
    books = telling.books.conninfo
    for wait in (15, 30):
        with (
            office.open("slow") as server,
            working(books, office) as one,
            working(books, office),
        ):
            until(lambda least=wait: len(office.taken()) >= least)  # type: ignore[misc]
            one.kill()
            time.sleep(0.3)
            server.kill()
            time.sleep(0.5)
    # Nobody waits here for the minutes after which a mail that failed is tried again.
    telling.change("UPDATE mails SET due_at = queued_at WHERE tries > 0 AND status <> 'SENT'")
    with office.open(), working(books, office), working(books, office):
        until(lambda: telling.value("SELECT count(*) FROM mails WHERE status = 'SENT'") == len(customers), 150)
    assert {str(one["To"]) for one in office.taken()} == set(customers)
    by_name = {str(one["Message-ID"]): str(one["To"]) for one in office.taken()}
    assert len(by_name) == len(customers), "a mail went out under two names"
    # Killed once each: a worker between the taking and its note, a server between the taking and its word.
    doubled = [name for name, times in names(office).items() if times > 1]
    assert len(doubled) <= 6
    again = "SELECT m.message_id FROM mails m JOIN mail_tries t USING (mail_id) GROUP BY 1 HAVING count(*) > 1"
    assert set(doubled) <= {row[0] for row in telling.rows(again)}

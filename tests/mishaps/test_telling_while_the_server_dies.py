"""The database server dies while mails and webhooks go out and a report is read: all is told, each by one name."""

import signal
import time
from pathlib import Path

import pytest

from makegood.domain.errors import DatabaseUnavailable
from makegood.domain.orders import NewLine, NewOrder
from makegood.services.business_settings import change_setting
from makegood.services.place_order import place_orders
from makegood.services.reports.make_report import make_report
from makegood.services.webhooks.endpoints import add_endpoint
from makegood.services.work import now
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate
from tests.judge.judge import judge
from tests.mails.post_office import PostOffice, told, working
from tests.meanwhile import soon
from tests.mishaps.test_lost_connections import at_the_same_address, kill_the_postmaster
from tests.receiver import Receiver, receiving
from tests.shop import Shop

CUSTOMERS = [f"c{number:02}@example.org" for number in range(40)]


def waiting(shop: Shop) -> int:
    """Read how many orders wait at the end of this month, as often as it takes."""
    while True:
        try:
            return int(shop.do(make_report, "monthly").rows[-1].at_end)
        except DatabaseUnavailable:
            time.sleep(0.1)


def all_told(shop: Shop) -> bool:
    sent = shop.value("SELECT count(*) FROM mails WHERE status = 'SENT'")
    delivered = shop.value("SELECT count(*) FROM webhook_deliveries WHERE state = 'DELIVERED'")
    return (sent, delivered) == (len(CUSTOMERS), len(CUSTOMERS))


@pytest.mark.slow
def test_server_and_worker_are_killed_while_everybody_is_told(tmp_path: Path) -> None:
    office = PostOffice(tmp_path)
    with served(tmp_path / "home") as address, receiving(tmp_path) as receiver, office.open("slow"):
        migrate(address)
        shop = ready(Shop(Database(address), clock=now()), office, receiver)
        with working(address, office, MAKEGOOD_WEBHOOK_NETWORKS="127.0.0.0/8") as worker:
            soon(lambda: len(office.taken()) > 5 and len(receiver.came()) > 5, within=60)
            kill_the_postmaster(address)
            shop = at_the_same_address(shop)
            assert waiting(shop) == len(CUSTOMERS)
            soon(lambda: len(office.taken()) > 15, within=60)
            worker.send_signal(signal.SIGKILL)
        # Nobody waits here for the minutes after which a mail is tried again.
        shop.change("UPDATE mails SET due_at = queued_at WHERE status <> 'SENT'")
        shop.change("DELETE FROM parked_jobs")
        with working(address, office, MAKEGOOD_WEBHOOK_NETWORKS="127.0.0.0/8"):
            soon(lambda: all_told(shop), within=120)
        assert_told_under_one_name_each(office, receiver)
        assert waiting(shop) == len(CUSTOMERS)
        assert judge(address, shop.clock.date()).broken == {}
        shop.books.close()


def ready(shop: Shop, office: PostOffice, receiver: Receiver) -> Shop:
    """Let many orders be short, of which nobody was told yet."""
    shop.sells("MUG").do(change_setting, "mail_wait_minutes", 0)
    told(shop, office.post)
    shop.do(add_endpoint, receiver.url(), types=["order.backordered"])
    told(shop, office.post)
    orders = [NewOrder(one, [NewLine("MUG", 1)], customer_email=one, placed_at=shop.clock) for one in CUSTOMERS]
    shop.do(place_orders, orders, warehouse="EAST")
    return shop


def assert_told_under_one_name_each(office: PostOffice, receiver: Receiver) -> None:
    names = {str(one["Message-ID"]): str(one["To"]) for one in office.taken()}
    assert sorted(names.values()) == CUSTOMERS
    bodies = {(one["headers"]["webhook-id"], one["body"]) for one in receiver.came()}
    assert len(bodies) == len(set(receiver.ids())) == len(CUSTOMERS)

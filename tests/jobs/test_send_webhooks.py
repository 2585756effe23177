"""Messages reach a real receiver in a process of its own: at least once, whoever is slow, fails or is killed."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

import pytest
from standardwebhooks import Webhook

from makegood.jobs import send_webhooks as sending
from makegood.jobs.outside import Outside
from makegood.jobs.send_webhooks import send_webhooks
from makegood.jobs.station import Station
from makegood.services.webhooks.deliveries import list_deliveries, replay_delivery, send_test, show_delivery
from makegood.services.webhooks.endpoints import add_endpoint, show_endpoint
from tests.conftest import ROOT
from tests.meanwhile import soon
from tests.receiver import Receiver, receiving
from tests.services.test_webhooks import due, told
from tests.shop import Shop


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with receiving(tmp_path) as one:
        yield one


def station(shop: Shop) -> Station:
    outside = Outside(networks=[ip_network("127.0.0.0/8")], total_seconds=5)
    return Station(shop.books, clock=lambda: shop.clock, outside=outside)


def messages_to(shop: Shop, url: str, count: int = 1) -> int:
    """Make an endpoint with so many messages to it."""
    endpoint = shop.do(add_endpoint, url).endpoint.endpoint
    for _ in range(count):
        shop.do(send_test, endpoint)
    return endpoint


def test_what_happens_arrives_signed_and_is_on_record(shop: Shop, receiver: Receiver) -> None:
    made = shop.sells("MUG").do(add_endpoint, receiver.url(), types=["order.backordered"])
    shop.order("A", MUG=1)
    told(shop)
    send_webhooks(station(shop))
    (came,) = receiver.came()
    verified = Webhook(made.secret).verify(came["body"], came["headers"])
    assert (verified["type"], verified["data"]["orderNumber"]) == ("order.backordered", "A")
    (delivery,) = shop.do(list_deliveries, made.endpoint.endpoint).deliveries
    assert (delivery.state, delivery.status, delivery.attempts) == ("DELIVERED", 204, 1)
    assert came["headers"]["content-type"] == "application/json"


def test_without_a_setting_nothing_is_sent_to_the_house_itself(shop: Shop, receiver: Receiver) -> None:
    endpoint = messages_to(shop, receiver.url())
    send_webhooks(Station(shop.books))
    (delivery,) = shop.do(list_deliveries, endpoint).deliveries
    assert (delivery.state, delivery.error) == ("WAITING", "not sent: 127.0.0.1 is not a public address")
    assert receiver.came() == []


def test_one_that_hangs_keeps_no_other_waiting(shop: Shop, receiver: Receiver) -> None:
    messages_to(shop, receiver.url("hangs"), 4)
    messages_to(shop, receiver.url("drip"), 4)
    messages_to(shop, receiver.url("good"), 40)
    began = time.monotonic()
    send_webhooks(station(shop))
    assert len(receiver.came("good")) == 40
    taken = max(one["at"] for one in receiver.came("good")) - min(one["at"] for one in receiver.came("good"))
    assert taken < 4.5, "the good ones waited for those that hang"
    assert time.monotonic() - began < 20


def test_one_that_cannot_be_signed_keeps_no_other_waiting(shop: Shop, receiver: Receiver) -> None:
    spoiled, sound = (messages_to(shop, receiver.url()) for _ in range(2))
    shop.change("UPDATE webhook_endpoints SET secret = 'whsec_' WHERE endpoint_id = %s", spoiled)
    send_webhooks(station(shop))
    assert shop.do(list_deliveries, sound).deliveries[0].state == "DELIVERED"
    assert shop.do(list_deliveries, spoiled).deliveries[0].error == "defect: EmptyWebhookSecretError"


def test_each_way_to_fail_is_on_record_with_the_start_of_the_answer(shop: Shop, receiver: Receiver) -> None:
    paths = ("fails", "moved", "hangs", "gone", "endless")
    endpoints = {path: messages_to(shop, receiver.url(path)) for path in paths}
    send_webhooks(station(shop))
    last = {path: shop.do(list_deliveries, endpoints[path]).deliveries[0] for path in paths}
    assert {path: (one.state, one.status) for path, one in last.items()} == {
        "fails": ("WAITING", 500),
        "moved": ("WAITING", 302),
        "hangs": ("WAITING", None),
        "gone": ("FAILED", 410),
        "endless": ("DELIVERED", 200),
    }
    (tried,) = shop.do(show_delivery, last["fails"].delivery).attempts
    assert tried.answer == "out of order today"
    assert not receiver.came("good"), "a redirect was followed"
    assert shop.do(show_endpoint, endpoints["gone"]).disabled_because == "it answered 410 Gone"
    assert shop.rows("SELECT kind, subject FROM alerts") == [("ENDPOINT_DISABLED", str(endpoints["gone"]))]


def test_what_failed_comes_again_under_the_same_id(shop: Shop, receiver: Receiver) -> None:
    messages_to(shop, receiver.url("fails"))
    for _ in range(3):
        send_webhooks(station(shop))
        due(shop)
    assert len(receiver.came()) == 3
    assert len(set(receiver.ids())) == 1


def test_a_replay_arrives_again_under_the_same_id(shop: Shop, receiver: Receiver) -> None:
    endpoint = messages_to(shop, receiver.url())
    send_webhooks(station(shop))
    shop.do(replay_delivery, shop.do(list_deliveries, endpoint).deliveries[0].delivery)
    send_webhooks(station(shop))
    assert len(receiver.ids()) == 2
    assert len({one["body"] for one in receiver.came()}) == 1


def test_more_than_can_be_under_way_at_once_all_arrive(shop: Shop, receiver: Receiver) -> None:
    for number in range(sending.AT_ONCE // 2):
        messages_to(shop, receiver.url(f"good/{number}"), 5)
    send_webhooks(station(shop))
    assert len(set(receiver.ids())) == 5 * (sending.AT_ONCE // 2)


@contextmanager
def working(shop: Shop) -> "Iterator[subprocess.Popen[bytes]]":
    command = [sys.executable, "-m", "tests.jobs.webhook_process", shop.books.conninfo]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_every_event_arrives_however_often_the_workers_are_killed(shop: Shop, receiver: Receiver) -> None:
    shop.sells("MUG")
    for path in ("good", "slow"):
        shop.do(add_endpoint, receiver.url(path), types=["order.backordered"])
    killed = 0
    for number in range(14):
        shop.order(f"O{number}", MUG=1)
    while killed < 3:
        with working(shop) as process:
            seen = len(receiver.came())
            soon(lambda seen=seen: len(receiver.came()) > seen + 4 or finished(shop), within=40)  # type: ignore[misc]
            process.send_signal(signal.SIGKILL)
            killed += 1
    with working(shop):
        soon(lambda: finished(shop), within=60)
    wanted = {
        f"evt_{row[0]}"
        for row in shop.rows("SELECT event_id FROM fulfillment_events WHERE type = 'order:backordered'")
    }
    for path in ("good", "slow"):
        assert set(receiver.ids(path)) == wanted
    bodies = {(one["headers"]["webhook-id"], one["body"]) for one in receiver.came()}
    assert len(bodies) == len(wanted), "the same id told different things"
    assert {json.loads(body)["data"]["orderNumber"] for _, body in bodies} == {f"O{n}" for n in range(14)}


def finished(shop: Shop) -> bool:
    rows = shop.rows("SELECT count(*), count(*) FILTER (WHERE state = 'DELIVERED') FROM webhook_deliveries")
    return rows[0] == (28, 28)

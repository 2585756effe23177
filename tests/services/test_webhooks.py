"""Who is told of what over HTTP: endpoints, secrets that are shown once, and what follows from events."""

import json
from datetime import timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from makegood.domain.errors import DeliveryNotFound, EndpointDisabled, EndpointNotFound, InvalidValue
from makegood.domain.webhooks import GONE, PAUSES, Answer
from makegood.jobs.readers import READERS, read_events
from makegood.jobs.station import Station
from makegood.services.business_settings import change_setting
from makegood.services.hold_order import hold_order
from makegood.services.tidy_jobs import tidy_jobs
from makegood.services.webhooks.deliveries import (
    list_deliveries,
    replay_delivery,
    replay_since,
    send_test,
    show_delivery,
)
from makegood.services.webhooks.derive import SEND_WEBHOOKS
from makegood.services.webhooks.endpoints import (
    EndpointChange,
    add_endpoint,
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
    show_endpoint,
)
from makegood.services.webhooks.send import Parcel, Sent, note_sent, signed, take_parcels
from makegood.services.work import Work, now
from makegood.wiring import House
from tests.meanwhile import all_final
from tests.shop import Shop

FINE, AWAY, GONE_FOR_GOOD = (
    Answer(204, "", "", 0.1),
    Answer(None, "ConnectError", "", 0.1),
    Answer(GONE, "answered 410", "", 0.1),
)
URL = "https://shop.example.com/hooks"


def told(shop: Shop) -> None:
    """Let what follows from the events be done, as a worker would."""
    all_final(shop)
    read_events(Station(shop.books, clock=lambda: shop.clock), READERS)


def takes(shop: Shop, most: int = 100) -> list[Parcel]:
    return shop.do(take_parcels, most=most, seconds=20)


def answers(shop: Shop, answer: Answer, *parcels: Parcel) -> list[int]:
    return shop.do(note_sent, [Sent(one, answer, 0.0) for one in parcels])


def types(shop: Shop, endpoint: int) -> list[str]:
    """The types of the messages to an endpoint, the oldest first."""
    return [one.type for one in reversed(shop.do(list_deliveries, endpoint).deliveries)]


def due(shop: Shop) -> None:
    """Let the pauses be over."""
    shop.change("UPDATE webhook_deliveries SET due_at = clock_timestamp() - interval '1 second'")


@pytest.fixture
def selling(shop: Shop) -> Shop:
    return shop.sells("MUG", "LID")


def test_each_event_becomes_one_message_for_each_endpoint_that_means_it(selling: Shop) -> None:
    everything = selling.do(add_endpoint, URL).endpoint.endpoint
    some = selling.do(add_endpoint, URL, types=["ORDER:BACKORDERED".lower()]).endpoint.endpoint
    selling.order("A", MUG=1)
    told(selling)
    told(selling)
    assert types(selling, everything) == ["order.backordered", "backorder.created"]
    assert types(selling, some) == ["order.backordered"]


def test_what_happened_before_anybody_was_told_is_for_nobody(selling: Shop) -> None:
    selling.order("BEFORE", MUG=1)
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    told(selling)
    assert types(selling, endpoint) == []
    selling.do(disable_endpoint, endpoint)
    selling.order("MEANWHILE", MUG=1)
    told(selling)
    selling.do(enable_endpoint, endpoint)
    selling.order("AFTER", MUG=1)
    told(selling)
    assert types(selling, endpoint) == ["order.backordered", "backorder.created"]


def test_a_message_says_what_the_event_says(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL, types=["order.backordered"]).endpoint.endpoint
    selling.order("A", MUG=2)
    told(selling)
    (parcel,) = takes(selling)
    body = json.loads(parcel.body)
    assert (body["type"], body["timestamp"]) == ("order.backordered", "2026-03-02T09:00:00Z")
    assert (body["data"]["orderNumber"], body["data"]["merchant"]) == ("A", "default")
    assert body["data"]["payload"]["backorderedItems"] == 2
    number = selling.do(list_deliveries, endpoint).deliveries[0].delivery
    assert selling.do(show_delivery, number).body == parcel.body


def test_a_receiver_verifies_a_message_with_the_library(selling: Shop) -> None:
    made = selling.do(add_endpoint, URL)
    selling.order("A", MUG=1)
    told(selling)
    parcel = takes(selling)[0]
    headers = signed(parcel, now())
    assert Webhook(made.secret).verify(parcel.body, headers) == json.loads(parcel.body)
    with pytest.raises(WebhookVerificationError):
        Webhook(made.secret).verify(parcel.body + " ", headers)
    with pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(made.secret).verify(parcel.body, signed(parcel, now() - timedelta(hours=1)))


def test_during_the_overlap_both_secrets_verify_and_then_only_the_new_one(selling: Shop) -> None:
    first = selling.do(add_endpoint, URL)
    second = selling.do(rotate_secret, first.endpoint.endpoint)
    selling.do(send_test, first.endpoint.endpoint)
    (parcel,) = takes(selling)
    headers = signed(parcel, now())
    for secret in (first.secret, second.secret):
        Webhook(secret).verify(parcel.body, headers)
    selling.change("UPDATE webhook_endpoints SET secret_before_until = clock_timestamp()")
    selling.change("UPDATE webhook_deliveries SET leased_until = NULL")
    (later,) = takes(selling)
    with pytest.raises(WebhookVerificationError):
        Webhook(first.secret).verify(later.body, signed(later, now()))
    Webhook(second.secret).verify(later.body, signed(later, now()))


def test_a_secret_is_shown_once_and_stands_on_no_record(selling: Shop) -> None:
    made = selling.do(add_endpoint, URL)
    turned = selling.do(rotate_secret, made.endpoint.endpoint, overlap_hours=0)
    shown = repr((selling.do(list_endpoints), selling.rows("SELECT * FROM audit_log")))
    assert made.secret.startswith("whsec_")
    assert made.secret not in shown
    assert turned.secret not in shown


def test_what_is_taken_is_nobody_elses_until_its_time_is_up(selling: Shop) -> None:
    selling.do(send_test, selling.do(add_endpoint, URL).endpoint.endpoint)
    (first,) = takes(selling)
    assert takes(selling) == []
    selling.change("UPDATE webhook_deliveries SET leased_until = clock_timestamp()")
    (again,) = takes(selling)
    assert (again.message_id, again.attempt) == (first.message_id, 2)
    # Who was late says so without undoing what the other did.
    answers(selling, FINE, again)
    answers(selling, AWAY, first)
    (delivery,) = selling.do(list_deliveries, again.endpoint_id).deliveries
    assert delivery.state == "DELIVERED"
    assert [one.attempt for one in selling.do(show_delivery, delivery.delivery).attempts] == [1, 2]


def test_of_one_endpoint_few_are_taken_at_once_and_of_one_that_fails_one(selling: Shop) -> None:
    busy, failing = (selling.do(add_endpoint, URL).endpoint.endpoint for _ in range(2))
    for endpoint in (busy, failing):
        for _ in range(9):
            selling.do(send_test, endpoint)
    taken = takes(selling)
    assert sorted(one.endpoint_id for one in taken) == [busy] * 4 + [failing] * 4
    for one in taken:
        answers(selling, FINE if one.endpoint_id == busy else AWAY, one)
    assert sorted(one.endpoint_id for one in takes(selling)) == [busy] * 4 + [failing]


def test_a_message_is_tried_again_as_the_specification_says_and_then_given_up(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.do(send_test, endpoint)
    for _ in PAUSES:
        answers(selling, AWAY, *takes(selling))
        assert takes(selling) == []
        due(selling)
    answers(selling, AWAY, *takes(selling))
    (delivery,) = selling.do(list_deliveries, endpoint).deliveries
    assert (delivery.state, delivery.attempts, delivery.error) == ("FAILED", 10, "ConnectError")
    assert sum(PAUSES) > timedelta(days=3).total_seconds()


def test_an_endpoint_that_is_gone_is_out_of_service_at_once(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.do(send_test, endpoint)
    assert answers(selling, GONE_FOR_GOOD, *takes(selling)) == [endpoint]
    sheet = selling.do(show_endpoint, endpoint)
    assert (sheet.active, sheet.disabled_because) == (False, "it answered 410 Gone")
    with pytest.raises(EndpointDisabled):
        selling.do(send_test, endpoint)


def test_an_endpoint_that_takes_nothing_for_too_long_is_out_of_service(selling: Shop) -> None:
    selling.do(change_setting, "webhook_patience_hours", 2)
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    for _ in range(5):
        selling.do(send_test, endpoint)
    for number in range(5):
        if number == 3:
            selling.change("UPDATE webhook_endpoints SET failing_since = failing_since - interval '3 hours'")
        disabled = answers(selling, AWAY, takes(selling)[0])
        selling.change("UPDATE webhook_deliveries SET leased_until = NULL")
        assert disabled == ([endpoint] if number == 4 else [])
    assert "it took nothing since" in str(selling.do(show_endpoint, endpoint).disabled_because)
    assert takes(selling) == []


def test_one_message_that_is_taken_ends_the_row_of_failures(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    for _ in range(2):
        selling.do(send_test, endpoint)
    one, other = takes(selling)
    answers(selling, AWAY, one)
    assert selling.do(show_endpoint, endpoint).failures == 1
    answers(selling, FINE, other)
    assert (selling.do(show_endpoint, endpoint).failures, selling.do(show_endpoint, endpoint).waiting) == (0, 1)


def test_enabling_lets_what_waits_be_tried_at_once_with_all_its_tries(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.do(send_test, endpoint)
    answers(selling, AWAY, *takes(selling))
    selling.do(disable_endpoint, endpoint)
    assert takes(selling) == []
    selling.do(enable_endpoint, endpoint)
    (parcel,) = takes(selling)
    assert (parcel.tries, parcel.attempt) == (1, 2)


def test_a_replay_of_one_keeps_its_id_and_its_log(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.do(send_test, endpoint)
    (first,) = takes(selling)
    answers(selling, FINE, first)
    delivery = selling.do(list_deliveries, endpoint).deliveries[0].delivery
    assert selling.do(replay_delivery, delivery).state == "WAITING"
    (again,) = takes(selling)
    assert (again.message_id, again.body, again.attempt) == (first.message_id, first.body, 2)


def test_a_replay_since_sends_what_came_while_it_was_out_of_service(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL, types=["order.backordered", "order.held"]).endpoint.endpoint
    selling.order("SENT", MUG=1)
    told(selling)
    sent = takes(selling)
    answers(selling, FINE, *sent)
    selling.do(disable_endpoint, endpoint)
    selling.order("MISSED", MUG=1)
    selling.do(hold_order, "MISSED", because="a question")
    told(selling)
    selling.do(enable_endpoint, endpoint)
    assert selling.do(replay_since, endpoint, now() - timedelta(hours=1)).messages == 3
    taken = takes(selling)
    assert [one.type for one in taken].count("order.backordered") == 2
    assert sent[0].message_id in {one.message_id for one in taken}
    assert selling.do(replay_since, endpoint, now() + timedelta(hours=1)).messages == 0


def test_an_endpoint_is_told_of_its_merchants_only(selling: Shop) -> None:
    selling.change("INSERT INTO merchants (code) VALUES ('acme')")
    theirs = selling.do(add_endpoint, URL, merchants=["acme"]).endpoint.endpoint
    ours = selling.do(add_endpoint, URL, merchants=["default"]).endpoint.endpoint
    selling.order("A", MUG=1)
    told(selling)
    assert (types(selling, theirs), len(types(selling, ours))) == ([], 2)
    assert selling.do(edit_endpoint, theirs, EndpointChange(merchants=[])).merchants is None


def test_who_is_limited_to_merchants_sees_only_what_is_limited_within_them(selling: Shop) -> None:
    whole = selling.do(add_endpoint, URL).endpoint.endpoint
    limited = House(selling.books).at(selling.clock, "clerk", "manual:clerk", merchants=[1])
    own = limited(add_endpoint, URL)
    assert own.endpoint.merchants == ["default"]
    assert [one.endpoint for one in limited.read(list_endpoints)] == [own.endpoint.endpoint]
    with pytest.raises(EndpointNotFound):
        limited(remove_endpoint, whole)


def test_an_edit_changes_what_is_given_and_keeps_the_rest(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL, note="the shop", types=["order.held"]).endpoint.endpoint
    sheet = selling.do(edit_endpoint, endpoint, EndpointChange(url="https://other.example.com/"))
    assert (sheet.url, sheet.note, sheet.types) == ("https://other.example.com/", "the shop", ["order.held"])
    assert selling.do(edit_endpoint, endpoint, EndpointChange(types=[])).types is None


@pytest.mark.parametrize(
    "url",
    ["", "shop.example.com", "ftp://x.example.com", "https://me:pw@x.example.com/", "https://", "https://a b/",
     "https://x.example.com:99999/", "https://" + "x" * 2000],
)  # fmt: skip
def test_what_cannot_be_an_address_is_refused(selling: Shop, url: str) -> None:
    with pytest.raises(InvalidValue):
        selling.do(add_endpoint, url)


def test_a_type_that_nothing_is_told_by_is_refused(selling: Shop) -> None:
    with pytest.raises(InvalidValue, match=r"order\.backordered"):
        selling.do(add_endpoint, URL, types=["order.backorderd"])


def test_a_removed_endpoint_takes_its_log_along_also_while_something_is_under_way(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.do(send_test, endpoint)
    (parcel,) = takes(selling)
    selling.do(remove_endpoint, endpoint)
    assert answers(selling, FINE, parcel) == []
    with pytest.raises(DeliveryNotFound):
        selling.do(show_delivery, parcel.delivery_id)
    with pytest.raises(EndpointNotFound):
        selling.do(show_endpoint, endpoint)


def test_what_waits_is_tried_at_once_when_its_endpoint_is_back(selling: Shop) -> None:
    endpoint = selling.do(add_endpoint, URL).endpoint.endpoint
    selling.order("A", MUG=1)
    told(selling)
    selling.do(disable_endpoint, endpoint)

    def back(work: Work) -> bool:
        enable_endpoint(work, endpoint)
        return SEND_WEBHOOKS in work.woken

    assert selling.do(back)


def test_more_old_messages_than_a_batch_are_dropped_batch_by_batch(selling: Shop) -> None:
    selling.do(add_endpoint, URL)
    for number in range(3):
        selling.order(f"A{number}", MUG=1)
    told(selling)
    selling.change("UPDATE webhook_deliveries SET state = 'DELIVERED', done_at = now() - interval '31 days'")
    lying = selling.value("SELECT count(*) FROM webhook_deliveries")
    assert [selling.do(tidy_jobs, most=lying - 1) for _ in range(2)] == [True, False]
    assert selling.value("SELECT count(*) FROM webhook_deliveries") == 0

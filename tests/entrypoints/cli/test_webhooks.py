"""Webhooks and alerts at the keyboard."""

from makegood.services.alerts.watch import watch
from tests.entrypoints.cli.conftest import Terminal
from tests.services.test_alerts import mans
from tests.services.test_webhooks import AWAY, answers, takes
from tests.shop import Shop


def test_a_secret_is_printed_once(shop: Shop) -> None:
    at = Terminal(shop.books.conninfo)
    made = at.does("webhooks add https://shop.example.com/hooks --type order.backordered --note shop")
    secret = made.out.strip()
    assert secret.startswith("whsec_")
    assert "Endpoint 1 signs with this secret; it is not shown again." in made.err
    listed = at.does("webhooks list").out
    assert "https://shop.example.com/hooks" in listed
    assert "in service" in listed
    assert secret not in listed


def test_what_was_sent_is_seen_and_sent_again(shop: Shop) -> None:
    at = Terminal(shop.books.conninfo)
    at.does("webhooks add https://shop.example.com/hooks")
    delivery = at.does("webhooks test 1 --json").json["delivery"]
    answers(shop, AWAY, *takes(shop))
    assert "ConnectError" in at.does("webhooks deliveries 1").out
    shown = at.does(f"webhooks deliveries --show {delivery}").out
    assert "webhook.test" in shown
    assert "ConnectError" in shown
    assert "is sent again" in at.does(f"webhooks replay --delivery {delivery}").out
    assert at.does("webhooks replay 1 --since 2026-01-01").out.strip() == "1 message to be sent."


def test_an_endpoint_is_changed_disabled_and_removed(shop: Shop) -> None:
    at = Terminal(shop.books.conninfo)
    at.does("webhooks add https://shop.example.com/hooks --type order.held")
    assert "signs as well until" in at.does("webhooks rotate 1").err
    at.does("webhooks edit 1 --url https://other.example.com/ --all-types")
    assert at.does("webhooks list --json").json[0]["types"] is None
    at.does("webhooks disable 1")
    refused = at.types("webhooks test 1")
    assert (refused.code, "makegood webhooks enable ENDPOINT" in refused.err) == (4, True)
    at.does("webhooks enable 1")
    at.does("webhooks remove 1")
    assert at.types("webhooks rotate 1").code == 3


def test_what_makes_no_sense_is_refused(terminal: Terminal) -> None:
    assert terminal.types("webhooks add ftp://x.example.com").code == 2
    assert terminal.types("webhooks add https://x.example.com --type order.lost").code == 2
    assert terminal.types("webhooks deliveries").code == 2
    assert terminal.types("webhooks replay 1").code == 2
    assert terminal.types("webhooks replay 1 --since soon").code == 2


def test_alerts_are_said_in_words_also_by_the_doctor(shop: Shop) -> None:
    at = Terminal(shop.books.conninfo)
    assert "Nothing needs a person now." in at.does("alerts").out
    shop.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 1)")
    mans(shop).do(watch)
    assert "left lying" in at.does("alerts").out
    assert [one["kind"] for one in at.does("alerts --json").json["alerts"]] == ["SWEEP_DEFECT"]
    told = at.does("doctor")
    assert "found within a day: 1. That is a defect. See: makegood doctor --json" in told.out
    assert at.does("doctor --json").json["troubles"][0]["kind"] == "SWEEP_DEFECT"

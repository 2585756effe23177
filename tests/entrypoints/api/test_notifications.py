"""Mails over HTTP: who may see them, what is kept, and the links that are open to whoever has them."""

from typing import Any

import pytest

from makegood.domain.accounts import Role
from makegood.domain.mails import MailKind
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.mails.links import CONSENTS, STOP, signed
from makegood.services.mails.queue_mails import ToCustomer, queue_mail, queue_mails
from makegood.services.work import Work
from tests.entrypoints.api.visitors import Api, Visitor
from tests.shop import Shop

ANN: dict[str, Any] = {"customer_email": "ann@example.org"}
TEMPLATE = "/notifications/templates/ORDER_BACKORDERED"


def tell(work: Work, number: str) -> int:
    """Queue a mail about an order."""
    order = work.db.connection.execute("SELECT order_id FROM orders WHERE number = %s", [number]).fetchone()
    assert order
    return queue_mails(work, [ToCustomer(MailKind.ORDER_BACKORDERED, f"event:{order[0]}", order[0], work.as_of)])


@pytest.fixture
def admin(api: Api) -> Visitor:
    """An administrator of a shop with a mail about order A and one to somebody of the house."""
    api.shop.sells("MUG", "TEA").gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    api.shop.do(tell, "A")
    alert = {"title": "7 holds", "words": "Look.", "link": ""}
    api.shop.do(queue_mail, MailKind.STAFF_ALERT, "eve@house.example", alert, "holds:1")
    return api.visitor(Role.ADMIN)


def asked(shop: Shop, purpose: str = "split") -> str:
    """Ask the customer of A, and give the token of the link."""
    ask = shop.do(ask_customer, "A", purpose)
    return shop.do(lambda work: signed(work, CONSENTS, ask.ask_id))


def test_the_log_is_the_administrators(api: Api, admin: Visitor) -> None:
    page = admin.asks("/notifications", order="A")
    assert [(one["kind"], one["recipient"], one["order"]) for one in page["mails"]] == [
        ("ORDER_BACKORDERED", "ann@example.org", "A")
    ]
    assert page["counts"]["QUEUED"] == 2
    assert admin.asks("/notifications/1")["written"] is None
    assert api.visitor(Role.MANAGER).refused("GET", "/notifications") == (403, "not_allowed")
    assert admin.refused("GET", "/notifications/99") == (404, "mail_not_found")
    assert admin.refused("POST", "/notifications/1/retry") == (409, "mail_not_retried")
    assert admin.refused("GET", "/notifications?order=NONE") == (404, "order_not_found")
    api.shop.change("UPDATE mails SET status = 'FAILED' WHERE mail_id = 1")
    assert admin.does("/notifications/1/retry")["status"] == "QUEUED"


def test_who_is_limited_sees_the_mails_of_his_merchants(api: Api, admin: Visitor) -> None:
    api.shop.change("INSERT INTO merchants (code) VALUES ('acme')")
    limited = api.visitor(Role.ADMIN, merchants=["acme"])
    assert limited.asks("/notifications")["mails"] == []
    assert limited.refused("GET", "/notifications/1") == (404, "mail_not_found")
    assert limited.refused("GET", TEMPLATE) == (403, "merchants_limited")
    wish = {"address": "cat@example.org"}
    assert limited.refused("POST", "/notifications/opt-outs", json=wish) == (404, "merchant_not_found")


def test_a_template_is_written_tried_and_put_back(admin: Visitor) -> None:
    made = admin.does(f"{TEMPLATE}/preview", {"subject": "Wait for {{ order }}"})
    assert made["mails"][0]["subject"] == "Wait for 1001"
    faulty = admin.calls("PUT", TEMPLATE, json={"text": "one\n{{ nobody }}"})
    assert (faulty.status_code, faulty.json()["code"]) == (422, "template_faulty")
    assert faulty.json()["facts"]["line"] == 2
    assert admin.does(TEMPLATE, {"subject": "Wait for {{ order }}"}, method="PUT")["own"]
    assert [one["own"] for one in admin.asks("/notifications/templates")["templates"]].count(True) == 1
    assert not admin.does(TEMPLATE, method="DELETE")["own"]


def test_who_wants_no_mails_is_listed(admin: Visitor) -> None:
    admin.does("/notifications/opt-outs", {"address": "Cat@Example.org"})
    assert [one["address"] for one in admin.asks("/notifications/opt-outs")["optOuts"]] == ["cat@example.org"]
    assert admin.does("/notifications/opt-outs/remove", {"address": "cat@example.org"}) == {"removed": True}
    assert admin.refused("POST", "/notifications/opt-outs", json={"address": "cat"}) == (422, "invalid_value")


def test_a_link_is_open_to_whoever_has_it_and_looking_changes_nothing(api: Api, admin: Visitor) -> None:
    token = asked(api.shop)
    nobody = api.anonymous()
    for _ in range(2):
        shown = nobody.asks(f"/consents/{token}")
        assert (shown["state"], shown["order"]) == ("OPEN", "A")
        assert "ann@example.org" not in str(shown)
    assert nobody.does(f"/consents/{token}", {"answer": "ACCEPTED"})["answer"] == "ACCEPTED"
    assert nobody.refused("POST", f"/consents/{token}", json={"answer": "CANCELLED"}) == (409, "already_answered")
    assert api.shop.status("A") == "ALLOCATED"
    assert api.shop.value("SELECT count(*) FROM audit_log WHERE strpos(subject, %s) > 0", token) == 0
    assert nobody.refused("GET", "/consents/forged") == (404, "link_invalid")
    assert nobody.refused("POST", f"/no-more-mails/{token}") == (404, "link_invalid")


def test_what_a_link_can_refuse(api: Api, admin: Visitor) -> None:
    token = asked(api.shop)
    nobody = api.anonymous()
    assert nobody.refused("POST", f"/consents/{token}", json={"answer": "SILENT"}) == (422, "invalid_value")
    admin.does("/orders/A/cancel")
    assert nobody.refused("POST", f"/consents/{token}", json={"answer": "ACCEPTED"}) == (409, "order_moved_on")
    api.shop.later(days=30)
    assert nobody.refused("POST", f"/consents/{token}", json={"answer": "ACCEPTED"}) == (409, "link_expired")


def test_a_mail_program_stops_the_mails_with_one_click(api: Api, admin: Visitor) -> None:
    token = api.shop.do(lambda work: signed(work, STOP, 1))
    one_click = {"content": b"List-Unsubscribe=One-Click",
                 "headers": {"Content-Type": "application/x-www-form-urlencoded"}}  # fmt: skip
    for _ in range(2):
        assert api.anonymous().calls("POST", f"/no-more-mails/{token}", **one_click).json() == {"stopped": True}
    assert [one["how"] for one in admin.asks("/notifications/opt-outs")["optOuts"]] == ["ONE_CLICK"]


def test_a_customer_is_asked_only_what_can_be_done(api: Api, admin: Visitor) -> None:
    assert admin.does("/orders/A/ask-customer", {"purpose": "split"})["purpose"] == "SPLIT"
    asks = ("POST", "/orders/A/ask-customer")
    assert admin.refused(*asks, json={"purpose": "substitute"}) == (409, "nothing_to_substitute")
    assert admin.refused(*asks, json={"purpose": "luck"}) == (422, "invalid_value")
    api.shop.order("B", MUG=2)
    asks = ("POST", "/orders/B/ask-customer")
    assert admin.refused(*asks, json={"purpose": "split"}) == (409, "no_address")
    api.shop.change("UPDATE orders SET customer_email = 'ann@example.org'")
    assert admin.refused(*asks, json={"purpose": "split"}) == (409, "nothing_to_ship")
    api.shop.gets("MUG", 9).check()
    assert admin.refused(*asks, json={"purpose": "split"}) == (409, "wrong_state")

"""Mails on pages: the log and templates for administrators, and the links of customers for whoever has them."""

from typing import Any

from makegood.domain.accounts import Role
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.mails.links import CONSENTS, STOP, signed
from tests.entrypoints.web.site import Site

ANN: dict[str, Any] = {"customer_email": "ann@example.org", "customer_name": "Ann Lee"}


def asked(site: Site) -> str:
    """Ask the customer of order A whether it may be split, and give the path of the link."""
    site.shop.gets("LID", 1).order("A", MUG=2, LID=1, **ANN)
    ask = site.shop.do(ask_customer, "A", "split")
    return "/consents/" + site.shop.do(lambda work: signed(work, CONSENTS, ask.ask_id))


def test_a_customer_answers_without_signing_in(site: Site) -> None:
    path, customer = asked(site), site.reader(None)
    page = customer.sees(path)
    assert "MUG: 2 to come" in page.text
    assert "Ann" not in page.text, "whoever has the link sees it"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert site.shop.status("A") == "PARTIALLY_ALLOCATED"
    done = customer.sends(path, {"answer": "ACCEPTED"})
    assert (done.status, "You said yes" in done.text) == (200, True)
    again = customer.sends(path, {"answer": "CANCELLED"})
    assert (again.status, "You said yes" in again.text) == (409, True)
    assert (site.shop.status("A"), site.shop.status("A-BO1")) == ("ALLOCATED", "BACKORDERED")
    order = site.reader(Role.READONLY).sees("/orders/A").text
    assert "The customer answered purpose: SPLIT; answer: ACCEPTED" in order
    assert "What its customer was told" in order


def test_a_manager_asks_from_the_page_of_the_order(site: Site) -> None:
    site.shop.gets("LID", 1).order("A", MUG=2, LID=1, **ANN)
    manager = site.reader(Role.MANAGER)
    assert "Ask about a split" in manager.sees("/orders/A").text
    assert "The customer of order A is asked by mail." in manager.sends("/orders/A/ask/split").text
    assert site.shop.value("SELECT purpose FROM consent_asks") == "SPLIT"
    assert site.reader(Role.STAFF).sends("/orders/A/ask/split").status == 403


def test_whoever_asked_about_an_order_is_led_back_to_it_whatever_its_number(site: Site) -> None:
    site.shop.gets("LID", 1).order("A/short", MUG=2, LID=1, **ANN)
    page = site.reader(Role.MANAGER).sends("/orders/A%2Fshort/ask/split")
    assert ("The customer of order" in page.text, "<h1>Order A/short</h1>" in page.html) == (True, True)


def test_a_customer_is_told_when_there_is_nothing_to_decide_any_more(site: Site) -> None:
    path, customer = asked(site), site.reader(None)
    site.reader(Role.STAFF).sends("/orders/A/cancel", {"because": "changed her mind"})
    answer = customer.sends(path, {"answer": "ACCEPTED"})
    assert (answer.status, "Your order is cancelled by now" in answer.text) == (409, True)
    site.shop.later(days=20)
    assert "The time to answer was over" in customer.sees(path).text
    forged = customer.sees("/consents/forged")
    assert (forged.status, "To the backorders" in forged.text) == (404, False)


def test_a_reader_wants_no_more_mails(site: Site) -> None:
    asked(site)
    path, customer = "/no-more-mails/" + site.shop.do(lambda work: signed(work, STOP, 1)), site.reader(None)
    assert "No more mails" in customer.sees(path).text
    assert site.shop.value("SELECT count(*) FROM mail_opt_outs") == 0
    assert "You get no more mails" in customer.sends(path).text
    admin = site.reader(Role.ADMIN)
    assert admin.sees("/notifications/opt-outs").rows()[0][:3] == [
        "ann@example.org",
        "default",
        "by the link in a mail",
    ]
    again = admin.sends("/notifications/opt-outs/remove", {"address": "ann@example.org"})
    assert "Everybody gets mails" in again.text


def test_what_failed_is_seen_and_tried_again(site: Site) -> None:
    asked(site)
    admin = site.reader(Role.ADMIN)
    assert "Mails are off: MAKEGOOD_SMTP_HOST" in admin.sees("/notifications").text
    site.shop.change("UPDATE mails SET status = 'BOUNCED', because = '550 no such user'")
    page = admin.sees("/notifications?status=BOUNCED")
    assert page.rows()[0][1:4] == ["consent asked", "A", "ann@example.org"]
    assert "Mail 1 to ann@example.org is sent again." in admin.sends("/notifications/1/retry").text
    assert site.shop.value("SELECT status FROM mails") == "QUEUED"
    assert "consent asked" in admin.sees("/notifications/1").text
    assert site.reader(Role.MANAGER).sees("/notifications").status == 403


def test_a_template_comes_back_with_what_is_wrong(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    assert "order backordered" in admin.sees("/settings/mails").text
    path = "/settings/mails/ORDER_BACKORDERED"
    assert "Your order 1001 has to wait" in admin.sees(path).text
    form = {"subject": "Wait for {{ order }}", "text": "one\r\n{{ nobody }}", "html": "<p>x</p>"}
    faulty = admin.sends(path, form)
    assert (faulty.status, "text, line 2: nobody is not known here" in faulty.text) == (422, True)
    tried = admin.sends(path, form | {"text": "Hello", "do": "try"})
    assert "Wait for 1001" in tried.text
    assert site.shop.value("SELECT count(*) FROM mail_templates") == 0
    assert "The template is kept." in admin.sends(path, form | {"text": "Hello"}).text
    assert "The default template counts again." in admin.sends(f"{path}/reset").text


def test_a_mail_is_shown_as_its_reader_sees_it_in_a_frame_that_does_nothing(site: Site) -> None:
    admin = site.reader(Role.ADMIN)
    path = "/settings/mails/ORDER_BACKORDERED"
    assert f'src="{path}/letter"' in admin.sees(path).html
    kept = admin.sees(f"{path}/letter")
    assert ("<b>1001</b>" in kept.html, kept.headers["content-security-policy"].endswith("sandbox")) == (
        True,
        True,
    )
    assert "script-src" not in kept.headers["content-security-policy"]
    form = {"subject": "Wait", "text": "Hello", "html": "<p style='color:red'>Wait for {{ order }}</p>"}
    assert admin.sends(f"{path}/letter", form).html.strip() == "<p style='color:red'>Wait for 1001</p>"
    faulty = admin.sends(f"{path}/letter", form | {"html": "{{ nobody }} <b>"})
    assert (faulty.status, "nobody is not known here" in faulty.text) == (422, True)
    assert site.shop.value("SELECT count(*) FROM mail_templates") == 0
    assert site.reader(Role.MANAGER).sends(f"{path}/letter", form).status == 403

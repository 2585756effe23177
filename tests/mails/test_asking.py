"""What customers are asked by a link, and what an answer does: at once, once, while the order is the same."""

import re
from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any

import pytest

from makegood.domain.alternatives import NewAlternative
from makegood.domain.errors import (
    AlreadyAnswered,
    InvalidValue,
    LinkExpired,
    LinkInvalid,
    MakegoodError,
    NoAddress,
    NothingToShip,
    OrderMovedOn,
)
from makegood.jobs.watch_delays import look_for_delays
from makegood.services.alternatives.keep_alternatives import add_alternatives
from makegood.services.asking.answer_ask import Asked, answer_ask, show_ask
from makegood.services.asking.ask_customer import ask_customer
from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.business_settings import change_setting
from makegood.services.cancel_order import cancel_order
from makegood.services.escalate_stale import escalate_stale
from makegood.services.mails.opt_outs import opt_out_by_link
from tests.mails.post_office import SITE, PostOffice, station_of, text_of, told
from tests.services.split_stories import insist_sound
from tests.shop import Shop

ANN: dict[str, Any] = {"customer_email": "ann@example.org"}
LINK = re.compile(rf"{re.escape(SITE)}/consents/(\S+)")


def link_in(office: PostOffice) -> str:
    """Give the token of the last link that a mail brought."""
    return [found[1] for one in office.taken() for found in LINK.finditer(text_of(one))][-1]


def asked_about(shop: Shop, office: PostOffice, purpose: str) -> str:
    """Ask the customer of A, and give the token that the mail brings."""
    shop.do(ask_customer, "A", purpose)
    with office.open():
        shop.change("DELETE FROM parked_jobs")
        told(shop, office.post)
    return link_in(office)


def look(shop: Shop, office: PostOffice) -> None:
    """Let a worker see to what is late."""
    look_for_delays(station_of(shop, office.post))


def asked_to_wait(shop: Shop, office: PostOffice, *, expected: date | None) -> str:
    """Let A be late, have its customer told, and give the token."""
    shop.order("A", MUG=2, **ANN)
    if expected:
        shop.do(update_backorder, shop.value("SELECT number FROM backorders"), expected_date=expected)
    shop.clock = datetime(2026, 3, 29, 9, tzinfo=UTC)
    look(shop, office)
    with office.open():
        told(shop, office.post)
    assert office.subjects()[-1] == "Your order A is delayed: wait or cancel"
    return link_in(office)


def shown(shop: Shop, token: str) -> Asked:
    return shop.do(show_ask, token)


def test_a_split_is_done_when_the_customer_says_yes_and_stands_in_the_timeline(
    telling: Shop, office: PostOffice
) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    assert (shown(telling, token).state, shown(telling, token).choices) == (
        "OPEN",
        ["ACCEPTED", "DECLINED", "CANCELLED"],
    )
    assert telling.status("A") == "PARTIALLY_ALLOCATED", "looking changes nothing"
    telling.do(answer_ask, token, "ACCEPTED")
    assert (telling.status("A"), telling.status("A-BO1")) == ("ALLOCATED", "BACKORDERED")
    assert telling.rows("SELECT agreed_to, agreed_by FROM consents") == [("SPLIT", "the customer")]
    assert [one for one in telling.events("A") if one in ("order:asked", "order:split", "order:answered")] == [
        "order:asked",
        "order:split",
        "order:answered",
    ]
    insist_sound(telling)


def test_a_second_answer_is_told_the_first_and_does_nothing(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    telling.do(answer_ask, token, "DECLINED")
    with pytest.raises(AlreadyAnswered):
        telling.do(answer_ask, token, "CANCELLED")
    page = shown(telling, token)
    assert (page.state, page.answer, page.choices) == ("ANSWERED", "DECLINED", [])
    assert telling.status("A") == "PARTIALLY_ALLOCATED"


def test_of_two_answers_at_the_same_time_one_acts(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    at_once = Barrier(4)
    came: list[str] = []

    def click(answer: str) -> None:
        at_once.wait()
        try:
            came.append(str(telling.do(answer_ask, token, answer).answer))
        except MakegoodError as refused:
            came.append(refused.code)

    clicks = [Thread(target=click, args=(one,)) for one in ("ACCEPTED", "ACCEPTED", "CANCELLED", "CANCELLED")]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join(60)
    assert sorted(came)[1:] == ["already_answered"] * 3
    won = next(one for one in came if one != "already_answered")
    assert telling.status("A") == {"ACCEPTED": "ALLOCATED", "CANCELLED": "CANCELLED"}[won]
    assert telling.value("SELECT count(*) FROM orders") == (2 if won == "ACCEPTED" else 1)
    insist_sound(telling)


def test_a_substitute_is_sent_only_if_it_is_the_one_that_was_told(telling: Shop, office: PostOffice) -> None:
    telling.sells("CUP").gets("CUP", 5).check()
    telling.do(add_alternatives, [NewAlternative("MUG", "CUP", needs_consent=True)])
    telling.order("A", MUG=2, **ANN)
    token = asked_about(telling, office, "substitute")
    assert any("2 x CUP for 2 x MUG" in text_of(one) for one in office.taken())
    assert [one["substitute"] for one in shown(telling, token).substitutes] == ["CUP"]
    telling.change("UPDATE mails SET facts = jsonb_set(facts, '{ask,substitutes,0,units}', '1')")
    with pytest.raises(OrderMovedOn):
        telling.do(answer_ask, token, "ACCEPTED")
    assert telling.has("A") == {"MUG": 0}
    telling.change("UPDATE mails SET facts = jsonb_set(facts, '{ask,substitutes,0,units}', '2')")
    telling.do(answer_ask, token, "ACCEPTED")
    assert telling.status("A") == "ALLOCATED"
    insist_sound(telling)


def test_an_order_that_has_gone_on_is_left_alone(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    telling.do(cancel_order, "A")
    assert shown(telling, token).state == "MOVED_ON"
    with pytest.raises(OrderMovedOn):
        telling.do(answer_ask, token, "ACCEPTED")
    assert telling.value("SELECT count(*) FROM consents") == 0


def test_a_link_is_for_a_time_and_then_the_customer_can_be_asked_again(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    telling.later(days=14)
    assert shown(telling, token).state == "EXPIRED"
    with pytest.raises(LinkExpired):
        telling.do(answer_ask, token, "ACCEPTED")
    again = asked_about(telling, office, "split")
    assert again != token
    telling.do(answer_ask, again, "ACCEPTED")
    assert telling.status("A") == "ALLOCATED"


def test_a_link_is_signed_for_its_purpose_by_this_house(telling: Shop, office: PostOffice) -> None:
    telling.gets("TEA", 1).order("A", MUG=2, TEA=1, **ANN)
    token = asked_about(telling, office, "split")
    number, _, proof = token.partition(".")
    forged = [f"Mg.{proof}", f"{number}.{proof[::-1]}", number, "", "x", token + "A", "." + proof, "é"]
    for one in forged:
        with pytest.raises(LinkInvalid):
            telling.do(answer_ask, one, "CANCELLED")
    with pytest.raises(LinkInvalid):
        telling.do(opt_out_by_link, token)
    with pytest.raises(InvalidValue):
        telling.do(answer_ask, token, "SILENT")
    assert telling.status("A") == "PARTIALLY_ALLOCATED"


def test_what_cannot_be_done_or_told_is_not_asked(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    telling.gets("TEA", 1).order("B", MUG=2, TEA=1)
    with pytest.raises(NothingToShip):
        telling.do(ask_customer, "A", "split")
    with pytest.raises(NoAddress):
        telling.do(ask_customer, "B", "split")


def test_who_agrees_to_wait_is_promised_the_new_day_and_the_order_is_not_held(
    telling: Shop, office: PostOffice
) -> None:
    token = asked_to_wait(telling, office, expected=date(2026, 4, 20))
    assert "If you do nothing, we take it that you wait." in text_of(office.taken()[-1])
    telling.do(answer_ask, token, "ACCEPTED")
    assert telling.value("SELECT promised_date FROM backorders") == date(2026, 4, 20)
    telling.later(days=10)
    assert telling.do(escalate_stale).orders == []
    look(telling, office)
    assert telling.value("SELECT count(*) FROM consent_asks") == 1
    insist_sound(telling)


def test_silence_is_consent_to_a_first_short_delay_and_can_be_broken(telling: Shop, office: PostOffice) -> None:
    token = asked_to_wait(telling, office, expected=date(2026, 4, 20))
    telling.later(days=5)
    look(telling, office)
    look(telling, office)
    assert telling.value("SELECT answer FROM consent_asks") == "SILENT"
    assert telling.value("SELECT promised_date FROM backorders") == date(2026, 4, 20)
    telling.do(answer_ask, token, "CANCELLED")
    assert telling.status("A") == "CANCELLED"


def test_while_silence_may_mean_yes_an_order_is_not_held_for_its_age(telling: Shop, office: PostOffice) -> None:
    asked_to_wait(telling, office, expected=date(2026, 4, 20))
    telling.clock = datetime(2026, 4, 2, 0, 0, tzinfo=UTC)
    assert telling.do(escalate_stale).orders == []
    look(telling, office)
    assert telling.value("SELECT answer FROM consent_asks") == "SILENT"
    assert telling.do(escalate_stale).orders == []
    assert "order:escalated" not in telling.events("A")


def test_a_silence_that_nobody_acts_on_keeps_no_order_from_being_held(telling: Shop, office: PostOffice) -> None:
    asked_to_wait(telling, office, expected=date(2026, 4, 20))
    telling.clock = datetime(2026, 4, 4, 9, tzinfo=UTC)
    assert telling.do(escalate_stale).orders == ["A"]


def test_silence_of_whom_no_mail_reached_is_no_consent(telling: Shop, office: PostOffice) -> None:
    asked_to_wait(telling, office, expected=date(2026, 4, 20))
    telling.change("UPDATE mails SET status = 'BOUNCED', sent_at = NULL WHERE kind = 'DELAY_NOTICE'")
    telling.later(days=5)
    look(telling, office)
    assert (telling.status("A"), telling.value("SELECT answer FROM consent_asks")) == ("ON_HOLD", "LAPSED")


@pytest.mark.parametrize(("unanswered", "status"), [("HOLD", "ON_HOLD"), ("CANCEL", "CANCELLED")])
def test_without_a_yes_to_a_delay_of_unknown_length_the_order_is_not_sent(
    telling: Shop, office: PostOffice, unanswered: str, status: str
) -> None:
    telling.do(change_setting, "unanswered_delay", unanswered)
    token = asked_to_wait(telling, office, expected=None)
    assert "Without your answer we do not send it" in text_of(office.taken()[-1])
    telling.later(days=40)
    look(telling, office)
    look(telling, office)
    assert (telling.status("A"), shown(telling, token).state) == (status, "ANSWERED")
    with pytest.raises(AlreadyAnswered):
        telling.do(answer_ask, token, "ACCEPTED")
    insist_sound(telling)


def test_an_order_held_for_its_age_waits_on_when_its_customer_agrees(telling: Shop, office: PostOffice) -> None:
    token = asked_to_wait(telling, office, expected=None)
    telling.later(days=5)
    assert telling.do(escalate_stale).orders == ["A"]
    telling.do(answer_ask, token, "ACCEPTED")
    assert telling.status("A") == "BACKORDERED"


def test_who_wants_no_mails_is_asked_all_the_same(telling: Shop, office: PostOffice) -> None:
    telling.change("INSERT INTO mail_opt_outs VALUES (1, 'ann@example.org', 'LINK', 'customer', now())")
    asked_to_wait(telling, office, expected=None)
    assert office.taken()[-1]["List-Unsubscribe"] is None


def test_a_link_in_every_other_mail_stops_them(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    with office.open():
        told(telling, office.post)
    (mail,) = office.taken()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = str(mail["List-Unsubscribe"]).strip("<>")
    assert link in text_of(mail)
    telling.do(opt_out_by_link, link.rpartition("/")[2])
    telling.order("B", MUG=2, **ANN)
    told(telling, office.post)
    assert telling.value("SELECT count(*) FROM mails") == 1


def test_where_no_mails_are_sent_nobody_is_asked(telling: Shop, office: PostOffice) -> None:
    telling.order("A", MUG=2, **ANN)
    telling.later(days=29)
    look_for_delays(station_of(telling, None))
    telling.do(change_setting, "delay_notices", False)
    look(telling, office)
    assert telling.value("SELECT count(*) FROM consent_asks") == 0

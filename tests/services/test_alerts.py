"""Each condition is raised once when it begins and ended when it ends, whoever and however many look."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from makegood.domain.alerts import TITLES, AlertKind, Figures, Thresholds, conditions, words
from makegood.domain.errors import InvalidValue
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.sentry import keeping_watch
from makegood.services.alerts.watch import AlertSheet, list_alerts, watch, watch_workers
from makegood.services.business_settings import change_setting
from makegood.services.hold_order import hold_order
from makegood.services.note_runs import Crew, beat, sign_on
from makegood.services.release_hold import release_hold
from makegood.services.troubles import troubles
from makegood.services.webhooks.deliveries import list_deliveries
from makegood.services.webhooks.endpoints import add_endpoint, enable_endpoint
from makegood.wiring import House
from tests.meanwhile import soon
from tests.shop import Shop

QUIET = Figures(0, 0.0, 0, 0, 0.0)


def kinds(found: list[AlertSheet]) -> list[str]:
    return [one.kind for one in found]


def open_ones(shop: Shop) -> list[str]:
    return sorted(one.kind for one in shop.do(list_alerts).alerts)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (QUIET, []),
        (QUIET._replace(orders_held=5), []),
        (QUIET._replace(orders_held=6), [AlertKind.HOLDS]),
        (QUIET._replace(oldest_mark_seconds=60.0), []),
        (QUIET._replace(oldest_mark_seconds=60.5), [AlertKind.QUEUE_LATE]),
        (QUIET._replace(seconds_without_worker=61.0), [AlertKind.WORKER_SILENT]),
        (QUIET._replace(promises_at_risk=1), [AlertKind.PROMISES_AT_RISK]),
        (QUIET._replace(lines_left_lying=1), [AlertKind.SWEEP_DEFECT]),
        (QUIET._replace(endpoints=[(7, "gone")]), [AlertKind.ENDPOINT_DISABLED]),
    ],
)
def test_what_is_the_matter(seen: Figures, expected: list[AlertKind]) -> None:
    found = list(conditions(seen, Thresholds()))
    assert [one.kind for one in found] == expected
    assert all(words(one.kind, one.facts).endswith(".") and TITLES[one.kind] for one in found)


def mans(shop: Shop) -> Shop:
    """Let a worker of the shop beat."""
    shop.do(sign_on, Crew("here", 1, "1"))
    return shop


@pytest.fixture
def manned(shop: Shop) -> Shop:
    """A shop with a worker that beats."""
    return mans(shop).sells("MUG")


def holds(shop: Shop, count: int) -> None:
    for number in range(count):
        shop.order(f"H{number}", MUG=1)
        shop.do(hold_order, f"H{number}", because="a question")


def test_more_than_five_holds_in_a_week_are_told_once_and_end_with_the_week(manned: Shop) -> None:
    holds(manned, 6)
    assert kinds(manned.do(watch)) == ["HOLDS"]
    assert kinds(manned.do(watch)) == []
    manned.do(release_hold, "H0")
    manned.do(watch)
    assert open_ones(manned) == ["HOLDS"], "they were held, whatever became of them"
    manned.later(days=8).do(watch)
    assert open_ones(manned) == []
    assert [one.ended_at is not None for one in manned.do(list_alerts, ended=True).alerts] == [True]


def test_a_condition_that_comes_back_is_told_again(manned: Shop) -> None:
    manned.do(change_setting, "alert_holds_per_week", 0)
    holds(manned, 1)
    assert kinds(manned.do(watch)) == ["HOLDS"]
    manned.do(change_setting, "alert_holds_per_week", 1)
    assert kinds(manned.do(watch)) == []
    manned.do(change_setting, "alert_holds_per_week", 0)
    assert kinds(manned.do(watch)) == ["HOLDS"]
    assert len(manned.do(list_alerts, ended=True).alerts) == 2


def test_a_queue_that_waits_too_long_is_told(manned: Shop) -> None:
    manned.order("A", MUG=1)
    manned.gets("MUG", 1)
    manned.change("UPDATE marks SET marked_at = marked_at - interval '2 minutes'")
    assert kinds(manned.do(watch)) == ["QUEUE_LATE"]
    manned.check()
    manned.do(watch)
    assert open_ones(manned) == []


def test_a_promise_that_will_not_be_kept_is_told(manned: Shop) -> None:
    manned.order("A", MUG=1)
    manned.change("UPDATE backorders SET promised_date = %s", date(2026, 3, 1))
    assert kinds(manned.do(watch)) == ["PROMISES_AT_RISK"]
    assert manned.do(list_alerts).alerts[0].facts == {"orders": 1}
    manned.order("B", MUG=1)
    manned.change("UPDATE backorders SET promised_date = %s", date(2026, 3, 1))
    assert kinds(manned.do(watch)) == []
    assert manned.do(list_alerts).alerts[0].facts == {"orders": 2}, "an open alert shows the facts of now"


def test_a_defect_that_the_sweep_found_is_told_for_a_day(manned: Shop) -> None:
    manned.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 2)")
    (alert,) = manned.do(watch)
    assert "within a day: 2" in alert.words
    manned.change("UPDATE sweeps SET swept_at = swept_at - interval '25 hours'")
    manned.do(watch)
    assert open_ones(manned) == []


def test_ten_who_look_at_once_raise_one_alert(manned: Shop) -> None:
    holds(manned, 6)
    desk = House(manned.books).at(manned.clock, "worker", "watch")
    with ThreadPoolExecutor(10) as several:
        raised = [one for found in several.map(lambda _: desk(watch), range(10)) for one in found]
    assert kinds(raised) == ["HOLDS"]
    assert manned.value("SELECT count(*) FROM alerts") == 1


def test_an_alert_goes_to_the_endpoints_that_see_all_merchants_once(manned: Shop) -> None:
    whole = manned.do(add_endpoint, "https://a.example.com/").endpoint.endpoint
    limited = manned.do(add_endpoint, "https://b.example.com/", merchants=["default"]).endpoint.endpoint
    holds(manned, 6)
    manned.do(watch)
    manned.do(watch)
    manned.later(days=8).do(watch)
    sent = [one.type for one in manned.do(list_deliveries, whole).deliveries]
    assert sent == ["alert.ended", "alert.raised"]
    assert manned.do(list_deliveries, limited).deliveries == []


def test_an_endpoint_that_the_house_took_out_of_service_is_told_until_it_is_enabled(manned: Shop) -> None:
    endpoint = manned.do(add_endpoint, "https://a.example.com/").endpoint.endpoint
    manned.change("UPDATE webhook_endpoints SET active = false, disabled_because = 'it answered 410 Gone'")
    assert [(one.kind, one.subject) for one in manned.do(watch)] == [("ENDPOINT_DISABLED", str(endpoint))]
    manned.do(enable_endpoint, endpoint)
    manned.do(watch)
    assert open_ones(manned) == []


def test_each_of_the_staff_gets_one_mail_about_it(manned: Shop) -> None:
    manned.do(change_setting, "alert_mail_to", "ann@shop.example,bob@shop.example, ")
    holds(manned, 6)
    manned.do(watch)
    manned.do(watch)
    mails = manned.rows("SELECT recipient, kind, facts ->> 'title' FROM mails ORDER BY recipient")
    assert mails == [(f"{who}@shop.example", "STAFF_ALERT", "Many orders on hold") for who in ("ann", "bob")]
    manned.later(days=8).do(watch)
    assert manned.value("SELECT count(*) FROM mails") == 2


def test_where_alerts_are_mailed_to_must_be_addresses(manned: Shop) -> None:
    with pytest.raises(InvalidValue):
        manned.do(change_setting, "alert_mail_to", "ann@shop.example, nobody")
    assert manned.do(change_setting, "alert_mail_to", " ").alert_mail_to == ""


def silent(shop: Shop, seconds: int) -> None:
    shop.change("UPDATE workers SET beat_at = beat_at - make_interval(secs => %s)", seconds)
    shop.change("UPDATE alert_watch SET workers_seen_at = workers_seen_at - make_interval(secs => %s)", seconds)


def test_a_silent_worker_is_told_by_the_server_which_ends_it_when_one_is_back(manned: Shop) -> None:
    front = Front(House(manned.books), clock=lambda: manned.clock)
    with keeping_watch(front, first=0.05, every=0.05):
        manned.do(beat, 1, Crew("here", 1, "1"))
        silent(manned, 90)
        soon(lambda: open_ones(manned) == ["WORKER_SILENT"], within=30)
        manned.do(beat, 1, Crew("here", 1, "1"))
        soon(lambda: open_ones(manned) == [], within=30)
    assert manned.value("SELECT count(*) FROM alerts") == 1


def test_a_worker_that_signs_off_is_missed_only_after_a_while(manned: Shop) -> None:
    manned.do(watch)
    manned.change("DELETE FROM workers")
    assert kinds(manned.do(watch_workers)) == []
    silent(manned, 61)
    assert kinds(manned.do(watch_workers)) == ["WORKER_SILENT"]


def test_the_doctor_says_in_words_what_needs_a_person(manned: Shop) -> None:
    assert manned.do(troubles) == []
    manned.order("A", MUG=1)
    manned.gets("MUG", 1)
    manned.change("UPDATE marks SET marked_at = marked_at - interval '10 minutes'")
    silent(manned, 600)
    manned.change(
        "INSERT INTO parked_jobs (job, subject, because) VALUES ('sweep', '', 'three workers died at it')"
    )
    manned.change(
        "INSERT INTO mails (kind, key, recipient, status, queued_at, due_at) "
        "VALUES ('STAFF_ALERT', 'x', 'ann@shop.example', 'BOUNCED', now(), now())"
    )
    found = manned.do(troubles)
    assert [one.kind for one in found] == [
        "QUEUE_LATE",
        "WORKER_SILENT",
        "JOB_RESTS",
        "WORKER_LOST",
        "MAILS_FAILED",
    ]
    assert found[2].words == "sweep rests: three workers died at it."
    assert found[2].command == "makegood queue retry sweep"


def test_without_a_server_nobody_needs_a_worker_while_nothing_waits(shop: Shop) -> None:
    silent(shop, 10_000)
    assert shop.do(troubles) == []

"""Runs: many orders, each tried once and in rank order, whatever happens to one of them or to who serves them."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from makegood.domain.errors import InvalidValue, KeyReused, RunClosed, RunNotFound, RunNotStuck
from makegood.domain.runs import OrderChoice, Run
from makegood.jobs.desk import Desk
from makegood.jobs.serve_runs import serve_runs
from makegood.jobs.station import Station
from makegood.services.move_stock import Move, move_all
from makegood.services.runs.preview_run import preview_run
from makegood.services.runs.serve_run import serve_next
from makegood.services.runs.show_runs import list_runs, run_results, show_run
from makegood.services.runs.start_run import start_run
from makegood.services.runs.steer_run import cancel_run, pause_run, reset_run, resume_run
from tests.services.split_stories import AGREED, insist_sound
from tests.shop import Shop

AGREEMENT = {"by": AGREED.by, "how": AGREED.how, "at": AGREED.at}


def serve(shop: Shop) -> None:
    """Serve all runs to their end, as a worker would."""
    serve_runs(Station(shop.books, clock=lambda: shop.clock))
    shop.check()


def results(shop: Shop, run: int) -> list[tuple[str, str]]:
    """Give order and outcome of each order of a run, in its turn."""
    return [(one.order, one.outcome) for one in shop.do(run_results, run).results]


def waiting(shop: Shop, *orders: tuple[str, str, int]) -> Shop:
    """Let orders wait: number, priority, units of MUG."""
    for number, priority, units in orders:
        shop.order(number, MUG=units, priority=priority)
    return shop


def put_by_hand(shop: Shop, units: int) -> None:
    """Let stock appear that marked no queue: what a retry is for in books that were changed by hand."""
    shop.gets("MUG", units)
    shop.change("DELETE FROM marks")


def test_orders_are_tried_in_rank_order_and_counted_by_outcome(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, ("LATE", "STANDARD", 2), ("FIRST", "EXPRESS", 2), ("MID", "RUSH", 2))
    put_by_hand(shop, 3)
    run = shop.do(start_run, "allocate", orders=["LATE", "NOSUCH", "MID", "FIRST", "LATE"])
    assert (run.status, run.total, run.done, run.outcomes) == ("QUEUED", 4, 1, {"FAILED": 1})
    serve(shop)
    made = shop.do(show_run, run.run_id)
    assert results(shop, run.run_id) == [
        ("FIRST", "FULFILLED"), ("MID", "PARTIALLY"), ("LATE", "BACKORDERED"), ("NOSUCH", "FAILED"),
    ]  # fmt: skip
    assert made.outcomes == {"FULFILLED": 1, "PARTIALLY": 1, "BACKORDERED": 1, "FAILED": 1}
    assert (made.status, made.done, made.ended, made.stuck) == ("DONE", 4, True, False)
    failed = shop.do(run_results, run.run_id, outcomes=["FAILED"]).results
    assert [(one.code, one.message) for one in failed] == [("order_not_found", "Order not found: NOSUCH")]
    sources = shop.value("SELECT trigger_sources FROM attempts ORDER BY attempt_id DESC LIMIT 1")
    assert sources == [f"run:{run.run_id}"]


def test_all_that_pass_a_choice_are_tried_and_held_ones_are_told(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 1).check()
    shop.order("A", MUG=2, LID=1)
    shop.order("B", LID=1)
    shop.order("C", PLUM=1)
    run = shop.do(start_run, "ALLOCATE", choice=OrderChoice())
    held = shop.do(start_run, "RELEASE", choice=OrderChoice(), terms={"snooze_days": "7"})
    serve(shop)
    assert results(shop, run.run_id) == [("A", "PARTIALLY"), ("B", "BACKORDERED")]
    (refused,) = shop.do(run_results, held.run_id).results
    assert (refused.order, refused.outcome, refused.code) == ("C", "FAILED", "wrong_state")


def test_one_failing_order_never_stops_the_rest(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, *((f"A{n}", "STANDARD", 1) for n in range(4)))
    put_by_hand(shop, 4)
    shop.change("UPDATE orders SET ship_policy = 'PARTIAL', status = 'SHIPPED' WHERE number = 'A1'")
    # A broken queue: its rank cannot be read any more.
    shop.change("UPDATE order_lines SET placed_at = '-infinity' WHERE order_id = (SELECT order_id FROM orders "
                "WHERE number = 'A2')")  # fmt: skip
    run = shop.do(start_run, "ALLOCATE", orders=["A0", "A1", "A2", "A3"])
    serve(shop)
    found = {one.order: (one.outcome, one.code) for one in shop.do(run_results, run.run_id).results}
    assert found["A1"] == ("FAILED", "wrong_state")
    assert found["A2"][0] == "FAILED"
    assert (found["A0"][0], found["A3"][0]) == ("FULFILLED", "FULFILLED")


def test_the_same_key_is_the_same_run_and_another_request_is_refused(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, ("A", "STANDARD", 1), ("B", "STANDARD", 1))

    def ask(_: int) -> Run:
        return shop.do(start_run, "ALLOCATE", orders=["A", "B"], key="K-1")

    with ThreadPoolExecutor(4) as several:
        assert len({run.run_id for run in several.map(ask, range(4))}) == 1
    serve(shop)
    assert ask(0).status == "DONE"
    assert shop.value("SELECT count(*) FROM attempts WHERE trigger_sources = '{run:1}'") == 2
    with pytest.raises(KeyReused):
        shop.do(start_run, "ALLOCATE", orders=["A"], key="K-1")
    with pytest.raises(KeyReused):
        shop.do(start_run, "ALLOCATE", orders=["A", "B"], terms={"allow_partial": False}, key="K-1")


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "paint", "orders": ["A"]},
        {"kind": "ALLOCATE"},
        {"kind": "ALLOCATE", "orders": ["A"], "choice": OrderChoice()},
        {"kind": "ALLOCATE", "orders": ["A"], "terms": {"allow_partial": "perhaps"}},
        {"kind": "ALLOCATE", "orders": ["A"], "terms": {"colour": "red"}},
        {"kind": "ALLOCATE", "choice": OrderChoice(statuses=["LOST"])},
        {"kind": "ALLOCATE", "choice": OrderChoice(priority="soon")},
        {"kind": "SPLIT", "orders": ["A"]},
        {"kind": "SPLIT", "orders": ["A"], "terms": {"consent": {"by": " ", "how": "x", "at": AGREED.at}}},
        {"kind": "HOLD", "orders": ["A"]},
        {"kind": "CANCEL", "choice": OrderChoice()},
    ],
)
def test_what_makes_no_sense_starts_nothing(shop: Shop, asked: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        shop.do(start_run, **asked)
    assert shop.value("SELECT count(*) FROM runs") == 0


def test_splits_cancels_holds_and_what_is_available_run_too(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 9).check()
    for number in ("A", "B", "C", "D", "E"):
        shop.order(number, MUG=1, LID=1)
    shop.order("F", LID=1)
    split = shop.do(start_run, "split", orders=["A", "F"], terms={"consent": AGREEMENT})
    send = shop.do(start_run, "send-available", orders=["B", "C"], terms={"min_share": 0.5, "consent": AGREEMENT})
    hold = shop.do(start_run, "HOLD", orders=["D"], terms={"because": "fraud", "free": True})
    gone = shop.do(start_run, "CANCEL", choice=OrderChoice(sku="MUG", statuses=["on-hold"]))
    last = shop.do(start_run, "CANCEL", orders=["E"], terms={"because": "closed"})
    serve(shop)
    assert results(shop, split.run_id) == [("A", "DONE"), ("F", "SKIPPED")]
    first, nothing = shop.do(run_results, split.run_id).results
    assert (first.facts["child"], first.status, nothing.code) == ("A-BO1", "ALLOCATED", "nothing_to_ship")
    assert results(shop, send.run_id) == [("B", "DONE"), ("C", "DONE")]
    assert (results(shop, hold.run_id), shop.status("D")) == ([("D", "DONE")], "ON_HOLD")
    # Nothing was on hold when its orders were chosen.
    assert (gone.total, gone.status) == (0, "DONE")
    assert (results(shop, last.run_id), shop.status("E")) == ([("E", "DONE")], "CANCELLED")
    insist_sound(shop)


def test_a_paused_run_goes_on_where_it_stopped_and_a_cancelled_one_does_not(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, *((f"A{n}", "STANDARD", 1) for n in range(4)))
    run = shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id
    assert shop.do(serve_next, run, print)
    assert shop.do(pause_run, run).status == "PAUSED"
    assert not shop.do(serve_next, run, print)
    serve(shop)
    assert shop.do(show_run, run).done == 1
    assert shop.do(resume_run, run).status == "QUEUED"
    assert shop.do(serve_next, run, print)
    assert shop.do(cancel_run, run).status == "CANCELLED"
    serve(shop)
    assert shop.do(show_run, run).done == 2
    assert [outcome for _, outcome in results(shop, run)] == ["BACKORDERED"] * 2 + ["UNTRIED"] * 2
    for verb in (pause_run, resume_run, cancel_run, reset_run):
        with pytest.raises(RunClosed):
            shop.do(verb, run)
        with pytest.raises(RunNotFound):
            shop.do(verb, 99)


def test_whoever_holds_a_run_and_does_not_get_on_is_cut_off_by_a_reset(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, ("A", "STANDARD", 1), ("B", "STANDARD", 1))
    run = shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id
    with pytest.raises(RunNotStuck):
        shop.do(reset_run, run)
    frozen = psycopg.connect(shop.books.conninfo)
    frozen.execute("SELECT pg_advisory_xact_lock(7204, %s)", [run])
    assert not shop.do(serve_next, run, print)
    shop.change("UPDATE runs SET beat_at = beat_at - interval '2 minutes'")
    assert shop.do(show_run, run).stuck
    assert shop.do(reset_run, run).stuck is False
    serve(shop)
    assert shop.do(show_run, run).status == "DONE"
    with pytest.raises(psycopg.OperationalError):
        frozen.execute("SELECT 1")


def test_a_preview_does_it_for_real_and_writes_nothing(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, ("LOW", "LOW", 2), ("TOP", "EXPRESS", 2), ("MID", "STANDARD", 2))
    put_by_hand(shop, 3)
    seen = shop.do(preview_run, "ALLOCATE", orders=["LOW", "MID", "TOP", "NOSUCH"])
    assert [(one.order, one.outcome) for one in seen.results] == [
        ("TOP", "FULFILLED"), ("MID", "PARTIALLY"), ("LOW", "BACKORDERED"), ("NOSUCH", "FAILED"),
    ]  # fmt: skip
    assert [shop.status(number) for number in ("TOP", "MID", "LOW")] == ["BACKORDERED"] * 3
    assert shop.value("SELECT count(*) FROM runs") == 0
    cut = shop.do(preview_run, "ALLOCATE", choice=OrderChoice(), most=2)
    assert (cut.total, cut.looked_at) == (3, 2)


def test_a_preview_needs_no_consent_yet(shop: Shop) -> None:
    shop.sells("MUG", "LID").gets("MUG", 1).check()
    shop.order("A", MUG=1, LID=1)
    (one,) = shop.do(preview_run, "SPLIT", choice=OrderChoice()).results
    assert (one.outcome, one.facts["shippable"]) == ("DONE", 1)
    assert shop.value("SELECT count(*) FROM orders") == 1


def test_runs_and_their_results_are_paged(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, *((f"A{n}", "STANDARD", 1) for n in range(5)))
    runs = [shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id for _ in range(3)]
    first = shop.do(list_runs, open_only=True, most=2)
    second = shop.do(list_runs, after=first.next, most=2)
    assert [run.run_id for run in (*first.runs, *second.runs)] == runs[::-1]
    assert second.next is None
    assert pages(shop, runs[0]) == ["A0", "A1", "A2", "A3", "A4"]
    with pytest.raises(InvalidValue):
        shop.do(run_results, runs[0], outcomes=["GOOD"])
    with pytest.raises(InvalidValue):
        shop.do(list_runs, after="nonsense")


def pages(shop: Shop, run: int) -> Sequence[str]:
    """Read the results of a run two by two."""
    found, after = [], None
    while True:
        page = shop.do(run_results, run, after=after, most=2)
        found += [one.order for one in page.results]
        if (after := page.next) is None:
            return found


def test_workers_that_serve_one_run_at_once_try_each_order_once(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, *((f"A{n:02}", "STANDARD", 1) for n in range(30)))
    put_by_hand(shop, 20)
    run = shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id
    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda _: serve_runs(Station(shop.books, clock=lambda: shop.clock)), range(3)))
    serve(shop)
    assert shop.do(show_run, run).outcomes == {"FULFILLED": 20, "BACKORDERED": 10}
    tried = "SELECT count(*), count(DISTINCT order_id) FROM attempts WHERE trigger_sources = %s"
    assert shop.rows(tried, [f"run:{run}"]) == [(30, 30)]
    insist_sound(shop)


def test_moves_leave_a_run_sound(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3, bin="DOCK")
    waiting(shop, ("A", "STANDARD", 2), ("B", "STANDARD", 2))
    run = shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id
    shop.do(move_all, [Move(sku="MUG", units=3, from_location="DOCK", to_location="A-01")])
    serve(shop)
    assert results(shop, run) == [("A", "FULFILLED"), ("B", "PARTIALLY")]


def test_a_run_is_seen_only_by_those_who_may_see_its_orders(shop: Shop) -> None:
    shop.sells("MUG")
    waiting(shop, ("A", "STANDARD", 1))
    shop.change("INSERT INTO merchants (code) VALUES ('other')")
    everybodys = shop.do(start_run, "ALLOCATE", choice=OrderChoice()).run_id

    def as_other(use_case: Any, *args: Any, **named: Any) -> Any:
        return Desk(shop.books, shop.clock, "olga", "manual:olga", merchants=[2])(use_case, *args, **named)

    assert as_other(start_run, "ALLOCATE", choice=OrderChoice()).total == 0
    assert [run.run_id for run in as_other(list_runs).runs] == [everybodys + 1]
    with pytest.raises(RunNotFound):
        as_other(cancel_run, everybodys)
    with pytest.raises(RunNotFound):
        as_other(run_results, everybodys)

"""A job that fails or kills is reported and kept apart; the others go on."""

from makegood.jobs.catalogue import JOBS, Job
from makegood.jobs.retry import Again
from makegood.jobs.run_job import run_job
from makegood.jobs.station import Station
from makegood.services.list_queue import list_queue
from makegood.services.note_runs import Crew, beat, sign_off, sign_on
from makegood.services.park_job import retry_job
from tests.jobs.corrupt import sql, unwritable
from tests.shop import Shop

CREW = Crew("here", 1, "0")


def at(shop: Shop) -> Station:
    return Station(shop.books, worker=shop.do(sign_on, CREW), clock=lambda: shop.clock)


def a_job(name: str = "count", fails: bool = False) -> tuple[Job, list[int]]:
    done: list[int] = []

    def run(_station: Station) -> None:
        done.append(1)
        if fails:
            raise ValueError("the count is odd")

    return Job(name, "It counts.", None, run), done


def dead_at(shop: Shop, job: str, times: int) -> None:
    for _ in range(times):
        sql(shop, "INSERT INTO job_runs (worker_id, job, subject) VALUES (999, %s, '')", job)


def test_a_job_that_comes_through_leaves_nothing(shop: Shop) -> None:
    job, done = a_job()
    dead_at(shop, "count", 2)
    assert run_job(at(shop), job, 1) is None
    assert done == [1]
    assert shop.value("SELECT count(*) FROM job_runs") == 0


def test_a_job_at_which_three_workers_died_is_parked_and_can_be_retried(shop: Shop) -> None:
    job, done = a_job()
    other, others = a_job("other")
    dead_at(shop, "count", 3)
    run_job(at(shop), job, 1)
    run_job(at(shop), job, 1)
    run_job(at(shop), other, 1)
    assert (done, others) == ([], [1])
    parked = shop.do(list_queue).parked
    assert [(one.job, one.until) for one in parked] == [("count", None)]
    assert "3 workers died" in parked[0].because
    assert shop.do(retry_job, "count")
    run_job(at(shop), job, 1)
    assert done == [1]


def test_a_worker_that_still_beats_has_not_died(shop: Shop) -> None:
    job, done = a_job()
    station = at(shop)
    for _ in range(3):
        sql(shop, "INSERT INTO job_runs (worker_id, job, subject) VALUES (%s, 'count', '')", station.worker)
    run_job(at(shop), job, 1)
    assert done == [1]


def test_a_worker_that_was_taken_for_lost_comes_back_by_beating(shop: Shop) -> None:
    worker = shop.do(sign_on, CREW)
    sql(shop, "DELETE FROM workers")
    shop.do(beat, worker, CREW)
    found = shop.do(list_queue).workers
    assert [(one.worker, one.alive) for one in found] == [(worker, True)]
    shop.do(sign_off, worker)
    assert shop.do(list_queue).workers == []


def test_a_failure_is_reported_once_and_tried_again_later(shop: Shop) -> None:
    job, _ = a_job(fails=True)
    assert run_job(at(shop), job, 1) == Again(seconds=60)
    assert run_job(at(shop), job, 6) is None
    failures = shop.do(list_queue).failures
    assert [(one.job, one.error, one.message, one.times) for one in failures] == [
        ("count", "ValueError", "the count is odd", 2)
    ]


def test_every_job_of_the_catalogue_runs_on_quiet_books(shop: Shop) -> None:
    station = at(shop)
    assert [run_job(station, job, 1) for job in JOBS] == [None] * len(JOBS)
    assert shop.do(list_queue).failures == []
    assert shop.value("SELECT count(*) FROM sweeps") == 1


def test_old_diary_rows_are_dropped(shop: Shop) -> None:
    sql(
        shop,
        "INSERT INTO pgqueuer_log (job_id, status, entrypoint, priority, created) "
        "SELECT 1, 'successful', 'check_backorders', 0, now() - d * interval '1 day' FROM generate_series(0, 2) d",
    )
    run_job(at(shop), next(job for job in JOBS if job.name == "tidy_jobs"), 1)
    assert shop.value("SELECT count(*) FROM pgqueuer_log") == 1


def job_named(name: str) -> Job:
    return next(job for job in JOBS if job.name == name)


def test_orders_that_await_a_check_are_looked_at_again_soon(shop: Shop) -> None:
    shop.sells("MUG", "LID")
    shop.order("A", MUG=5)
    shop.order("B", LID=5)
    shop.later(days=31).gets("MUG", 2)
    assert run_job(at(shop), job_named("escalate_stale"), 1) == Again(seconds=5)
    assert (shop.status("A"), shop.status("B")) == ("BACKORDERED", "ON_HOLD")
    shop.check()
    assert run_job(at(shop), job_named("escalate_stale"), 1) is None
    assert shop.status("A") == "ON_HOLD"


def test_one_damaged_order_does_not_keep_the_others_from_being_held(shop: Shop) -> None:
    shop.sells("MUG")
    for number in ("A", "BAD", "C"):
        shop.order(number, MUG=5)
    unwritable(shop, "BAD")
    shop.later(days=31)
    assert run_job(at(shop), job_named("escalate_stale"), 1) is None
    assert [shop.status(number) for number in ("A", "BAD", "C")] == ["ON_HOLD", "BACKORDERED", "ON_HOLD"]
    assert [(one.order, one.job) for one in shop.do(list_queue).aside] == [("BAD", "escalate_stale")]
    assert shop.do(list_queue).failures == []


def test_reservations_end_by_the_clock(shop: Shop) -> None:
    shop.sells("MUG").gets("MUG", 3).check()
    shop.order("A", MUG=3)
    shop.change("UPDATE allocations SET expires_at = %s", shop.clock)
    shop.order("B", priority="EXPRESS", MUG=3)
    run_job(at(shop), job_named("expire_allocations"), 1)
    run_job(at(shop), job_named("check_backorders"), 1)
    assert (shop.status("A"), shop.status("B")) == ("BACKORDERED", "ALLOCATED")

"""Jobs that an older or a newer version left: no payload is ever trusted, and no name stops the others."""

from threading import Event, Thread, Timer

import pytest
from pgqueuer.adapters.drivers.psycopg import SyncPsycopgDriver
from pgqueuer.adapters.persistence.queries import SyncQueries

from makegood.entrypoints.worker import run_worker
from makegood.jobs.catalogue import JOBS
from makegood.jobs.shift import Orders
from makegood.services.work import Work
from makegood.wiring import House
from tests.judge.judge import judge
from tests.shop import Shop

PAYLOADS = (b"", b"\xff\x00", b'{"version": 0, "order_id": 17}', b"null")


def leave_a_job(work: Work, name: str, payload: bytes) -> None:
    SyncQueries(SyncPsycopgDriver(work.db.connection)).enqueue(name, payload)


@pytest.fixture
def waiting(shop: Shop) -> Shop:
    """An order that a check would serve."""
    shop.sells("MUG").order("A", MUG=1)
    return shop.gets("MUG", 1)


def work_until_idle(shop: Shop) -> bool:
    """Let a worker do what there is; tell whether it found an end by itself."""
    stop = Event()
    alarm = Timer(10, stop.set)
    alarm.start()
    orders = Orders(stop=stop, until_idle=True)
    thread = Thread(target=run_worker, args=(House(shop.books),), kwargs={"until_idle": True, "orders": orders})
    thread.start()
    thread.join(30)
    alarm.cancel()
    return not thread.is_alive() and not stop.is_set()


@pytest.mark.parametrize("payload", PAYLOADS)
def test_every_job_with_a_payload_of_another_version_is_done_all_the_same(waiting: Shop, payload: bytes) -> None:
    for job in JOBS:
        waiting.do(leave_a_job, job.name, payload)
    assert work_until_idle(waiting)
    assert waiting.status("A") == "ALLOCATED"
    assert waiting.value("SELECT count(*) FROM pgqueuer") == 0
    assert judge(waiting.books.conninfo, waiting.clock.date()).broken == {}


def test_a_job_that_no_worker_knows_any_more_holds_nobody_up(waiting: Shop) -> None:
    waiting.do(leave_a_job, "retired_in_version_2", b'{"version": 1}')
    assert work_until_idle(waiting)
    assert waiting.status("A") == "ALLOCATED"
    left = waiting.rows("SELECT entrypoint, status::text FROM pgqueuer")
    assert left == [("retired_in_version_2", "queued")]

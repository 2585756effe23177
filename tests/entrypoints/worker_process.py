"""A worker in a process of its own: python -m tests.entrypoints.worker_process ADDRESS [LIKE].

LIKE says what kind of day it has: `plain`, `stalls` (a piece takes for ever and is never committed), `dies` (the
order KILLER ends the process as soon as it is given something), `dies_in_run` (the order KILLER ends it when its
turn in a run comes), `ticks` (the catalogue is one job a second).
"""

import logging
import os
import signal
import sys
import time

from makegood.domain.errors import MakegoodError
from makegood.domain.runs import RunKind
from makegood.entrypoints.worker import run_worker
from makegood.jobs.catalogue import JOBS, Job
from makegood.jobs.shift import Orders
from makegood.jobs.station import Station
from makegood.services import check_without
from makegood.services.check_backorders import Piece, check_backorders
from makegood.services.runs import serve_run
from makegood.services.runs.kinds import Came
from makegood.services.runs.serve_run import try_order
from makegood.services.work import Work
from makegood.store.database import Database
from makegood.wiring import House

PATIENCE = 2.0


def stalls(work: Work, warehouse: int) -> Piece | None:
    """Serve a piece, and never come to its end."""
    piece = check_backorders(work, warehouse)
    if piece and piece.units:
        time.sleep(600)
    return piece


def dies(work: Work, warehouse: int) -> Piece | None:
    """Die once KILLER has been given something."""
    piece = check_backorders(work, warehouse)
    found = work.db.connection.execute(
        "SELECT 1 FROM order_lines JOIN orders USING (order_id) WHERE number = 'KILLER' AND allocated > 0"
    )
    if found.fetchone():
        os.kill(os.getpid(), signal.SIGKILL)
    return piece


def dies_in_run(work: Work, kind: RunKind, terms: dict[str, object], name: str) -> Came | MakegoodError:
    """Die when it is the turn of KILLER."""
    came = try_order(work, kind, terms, name)
    if name.endswith("KILLER"):
        os.kill(os.getpid(), signal.SIGKILL)
    return came


def tick(station: Station) -> None:
    """Leave a row that says who did it."""
    with station.books.snapshot() as db:
        address = db.connection.info.dsn
    assert address
    station.desk("tick")(
        lambda work: work.db.connection.execute("INSERT INTO ticks VALUES (DEFAULT, %s)", [os.getpid()])
    )


def main(address: str, like: str = "plain") -> None:
    """Work until told to stop."""
    logging.basicConfig(level=logging.INFO)
    if like in ("stalls", "dies"):
        vars(check_without)["check_backorders"] = globals()[like]
    if like == "dies_in_run":
        vars(serve_run)["try_order"] = dies_in_run
    jobs = (Job("tick", "It ticks.", "* * * * * */2", tick),) if like == "ticks" else JOBS
    run_worker(House(Database(address)), orders=Orders(jobs=jobs, patience=PATIENCE))


if __name__ == "__main__":
    main(*sys.argv[1:])

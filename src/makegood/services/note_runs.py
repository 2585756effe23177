"""Who works, and what each is at: noted before it begins, so that a kill leaves its trace.

Nothing here is worth waiting for the disk: after a crash of the database all workers begin anew anyway.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from makegood.services.tally import Sum, add_figures
from makegood.services.work import Work

# A worker that has not beaten for so many seconds counts as dead.
PATIENCE = 5.0


class Crew(NamedTuple):
    """A worker as the list names it: its machine, its process there, and the version it runs."""

    host: str
    pid: int
    version: str


def sign_on(work: Work, crew: Crew) -> int:
    """Put a worker on the list and give its number."""
    number: int = work.db.value("sign_on", **crew._asdict())
    return number


def beat(work: Work, worker: int, crew: Crew, did: Mapping[str, Sum] | None = None) -> None:
    """Say that a worker is alive, and what it did since it said so last."""
    work.db.run("do_not_wait_for_disk")
    work.db.run("beat", worker=worker, **crew._asdict())
    add_figures(work, did or {})


def sign_off(work: Work, worker: int, did: Mapping[str, Sum] | None = None) -> None:
    """Take a worker off the list that ends in good order, with what it did at last."""
    work.db.run("sign_off", worker=worker)
    add_figures(work, did or {})


def count_workers(work: Work, patience: float = PATIENCE) -> int:
    """Count the workers that may be alive."""
    return int(work.db.value("count_workers", patience=patience))


def start_run(work: Work, worker: int, job: str, subject: str, order: int | None = None) -> int:
    """Note what a worker begins, and with `order` that it serves this one alone; gives the run's number."""
    work.db.run("do_not_wait_for_disk")
    number: int = work.db.value("start_run", worker=worker, job=job, subject=subject, order=order)
    return number


def end_run(work: Work, run: int, job: str, subject: str, *, through: bool, patience: float = PATIENCE) -> None:
    """Strike a run; one that came `through` proves that the work kills nobody: older deaths are forgotten."""
    work.db.run("do_not_wait_for_disk")
    work.db.run("end_run", run=run, job=job, subject=subject, through=through, patience=patience)


def deaths(work: Work, job: str, subject: str, *, patience: float = PATIENCE) -> Sequence[int | None]:
    """List the runs of this work whose workers died in it, each with the order that was served alone, if so."""
    return [row[0] for row in work.db.all("runs_of_the_dead", job=job, subject=subject, patience=patience)]


def someone_tries(work: Work, job: str, subject: str, *, patience: float = PATIENCE) -> bool:
    """Tell whether a worker that may be alive is serving an order of this work alone."""
    return bool(work.db.value("runs_alone", job=job, subject=subject, patience=patience))


def forget_deaths(work: Work, job: str, subject: str, *, patience: float = PATIENCE) -> None:
    """Strike the runs of the dead, once they have had their consequence."""
    work.db.run("forget_runs_of_the_dead", job=job, subject=subject, patience=patience)

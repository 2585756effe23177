"""Every job stands in one list, and what becomes of a failure is decided in one place."""

import pytest
from croniter import croniter  # type: ignore[import-untyped]

from makegood.domain.errors import BooksBusy, DatabaseUnavailable, WrongState
from makegood.jobs.catalogue import JOBS
from makegood.jobs.retry import Again, GiveUp, after_failure, pause
from makegood.jobs.wake import WAKE_UP


def test_names_are_unique_and_the_wake_up_is_among_them() -> None:
    names = [job.name for job in JOBS]
    assert len(names) == len(set(names))
    assert WAKE_UP in names


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_each_job_promises_something_and_has_a_valid_time(job: object) -> None:
    found = next(one for one in JOBS if one is job)
    assert found.promise.endswith(".")
    assert found.every is None or croniter.is_valid(found.every)


@pytest.mark.parametrize(
    ("tries", "error", "expected"),
    [
        (1, ValueError("?"), Again(seconds=60)),
        (2, ValueError("?"), Again(seconds=120)),
        (6, ValueError("?"), GiveUp(because="6 tries failed")),
        (1, WrongState(order="A", status="SHIPPED", action="be held"), GiveUp(because="the books refuse it")),
        (1, BooksBusy(12), Again(seconds=1)),
        (40, DatabaseUnavailable("gone"), Again(seconds=300)),
    ],
)
def test_after_a_failure(tries: int, error: Exception, expected: Again | GiveUp) -> None:
    assert after_failure(tries, error) == expected


def test_a_pause_grows_and_ends_at_five_minutes() -> None:
    pauses = [pause(tries) for tries in range(1, 60)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 300

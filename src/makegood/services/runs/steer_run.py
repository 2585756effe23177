"""Pause a run, take it up again, end it, or free it from whoever holds it without getting on."""

from makegood.domain.errors import RunClosed, RunNotStuck
from makegood.domain.runs import Run, RunStatus
from makegood.services.note_runs import forget_deaths
from makegood.services.runs.show_runs import show_run
from makegood.services.runs.start_run import SERVE_RUNS
from makegood.services.work import Work


def pause_run(work: Work, run: int) -> Run:
    """Let a run rest after the order at hand until somebody resumes it. Raises `RunClosed`, `RunNotFound`."""
    return _steer(work, run, RunStatus.PAUSED)


def resume_run(work: Work, run: int) -> Run:
    """Let a run go on with the order at which it stopped; one that goes on already is left alone.

    Raises `RunClosed`, `RunNotFound`.
    """
    found = _insist_open(work, run)
    work.wake(SERVE_RUNS)
    return _steer(work, run, RunStatus.QUEUED) if found.status == RunStatus.PAUSED else found


def cancel_run(work: Work, run: int) -> Run:
    """End a run after the order at hand; what was done stays done. Raises `RunClosed`, `RunNotFound`."""
    return _steer(work, run, RunStatus.CANCELLED)


def reset_run(work: Work, run: int) -> Run:
    """Free a stuck run: whoever holds it is cut off, deaths at it are forgotten, and it goes on where it stopped.

    The order at hand is undone and tried anew. Raises `RunNotStuck`, `RunClosed`, `RunNotFound`.
    """
    found = _insist_open(work, run)
    if not found.stuck:
        raise RunNotStuck(run=run, status=found.status, silent_seconds=found.silent_seconds)
    work.db.all("cut_off_server_of_run", run=run)
    forget_deaths(work, SERVE_RUNS, str(run))
    work.wake(SERVE_RUNS)
    return _steer(work, run, RunStatus.QUEUED)


def _steer(work: Work, run: int, to: RunStatus) -> Run:
    _insist_open(work, run)
    if not work.db.run("steer_run", run=run, status=to):
        _insist_open(work, run)
    return show_run(work, run)


def _insist_open(work: Work, run: int) -> Run:
    found = show_run(work, run)
    if found.ended:
        raise RunClosed(run=run, status=found.status)
    return found

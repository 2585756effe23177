"""What is refused of runs."""

from makegood.domain.errors.tree import Conflict, NotFound


class RunNotFound(NotFound):
    """No run has this number."""

    code = "run_not_found"

    def __init__(self, run: object) -> None:
        super().__init__(f"Run not found: {run}", run=run)


class RunClosed(Conflict):
    """The run has ended: it is done or was cancelled."""

    code = "run_closed"

    def __init__(self, *, run: int, status: str) -> None:
        super().__init__(f"Run {run} has ended (status: {status})", run=run, status=status)


class RunNotStuck(Conflict):
    """The run is going on, or rests because somebody paused it; there is nothing to reset."""

    code = "run_not_stuck"

    def __init__(self, *, run: int, status: str, silent_seconds: float) -> None:
        super().__init__(
            f"Run {run} is not stuck (status: {status}, last heard of {silent_seconds:.0f} s ago)",
            run=run,
            status=status,
            silent_seconds=silent_seconds,
        )

"""Let a piece of work rest that kills its worker or keeps failing, and let it go on again."""

from typing import NamedTuple

from makegood.services.work import Work


class Parked(NamedTuple):
    """How often in a row a piece of work was parked, and whether it rests now."""

    times: int
    rests: bool


def find_parked(work: Work, job: str, subject: str = "") -> Parked:
    """Tell whether a piece of work rests."""
    found = work.db.one("times_parked", job=job, subject=subject)
    return Parked(*found) if found else Parked(0, rests=False)


def park_job(work: Work, job: str, subject: str = "", *, because: str, seconds: float | None = None) -> None:
    """Let a piece of work rest for so many seconds or, without them, until a person retries it."""
    work.db.run("park_job", job=job, subject=subject, because=because, seconds=seconds)


def unpark_job(work: Work, job: str, subject: str = "") -> bool:
    """Let a parked piece of work go on; False when it was not parked."""
    return work.db.run("unpark_job", job=job, subject=subject) == 1


def retry_job(work: Work, job: str, subject: str = "") -> bool:
    """Have work that rests, or that failed, tried again at once; False when nothing of the kind is on record."""
    found = unpark_job(work, job, subject) or work.db.one("failure_noted", job=job, subject=subject) is not None
    if found:
        work.wake(job)
    return found


def note_failure(work: Work, job: str, subject: str, error: BaseException) -> None:
    """Put a failure on record; the same one again only counts up."""
    work.db.run("note_failure", job=job, subject=subject, error=name_of(error), message=text_of(error))


def name_of(error: BaseException) -> str:
    """Give the stable code of an error of ours, else the name of its kind."""
    code = getattr(error, "code", None)
    return code if isinstance(code, str) else type(error).__name__


def text_of(error: BaseException) -> str:
    """Give what an error says, short enough for a list."""
    return str(error).strip()[:1000]

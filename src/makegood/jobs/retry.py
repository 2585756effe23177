"""What to do after a failure: a value, decided without a clock."""

from dataclasses import dataclass

from makegood.domain.errors import BooksBusy, MakegoodError, Unavailable

# A job that failed so often in a row is not tried again by itself; the next one by the clock is.
MOST_TRIES = 6
SHORTEST_PAUSE = 1.0
LONGEST_PAUSE = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """Try once more after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveUp:
    """A person has to look at it."""

    because: str


def after_failure(tries: int, error: BaseException) -> Again | GiveUp:
    """Decide after the `tries`-th failure in a row: what passes is tried again soon, a broken rule never.

    >>> after_failure(3, ValueError("?"))
    Again(seconds=240)
    >>> after_failure(6, ValueError("?"))
    GiveUp(because='6 tries failed')
    """
    if isinstance(error, Unavailable | BooksBusy):
        return Again(seconds=pause(tries))
    if isinstance(error, MakegoodError):
        return GiveUp(because="the books refuse it")
    if tries >= MOST_TRIES:
        return GiveUp(because=f"{tries} tries failed")
    return Again(seconds=60 * 2 ** (tries - 1))


def pause(tries: int) -> float:
    """Give the seconds to wait after the `tries`-th failure in a row of something that must never be given up.

    >>> [pause(tries) for tries in (1, 2, 3, 20)]
    [1.0, 2.0, 4.0, 300.0]
    """
    return min(SHORTEST_PAUSE * 2.0 ** min(tries - 1, 30), LONGEST_PAUSE)

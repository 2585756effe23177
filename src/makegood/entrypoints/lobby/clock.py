"""The business clock of a server: the real time, or a time at which it was set going."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from makegood.services.work import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A clock that is ahead of the real time by so much; it can be handed to another process."""

    ahead: timedelta = timedelta(0)

    @classmethod
    def started(cls, as_of: datetime | None) -> "Clock":
        """Give a clock that shows this time now and goes on from there; without one the real time."""
        return cls(ahead=as_of - now() if as_of else timedelta(0))

    def now(self) -> datetime:
        """Give the business time."""
        return now() + self.ahead

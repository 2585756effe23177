"""Where dates are to be looked at."""

from typing import NamedTuple

from makegood.services.work import Work


class SiteToDate(NamedTuple):
    """A warehouse with queues to be dated; `times_parked` tells how often in a row its dates have failed."""

    warehouse_id: int
    code: str
    times_parked: int


def sites_to_date(work: Work, job: str, *, patience: float) -> list[SiteToDate]:
    """List the warehouses in which dates must be looked at, without those whose dates rest after a failure."""
    return work.db.records(SiteToDate, "sites_to_date", job=job, patience=patience)

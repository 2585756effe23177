"""What needs a person, over HTTP."""

from typing import Annotated

from fastapi import Query

from makegood.entrypoints.api.paging import After, Limit
from makegood.services.alerts.watch import AlertPage, list_alerts
from makegood.services.work import Work


def many(
    work: Work,
    ended: Annotated[bool, Query(description="Also those that are over.")] = False,
    limit: Limit = 100,
    after: After = None,
) -> AlertPage:
    """List the alerts, the latest first: each condition once, from when it began until it ended."""
    return list_alerts(work, ended=ended, after=after, most=limit)

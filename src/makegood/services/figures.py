"""What the house does in figures, for whoever watches it."""

from collections.abc import Sequence
from typing import NamedTuple

from makegood.services.list_queue import JobDepth, ParkedJob, SiteMarks, WorkerState
from makegood.services.note_runs import PATIENCE
from makegood.services.work import Work


class JobFigures(NamedTuple):
    """What all workers did of one job, ever; `took` counts by the bounds of time."""

    job: str
    failures: int
    seconds: float
    lines: int
    units: int
    took: Sequence[int]


class SiteFigures(NamedTuple):
    """Lines that wait in a warehouse, and the units that they lack."""

    warehouse: str
    lines: int
    units: int


class WebhookFigures(NamedTuple):
    """Messages that wait, the age of the oldest, those that failed, and endpoints taken out of service."""

    waiting: int
    oldest_seconds: float
    failed: int
    endpoints_disabled: int


class MailFigures(NamedTuple):
    """Mails that wait, for how long the oldest of those that are due does, and those that were not delivered."""

    waiting: int
    oldest_seconds: float
    failed: int


class HouseFigures(NamedTuple):
    """All that the books tell of the house at one instant, each by names of which there are few."""

    depths: Sequence[JobDepth]
    marks: Sequence[SiteMarks]
    parked: int
    aside: int
    workers: int
    jobs: Sequence[JobFigures]
    sites: Sequence[SiteFigures]
    orders: Sequence[tuple[str, int]]
    sweeps: int
    sweep_defects: int
    alerts: Sequence[tuple[str, int]]
    webhooks: WebhookFigures
    mails: MailFigures


def house_figures(work: Work) -> HouseFigures:
    """Read the figures by a constant number of statements."""
    sweeps, defects = work.db.all("swept")[0]
    return HouseFigures(
        depths=work.db.records(JobDepth, "queue_depth"),
        marks=work.db.records(SiteMarks, "marks_by_site"),
        parked=len(work.db.records(ParkedJob, "parked_jobs")),
        aside=work.db.value("count_set_aside"),
        workers=sum(one.alive for one in work.db.records(WorkerState, "workers", patience=PATIENCE)),
        jobs=work.db.records(JobFigures, "job_figures"),
        sites=work.db.records(SiteFigures, "shortfall_by_site"),
        orders=[(row[0], row[1]) for row in work.db.all("count_orders_by_status")],
        sweeps=sweeps,
        sweep_defects=int(defects),
        alerts=[(row[0], row[1]) for row in work.db.all("open_alerts_by_kind")],
        webhooks=work.db.records(WebhookFigures, "webhook_figures")[0],
        mails=work.db.records(MailFigures, "mail_figures", as_of=work.as_of)[0],
    )

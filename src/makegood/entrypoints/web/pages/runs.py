"""/runs: work on many orders: shown first, started, watched, and steered; it goes on whoever looks."""

from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from makegood.domain.runs import RunOutcome, RunStatus
from makegood.entrypoints.web.actions import action_of, came_to, name_of, terms_of
from makegood.entrypoints.web.fields import Asked, Maybe, Word
from makegood.entrypoints.web.pages.backorders import InScope, Which
from makegood.entrypoints.web.visit import Manager, ManagerLooks, Reader
from makegood.services.dashboard.list_orders_waiting import OrderFilter, names_of_orders_waiting
from makegood.services.dashboard.scope import Scope
from makegood.services.runs.preview_run import preview_run
from makegood.services.runs.show_runs import list_runs, run_results, show_run
from makegood.services.runs.start_run import start_run
from makegood.services.runs.steer_run import cancel_run, pause_run, reset_run, resume_run
from makegood.services.work import Work

router = APIRouter()

Orders = Annotated[list[str], Query()]
NOBODY: list[str] = []


class Steer(StrEnum):
    """What can be done to a run that is going on."""

    PAUSE = "pause"
    RESUME = "resume"
    RESET = "reset"
    CANCEL = "cancel"


STEER = {Steer.PAUSE: pause_run, Steer.RESUME: resume_run, Steer.RESET: reset_run, Steer.CANCEL: cancel_run}


@router.get("/runs")
def runs(visit: Reader, after: Asked = None) -> Response:
    """List the runs, the latest first."""
    found = visit.read(list_runs, after=after)
    return visit.show("runs/list.html", found=found, name_of=name_of, came_to=came_to)


@router.get("/runs/new")
def ask(
    visit: ManagerLooks, scope: InScope, which: Which, kind: str, order: Orders = NOBODY, all: bool = False
) -> Response:
    """Show what a run would come to, and ask what has to be said before it starts."""
    action = action_of(kind)
    names = visit.read(_chosen, scope, which, order, everything=all)
    preview = visit.desk(preview_run, kind, orders=names) if names else None
    return visit.show("runs/new.html", action=action, preview=preview, total=len(names), all=all)


@router.post("/runs")
def start(
    visit: Manager,
    scope: InScope,
    which: Which,
    kind: str,
    key: Word,
    order: Orders = NOBODY,
    all: bool = False,
    agreed_by: Maybe = None,
    how: Maybe = None,
    min_percent: Maybe = None,
    min_value: Maybe = None,
) -> Response:
    """Start a run over the ticked orders, or over all that the filters let through, and lead to its page."""
    filled = {"agreed_by": agreed_by, "how": how, "min_percent": min_percent, "min_value": min_value}
    terms = terms_of(action_of(kind), filled, visit.desk.as_of)

    def begin(work: Work) -> int:
        names = _chosen(work, scope, which, order, everything=all)
        return start_run(work, kind, orders=names, terms=terms, key=key).run_id

    return visit.go(f"/runs/{visit.do(begin)}")


@router.get("/runs/{run}")
def one_run(visit: Reader, run: int, outcome: Asked = None, after: Asked = None) -> Response:
    """Show how far a run is, and what came of its orders."""
    found = visit.read(show_run, run)
    results = visit.read(run_results, run, outcomes=[outcome] if outcome else [], after=after)
    return visit.show(
        "runs/one.html",
        run=found,
        name=name_of(found),
        came_to=came_to(found),
        results=results.results,
        next=results.next,
        outcomes=[one.value for one in RunOutcome if found.outcomes.get(one.value)],
        paused=found.status == RunStatus.PAUSED,
    )


@router.post("/runs/{run}/{what}")
def steer(visit: Manager, run: int, what: Steer) -> Response:
    """Pause a run, let it go on, free it from whoever does not get on with it, or end it."""
    found = visit.do(STEER[what], run)
    return visit.done(f"Run {run} is {found.status.lower()}.", to=f"/runs/{run}")


def _chosen(work: Work, scope: Scope, which: OrderFilter, orders: list[str], *, everything: bool) -> list[str]:
    return names_of_orders_waiting(work, scope, which) if everything else orders

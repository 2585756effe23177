"""The tool that says whether the queue is served."""

from collections.abc import Iterator

from makegood.domain.plain import as_plain
from makegood.entrypoints.mcp.arguments import FEW_ROWS
from makegood.entrypoints.mcp.brief import brief
from makegood.entrypoints.mcp.call import Call, Told
from makegood.services.list_queue import QueueState, list_queue


def get_queue_health(call: Call) -> Told:
    """Say whether the queue is served: marks to be looked at, jobs, workers, and what failed or was set aside.

    A mark is a queue of one SKU in one warehouse that is to be looked at because stock or orders changed.
    """
    call.insist_on_all_merchants()
    found = call.read(list_queue, most=FEW_ROWS)
    trouble = list(_trouble(found))
    return {
        "healthy": not trouble,
        "sentences": [*(trouble or ["Nothing failed and nothing is left lying."]), *_beside(found)],
        "workers_alive": sum(one.alive for one in found.workers),
        "jobs_waiting": sum(one.queued for one in found.jobs),
        "jobs_running": sum(one.running for one in found.jobs),
        "oldest_job_seconds": max((one.oldest_seconds for one in found.jobs), default=0),
        "marks": found.marks[:FEW_ROWS],
        "resting": brief(as_plain(found.parked[:FEW_ROWS])),
        "orders_set_aside": brief(as_plain(found.aside)),
        "failures": brief(as_plain(found.failures)),
    }


def _beside(found: QueueState) -> Iterator[str]:
    if not any(worker.alive for worker in found.workers):
        yield "No worker is alive: what runs by the clock, such as lapsing and escalation, waits for one."


def _trouble(found: QueueState) -> Iterator[str]:
    if found.marks and not any(worker.alive for worker in found.workers):
        yield "Queues are marked and no worker is alive: a person has to start `makegood worker`."
    if found.parked:
        yield f"{len(found.parked)} jobs rest: a person can let them go on with `makegood queue retry`."
    if found.aside:
        yield f"{len(found.aside)} orders were set aside: a person has to look, then retry them."
    if found.failures:
        yield f"{len(found.failures)} kinds of failure are on record; see `failures`."

"""When all is quiet: the judge, the doctor, the sweep and the accounts of every request."""

from collections import Counter
from collections.abc import Iterator, Sequence

import psycopg

from makegood.services.doctor import doctor
from makegood.services.sweep import sweep
from makegood.services.work import now
from makegood.store.database import Database
from tests.judge.judge import judge
from tests.torture.accounts import Traces, unaccounted
from tests.torture.conductor import Day
from tests.torture.journal import End, Request

ASKED_FOR = 100.0
# At least one process is killed in so many seconds, and the server in so many: else nothing was put to the test.
A_KILL = 5.0
A_CRASH = 20.0


def faults(address: str, requests: Sequence[Request]) -> list[str]:
    """Tell all that is wrong with the books, and every request that is not accounted for."""
    today = now().date()
    found = [f"law {law}: {fault}" for law, broken in judge(address, today).broken.items() for fault in broken]
    found += [f"request: {fault}" for fault in unaccounted(requests, Traces(address))]
    found += _by_the_program(address)
    return found + list(_left_behind(address))


def too_calm(day: Day) -> Iterator[str]:
    """Tell when too few were killed for the verdict to mean anything."""
    if day.kills.total() < int(day.seconds / A_KILL):
        yield f"only {day.kills.total()} processes were killed in {day.seconds:.0f} s"
    if day.restarts < int(day.seconds / A_CRASH):
        yield f"the server was killed only {day.restarts} times in {day.seconds:.0f} s"


def _by_the_program(address: str) -> list[str]:
    """Tell what the program itself finds: its doctor, and its net under the triggers."""
    books = Database(address, most=2)
    try:
        examined = doctor(books, now()).findings
        lying = sweep(books, now()).defects
    finally:
        books.close()
    return [f"doctor: {finding.words}" for finding in examined] + [f"sweep: {one}" for one in lying]


def _left_behind(address: str) -> Iterator[str]:
    """Tell what workers found or gave up meanwhile."""
    with psycopg.connect(address) as connection:
        for table in ("sweep_defects", "orders_set_aside", "parked_jobs"):
            rows = connection.execute(f"SELECT to_jsonb(t) FROM {table} t".encode()).fetchall()
            yield from (f"{table}: {row[0]}" for row in rows)


def told(day: Day, requests: Sequence[Request], found: Sequence[str]) -> list[str]:
    """Say what was done, what was refused, who was killed, and what is broken."""
    ends = Counter(request.end for request in requests)
    answered = ends[End.DONE] + ends[End.REFUSED]
    refused = Counter(str(request.result) for request in requests if request.end is End.REFUSED)
    kinds = Counter(request.kind for request in requests if request.end is End.DONE)
    pace = answered / max(day.seconds, 0.001)
    return [
        f"{answered} operations in {day.seconds:.0f} s: {pace:.0f} a second ({ASKED_FOR:.0f} are asked for)",
        f"  done {ends[End.DONE]}: " + _listed(kinds),
        "  slowest answers in seconds: " + _slowest(requests),
        f"  conflicts, refused with a stated error {ends[End.REFUSED]}: " + _listed(refused),
        f"  unknown to whoever asked {ends[End.UNKNOWN]}",
        f"{day.kills.total()} processes killed, one in {day.seconds / max(day.kills.total(), 1):.1f} s: "
        + _listed(day.kills),
        f"{day.restarts} times the server killed and started again",
        f"{len(found)} faults"
        if found
        else "all laws kept, every request accounted for, nothing swept, no deadlock",
        *(f"  {fault}" for fault in found[:40]),
    ]


def _slowest(requests: Sequence[Request]) -> str:
    slowest: dict[str, float] = {}
    for request in requests:
        slowest[request.kind] = max(request.took, slowest.get(request.kind, 0.0))
    return ", ".join(f"{kind} {took:.2f}" for kind, took in sorted(slowest.items(), key=lambda one: -one[1])[:6])


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.most_common()) or "none"

"""How long somebody else waits for a gate while a drain runs."""

from random import Random
from time import perf_counter

import psycopg

from benchmarks.aside import Signals, beside
from benchmarks.books import Bench
from benchmarks.measures.drains import spread_over
from benchmarks.report import Figure
from benchmarks.run import Run, tell
from benchmarks.work import Shape

Gate = tuple[int, int]

# Half of the tries go to the queues that are served longest.
MOST_WANTED = 20
PAUSE = 0.002
MARKED_BY_DEMAND = """
    SELECT variant_id, warehouse_id FROM inventory_units u
    WHERE EXISTS (SELECT FROM marks m WHERE m.variant_id = u.variant_id AND m.warehouse_id = u.warehouse_id)
    GROUP BY 1, 2
    ORDER BY sum(quantity) DESC, 1, 2
"""


def measure(run: Run) -> list[Figure]:
    """Keep locking gates of the drained variants during drains of each kind, and give the longest wait."""
    shapes = [spread_over(run.scale.small), spread_over(run.scale.large), Shape(run.scale.large, 1)]
    found: list[tuple[float, str]] = []
    for shape in shapes:
        _, ready = run.ready(shape)
        with run.copy(ready) as copy:
            waits = sorted(_waits_during_a_drain(copy))
        usual = waits[(len(waits) - 1) * 99 // 100]
        told = f"{shape}: {waits[-1]:.0f} ms, 99 of 100 under {usual:.0f} ms, {len(waits):,} tries"
        found.append((waits[-1], told))
        tell(f"gate waits in {told}")
    return [Figure("max_gate_wait_ms", max(found)[0], max(found)[1])]


def _waits_during_a_drain(bench: Bench) -> list[float]:
    gates = [(row[0], row[1]) for row in bench.execute(MARKED_BY_DEMAND)]
    with beside(lock_gates, bench.address, gates) as session:
        session.go()
        bench.drain()
        session.stop()
        return session.result()


def lock_gates(signals: Signals, address: str, gates: list[Gate]) -> list[float]:
    """Lock one gate after the other, each in a transaction of its own, and give the milliseconds of each wait."""
    chance, waits = Random(1), list[float]()
    with psycopg.connect(address, autocommit=True) as connection:
        _wait_for(connection, gates[0])
        signals.await_go()
        while not signals.stopped or not waits:
            wanted = gates[:MOST_WANTED] if chance.random() < 0.5 else gates
            waits.append(_wait_for(connection, chance.choice(wanted)))
            signals.wait(PAUSE)
    return waits


def _wait_for(connection: psycopg.Connection[tuple[object, ...]], gate: Gate) -> float:
    with connection.transaction():
        start = perf_counter()
        connection.execute(
            "SELECT FROM gates WHERE variant_id = %s AND warehouse_id = %s FOR NO KEY UPDATE", gate, prepare=True
        )
        return (perf_counter() - start) * 1000

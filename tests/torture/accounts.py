"""Every request is accounted for: done exactly once, or refused and without a trace; never half, never twice.

What nobody knows (a kill, a lost connection) may have been done or not, but not in part. It reads the journals
and the tables, and shares no statement with the program.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg

from tests.torture.journal import End, Request

Counts = Mapping[str, Any]


class Traces:
    """What the tables show of each request: orders, ledger, events, sessions."""

    def __init__(self, address: str) -> None:
        with psycopg.connect(address) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            self._connection = connection
            self.orders: dict[str, list[str]] = defaultdict(list)
            for number, sku in self._rows(
                "SELECT number, sku_text FROM orders JOIN order_lines USING (order_id) "
                "ORDER BY order_id, line_number"
            ):
                self.orders[number].append(sku)
            self.times = Counter(row[0] for row in self._rows("SELECT number FROM orders"))
            self.ledger: dict[str, list[int]] = defaultdict(lambda: [0, 0])
            for actor, delta in self._rows("SELECT actor, delta FROM stock_movements"):
                self.ledger[actor][delta > 0] += delta
            self.events = Counter(
                (row[0], row[1]) for row in self._rows("SELECT actor, type FROM fulfillment_events")
            )
            self.left_something = set(self.ledger) | {actor for actor, _ in self.events}
            self._read_sessions()

    def _read_sessions(self) -> None:
        self.sessions = {
            (kind, reference): status
            for kind, reference, status in self._rows("SELECT kind, reference, status FROM stock_sessions")
        }
        self.figures: dict[tuple[str, str], list[list[Any]]] = defaultdict(list)
        self.keys: dict[tuple[str, str], list[int]] = defaultdict(list)
        for kind, reference, sku, bin, quantity, damaged, key in self._rows(
            "SELECT s.kind, s.reference, v.sku, p.code, l.quantity, l.damaged, l.line_key "
            "FROM stock_sessions s JOIN stock_session_lines l USING (session_id) "
            "JOIN variants v USING (variant_id) JOIN locations p USING (location_id) WHERE NOT l.superseded"
        ):
            self.figures[kind, reference].append([sku, bin, quantity, damaged])
            self.keys[reference, key].append(quantity)

    def _rows(self, query: str) -> list[Any]:
        return self._connection.execute(query.encode()).fetchall()


def unaccounted(requests: Sequence[Request], traces: Traces) -> list[str]:
    """Name each request whose end and whose traces contradict each other."""
    return [
        *(fault for request in requests for fault in _of_one(request, traces)),
        *_orders(requests, traces),
        *_imports(requests, traces),
        *_sessions(requests, traces),
        *_entries(requests, traces),
    ]


def _of_one(request: Request, traces: Traces) -> Iterator[str]:
    """Judge what bears the request's own name."""
    say = f"{request.name} ({request.kind}) is {request.end}"
    if request.end is End.CRASHED:
        yield f"{say} without a stated error: {request.result}"
    if request.end is End.REFUSED and request.name in traces.left_something:
        yield f"{say}, {request.result}, and has left {traces.ledger.get(request.name)}"
    whole: dict[str, Any] = {}
    found: dict[str, Any] = {}
    if "ledger" in request.facts:
        whole["ledger"] = request.facts["ledger"]
        found["ledger"] = list(traces.ledger.get(request.name, [0, 0]))
    for kind, times in request.facts.get("events", {}).items():
        whole[kind], found[kind] = times, traces.events[request.name, kind]
    nothing = {kind: [0, 0] if kind == "ledger" else 0 for kind in whole}
    if found not in allowed(request.end, whole, nothing):
        yield f"{say}: {whole} was asked for, {found} was done"


def allowed(end: End, whole: object, nothing: object) -> list[object]:
    """Give what the tables may show of a request that came to this end.

    >>> allowed(End.UNKNOWN, 3, 0)
    [3, 0]
    """
    return {End.DONE: [whole], End.REFUSED: [nothing]}.get(end, [whole, nothing])


def together(ends: Iterable[End]) -> End:
    """Give the end of something that was asked for several times under one name."""
    every = set(ends)
    return End.DONE if End.DONE in every else End.REFUSED if every == {End.REFUSED} else End.UNKNOWN


def _orders(requests: Sequence[Request], traces: Traces) -> Iterator[str]:
    asked: dict[tuple[str, ...], list[Request]] = defaultdict(list)
    for request in requests:
        if "numbers" in request.facts:
            asked[tuple(request.facts["numbers"])].append(request)
    for numbers, tries in asked.items():
        end = together(request.end for request in tries)
        times = [traces.times[number] for number in numbers]
        if times not in allowed(end, [1] * len(numbers), [0] * len(numbers)):
            yield f"orders {numbers} are {end}: they are in the books {times} times"
        for number, lines in tries[0].facts["numbers"].items():
            skus = [sku for sku, _ in lines]
            if number in traces.orders and traces.orders[number][: len(skus)] != skus:
                yield f"order {number}: {skus} were asked for, the books have {traces.orders[number]}"


def _imports(requests: Sequence[Request], traces: Traces) -> Iterator[str]:
    """A file that was imported to its end, in however many tries, is there once; else each order once or not."""
    asked: dict[str, list[Request]] = defaultdict(list)
    for request in requests:
        if "file" in request.facts:
            asked[request.facts["file"]].append(request)
    for file, tries in asked.items():
        end = together(request.end for request in tries)
        for number, lines in tries[0].facts["imported"].items():
            if traces.times[number] not in allowed(end, 1, 0):
                yield f"file {file} is {end}: order {number} is in the books {traces.times[number]} times"
            skus = [sku for sku, _ in lines]
            if number in traces.orders and traces.orders[number][: len(skus)] != skus:
                yield f"file {file}, order {number}: it has {skus}, the books have {traces.orders[number]}"


def _sessions(requests: Sequence[Request], traces: Traces) -> Iterator[str]:
    asked: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for request in requests:
        if "session" in request.facts:
            asked[request.facts["session"], request.facts["reference"]].append(request)
    for name, tries in asked.items():
        end, status = together(request.end for request in tries), traces.sessions.get(name)
        figures = tries[0].facts.get("figures")
        nothing = None if figures is not None else "OPEN"
        if status not in (*allowed(end, "APPROVED", nothing), *((None,) if figures is None else ())):
            yield f"session {name} is {end}, its status {status}"
        if figures is not None and status and sorted(traces.figures[name]) != figures:
            yield f"session {name}: {figures} was entered, the books have {traces.figures[name]}"
        results = [request.result for request in tries if request.end is End.DONE]
        if any(result[:6] != results[0][:6] for result in results):
            yield f"session {name} gave different results: {results}"


def _entries(requests: Sequence[Request], traces: Traces) -> Iterator[str]:
    asked: dict[tuple[str, str], list[Request]] = defaultdict(list)
    for request in requests:
        if "entered" in request.facts:
            asked[request.facts["entered"], request.facts["key"]].append(request)
    for name, tries in asked.items():
        end, found = together(request.end for request in tries), traces.keys[name]
        if found not in allowed(end, [tries[0].facts["quantity"]], []):
            yield f"figure {name} is {end}: the books have {found}"

"""How long the dashboard takes over the one aggregate it shows: its first page, its memory, what is unlocked."""

import tracemalloc
from collections.abc import Callable
from statistics import median

from starlette.testclient import TestClient

from benchmarks.books import Bench
from benchmarks.report import Figure
from benchmarks.run import Pair, Run, ratio, timed
from benchmarks.work import END, Shape
from makegood.entrypoints.lobby.front import Front
from makegood.entrypoints.web.app import make_pages
from makegood.services.accounts.tokens import create_token
from makegood.services.dashboard.list_orders_waiting import list_orders_waiting
from makegood.services.dashboard.list_skus_waiting import list_skus_waiting
from makegood.services.list_unlockable import count_unlockable
from makegood.services.work import Work
from makegood.wiring import House

# What a manager wants to see, as anybody would write it down: it is read whole, nothing is paged or named.
AGGREGATE = """
SELECT variant_id, count(DISTINCT order_id) FILTER (WHERE quantity > allocated + cancelled + fulfilled),
       sum(quantity - cancelled - fulfilled), sum(allocated), min(o.placed_at)
FROM order_lines l JOIN orders o USING (order_id)
WHERE o.status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')
GROUP BY variant_id
"""


def measure(run: Run) -> list[Figure]:
    """Read the first page as programs get it, and each tab as browsers get it, in turn with the aggregate."""
    _, bench = run.waiting(Shape(run.scale.board, run.scale.board // 10))
    _, small = run.waiting(Shape(run.scale.small, run.scale.small // 10))
    opens = _browser(bench)
    looks: dict[str, Callable[[], object]] = {
        "dashboard_ratio": lambda: bench.do(_first_page),
        "dashboard_skus_page_ratio": lambda: opens("/backorders"),
        "dashboard_orders_page_ratio": lambda: opens("/backorders?tab=orders"),
        "unlock_count_ratio": lambda: bench.do(count_unlockable),
    }
    figures = []
    for name, look in looks.items():
        look()
        pairs = run.alternated(name, lambda look=look: Pair(timed(look), timed(lambda: bench.execute(AGGREGATE))))  # type: ignore[misc]
        figures.append(Figure(name, ratio(pairs), _told(bench, pairs)))
    peaks = [_peak(one) for one in (bench, small)]
    told = f"{peaks[0] / 1e6:.2f} MB against {peaks[1] / 1e6:.2f} MB with {run.scale.small:,} lines"
    return [*figures, Figure("dashboard_memory_ratio", peaks[0] / peaks[1], told)]


def _first_page(work: Work) -> None:
    list_skus_waiting(work)
    list_orders_waiting(work)


def _browser(bench: Bench) -> Callable[[str], object]:
    token = bench.do(create_token, "bench").secret
    client = TestClient(make_pages(Front(House(bench.books), clock=lambda: END)))
    headers = {"Accept": "text/html", "Authorization": f"Bearer {token}"}

    def opens(path: str) -> None:
        assert client.get(path, headers=headers).status_code == 200

    return opens


def _told(bench: Bench, pairs: list[Pair]) -> str:
    orders = bench.execute("SELECT count(*) FROM orders WHERE status IN ('BACKORDERED', 'PARTIALLY_ALLOCATED')")[
        0
    ][0]
    ours, floor = (median(getattr(pair, field) for pair in pairs) * 1000 for field in ("ours", "floor"))
    return f"{orders:,} orders waiting: {ours:.0f} ms over {floor:.0f} ms"


def _peak(bench: Bench) -> int:
    tracemalloc.start()
    bench.do(_first_page)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak

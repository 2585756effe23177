"""The generated work is the one that the targets speak of."""

from collections import Counter
from datetime import timedelta

import pytest
from benchmarks.work import END, START, Shape, Workload, workload

from makegood.domain.orders import NewLine, NewOrder


@pytest.fixture(scope="module")
def made() -> Workload:
    """Enough work for its shares to be told from chance."""
    return workload(Shape(30_000, 3_000))


def orders_of(work: Workload) -> list[NewOrder]:
    return [order for orders in work.orders.values() for order in orders]


def lines_of(work: Workload) -> list[NewLine]:
    return [line for order in orders_of(work) for line in order.lines]


def share(count: int, whole: int) -> float:
    return count / whole


def test_the_same_seed_makes_the_same_work() -> None:
    assert workload(Shape(300, 30)) == workload(Shape(300, 30))
    assert workload(Shape(300, 30)).orders != workload(Shape(300, 30, seed=2)).orders


def test_orders_have_one_to_five_lines_and_three_on_average(made: Workload) -> None:
    orders, lines = orders_of(made), lines_of(made)
    assert len(orders) == 10_000
    assert {len(order.lines) for order in orders} == {1, 2, 3, 4, 5}
    assert share(len(lines), len(orders)) == pytest.approx(3, rel=0.03)
    assert {line.quantity for line in lines} == {1, 2, 3, 4, 5}


def test_ship_policies_have_their_shares(made: Workload) -> None:
    count = Counter(order.ship_policy for order in orders_of(made))
    assert share(count["COMPLETE"], 10_000) == pytest.approx(0.1, abs=0.01)
    assert share(count["COMPLETE_LINES"], 10_000) == pytest.approx(0.1, abs=0.01)
    keeping = [order for order in orders_of(made) if order.when_short == "reserve"]
    assert {order.ship_policy for order in keeping} == {"COMPLETE"}
    assert share(len(keeping), count["COMPLETE"]) == pytest.approx(0.5, abs=0.05)


def test_all_partial_work_is_all_partial() -> None:
    orders = orders_of(workload(Shape(3_000, 300, all_partial=True)))
    assert {(order.ship_policy, order.when_short) for order in orders} == {("PARTIAL", "skip")}


def test_two_of_a_hundred_lines_are_unmatched_and_one_of_a_hundred_orders_is_held(made: Workload) -> None:
    unmatched = [line for line in lines_of(made) if not line.sku.startswith("SKU-")]
    assert share(len(unmatched), len(lines_of(made))) == pytest.approx(0.02, abs=0.004)
    assert share(len(made.held), len(orders_of(made))) == pytest.approx(0.01, abs=0.001)
    assert set(made.held) <= {order.number for order in orders_of(made)}


def test_orders_are_placed_over_sixty_days_in_two_warehouses_with_three_priorities(made: Workload) -> None:
    orders = orders_of(made)
    placed = [order.placed_at for order in orders if order.placed_at]
    assert START <= min(placed) < START + timedelta(days=1)
    assert END - timedelta(days=1) < max(placed) < END
    assert {site: {order.warehouse for order in some} for site, some in made.orders.items()} == {
        "W1": {"W1"},
        "W2": {"W2"},
    }
    for count in (Counter(order.warehouse for order in orders), Counter(order.priority for order in orders)):
        assert min(count.values()) == pytest.approx(len(orders) / len(count), rel=0.06)


def test_variants_are_wanted_as_zipf_says(made: Workload) -> None:
    count = Counter(line.sku for line in lines_of(made))
    first = count["SKU-0"]
    assert share(first, len(lines_of(made))) == pytest.approx(1 / sum(1 / n for n in range(1, 3001)), rel=0.1)
    for place in (2, 4, 8, 16):
        assert count[f"SKU-{place - 1}"] == pytest.approx(first / place, rel=0.2)


def test_two_lots_cover_sixty_of_a_hundred_units(made: Workload) -> None:
    wanted = Counter[tuple[str, int]]()
    for site, orders in made.orders.items():
        for line in (line for order in orders for line in order.lines if line.sku.startswith("SKU-")):
            wanted[site, int(line.sku.removeprefix("SKU-"))] += line.quantity
    assert dict(wanted) == made.demand
    assert sum(map(sum, made.receipts.values())) == pytest.approx(0.6 * wanted.total(), rel=0.02)
    for gate, lots in made.receipts.items():
        assert abs(sum(lots) - 0.6 * wanted[gate]) <= 0.5
        assert abs(lots[0] - lots[1]) <= 1


def test_work_on_one_variant_is_on_one_variant() -> None:
    assert {sku for _, sku in workload(Shape(300, 1)).demand} == {0}

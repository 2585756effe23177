"""The simulated buyer covers 70 to 90 % of any demand, and 15 to 50 % of its units wait at first."""

from collections import defaultdict
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from makegood.services.replay.purchases import Delivery, Demand, deliveries

FIRST = date(2024, 9, 2)
DAYS = 60
LAST = FIRST + timedelta(days=DAYS - 1)

days = st.integers(0, DAYS - 1).map(lambda number: FIRST + timedelta(days=number))
demands = st.dictionaries(
    st.sampled_from([f"1000{number}" for number in range(10)]),
    st.dictionaries(days, st.integers(1, 40), min_size=1, max_size=25),
    min_size=1,
).filter(lambda demand: asked(demand) >= 50)


def asked(demand: Demand) -> int:
    return sum(units for by_day in demand.values() for units in by_day.values())


def filled_at_once(demand: Demand, came: list[Delivery]) -> int:
    """Serve first come, first served, day by day; deliveries come in the morning."""
    coming: dict[tuple[str, date], int] = defaultdict(int)
    for delivery in came:
        coming[delivery.sku, delivery.day] += delivery.units
    at_once = 0
    for sku, by_day in demand.items():
        on_hand = 0  # below zero: so many units wait
        for day in (FIRST + timedelta(days=number) for number in range(DAYS)):
            on_hand += coming[sku, day]
            at_once += min(max(on_hand, 0), by_day.get(day, 0))
            on_hand -= by_day.get(day, 0)
    return at_once


@given(demands, st.integers(0, 99))
def test_the_buyer_covers_70_to_90_percent_of_the_demand(demand: Demand, seed: int) -> None:
    came = deliveries(demand, first=FIRST, last=LAST, seed=seed)
    assert 0.7 <= sum(delivery.units for delivery in came) / asked(demand) <= 0.9


@given(demands, st.integers(0, 99))
def test_15_to_50_percent_of_the_units_wait_at_first(demand: Demand, seed: int) -> None:
    came = deliveries(demand, first=FIRST, last=LAST, seed=seed)
    assert 0.15 <= 1 - filled_at_once(demand, came) / asked(demand) <= 0.5


@given(demands, st.integers(0, 99))
def test_deliveries_come_in_order_within_the_days_and_bring_something(demand: Demand, seed: int) -> None:
    came = deliveries(demand, first=FIRST, last=LAST, seed=seed)
    assert came == sorted(came)
    assert all(FIRST <= delivery.day <= LAST and delivery.units > 0 for delivery in came)


@given(demands, st.integers(0, 99))
def test_the_same_seed_buys_the_same_in_whatever_order_the_demand_is_told(demand: Demand, seed: int) -> None:
    turned = {sku: dict(reversed([*by_day.items()])) for sku, by_day in reversed([*demand.items()])}
    came = deliveries(demand, first=FIRST, last=LAST, seed=seed)
    assert came == deliveries(turned, first=FIRST, last=LAST, seed=seed)

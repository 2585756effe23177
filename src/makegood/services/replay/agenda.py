"""What is on for each day of the replay: deliveries, and rounds of orders, returns and goods written off."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import NamedTuple, TypeVar

from makegood.services.replay.purchases import Delivery, deliveries
from makegood.services.replay.shop_book import Invoice, ShopBook, WriteOff, sku_key

# The office posts what has come in at these hours, and once more at the end of the day.
ROUNDS_END = (10, 12, 14, 16)

H = TypeVar("H", Invoice, WriteOff)


class Round(NamedTuple):
    """What came in between two postings of one day, each list in the order of time."""

    orders: Sequence[Invoice]
    returns: Sequence[Invoice]
    write_offs: Sequence[WriteOff]

    @property
    def posted_at(self) -> datetime:
        """When the last of it came in."""
        came = [*(one.at for one in (*self.orders, *self.returns)), *(one.at for one in self.write_offs)]
        return max(came)


class Agenda(NamedTuple):
    """One day: what suppliers bring in the morning, by supplier, and the rounds of the day."""

    day: date
    deliveries: dict[int, list[Delivery]]
    rounds: Sequence[Round]

    def clock(self, hour: int, minute: int = 0) -> datetime:
        """Give an instant of the day."""
        return datetime.combine(self.day, time(hour, minute), tzinfo=UTC)


def agendas(book: ShopBook, *, seed: int) -> list[Agenda]:
    """Give every day from the first invoice to the last, with its deliveries from the simulated purchases."""
    days = book.days
    if not days:
        return []
    coming: dict[date, list[Delivery]] = defaultdict(list)
    for delivery in deliveries(_demand(book), first=days[0], last=days[-1], seed=seed):
        coming[delivery.day].append(delivery)
    orders, returns, write_offs = _by_round(book.orders), _by_round(book.returns), _by_round(book.write_offs)
    return [
        Agenda(
            day,
            {
                supplier: list(found)
                for supplier, found in groupby(coming[day], key=lambda delivery: delivery.supplier)
            },
            [
                Round(orders[key], returns[key], write_offs[key])
                for key in ((day, number) for number in range(len(ROUNDS_END) + 1))
                if orders[key] or returns[key] or write_offs[key]
            ],
        )
        for day in days
    ]


def _demand(book: ShopBook) -> dict[str, dict[date, int]]:
    demand: dict[str, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for order in book.orders:
        for item in order.items:
            demand[sku_key(item.sku)][order.at.date()] += item.units
    return demand


def _by_round(happened: Iterable[H]) -> dict[tuple[date, int], list[H]]:
    rounds: dict[tuple[date, int], list[H]] = defaultdict(list)
    for one in happened:
        rounds[one.at.date(), sum(one.at.hour >= hour for hour in ROUNDS_END)].append(one)
    return rounds

"""What goes on side by side in a worker ends together."""

import asyncio

import pytest

from makegood.jobs.catalogue import JOBS
from makegood.jobs.shift import _look
from makegood.jobs.station import Station
from tests.shop import Shop


@pytest.mark.parametrize("steps", range(5))
def test_a_bell_that_rings_as_the_shift_is_cut_short_does_not_keep_it_going(shop: Shop, steps: int) -> None:
    async def story() -> None:
        bell = asyncio.Event()
        looks = next(job for job in JOBS if job.looks)
        serving = asyncio.create_task(_look(Station(shop.books), looks, bell))
        await asyncio.sleep(0.2)
        bell.set()
        for _ in range(steps):
            await asyncio.sleep(0)
        serving.cancel()
        _, still = await asyncio.wait([serving], timeout=20)
        assert not still

    asyncio.run(story())

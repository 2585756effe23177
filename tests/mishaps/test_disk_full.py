"""The disk runs full: whoever asks is told so, what was done stays done, and with room again work goes on."""

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from makegood.domain.errors import DatabaseUnavailable
from makegood.services.doctor import doctor
from makegood.store.database import Database
from makegood.store.embedded import served
from makegood.store.migrate import migrate
from tests.judge.judge import judge
from tests.mishaps.test_lost_connections import at_the_same_address
from tests.shop import Shop

ROOM = "200m"
LEFT_FREE = 3_000_000


@contextmanager
def a_small_disk() -> Iterator[Path]:
    """A disk of its own in memory, that the server's user can reach; only root may make one."""
    folder = Path(tempfile.mkdtemp(prefix="makegood-test-"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM},mode=755", "tmpfs", folder], check=False)
    if made.returncode:
        pytest.skip("LEFT OUT: no disk can be mounted here; nothing is tested about a full one")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
        folder.rmdir()


def fill(disk: Path) -> Path:
    """Take the room that is left, but for a little."""
    room = os.statvfs(disk)
    filler = disk / "filler"
    with open(filler, "wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - LEFT_FREE)
    return filler


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="LEFT OUT: only root can mount a small disk to fill")
def test_a_full_disk_is_told_and_nothing_is_half_done() -> None:
    with a_small_disk() as disk, served(disk / "home") as address:
        migrate(address)
        shop = Shop(Database(address)).sells("MUG")
        filler = fill(disk)
        placed, refused = orders_until_the_disk_is_full(shop)
        assert placed
        assert refused.code == "database_unavailable"
        with suppress(DatabaseUnavailable):
            shop.gets("MUG", 1).check()
        filler.unlink()
        shop = at_the_same_address(shop)
        numbers = [row[0] for row in shop.rows("SELECT number FROM orders ORDER BY order_id")]
        assert numbers == placed
        until_it_works(shop)
        shop.check()
        assert shop.has("AFTER") == {"MUG": 0}
        assert shop.has("O0") == {"MUG": 2}
        assert judge(address, shop.clock.date()).broken == {}
        assert doctor(shop.books, shop.clock).findings == []
        shop.books.close()


def orders_until_the_disk_is_full(shop: Shop) -> tuple[list[str], DatabaseUnavailable]:
    """Place orders until one is refused; tell which were placed, and in which words the next was not."""
    placed: list[str] = []
    for number in range(5000):
        try:
            shop.order(f"O{number}", MUG=2, channel="x" * 2000)
        except DatabaseUnavailable as refused:
            return placed, refused
        placed.append(f"O{number}")
    raise AssertionError("the disk never ran full")


def until_it_works(shop: Shop) -> None:
    """A server that fell with its disk is started again; then stock is given out as ever."""
    until = time.monotonic() + 30
    while True:
        try:
            shop.gets("MUG", 2).order("AFTER", MUG=1)
        except DatabaseUnavailable:
            assert time.monotonic() < until
            time.sleep(0.2)
        else:
            return

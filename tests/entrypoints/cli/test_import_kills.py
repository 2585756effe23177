"""An importer that is killed half-way leaves nothing half done; run again, it ends as if nothing had happened."""

import time
from pathlib import Path

import pytest

from makegood.store.database import Database
from tests.entrypoints.cli.conftest import Terminal

ORDERS = 6000


def placed(books: Database) -> int:
    with books.snapshot() as db:
        found = db._connection.execute("SELECT count(*) FROM orders").fetchone()
        assert found
        return int(found[0])


@pytest.mark.slow
def test_a_killed_import_is_finished_by_the_next(clerk: Terminal, books: Database, tmp_path: Path) -> None:
    file, stock = tmp_path / "orders.csv", tmp_path / "stock.csv"
    rows = (f"K{number},{sku},1\n" for number in range(ORDERS) for sku in ("MUG", "LID"))
    file.write_text("number,sku,quantity\n" + "".join(rows))
    stock.write_text("sku,warehouse,location,quantity\nMUG,EAST,A-01,5000\nLID,EAST,A-01,500\n")
    clerk.does("import stock", str(stock))
    with clerk.starts("import", "orders", str(file)) as process:
        deadline = time.monotonic() + 60
        while not placed(books) and time.monotonic() < deadline:
            time.sleep(0.01)
        process.kill()
    half = placed(books)
    assert 0 < half < ORDERS
    assert half % 1000 == 0, "batches land whole"
    made = clerk.does("import orders --json", str(file)).json
    assert (made["landed"], made["unchanged"]) == (2 * (ORDERS - half), 2 * half)
    with books.snapshot() as db:
        granted = db._connection.execute(
            "SELECT sku, reserved FROM inventory_units JOIN variants USING (variant_id)"
        )
        assert sorted(granted.fetchall()) == [("LID", 500), ("MUG", 5000)]

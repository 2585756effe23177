"""The schema comes about forward only, by one process at a time, and keeps what the books hold."""

import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from yoyo import get_backend, read_migrations

from makegood.domain.errors import DatabaseUnavailable
from makegood.services.doctor import doctor
from makegood.store.database import Database
from makegood.store.migrate import migrate, pending, yoyo_url
from tests.shop import MONDAY

VERSIONS = sorted(file.name for file in files("makegood.store").joinpath("migrations").iterdir())

# Books as the first version could hold them: four mugs on the shelf, three reserved, two more wanted.
FIRST_BOOKS = """
INSERT INTO warehouses (code) VALUES ('EAST');
INSERT INTO checks (warehouse_id) VALUES (1);
INSERT INTO locations (warehouse_id, code, type) VALUES (1, 'A-01', 'PICKING');
INSERT INTO variants (merchant_id, sku) VALUES (1, 'MUG');
INSERT INTO gates VALUES (1, 1);
INSERT INTO inventory_units (variant_id, warehouse_id, location_id, received_at, quantity, reserved)
VALUES (1, 1, 1, '2026-03-01Z', 3, 3);
INSERT INTO stock_movements (unit_id, delta, reason, trigger_source, actor, moved_at)
VALUES (1, 3, 'receipt', 'receiving:1', 'manager', '2026-03-01Z');
INSERT INTO orders (merchant_id, number, root_order_id, warehouse_id, placed_at, status, backordered_since,
                    changed_at)
VALUES (1, 'A', 1, 1, '2026-03-01Z', 'PARTIALLY_ALLOCATED', '2026-03-01Z', '2026-03-01Z');
INSERT INTO order_lines (order_id, line_number, root_line_number, sku_text, variant_id, quantity, allocated,
                         warehouse_id, rank_priority, placed_at, root_order_id, ship_policy, keeps_back, waiting)
VALUES (1, 1, 1, 'MUG', 1, 5, 3, 1, 30, '2026-03-01Z', 1, 'PARTIAL', false, true);
INSERT INTO attempts (order_id, trigger_sources, actor, before_status, after_status, granted, short, reasons,
                      as_of)
VALUES (1, '{import:1}', 'manager', 'PENDING', 'PARTIALLY_ALLOCATED', 3, 2, '[]', '2026-03-01Z');
INSERT INTO allocations (line_id, unit_id, quantity, turn, attempt_id, reserved_at)
VALUES (1, 1, 3, 1, 1, '2026-03-01Z');
INSERT INTO backorders (number, line_id, opened_at) VALUES ('BO-2026-0001', 1, '2026-03-01Z');
"""


@pytest.fixture
def empty(each_server: str) -> Iterator[str]:
    """A database in which nothing is."""
    with psycopg.connect(each_server, autocommit=True) as admin:
        name = f"migrations_{admin.info.backend_pid}"
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield make_conninfo(each_server, dbname=name)
        finally:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def apply(conninfo: str, names: list[str]) -> None:
    """Apply only these migrations, as an older version would have."""
    folder = files("makegood.store").joinpath("migrations")
    backend = get_backend(yoyo_url(conninfo))
    try:
        chosen = read_migrations(str(folder)).filter(lambda one: f"{one.id}.sql" in names)
        backend.apply_migrations(backend.to_apply(chosen))
    finally:
        backend.connection.close()


def test_three_processes_that_start_at_once_apply_each_migration_once(empty: str) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from makegood.store.migrate import migrate; migrate(sys.argv[1])",
    ]
    started = [subprocess.Popen([*command, empty]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    with psycopg.connect(empty) as connection:
        applied = connection.execute("SELECT migration_id FROM _yoyo_migration ORDER BY 1").fetchall()
    assert [f"{name}.sql" for (name,) in applied] == VERSIONS
    assert pending(empty) == []


@pytest.mark.parametrize("version", range(1, len(VERSIONS) + 1))
def test_books_of_each_version_are_brought_to_the_present(empty: str, version: int) -> None:
    apply(empty, VERSIONS[:1])
    with psycopg.connect(empty, autocommit=True) as connection:
        connection.execute(FIRST_BOOKS.encode())
    apply(empty, VERSIONS[:version])
    assert [f"{name}.sql" for name in migrate(empty) if not name.startswith("pgqueuer")] == VERSIONS[version:]
    books = Database(empty)
    try:
        assert [finding.words for finding in doctor(books, MONDAY).findings] == []
        with books.snapshot() as db:
            assert db.value("named_orders", names=["A"], ids=[-1]) == "A"
    finally:
        books.close()


def test_a_server_that_does_not_answer_is_said_so() -> None:
    with pytest.raises(DatabaseUnavailable):
        migrate("host=127.0.0.1 port=1 dbname=nothing connect_timeout=2")

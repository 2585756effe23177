"""The tables of pgqueuer: installed and upgraded by its own code, made quiet by ours.

pgqueuer comes with a trigger that notifies on every change of a job, inside the transaction that makes it.
PostgreSQL lets transactions that notify commit one after the other, each waiting for the other's disk: two
clerks who receive goods at the same time would queue up for the sake of a wake-up. So the trigger is switched
off, and whoever has enqueued notifies after the commit (docs/decisions/0005).
"""

import asyncio
import re
from importlib.metadata import version
from threading import Thread
from typing import Any

import psycopg


def job_tables_wanted() -> str:
    """Name the version of pgqueuer that this installation works with."""
    return version("pgqueuer")


def job_tables_lack(connection: psycopg.Connection[Any]) -> bool:
    """Tell whether the tables are missing or older than the installed pgqueuer; newer ones are left alone."""
    if not _exists(connection, "job_tables"):
        return True
    found = connection.execute("SELECT version FROM job_tables").fetchone()
    return found is None or _number(found[0]) < _number(job_tables_wanted())


def upgrade_job_tables(conninfo: str, connection: psycopg.Connection[Any]) -> None:
    """Bring pgqueuer's tables to the installed version; the caller keeps others from doing it at the same time."""
    failed: list[BaseException] = []
    # The caller may be inside an event loop of its own, and pgqueuer upgrades only from within one.
    thread = Thread(target=_in_thread, args=(conninfo, failed))
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
    connection.execute("ALTER TABLE pgqueuer DISABLE TRIGGER tg_pgqueuer_changed")
    connection.execute(
        "INSERT INTO job_tables (version) VALUES (%s) "
        "ON CONFLICT (only_one) DO UPDATE SET version = EXCLUDED.version",
        (job_tables_wanted(),),
    )


def _in_thread(conninfo: str, failed: list[BaseException]) -> None:
    try:
        asyncio.run(_upgrade(conninfo))
    except BaseException as error:
        failed.append(error)


async def _upgrade(conninfo: str) -> None:
    # Takes a third of a second to import, and is wanted once per version.
    from pgqueuer.adapters.persistence.queries import Queries

    async with await psycopg.AsyncConnection.connect(conninfo, autocommit=True) as connection:
        await Queries.from_psycopg_connection(connection).apply_upgrade()


def _exists(connection: psycopg.Connection[Any], table: str) -> bool:
    found = connection.execute("SELECT to_regclass(%s) IS NOT NULL", (table,)).fetchone()
    return bool(found and found[0])


def _number(text: str) -> tuple[int, ...]:
    """Give a version as numbers that compare.

    >>> _number("1.10.0rc1") > _number("1.9.2")
    True
    """
    return tuple(int(digits) for digits in re.findall(r"(?:^|\.)(\d+)", text))

"""Bring a database to the schema of this version: forward only, by one process at a time."""

from importlib.resources import as_file, files
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import TupleRow
from yoyo import get_backend, read_migrations

from makegood.domain.errors import DatabaseTooOld, DatabaseUnavailable
from makegood.store.job_tables import job_tables_lack, job_tables_wanted, upgrade_job_tables

# Any number, as long as nobody else in the same database takes it.
ADVISORY_LOCK = 6_253_663
OLDEST_SERVER = 150_000


def migrate(conninfo: str) -> list[str]:
    """Apply what is missing and give its names; several processes may ask at the same time.

    Raises `DatabaseTooOld` below PostgreSQL 15 and `DatabaseUnavailable` when nobody answers.
    """
    try:
        with psycopg.connect(conninfo, autocommit=True) as connection:
            if connection.info.server_version < OLDEST_SERVER:
                raise DatabaseTooOld(f"PostgreSQL {connection.info.server_version // 10_000}", "PostgreSQL 15")
            connection.execute("SELECT pg_advisory_lock(%s)", (ADVISORY_LOCK,))
            return [*_apply(conninfo), *_apply_to_jobs(conninfo, connection)]
    except psycopg.OperationalError as failed:
        raise DatabaseUnavailable(str(failed).strip()) from failed


def pending(conninfo: str) -> list[str]:
    """List the migrations that the database lacks, and pgqueuer when its tables are older than itself."""
    with as_file(files("makegood.store") / "migrations") as folder:
        backend = get_backend(yoyo_url(conninfo))
        try:
            missing = [migration.id for migration in backend.to_apply(read_migrations(str(folder)))]
        finally:
            backend.connection.close()
    with psycopg.connect(conninfo, autocommit=True) as connection:
        return [*missing, *([_jobs_name()] if job_tables_lack(connection) else [])]


def _apply(conninfo: str) -> list[str]:
    with as_file(files("makegood.store") / "migrations") as folder:
        backend = get_backend(yoyo_url(conninfo))
        try:
            missing = backend.to_apply(read_migrations(str(folder)))
            backend.apply_migrations(missing)
            return [migration.id for migration in missing]
        finally:
            backend.connection.close()


def _apply_to_jobs(conninfo: str, connection: psycopg.Connection[TupleRow]) -> list[str]:
    if not job_tables_lack(connection):
        return []
    upgrade_job_tables(conninfo, connection)
    return [_jobs_name()]


def _jobs_name() -> str:
    return f"pgqueuer-{job_tables_wanted()}"


def yoyo_url(conninfo: str) -> str:
    """Write a libpq connection string as the kind of address that yoyo reads.

    >>> yoyo_url("host=/run/pg dbname=books user=me")
    'postgresql+psycopg://me:@/books?host=%2Frun%2Fpg'
    """
    parts = {name: str(value) for name, value in conninfo_to_dict(conninfo).items()}
    user, password = quote(parts.pop("user", ""), safe=""), quote(parts.pop("password", ""), safe="")
    name = quote(parts.pop("dbname", user), safe="")
    return f"postgresql+psycopg://{user}:{password}@/{name}?{urlencode(parts)}"

"""Wake the workers: a job enqueued in the transaction that left work for them, and a shout after its commit.

The job is only a wake-up. Nothing is de-duplicated: a job that another transaction has enqueued may be picked
before ours commits, and its check would not see our marks. The shout comes after the commit because PostgreSQL
lets transactions that shout commit one by one; if it is lost, workers find the job, or the marks, within a
second.
"""

from collections.abc import Iterable
from contextlib import suppress

from makegood.domain.errors import MakegoodError
from makegood.store.database import Database, Db

WAKE_UP = "check_backorders"


def enqueue(db: Db, jobs: Iterable[str]) -> None:
    """Enqueue jobs of the catalogue that exist exactly if the transaction commits."""
    # A third of a second to import; most commands of the command line leave nothing to do.
    from pgqueuer.adapters.drivers.psycopg import SyncPsycopgDriver
    from pgqueuer.adapters.persistence.queries import SyncQueries

    queries = SyncQueries(SyncPsycopgDriver(db.connection))
    for job in sorted(jobs):
        queries.enqueue(job, None)


def shout(books: Database) -> None:
    """Tell the listening workers; what was committed stays committed, whether or not they hear it."""
    with suppress(MakegoodError):
        books.transaction(lambda db: db.run("wake_workers"))

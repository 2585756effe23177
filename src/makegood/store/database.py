"""One way to the books: named statements, in a transaction that starts over when the books changed meanwhile."""

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import msgspec
import psycopg
from numpy.typing import NDArray
from psycopg import sql
from psycopg.types.json import JsonbBinaryDumper, JsonbDumper, set_json_dumps, set_json_loads

from makegood.domain.errors import BooksBusy, DatabaseUnavailable, InvalidValue
from makegood.store.columns import packed, unpacked
from makegood.store.connections import Connections

P = ParamSpec("P")
T = TypeVar("T")
R = TypeVar("R", bound=NamedTuple)

# Facts and payloads go in and come out as plain dicts.
psycopg.adapters.register_dumper(dict, JsonbDumper)
psycopg.adapters.register_dumper(dict, JsonbBinaryDumper)
set_json_dumps(msgspec.json.encode)
set_json_loads(msgspec.json.decode)

MOST_TRIES = 12
# The server refuses these for reasons that pass: a deadlock, a lock that took too long, another's same insert.
PASSING = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
)


# What PostgreSQL cannot hold: NUL (which the driver refuses), what it cannot read as the type, numbers and dates
# that are too large. Whatever came in, it is the asker's.
NOT_STORABLE = {None, "22P02", "22003", "22007", "22008", "22021", "22P05"}


class Learnt(NamedTuple):
    """What earlier tries of a transaction found out: gates that it needs, and that it fails beside the queues."""

    gates: frozenset[tuple[int, int]] = frozenset()
    leave_queues: bool = False

    def and_also(self, more: "Learnt") -> "Learnt":
        """Put two findings together."""
        return Learnt(self.gates | more.gates, self.leave_queues or more.leave_queues)


class StartOver(Exception):
    """The books changed between the first look and the lock; the transaction must be done again.

    What was learnt is for the next try: `gates`, as (variant, warehouse), are to be held from the start, and
    queues are to be left to their check.
    """

    def __init__(self, because: str, *, gates: Iterable[tuple[int, int]] = (), leave_queues: bool = False) -> None:
        super().__init__(because)
        self.learnt = Learnt(frozenset(gates), leave_queues)


# Raised by no fault of what is being done: the transaction is lost, and done again or given up as a whole.
TO_BE_TRIED_AGAIN = (StartOver, *PASSING, psycopg.OperationalError, psycopg.InterfaceError)


class Db:
    """The books within one transaction; every statement has a name and stands in `sql/`.

    `merchants` are those that may be seen, None for all: a statement that finds or lists what people ask for
    names `%(merchants)s`, and is given them here. `held` are the gates that this transaction holds, `learnt` is
    what earlier tries of it have found out.
    """

    def __init__(self, connection: psycopg.Connection[Any], learnt: Learnt = Learnt()) -> None:
        self._connection = connection
        self.merchants: list[int] | None = None
        self.held: set[tuple[int, int]] = set()
        self.learnt = learnt
        self.statements = 0

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The connection of this transaction, for a library that writes its own rows in it."""
        return self._connection

    def all(self, name: str, **values: object) -> list[tuple[Any, ...]]:
        """Run a statement and give all its rows."""
        return self._execute(name, values).fetchall()

    def records(self, kind: type[R], name: str, **values: object) -> list[R]:
        """Run a statement and give its rows as records; columns and fields stand in the same order."""
        return [kind(*row) for row in self._execute(name, values).fetchall()]

    def one(self, name: str, **values: object) -> tuple[Any, ...] | None:
        """Run a statement and give its first row, if there is one."""
        return self._execute(name, values).fetchone()

    def value(self, name: str, **values: object) -> Any:
        """Run a statement and give the first value of its first row, or None."""
        row = self.one(name, **values)
        return row[0] if row else None

    def run(self, name: str, **values: object) -> int:
        """Run a statement and give the number of rows that it touched."""
        return self._execute(name, values).rowcount

    def run_expecting(self, count: int, name: str, **values: object) -> None:
        """Run a conditional write; start over when it finds fewer rows in the state that was read."""
        touched = self.run(name, **values)
        if touched != count:
            raise StartOver(f"{name} touched {touched} rows instead of {count}")

    def copy(self, table: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]) -> None:
        """Append rows by binary COPY; `columns` are pairs of name and PostgreSQL type."""
        self.statements += 1
        names = sql.SQL(", ").join(sql.Identifier(name) for name, _ in columns)
        command = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(sql.Identifier(table), names)
        with self._connection.cursor() as cursor, cursor.copy(command) as stream:
            stream.set_types([type_ for _, type_ in columns])
            for row in rows:
                stream.write_row(row)

    def columns(self, name: str, types: Sequence[str], **values: object) -> list[NDArray[Any]]:
        """Run a statement whose columns have these types and are never NULL, and give them as arrays.

        For rows by the ten thousand: it takes a tenth of the time of giving them one by one.
        """
        self.statements += 1
        cursor = self._connection.cursor(binary=True)
        cursor.execute(packed(statements()[name], types), {key: _array(value) for key, value in values.items()})
        (row,) = cursor.fetchall()
        return unpacked(row, types)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo whatever is written or locked inside the block at its end; the transaction goes on."""
        held = set(self.held)
        with self._connection.transaction(force_rollback=True):
            yield
        self.held = held

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """Undo what was written or locked inside the block when it fails; the transaction goes on."""
        held = set(self.held)
        try:
            with self._connection.transaction():
                yield
        except BaseException:
            self.held = held
            raise

    def _execute(self, name: str, values: dict[str, object]) -> psycopg.Cursor[Any]:
        self.statements += 1
        cursor = self._connection.cursor(binary=True)
        given = {"merchants": self.merchants, **values}
        try:
            cursor.execute(statements()[name], {key: _array(value) for key, value in given.items()})
        except psycopg.DataError as refused:
            if refused.sqlstate not in NOT_STORABLE:
                raise
            because = refused.diag.message_primary or str(refused)
            raise InvalidValue("a value", "…", f"one that can be kept ({because})") from refused
        return cursor


def _array(value: object) -> object:
    """Write a list of numbers or days as an array literal: many times as fast as the driver's own way.

    >>> _array([1, None, 3])
    '{1,NULL,3}'
    """
    if isinstance(value, list) and {type(item) for item in value} <= {int, bool, date, type(None)}:
        return "{" + ",".join(map(str, value)).replace("None", "NULL") + "}"
    return value


class Database:
    """One PostgreSQL, over a few connections."""

    def __init__(self, conninfo: str, *, most: int = 8) -> None:
        self.conninfo = conninfo
        self._connections = Connections(conninfo, most=most)

    def close(self) -> None:
        """Close all connections; whoever waits for one is told so."""
        self._connections.close()

    def transaction(self, work: Callable[Concatenate[Db, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Do `work` in one transaction and commit it; start over while the books change under it.

        Raises `BooksBusy` when they never stand still, `DatabaseUnavailable` when the connection is lost:
        then the work may or may not have been committed.
        """
        learnt = Learnt()
        for tried in range(MOST_TRIES):
            if tried:
                time.sleep(random.uniform(0, 0.01) * 2 ** min(tried, 5))
            try:
                with self._connection() as connection, connection.transaction():
                    return work(Db(connection, learnt), *args, **named)
            except StartOver as changed:
                learnt = learnt.and_also(changed.learnt)
            except PASSING:
                continue
        raise BooksBusy(MOST_TRIES)

    @contextmanager
    def claimed(self, name: str, **values: object) -> Iterator[bool]:
        """Hold what a statement claims, until the block or the process ends; tell whether that was possible.

        The transaction of the claim writes nothing and holds no snapshot: it keeps nobody waiting.
        """
        with self._connection() as connection, connection.transaction():
            yield bool(Db(connection).value(name, **values))

    @contextmanager
    def snapshot(self) -> Iterator[Db]:
        """Read the books as they stand at one instant; nothing can be written."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield Db(connection)

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection[Any]]:
        try:
            with self._connections.one() as connection:
                yield connection
        except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
            if isinstance(lost, PASSING):
                raise
            raise DatabaseUnavailable(str(lost).strip()) from lost


@cache
def statements() -> dict[str, bytes]:
    """Give every named statement of `sql/`: a line `-- name --` opens each."""
    found: dict[str, bytes] = {}
    for file in files("makegood.store").joinpath("sql").iterdir():
        _, *parts = re.split(r"^-- (\w+) --\n", file.read_text(), flags=re.MULTILINE)
        found |= {name: text.encode() for name, text in zip(parts[::2], parts[1::2], strict=True)}
    return found

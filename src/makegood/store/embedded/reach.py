"""What a client asks of the server itself: does it answer, is our database there, is the password set."""

import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from makegood.store.embedded.address import DATABASE, LOOPBACK, OWNER, Address

CONNECT_TIMEOUT = 5


def answers(address: Address) -> bool:
    """Whether the server takes connections to our database, which is created when missing."""
    return _connects(address.url()) or _creates_database(address)


def admit_by_password(home: Path, address: Address) -> Path:
    """The password file for TCP, readable by its owner only, whose password the server accepts."""
    file = home / "pgpass"
    with psycopg.connect(address.url(), autocommit=True) as connection, connection.transaction():
        # One at a time: two who change the same role at once make the second one fail.
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('makegood password'))")
        if not file.exists():
            _write_whole(file, f"{LOOPBACK}:*:*:{OWNER}:{secrets.token_urlsafe(32)}\n")
        if not _connects(address.tcp_url(file)):
            _set_password(connection, file.read_text().strip().rsplit(":", 1)[1])
    return file


def _set_password(connection: psycopg.Connection, password: str) -> None:
    # The verifier is computed here, so that the password itself can never stand in the server's log.
    encrypted = connection.pgconn.encrypt_password(password.encode(), OWNER.encode(), b"scram-sha-256")
    change = sql.SQL("ALTER ROLE {} PASSWORD {}")
    connection.execute(change.format(sql.Identifier(OWNER), sql.Literal(encrypted.decode())))


def _write_whole(file: Path, text: str) -> None:
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as opened:
        opened.write(text)
    draft.rename(file)


def _connects(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=CONNECT_TIMEOUT).close()
    except psycopg.OperationalError:
        return False
    return True


def _creates_database(address: Address) -> bool:
    maintenance = address.url("postgres")
    try:
        with psycopg.connect(maintenance, autocommit=True, connect_timeout=CONNECT_TIMEOUT) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    except psycopg.Error:
        return False  # still starting, or another client was faster: the caller asks again
    return True

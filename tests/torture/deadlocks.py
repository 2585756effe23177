"""Deadlocks, read from the server's log: who waited for whom in a ring, and what they were doing."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg import sql

from tests.torture.journal import Request

# What lets the server's log name the processes of a ring: each tells its name when it connects.
NAMING = {"log_connections": "on", "log_lock_waits": "on", "log_line_prefix": "%m [%p] "}
FOUND = "ERROR:  deadlock detected"
CONNECTED = re.compile(r"\[(\d+)\] LOG: +connection authorized: .*application_name=(\S+)")
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}) UTC \[\d+\] " + FOUND)
WAITS = re.compile(r"Process (\d+) waits for")


def name_processes(admin: psycopg.Connection) -> None:
    """Let the server write down who connects and who waits long."""
    for setting, value in NAMING.items():
        admin.execute(sql.SQL("ALTER SYSTEM SET {} = {}").format(sql.Identifier(setting), sql.Literal(value)))
    admin.execute("SELECT pg_reload_conf()")


def deadlocks(log: Path, began: int, requests: Sequence[Request]) -> list[str]:
    """Tell each deadlock since the log was so long: who was in it, at which request, and the server's words."""
    with open(log, "rb") as words:
        words.seek(began)
        text = words.read().decode(errors="replace")
    return [_told(text[: found.end()], text[found.end() :], found[1], requests) for found in MOMENT.finditer(text)]


def _told(before: str, after: str, moment: str, requests: Sequence[Request]) -> str:
    names = dict(CONNECTED.findall(before))
    detail = after.split("HINT:")[0]
    at = datetime.fromisoformat(f"{moment}+00:00").astimezone(UTC).timestamp()
    who = " and ".join(_at_work(pid, names, at, requests) for pid in WAITS.findall(detail))
    return f"{who} at {moment}: {detail[:1500]}"


def _at_work(pid: str, names: Mapping[str, str], at: float, requests: Sequence[Request]) -> str:
    name = names.get(pid, f"process {pid}")
    return f"{name} ({', '.join(_going_on(name, at, requests)) or 'no request'})"


def _going_on(name: str, at: float, requests: Sequence[Request]) -> Iterator[str]:
    for request in requests:
        whose, _, _ = request.name.rpartition(".")
        if (
            whose == name
            and request.asked_at <= at
            and (not request.took or at <= request.asked_at + request.took)
        ):
            yield f"{request.name} {request.kind}"

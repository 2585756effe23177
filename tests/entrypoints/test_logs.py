"""The log: one line for each request and job, with ids to follow them by, and nothing of customers in it."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from makegood.domain.accounts import Role
from makegood.entrypoints.logs import ToStderr, set_up_logs, without_secrets
from makegood.jobs.catalogue import JOBS
from makegood.jobs.drain import drain
from makegood.jobs.run_job import run_job
from makegood.jobs.station import Station
from makegood.services.at_hand import at_hand
from makegood.services.note_runs import Crew, sign_on
from tests.entrypoints.api.visitors import Api
from tests.shop import Shop


@pytest.fixture
def api(shop: Shop) -> Api:
    """The API over a small shop that sells mugs."""
    return Api(shop.sells("MUG"))


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Log as JSON, and give what was logged so far."""
    root = logging.getLogger()
    level, lines = root.level, list[dict[str, Any]]()
    set_up_logs("info", "json")

    def told(event: str) -> list[dict[str, Any]]:
        lines.extend(json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{"))
        return [one for one in lines if one["event"] == event]

    yield told
    for handler in [one for one in root.handlers if isinstance(one, ToStderr)]:
        root.removeHandler(handler)
    root.setLevel(level)


def test_a_request_is_one_line_with_its_id_and_its_attempts(api: Api, logged: Any) -> None:
    api.shop.order("1001", MUG=1)
    visitor = api.visitor(Role.STAFF)
    answer = visitor.calls("POST", "/orders/1001/allocate", headers={"X-Request-Id": "mine-1"})
    assert answer.status_code == 200
    (line,) = logged("request")
    assert (line["request_id"], line["status"], line["route"]) == ("mine-1", 200, "/orders/{order}/allocate")
    assert line["attempts"] == 1
    assert line["last_attempt"] == api.shop.value("SELECT max(attempt_id) FROM attempts")
    assert line["caller"].startswith("token:")
    assert {"timestamp", "level", "logger", "ms", "method", "path"} <= set(line)


def test_what_was_undone_is_no_attempt(api: Api, logged: Any) -> None:
    api.shop.order("1001", MUG=1)
    visitor = api.visitor(Role.STAFF)
    assert visitor.calls("POST", "/orders/9999/allocate").status_code == 404
    assert "attempts" not in logged("request")[0]


def test_neither_the_query_nor_a_secret_in_the_path_is_told(api: Api, logged: Any) -> None:
    api.visitor(Role.READONLY).calls("GET", "/orders", params={"customer": "ada@example.com"})
    api.anonymous().calls("POST", "/login", json={"name": "ann", "password": "correct horse battery"})
    said = json.dumps(logged("request"))
    assert len(logged("request")) == 2
    assert "ada" not in said
    assert "horse" not in said


def test_a_job_is_one_line_with_its_ids_and_what_came_of_it(shop: Shop, logged: Any) -> None:
    worker = shop.do(sign_on, Crew("here", 1, "1"))
    station = Station(shop.books, worker=worker, clock=lambda: shop.clock)
    shop.sells("MUG").order("A", MUG=2)
    shop.gets("MUG", 2)
    drain(station)
    run_job(station, next(job for job in JOBS if job.name == "sweep"), 1)
    check, sweep = logged("job")
    assert (check["job"], check["subject"], check["worker"], check["came"]) == (
        "check_backorders",
        "EAST",
        worker,
        "done",
    )
    assert check["attempts"] == 1
    assert check["first_attempt"] == shop.value("SELECT max(attempt_id) FROM attempts")
    assert sweep["job"] == "sweep"
    assert check["job_run"] != sweep["job_run"]


def test_ids_of_the_work_around_are_told_with_those_within(logged: Any) -> None:
    with at_hand("request", request_id="r1"), at_hand("check", warehouse="EAST"):
        logging.getLogger("any").warning("something")
    (line,) = logged("something")
    assert (line["request_id"], line["warehouse"]) == ("r1", "EAST")


def test_a_failure_is_told_with_its_place_but_without_the_row(shop: Shop, logged: Any) -> None:
    shop.sells("MUG").order("A", MUG=1, customer_email="ada@example.com")
    try:
        shop.change("INSERT INTO orders SELECT * FROM orders")
    except Exception:
        logging.getLogger("any").exception("it failed")
    (line,) = logged("it failed")
    assert "test_logs.py" in line["exception"]
    assert "ada@example.com" not in json.dumps(line)


@pytest.mark.parametrize(
    ("words", "secret"),
    [
        ("Key (email)=(ada@example.com) exists", "ada@example.com"),
        ("ERROR\nDETAIL:  Failing row contains (7, Ada Okafor).", "Ada"),
        ("the token mg_abcDEF-123 is unknown", "abcDEF"),
        ("signs with whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "C2FV"),
        ("postgresql://me:secret@db/books", "secret"),
    ],
)
def test_whatever_a_library_quotes_is_taken_out(words: str, secret: str) -> None:
    assert secret in words
    assert secret not in without_secrets(words)


def test_a_worker_process_logs_json_into_a_pipe_and_words_for_people_when_told(shop: Shop) -> None:
    address = {"MAKEGOOD_DATABASE_URL": shop.books.conninfo, "MAKEGOOD_LOG_LEVEL": "info"}
    for form in ("auto", "text"):
        command = [sys.executable, "-m", "makegood", "worker", "--until-idle"]
        made = subprocess.run(
            command,
            env={**os.environ, **address, "MAKEGOOD_LOG_FORMAT": form},
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=True,
        )
        lines = [line for line in made.stderr.splitlines() if "is at work, process" in line]
        assert len(lines) == 1
        assert lines[0].startswith("{") == (form == "auto")


def test_the_steps_of_migrations_are_nobodys_news(logged: Any) -> None:
    logging.getLogger("yoyo.migrations").info("Applying 0001_pre_books")
    logging.getLogger("yoyo.migrations").warning("a lock is in the way")
    assert (len(logged("Applying 0001_pre_books")), len(logged("a lock is in the way"))) == (0, 1)

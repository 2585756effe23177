"""Each code that a route documents is provoked by a test over HTTP; the rarest ones are provoked here."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.domain.errors import LawBroken
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.api.described import problems_of
from makegood.entrypoints.api.route import Route, register
from makegood.entrypoints.api.table import ROUTES
from makegood.entrypoints.lobby.front import Front
from makegood.services.work import Work
from makegood.store import database
from makegood.store.database import Database, StartOver
from makegood.wiring import House
from tests.entrypoints.api.test_route_refusals import REFUSALS
from tests.entrypoints.api.visitors import Api, Visitor

HERE = Path(__file__).parent


def documented() -> set[str]:
    """Every code that some route documents."""
    answers = [
        problems_of(one.refuses, keyed=one.keyed, changes=one.changes, known=bool(one.least)) for one in ROUTES
    ]
    found = [
        response["content"]["application/problem+json"]["examples"] for one in answers for response in one.values()
    ]
    return {code for examples in found for code in examples}


def provoked() -> set[str]:
    """Every code that the tests beside this one expect as `(status, "code")`, or in their table of refusals."""
    pairs = [
        ast.literal_eval(node)
        for file in HERE.glob("test_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Tuple)
        and len(node.elts) == 2
        and all(isinstance(one, ast.Constant) for one in node.elts)
    ]
    told = {code for status, code in pairs if isinstance(status, int) and isinstance(code, str)}
    return told | {one.code for one in REFUSALS}


def test_every_documented_code_is_provoked() -> None:
    assert sorted(documented() - provoked()) == []


def breaks_a_law(work: Work) -> None:
    """Refuse a decision that breaks a law."""
    raise LawBroken(["1: reserved is above the quantity"])


def never_stands_still(work: Work) -> None:
    """Find the books changed, each time."""
    raise StartOver("again")


def stumbles(work: Work) -> None:
    """Have a defect."""
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        (breaks_a_law, (409, "law_broken")),
        (never_stands_still, (503, "books_busy")),
        (stumbles, (500, "defect")),
    ],
)
def test_what_a_use_case_comes_to(
    api: Api, monkeypatch: pytest.MonkeyPatch, do: Callable[..., Any], expected: tuple[int, str]
) -> None:
    monkeypatch.setattr(database, "MOST_TRIES", 2)
    register(api.app.router, Route("POST", "/try", do, Role.STAFF, "tests", status=204))
    answer = api.visitor().calls("POST", "/try")
    assert (answer.status_code, answer.json()["code"]) == expected
    assert "ZeroDivision" not in answer.text
    assert api.shop.value("SELECT count(*) FROM audit_log WHERE act = 'POST /try'") == 0


def test_a_database_that_is_away() -> None:
    away = Front(House(Database("host=127.0.0.1 port=1 dbname=none connect_timeout=1")))
    visitor = Visitor(TestClient(make_app(away), raise_server_exceptions=False), "mg_any")
    answer = visitor.calls("GET", "/readyz")
    assert answer.headers["Retry-After"] == "1"
    assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
    assert visitor.asks("/healthz") == {"status": "ok"}
    away.house.books.close()


def test_a_schema_that_lacks_something(api: Api) -> None:
    api.shop.change("DELETE FROM _yoyo_migration WHERE migration_id LIKE '0020%%'")
    assert api.anonymous().refused("GET", "/readyz") == (503, "database_too_old")

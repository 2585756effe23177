"""Refusals are problems: one status, one meaning and one remedy for each code."""

import pytest

from makegood.domain.errors import MakegoodError, leaves
from makegood.entrypoints.lobby.problems import BRANCHES, LEAVES, REMEDIES, every_code, status_of, title_of
from tests.entrypoints.api.visitors import Api

ERRORS = leaves(MakegoodError)


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.code)
def test_each_error_has_a_status_a_meaning_and_a_remedy(error: type[MakegoodError]) -> None:
    assert 400 <= status_of(error) < 600
    assert title_of(error).endswith(".")
    assert REMEDIES[error.code].endswith(".")


def test_nothing_else_has_one() -> None:
    assert set(REMEDIES) == {error.code for error in ERRORS}
    assert set(LEAVES) <= set(ERRORS)
    assert all(sum(issubclass(error, branch) for branch in BRANCHES) == 1 for error in ERRORS)
    assert len(every_code()) > len(ERRORS)


def test_a_problem_says_what_why_and_what_to_do(api: Api) -> None:
    answer = api.visitor().calls("POST", "/orders/9/allocate", headers={"X-Request-Id": "mine-1"})
    assert answer.json() == {
        "type": "/docs/errors#order_not_found",
        "title": "No order has this number or id.",
        "status": 404,
        "detail": "Order not found: 9",
        "instance": "/orders/9/allocate",
        "code": "order_not_found",
        "facts": {"order": "9"},
        "remedy": "GET /orders lists them.",
        "requestId": "mine-1",
    }
    assert answer.headers["X-Request-Id"] == "mine-1"


def test_fields_that_make_no_sense_are_named(api: Api) -> None:
    answer = api.visitor().calls("POST", "/orders/9/allocate", json={"allowPartial": 7, "force": True})
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"
    assert [one["field"] for one in answer.json()["errors"]] == ["body.allowPartial", "body.force"]


def test_a_filter_that_nobody_reads_is_named(api: Api) -> None:
    answer = api.visitor().calls("GET", "/orders", params={"sttaus": "SHIPPED", "limit": 1})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert [one["field"] for one in answer.json()["errors"]] == ["query.sttaus"]


def test_what_is_not_json_is_said_to_be_so(api: Api) -> None:
    broken = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    assert api.visitor().refused("POST", "/orders/9/allocate", **broken) == (400, "bad_request")


def test_addresses_and_methods_that_are_none(api: Api) -> None:
    assert api.anonymous().refused("GET", "/nowhere") == (404, "no_such_route")
    answer = api.anonymous().calls("PUT", "/orders/9/allocate")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")

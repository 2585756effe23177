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


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ({"quantity": True}, "a whole number is wanted"),
        ({"quantity": "3"}, "a whole number is wanted"),
        ({"quantity": 1.5}, "a whole number is wanted"),
        ({}, "is wanted"),
        ({"quantity": 1, "qty": 1}, "no such field is taken here"),
    ],
    ids=str,
)
def test_a_field_is_refused_in_words_of_json(module_api: Api, line: dict[str, object], message: str) -> None:
    body = {"number": "1001", "lines": [{"sku": "MUG", **line}]}
    answer = module_api.visitor().calls("POST", "/orders", json=body)
    assert [one["message"] for one in answer.json()["errors"]] == [message]


def test_yes_or_no_is_true_or_false(module_api: Api) -> None:
    answer = module_api.visitor().calls("POST", "/orders/9/allocate", json={"allowPartial": "no"})
    assert [one["message"] for one in answer.json()["errors"]] == ["true or false is wanted"]


def test_numbers_in_a_table_are_numbers_too(module_api: Api) -> None:
    answer = module_api.visitor().calls("PATCH", "/orders/9", json={"quantities": {"1": "2"}})
    assert [one["message"] for one in answer.json()["errors"]] == ["a whole number is wanted"]


def test_a_filter_that_is_given_twice_is_not_half_ignored(module_api: Api) -> None:
    answer = module_api.visitor().calls("GET", "/backorders?sku=MUG&sku=LID&status=PENDING&status=ALLOCATED")
    assert [one["field"] for one in answer.json()["errors"]] == ["query.sku"]


def test_a_value_is_named_as_requests_spell_it(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    answer = api.visitor().calls("POST", "/backorders/BO-2026-0001/fulfill", json={"source": "TRANSFER"}).json()
    assert answer["facts"]["field"] == "sourceId"
    assert answer["detail"] == "sourceId: nothing was given; wanted is the inbound line that is the TRANSFER"
    late = {"expiresAt": "2020-01-01T00:00:00Z"}
    answer = api.visitor().calls("POST", "/backorders/BO-2026-0001/allocate", json=late).json()
    assert answer["detail"].startswith("expiresAt: 2020-01-01T00:00:00+00:00 is not ")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "text/json-ish"])
def test_a_body_that_does_not_say_that_it_is_json(module_api: Api, kind: str | None) -> None:
    sent = {"content": b'{"number": "1001"}', "headers": {"Content-Type": kind} if kind else {}}
    assert module_api.visitor().refused("POST", "/orders", **sent) == (415, "wrong_media_type")


def test_what_is_not_json_is_said_to_be_so(api: Api) -> None:
    broken = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    assert api.visitor().refused("POST", "/orders/9/allocate", **broken) == (400, "bad_request")


def test_addresses_and_methods_that_are_none(api: Api) -> None:
    assert api.anonymous().refused("GET", "/nowhere") == (404, "no_such_route")
    assert api.anonymous().refused("PUT", "/orders/9/allocate") == (405, "wrong_method")


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/orders/9/allocate", "POST"),
        ("/orders", "GET, HEAD, POST"),
        ("/orders/9", "GET, HEAD, PATCH"),
        ("/variants/MUG/alternatives/LID", "DELETE, GET, HEAD, PATCH"),
    ],
)
def test_an_address_says_all_the_methods_that_it_takes(module_api: Api, path: str, methods: str) -> None:
    answer = module_api.anonymous().calls("OPTIONS", path)
    assert (answer.status_code, answer.headers["Allow"]) == (405, methods)

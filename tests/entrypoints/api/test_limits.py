"""What visitors are held to: how much at once, how often, and what goes out with every answer."""

from dataclasses import replace

import pytest
from limits import parse
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.domain.errors import InvalidValue
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.lobby import limits
from makegood.entrypoints.lobby.front import Front, Rules
from tests.entrypoints.api.visitors import Api, Visitor


def with_rules(api: Api, rules: Rules) -> Api:
    """Open the API anew with other rules."""
    api.front = replace(api.front, rules=rules)
    api.client = TestClient(make_app(api.front), raise_server_exceptions=False)
    return api


def test_a_caller_who_asks_too_often_waits_and_others_do_not(api: Api) -> None:
    with_rules(api, Rules(rate="3/minute"))
    eager, other = api.visitor(), api.visitor()
    answers = [eager.calls("GET", "/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    assert answers[3].json()["code"] == "too_many_tries"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 60
    assert other.asks("/me")["name"] == "token:t1"


def test_what_is_open_to_anyone_is_counted_by_address(api: Api) -> None:
    with_rules(api, Rules(rate="2/minute"))
    tried = {"json": {"name": "ann", "password": "x"}}
    answers = [api.anonymous().refused("POST", "/login", **tried) for _ in range(3)]
    assert answers == [(401, "wrong_credentials")] * 2 + [(429, "too_many_tries")]


def test_an_address_that_nobody_knows_has_to_wait_and_whoever_is_known_there_has_not(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "UNKNOWN", parse("2/minute"))
    guess, known = Visitor(api.client, "mg_guess"), api.visitor()
    assert [guess.refused("GET", "/me")[0] for _ in range(3)] == [401, 401, 429]
    assert known.asks("/me")["role"] == "STAFF"


def test_a_rate_that_is_none_is_refused_at_the_start(api: Api) -> None:
    with pytest.raises(InvalidValue, match="rate_limit"):
        assert Front(api.front.house, rules=Rules(rate="often")).limits


@pytest.mark.parametrize("told", [True, False], ids=["with its length", "in chunks"])
def test_a_body_that_is_too_large_is_refused_whether_or_not_it_tells_its_length(api: Api, told: bool) -> None:
    with_rules(api, Rules(most_body=2_000))
    body = b'{"allowPartial": true' + b" " * 5_000 + b"}"
    sent = {"content": body if told else iter([body]), "headers": {"Content-Type": "application/json"}}
    assert api.visitor().refused("POST", "/orders/9/allocate", **sent) == (413, "body_too_large")
    keyed = {**sent, "content": body if told else iter([body])}
    keyed["headers"] = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    assert api.visitor().refused("POST", "/orders/9/allocate", **keyed) == (413, "body_too_large")


def test_every_answer_has_an_id_and_keeps_browsers_careful(api: Api) -> None:
    for path in ("/healthz", "/nowhere", "/orders"):
        answer = api.anonymous().calls("GET", path, headers={"Origin": "https://elsewhere.example"})
        assert answer.headers["X-Request-Id"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_an_id_that_could_forge_the_log_is_replaced(api: Api) -> None:
    answer = api.anonymous().calls("GET", "/healthz", headers={"X-Request-Id": "a b\tc"})
    assert answer.headers["X-Request-Id"] != "a b\tc"


@pytest.mark.parametrize("cursor", ["x", "W10", "WyJhIiwgMV0", "bnVsbA", "=====", "%00", "𝔘"])
def test_a_cursor_that_no_list_has_given_is_refused(api: Api, cursor: str) -> None:
    for path in ("/orders", "/audit", "/events"):
        status, code = api.visitor(Role.ADMIN).refused("GET", path, params={"after": cursor})
        assert (status, code) in ((422, "invalid_value"), (422, "invalid_request"))

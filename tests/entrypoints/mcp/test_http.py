"""The door for agents as HTTP sees it: who does not speak as it is meant is refused as by every door."""

from collections.abc import Iterator

import httpx
import pytest

from makegood.domain.accounts import Role
from tests.shop import Shop

from .agents import serving, token_of


@pytest.fixture(scope="module")
def shop(module_shop: Shop) -> Shop:
    return module_shop


@pytest.fixture(scope="module")
def visitor(shop: Shop) -> Iterator[httpx.Client]:
    """A program with a token, and no client of the protocol."""
    headers = {"Authorization": f"Bearer {token_of(shop, Role.READONLY)}"}
    with serving(shop) as address, httpx.Client(base_url=address.removesuffix("/mcp"), headers=headers) as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_there_is_no_stream_that_would_hold_up_the_end(visitor: httpx.Client, method: str) -> None:
    answer = visitor.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    assert (answer.status_code, answer.json()["code"], answer.headers["Allow"]) == (405, "wrong_method", "POST")


def test_a_body_that_is_too_large_is_a_problem_as_elsewhere(visitor: httpx.Client) -> None:
    answer = visitor.post("/mcp", content=b" " * 3_000_000, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_whoever_is_not_known_is_told_so(visitor: httpx.Client) -> None:
    answer = visitor.post("/mcp", json={}, headers={"Authorization": "Bearer mg_none"})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")

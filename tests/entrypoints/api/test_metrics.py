"""The figures for Prometheus: of the requests, and of the queue, to whom they are open."""

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.lobby.front import Rules
from tests.entrypoints.api.test_limits import with_rules
from tests.entrypoints.api.visitors import Api


def figures(api: Api) -> dict[str, float]:
    """Read the figures by name and labels."""
    client = TestClient(make_app(api.front), client=("127.0.0.1", 5), raise_server_exceptions=False)
    visitor = api.visitor()
    visitor.client = client
    visitor.calls("GET", "/orders/1001")
    visitor.calls("GET", "/orders/4711")
    text = client.get("/metrics").text
    return {
        " ".join([one.name, *one.labels.values()]): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }


def test_requests_and_marks_are_counted(api: Api) -> None:
    api.shop.order("1001", MUG=1)
    api.shop.gets("MUG", 1)
    found = figures(api)
    assert found["makegood_request_seconds_count GET /orders/{order} 2xx"] == 1
    assert found["makegood_request_seconds_count GET /orders/{order} 4xx"] == 1
    assert found["makegood_marks EAST"] == 1
    assert found["makegood_workers_alive"] == 0


@pytest.mark.parametrize(
    ("whom", "address", "status"),
    [
        ("loopback", "127.0.0.1", 200),
        ("loopback", "::1", 200),
        ("loopback", "10.0.0.9", 404),
        ("loopback", "testclient", 404),
        ("anyone", "10.0.0.9", 200),
        ("nobody", "127.0.0.1", 404),
    ],
)
def test_who_may_read_them(api: Api, whom: str, address: str, status: int) -> None:
    with_rules(api, Rules(metrics=whom))
    client = TestClient(make_app(api.front), client=(address, 5))
    assert client.get("/metrics").status_code == status

"""The figures for Prometheus: of the requests, and of the queue, to whom they are open."""

import time
from contextlib import suppress
from typing import cast

import pytest
from fastapi import FastAPI
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from makegood.domain.accounts import Role
from makegood.entrypoints.api.app import make_app
from makegood.entrypoints.api.route import Route, register
from makegood.entrypoints.lobby.front import Rules
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.alerts.watch import watch
from makegood.services.note_runs import Crew, beat, sign_on
from makegood.services.webhooks.deliveries import send_test
from makegood.services.webhooks.endpoints import add_endpoint
from makegood.services.work import Work
from tests.entrypoints.api.test_limits import with_rules
from tests.entrypoints.api.visitors import Api
from tests.services.test_alerts import mans


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


def stumbles_late(work: Work) -> None:
    """Break after a while."""
    time.sleep(0.05)
    raise ZeroDivisionError


def test_a_request_that_breaks_has_taken_its_time(api: Api) -> None:
    client = TestClient(make_app(api.front), client=("127.0.0.1", 5), raise_server_exceptions=False)
    app = cast(FastAPI, client.app)
    register(app.router, Route("POST", "/try", stumbles_late, Role.STAFF, "tests", status=204))
    visitor = api.visitor()
    visitor.client = client
    assert visitor.calls("POST", "/try").status_code == 500
    (line,) = [one for one in client.get("/metrics").text.splitlines() if "seconds_sum" in one and "/try" in one]
    assert float(line.split()[-1]) >= 0.05


def test_what_workers_did_reaches_the_figures_of_a_server_by_the_books(api: Api) -> None:
    shop = api.shop
    worker = shop.do(sign_on, Crew("elsewhere", 1, "1"))
    station = Station(shop.books, worker=worker, clock=lambda: shop.clock)
    shop.order("1001", MUG=3, LID=1)
    shop.gets("MUG", 2)
    drain(station)
    with suppress(ZeroDivisionError), station.running("sweep"):
        raise ZeroDivisionError
    did = station.tally.take()
    shop.do(beat, worker, Crew("elsewhere", 1, "1"), did)
    shop.do(beat, worker, Crew("elsewhere", 1, "1"), did)
    found = figures(api)
    assert found["makegood_job_seconds_count check_backorders"] == 2
    assert found["makegood_job_seconds_bucket check_backorders +Inf"] == 2
    assert found["makegood_job_failures_total sweep"] == 2
    assert (found["makegood_lines_served_total"], found["makegood_units_served_total"]) == (2, 4)
    assert found["makegood_drain_seconds_count"] == 2
    assert found["makegood_workers_alive"] == 1


def test_what_is_short_and_what_is_to_be_sent_is_counted(api: Api) -> None:
    shop = api.shop
    shop.order("1001", MUG=3, LID=1)
    shop.do(add_endpoint, "https://shop.example.com/")
    shop.do(send_test, 1)
    shop.change("INSERT INTO sweeps (lines_looked_at, defects) VALUES (9, 2)")
    mans(shop).do(watch)
    found = figures(api)
    assert (found["makegood_lines_waiting EAST"], found["makegood_shortfall_units EAST"]) == (2, 4)
    assert found["makegood_orders BACKORDERED"] == 1
    assert (found["makegood_sweeps_total"], found["makegood_sweep_defects_total"]) == (1, 2)
    # A message about the alert goes to the endpoint too.
    assert found["makegood_webhook_deliveries waiting"] == 2
    assert (found["makegood_alerts_open SWEEP_DEFECT"], found["makegood_alerts_open HOLDS"]) == (1, 0)


def test_whoever_calls_cannot_make_figures_of_their_own(api: Api) -> None:
    visitor = api.visitor()
    for word in ("BREW", "PROPFIND", "X" * 50):
        visitor.calls(word, f"/nowhere/{word}")
    labels = {name for name in figures(api) if name.startswith("makegood_request_seconds_count")}
    assert "makegood_request_seconds_count other none 4xx" in labels
    assert not [name for name in labels if "BREW" in name or "nowhere" in name]


def test_the_books_are_asked_once_in_a_while_however_many_ask(api: Api) -> None:
    desk = api.front.desk()
    first = api.front.metrics.written(desk, 0)
    api.shop.order("1001", MUG=1)
    assert api.front.metrics.written(desk, 0) == first


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

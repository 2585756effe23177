"""Traces: spans of requests, jobs and checks reach a real OTLP receiver, under one trace, with our ids."""

import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from makegood.domain.accounts import Role
from makegood.entrypoints.tracing import tracing
from makegood.jobs.drain import drain
from makegood.jobs.station import Station
from makegood.services.note_runs import Crew, sign_on
from tests.entrypoints.api.visitors import Api
from tests.shop import Shop

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def api(shop: Shop) -> Api:
    """The API over a small shop that sells mugs."""
    return Api(shop.sells("MUG"))


@contextmanager
def collecting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """A receiver of traces; it gives the spans that came."""
    spans: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if self.headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            request = ExportTraceServiceRequest.FromString(body)
            spans.extend(
                span for one in request.resource_spans for scope in one.scope_spans for span in scope.spans
            )
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    try:
        yield spans
    finally:
        server.shutdown()
        thread.join()


def attributes(span: Any) -> dict[str, Any]:
    """Give the attributes of a span as plain values."""
    return {one.key: one.value.string_value or one.value.int_value for one in span.attributes}


def test_a_request_is_a_span_of_the_callers_trace(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    api.shop.order("1001", MUG=1)
    visitor = api.visitor(Role.STAFF)
    with collecting(monkeypatch) as spans:
        with tracing():
            told = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Request-Id": "mine-1"}
            visitor.calls("POST", "/orders/1001/allocate", headers=told)
        (span,) = spans
    assert span.name == "POST /orders/{order}/allocate"
    assert span.trace_id.hex() == TRACE
    found = attributes(span)
    assert (found["makegood.request_id"], found["makegood.status"]) == ("mine-1", 200)
    assert found["makegood.last_attempt"] == api.shop.value("SELECT max(attempt_id) FROM attempts")


def test_a_check_is_a_span_within_that_of_its_job(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = shop.do(sign_on, Crew("here", 1, "1"))
    shop.sells("MUG").order("A", MUG=1)
    shop.gets("MUG", 1)
    with collecting(monkeypatch) as spans:
        with tracing():
            drain(Station(shop.books, worker=worker, clock=lambda: shop.clock))
        check, job = spans[0], spans[-1]
    assert (check.name, job.name) == ("check", "job check_backorders")
    assert check.parent_span_id == job.span_id
    assert attributes(check)["makegood.warehouse"] == "EAST"
    assert attributes(check)["makegood.worker"] == worker
    assert attributes(job)["makegood.attempts"] == 1


def test_unless_it_is_asked_for_nothing_is_imported_for_it() -> None:
    code = (
        "import sys; from makegood.entrypoints.tracing import tracing\n"
        "from makegood.services.at_hand import at_hand\n"
        "with tracing(), at_hand('request'): pass\n"
        "assert not [name for name in sys.modules if name.startswith('opentelemetry')]"
    )
    env = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")}
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=60)


def test_it_is_off_when_the_standard_variable_says_so(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", "true")
    with collecting(monkeypatch) as spans, tracing():
        api.visitor(Role.READONLY).calls("GET", "/me")
    assert spans == []

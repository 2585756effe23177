"""Traces by OpenTelemetry, where the standard OTEL_* variables ask for them; else nothing is imported or done."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from typing import Any

from makegood.services.at_hand import AtHand, Tracer, traced_by

log = logging.getLogger(__name__)

ASKED_FOR = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")


@contextmanager
def tracing() -> Iterator[None]:
    """Send a span for each request, job and check within the block, if that was asked for."""
    with ExitStack() as stack:
        if _asked_for():
            try:
                provider = _provider()
            except ImportError:
                log.warning("OTEL_* asks for traces, but `pip install makegood[tracing]` was not done")
            else:
                stack.callback(provider.shutdown)
                stack.enter_context(traced_by(_tracer(provider)))
        yield


def _asked_for() -> bool:
    off = os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true"
    none = os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp"
    return not off and not none and any(os.environ.get(name) for name in ASKED_FOR)


def _provider() -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    name = os.environ.get("OTEL_SERVICE_NAME", "makegood")
    provider = TracerProvider(resource=Resource.create({"service.name": name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def _tracer(provider: Any) -> Tracer:
    from opentelemetry.propagate import extract
    from opentelemetry.trace import SpanKind

    tracer = provider.get_tracer("makegood", version("makegood"))

    @contextmanager
    def spanned(hand: AtHand) -> Iterator[None]:
        around = extract(hand.carrier) if hand.carrier else None
        kind = SpanKind.SERVER if hand.name == "request" else SpanKind.INTERNAL
        with tracer.start_as_current_span(hand.name, around, kind) as span:
            hand.ids["trace_id"] = f"{span.get_span_context().trace_id:032x}"
            try:
                yield
            finally:
                span.update_name(hand.name)
                span.set_attributes(_attributes({**hand.ids, **hand.noted}))

    return spanned


def _attributes(told: Mapping[str, object]) -> dict[str, Any]:
    return {
        f"makegood.{name}": value if isinstance(value, str | bool | int | float) else str(value)
        for name, value in told.items()
        if value is not None and name != "trace_id"
    }

"""Webhooks over HTTP: who is told of what, and the log of what was sent."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import Field

from makegood.entrypoints.api.bodies import MOST_UNITS, Body, Instant, Text, Word
from makegood.entrypoints.api.paging import After, Limit
from makegood.services.webhooks.deliveries import (
    DeliveryPage,
    DeliverySheet,
    Replayed,
    WholeDelivery,
    list_deliveries,
    replay_delivery,
    replay_since,
    send_test,
    show_delivery,
)
from makegood.services.webhooks.endpoints import (
    MOST_HOURS,
    OVERLAP_HOURS,
    EndpointChange,
    EndpointSheet,
    NewEndpoint,
    add_endpoint,
    disable_endpoint,
    edit_endpoint,
    enable_endpoint,
    list_endpoints,
    remove_endpoint,
    rotate_secret,
    show_endpoint,
)
from makegood.services.work import Work

EndpointId = Annotated[int, Path(ge=1, le=MOST_UNITS, description="The endpoint's number.", examples=[1])]
DeliveryId = Annotated[int, Path(ge=1, le=2**63 - 1, description="The delivery's number.", examples=[1])]
Url = Annotated[Text, Field(min_length=1, examples=["https://shop.example.com/hooks/makegood"])]
Types = Field(default=None, description="Types of messages, such as `order.backordered`; null means all.")


class EndpointAsked(Body):
    """An endpoint to be made."""

    url: Url
    note: Text = Field(default="", description="What it is for.")
    types: list[Word] | None = Types
    merchants: list[Word] | None = Field(default=None, description="Codes of those it is told of; null means all.")


class EndpointEdit(Body):
    """What is to change of an endpoint; what is left out or null stays."""

    url: Url | None = None
    note: Text | None = None
    types: list[Word] | None = Field(default=None, description="An empty list means all of them.")
    merchants: list[Word] | None = Field(default=None, description="An empty list means all of them.")


class Rotation(Body):
    """How long the secret before signs as well."""

    overlap_hours: int = Field(default=OVERLAP_HOURS, ge=0, le=MOST_HOURS)


class Since(Body):
    """From when on messages are sent again."""

    since: Instant


def many(work: Work) -> list[EndpointSheet]:
    """List who is told over HTTP what happens; secrets are never shown again."""
    return list_endpoints(work)


def add(work: Work, asked: EndpointAsked) -> NewEndpoint:
    """Tell somebody from now on; the secret that verifies the messages is in this answer and nowhere else."""
    return add_endpoint(work, asked.url, note=asked.note, types=asked.types or (), merchants=asked.merchants)


def one(work: Work, endpoint: EndpointId) -> EndpointSheet:
    """Show one endpoint."""
    return show_endpoint(work, endpoint)


def edit(work: Work, endpoint: EndpointId, asked: EndpointEdit) -> EndpointSheet:
    """Change where messages go, which, and of whom."""
    return edit_endpoint(work, endpoint, EndpointChange(**dict(asked)))


def rotate(work: Work, endpoint: EndpointId, asked: Rotation = Rotation()) -> NewEndpoint:
    """Draw a new secret; during the overlap each message carries a signature by both."""
    return rotate_secret(work, endpoint, overlap_hours=asked.overlap_hours)


def enable(work: Work, endpoint: EndpointId) -> EndpointSheet:
    """Put an endpoint into service again.

    What waits for it is tried at once. What happened while it was out of service is sent by a replay.
    """
    return enable_endpoint(work, endpoint)


def disable(work: Work, endpoint: EndpointId) -> EndpointSheet:
    """Take an endpoint out of service."""
    return disable_endpoint(work, endpoint)


def remove(work: Work, endpoint: EndpointId) -> EndpointSheet:
    """Remove an endpoint with the log of its deliveries."""
    return remove_endpoint(work, endpoint)


def test(work: Work, endpoint: EndpointId) -> DeliverySheet:
    """Send a message of type `webhook.test`; its delivery says what came of it."""
    return send_test(work, endpoint)


def replay_all(work: Work, endpoint: EndpointId, asked: Since) -> Replayed:
    """Send all messages since a moment, again or for the first time, each under its own id."""
    return replay_since(work, endpoint, asked.since)


def deliveries(
    work: Work,
    endpoint: EndpointId,
    state: Annotated[Word | None, Query(description="WAITING, DELIVERED or FAILED.")] = None,
    limit: Limit = 100,
    after: After = None,
) -> DeliveryPage:
    """List what was sent to an endpoint, the latest first."""
    return list_deliveries(work, endpoint, state=state, after=after, most=limit)


def delivery(work: Work, delivery: DeliveryId) -> WholeDelivery:
    """Show one delivery: its body, and what came of each try."""
    return show_delivery(work, delivery)


def replay(work: Work, delivery: DeliveryId) -> DeliverySheet:
    """Send one message again, under its own id."""
    return replay_delivery(work, delivery)

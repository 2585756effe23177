"""What happened to orders, over HTTP: a list, and a stream that goes on where it was left."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, NamedTuple

from fastapi import Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from makegood.domain.accounts import Caller
from makegood.domain.errors import MakegoodError
from makegood.entrypoints.api.bodies import Word
from makegood.entrypoints.api.paging import Limit
from makegood.entrypoints.api.shapes import writer
from makegood.entrypoints.lobby.admission import recognise
from makegood.entrypoints.lobby.front import Front
from makegood.services.follow_events import (
    EventFilter,
    FollowedEvent,
    Position,
    events_meant,
    list_events,
    read_position,
)
from makegood.services.work import Work

# A quiet stream beats so often, so that proxies keep it; who no longer takes anything is let go.
BEAT, SEND_TIMEOUT = 15.0, 20.0
# So often it is looked up whether the listener may still come in.
STILL_ALLOWED = 30.0

Types = Annotated[
    list[Word],
    Query(
        description="Only events of this type, as `order:backordered` or `ORDER_BACKORDERED`; may be repeated.",
        examples=[["ORDER_BACKORDERED"]],
    ),
]
Order = Annotated[Word | None, Query(description="Only events of this order.", examples=[None])]


class OrderEvent(NamedTuple):
    """Something that happened to an order; `name` is the type as the stream names it, `id` its place there."""

    id: str
    name: str
    type: str
    order_id: int
    order_number: str
    payload: dict[str, Any]
    trigger_sources: Sequence[str]
    attempt_id: int | None
    actor: str
    occurred_at: datetime


class HappeningPage(NamedTuple):
    """A page of them; `next` is the `after` of the following one."""

    events: Sequence[OrderEvent]
    next: str | None


_write = writer(OrderEvent)


def many(
    work: Work,
    type: Types = [],  # noqa: B006 - FastAPI copies it
    order: Order = None,
    newest: Annotated[bool, Query(description="The latest first, instead of the oldest.")] = False,
    limit: Limit = 100,
    after: Annotated[
        Word | None, Query(description="Go on after this id: `next` of the page before.", examples=[None])
    ] = None,
) -> HappeningPage:
    """List what happened to orders.

    Only what is final is told: an event appears once none can come before it any more, so that whoever goes on
    after the last id that they saw misses none.
    """
    place = None if after is None else read_position(after)
    found, following = list_events(work, events_meant(work, type, order), after=place, newest=newest, most=limit)
    return HappeningPage([happening(one) for one in found], following)


async def stream(
    request: Request,
    type: Types = [],  # noqa: B006 - FastAPI copies it
    order: Order = None,
    after: Annotated[
        Word | None, Query(description="Begin after this id instead of now.", examples=[None])
    ] = None,
    last_event_id: Annotated[
        Word | None, Header(alias="Last-Event-ID", description="Sent by browsers that come back.")
    ] = None,
) -> Response:
    """Follow what happens to orders, as Server-Sent Events.

    Each event has a name such as `ORDER_BACKORDERED`, and an id; a client that comes back with `Last-Event-ID` is
    told all that it missed. One that does not keep up is disconnected, and comes back in the same way.
    """
    front: Front = request.app.state.front
    caller: Caller = request.state.caller
    told = last_event_id or after
    place = read_position(told) if told else None
    only = await run_in_threadpool(front.desk_of(caller).read, events_meant, type, order)
    return EventSourceResponse(
        _told(front, request, caller, only, place),
        ping=int(BEAT),
        send_timeout=SEND_TIMEOUT,
        headers={"X-Accel-Buffering": "no"},
    )


async def _told(
    front: Front, request: Request, caller: Caller, only: EventFilter, after: Position | None
) -> AsyncIterator[ServerSentEvent]:
    looked_up = time.monotonic()
    listening = front.live.listen(after, only=only, merchants=caller.merchants)
    # Greeted before it stands in its place, a listener would miss what it does at once on hearing the greeting.
    await anext(listening)
    # Browsers come back after so many milliseconds.
    yield ServerSentEvent(comment="events", retry=2000)
    async for events in listening:
        if time.monotonic() - looked_up > STILL_ALLOWED:
            looked_up = time.monotonic()
            if not await run_in_threadpool(_still_allowed, front, request, caller):
                return
        for event in events:
            yield ServerSentEvent(
                _write(happening(event)).decode(), id=str(event.position), event=name_of(event.type)
            )


def _still_allowed(front: Front, request: Request, caller: Caller) -> bool:
    with suppress(MakegoodError):
        return recognise(front, request) == caller
    return False


def happening(event: FollowedEvent) -> OrderEvent:
    """Give an event as it is told."""
    return OrderEvent(
        str(event.position),
        name_of(event.type),
        event.type,
        event.order_id,
        event.order_number,
        event.payload,
        event.trigger_sources,
        event.attempt_id,
        event.actor,
        event.occurred_at,
    )


def name_of(type: str) -> str:
    """Give the name of an event in the stream.

    >>> name_of("order:backorder_resolved")
    'ORDER_BACKORDER_RESOLVED'
    """
    return type.replace(":", "_").upper()

"""The events over real HTTP: told once, in order, to whoever may hear of them, wherever they left off."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import httpx
import psycopg
import pytest

from makegood.domain.accounts import Role
from makegood.domain.orders import NewLine, NewOrder
from makegood.entrypoints.api import events as stream
from makegood.entrypoints.lobby import live
from makegood.services.place_order import place_order
from tests.entrypoints.api.visitors import Api

PATIENCE = 20.0


class Told(dict[str, Any]):
    """An event as it came over the wire: `id`, `event`, and what its data say."""


class Listener:
    """A client of the stream, which reads no more than it is asked for."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines = lines

    def hears(self, count: int) -> list[Told]:
        """Give the next so many events."""
        return [self._next() for _ in range(count)]

    def _next(self) -> Told:
        found = Told()
        # A stream that tells nothing still beats, for ever.
        by = time.monotonic() + PATIENCE
        for line in self.lines:
            assert time.monotonic() < by, "nothing was told"
            name, _, value = line.partition(": ")
            if name in ("id", "event"):
                found[name] = value
            elif name == "data":
                found |= json.loads(value) | {"id": found["id"]}
            elif not line and found:
                return found
        raise AssertionError("the stream has ended")

    def ends(self) -> bool:
        """Read to the end of the stream."""
        return all(True for _ in self.lines)


@contextmanager
def listening(
    address: str, token: str, last: str | None = None, *, patience: float = PATIENCE, **query: str
) -> Iterator[Listener]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last} if last else {})
    with (
        httpx.Client(base_url=address, timeout=patience) as client,
        client.stream("GET", "/events/stream", headers=headers, params=query) as answer,
    ):
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = answer.iter_lines()
        assert next(lines) == ": events"
        yield Listener(lines)


def test_a_backorder_and_its_end_are_told_as_they_happen(api: Api) -> None:
    token = api.token(Role.READONLY)
    with api.served() as address, listening(address, token) as listener:
        api.shop.order("1001", MUG=2)
        first, second = listener.hears(2)
        assert (first["event"], first["orderNumber"]) == ("ORDER_BACKORDERED", "1001")
        assert first["payload"]["backorderedItems"] == 2
        assert second["event"] == "BACKORDER_CREATED"
        api.shop.gets("MUG", 2).check()
        assert [one["event"] for one in listener.hears(3)] == [
            "ALLOCATION_CREATED",
            "ORDER_ALLOCATED",
            "ORDER_BACKORDER_RESOLVED",
        ]


def test_nobody_is_greeted_before_standing_in_line(api: Api) -> None:
    """Else what a client does on being greeted may happen before the place from which it is told."""
    token = api.token(Role.READONLY)
    with api.served() as address, psycopg.connect(api.shop.books.conninfo) as other:
        other.execute("LOCK TABLE fulfillment_events")
        with pytest.raises(httpx.ReadTimeout), listening(address, token, patience=0.5):
            pass


def test_whoever_comes_back_is_told_all_that_was_missed(api: Api) -> None:
    token = api.token(Role.READONLY)
    with api.served() as address:
        with listening(address, token) as listener:
            api.shop.order("A", MUG=1)
            last = listener.hears(1)[0]["id"]
        api.shop.order("B", MUG=1)
        with listening(address, token, last) as listener:
            assert [one["orderNumber"] for one in listener.hears(3)] == ["A", "B", "B"]
            api.shop.order("C", MUG=1)
            assert [one["orderNumber"] for one in listener.hears(2)] == ["C", "C"]
        with listening(address, token, after="0-0") as listener:
            assert [one["orderNumber"] for one in listener.hears(6)] == ["A", "A", "B", "B", "C", "C"]


def test_what_commits_late_with_a_lower_number_is_not_lost(api: Api) -> None:
    """Field failure 19b: a stream resumed by id alone loses what committed late."""
    token = api.token(Role.READONLY)
    api.shop.order("A", MUG=1)
    # Another transaction anywhere on the server may hold events up for a moment.
    while len(api.visitor().asks("/events")["events"]) < 2:
        time.sleep(0.05)
    with api.served() as address, psycopg.connect(api.shop.books.conninfo) as slow:
        with listening(address, token) as listener:
            # Its number and its transaction are drawn first, and it is committed last.
            slow.execute(
                "INSERT INTO fulfillment_events (order_id, type, payload, trigger_sources, actor, occurred_at)"
                " VALUES (1, 'order:slow', '{}', '{}', 'slow', now())"
            )
            api.shop.order("B", MUG=1)
            time.sleep(live.EVERY * 3)
            slow.commit()
            told = listener.hears(3)
        assert [one["event"] for one in told] == ["ORDER_SLOW", "ORDER_BACKORDERED", "BACKORDER_CREATED"]
        with listening(address, token, told[0]["id"]) as listener:
            assert [one["id"] for one in listener.hears(2)] == [one["id"] for one in told[1:]]


def test_many_listeners_hear_the_same_from_one_reader(api: Api) -> None:
    token = api.token(Role.READONLY)
    with api.served() as address, ExitStack() as stack:
        listeners = [stack.enter_context(listening(address, token)) for _ in range(20)]
        for number in range(5):
            api.shop.order(f"O{number}", MUG=1)
        told = [[one["id"] for one in listener.hears(10)] for listener in listeners]
        assert all(ids == told[0] for ids in told)
        followers = [one for one in threading.enumerate() if one.name == "follower of events"]
        assert len(followers) == 1


def test_only_what_was_asked_for_and_may_be_seen(api: Api) -> None:
    api.shop.do(lambda work: work.db.run("add_merchants", codes=["acme"]))
    everything, theirs = api.token(Role.READONLY), api.token(Role.READONLY, merchants=["acme"])
    with (
        api.served() as address,
        listening(address, theirs) as limited,
        listening(address, everything, type="ORDER_BACKORDERED") as one_kind,
        listening(address, theirs, after="0-0") as limited_from_the_start,
    ):
        api.shop.order("A", MUG=1)
        api.shop.do(place_order, NewOrder("B", [NewLine("?", 1)], merchant="acme"))
        api.shop.order("C", MUG=1)
        assert [one["orderNumber"] for one in one_kind.hears(2)] == ["A", "C"]
        assert [one["orderNumber"] for one in limited.hears(1)] == ["B"]
        assert [one["orderNumber"] for one in limited_from_the_start.hears(1)] == ["B"]


def test_a_listener_that_does_not_keep_up_is_let_go(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_WAITING", 3)
    token = api.token(Role.READONLY)
    with api.served() as address, listening(address, token) as listener:
        orders = [NewOrder(f"O{number}", [NewLine("MUG", 1)]) for number in range(4)]
        api.shop.do(lambda work: [place_order(work, one) for one in orders])
        assert listener.ends()
        with listening(address, token, after="0-0") as again:
            assert len(again.hears(8)) == 8


def test_a_revoked_token_hears_no_more(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "STILL_ALLOWED", 0.0)
    token = api.token(Role.READONLY)
    with api.served() as address, listening(address, token) as listener:
        api.shop.order("A", MUG=1)
        assert len(listener.hears(2)) == 2
        api.shop.change("UPDATE tokens SET revoked_at = now()")
        api.shop.order("B", MUG=1)
        assert listener.ends()


def test_the_stream_needs_a_token_and_an_id_that_is_one(api: Api) -> None:
    assert api.anonymous().refused("GET", "/events/stream") == (401, "not_signed_in")
    spoilt = {"headers": {"Last-Event-ID": "7"}}
    assert api.visitor().refused("GET", "/events/stream", **spoilt) == (422, "invalid_value")
    assert api.visitor().refused("GET", "/events/stream?order=none") == (404, "order_not_found")


def test_the_list_is_paged_both_ways(api: Api) -> None:
    for number in ("A", "B"):
        api.shop.order(number, MUG=1)
    visitor = api.visitor(Role.READONLY)
    first = visitor.asks("/events", limit=3)
    rest = visitor.asks("/events", limit=3, after=first["next"])
    ids = [one["id"] for one in first["events"] + rest["events"]]
    assert len(ids) == 4
    assert rest["next"] is None
    assert [one["id"] for one in visitor.asks("/events", newest=True)["events"]] == ids[::-1]
    backordered = visitor.asks("/events", type="ORDER_BACKORDERED", order="B")["events"]
    assert [(one["name"], one["orderNumber"]) for one in backordered] == [("ORDER_BACKORDERED", "B")]


@pytest.mark.parametrize("path", ["/events", "/events/stream"])
def test_a_type_that_no_event_has_is_refused(module_api: Api, path: str) -> None:
    answer = module_api.visitor(Role.READONLY).calls("GET", path, params={"type": "ORDER_BACKORDRED"})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert "order:backordered" in answer.json()["facts"]["expected"]

"""A write under a key of the caller's is done once, whoever asks again, at the same time, or after a kill."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import httpx
import pytest

from makegood.domain.accounts import Role
from makegood.services.accounts.tidy_accounts import tidy_accounts
from makegood.services.once import Answer, Key, once
from makegood.services.work import Work
from tests.conftest import ROOT
from tests.entrypoints.api.visitors import Api

ALLOCATE = "/orders/1001/allocate"


def tried(api: Api) -> int:
    """How often the order was tried, its intake left out."""
    return int(api.shop.value("SELECT count(*) - 1 FROM attempts"))


def test_the_same_request_is_done_once_and_answered_the_same(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    visitor = api.visitor()
    answers = [visitor.calls("POST", ALLOCATE, json={}, headers={"Idempotency-Key": "k"}) for _ in range(3)]
    assert len({one.content for one in answers}) == 1
    assert [one.headers.get("Idempotency-Replayed") for one in answers] == [None, "true", "true"]
    assert tried(api) == 1
    assert api.shop.value("SELECT count(*) FROM audit_log WHERE act ~ '^POST '") == 1


def test_the_same_key_for_something_else_is_refused(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    api.shop.order("1002", MUG=3)
    visitor, key = api.visitor(), {"Idempotency-Key": "k"}
    visitor.calls("POST", ALLOCATE, json={}, headers=key)
    other_body = {"json": {"allowPartial": False}, "headers": key}
    assert visitor.refused("POST", ALLOCATE, **other_body) == (422, "key_reused")
    assert visitor.refused("POST", "/orders/1002/allocate", json={}, headers=key) == (422, "key_reused")


def test_a_key_is_its_callers_own(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    for visitor in (api.visitor(), api.visitor()):
        answer = visitor.calls("POST", ALLOCATE, json={}, headers={"Idempotency-Key": "k"})
        assert "Idempotency-Replayed" not in answer.headers
    assert tried(api) == 2


def test_what_was_refused_may_be_asked_again(api: Api) -> None:
    visitor, asked = api.visitor(), {"json": {}, "headers": {"Idempotency-Key": "k"}}
    assert visitor.refused("POST", ALLOCATE, **asked) == (404, "order_not_found")
    api.shop.order("1001", MUG=3)
    assert visitor.calls("POST", ALLOCATE, **asked).json()["status"] == "BACKORDERED"


def test_twins_at_the_same_time_are_done_once(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    visitor = api.visitor()
    with ThreadPoolExecutor(8) as hands:
        asked = {"json": {}, "headers": {"Idempotency-Key": "k"}}
        answers = list(hands.map(lambda _: visitor.calls("POST", ALLOCATE, **asked), range(8)))
    assert {one.status_code for one in answers} == {200}
    assert len({one.content for one in answers}) == 1
    assert tried(api) == 1


def test_the_second_waits_for_the_first_and_does_it_when_that_one_fails(api: Api) -> None:
    began, may_end = Event(), Event()
    key = Key("token:t0", "k", b"same")

    def fails() -> Answer:
        began.set()
        may_end.wait(10)
        raise ZeroDivisionError

    def works(work: Work) -> Answer:
        return once(work, key, lambda: Answer(200, b"done"))

    with ThreadPoolExecutor(2) as hands:
        first = hands.submit(api.shop.do, lambda work: once(work, key, fails))
        began.wait(10)
        second = hands.submit(api.shop.do, works)
        time.sleep(0.3)
        assert not second.done()
        may_end.set()
        assert isinstance(first.exception(), ZeroDivisionError)
        assert second.result() == Answer(200, b"done")
    assert api.shop.do(works) == Answer(200, b"done", again=True)


# The server dies after the effect and its answer are written and before they are committed.
DIES = """
import os, signal, sys
from makegood.entrypoints.api import route
from tests.entrypoints.api.serving import serve
kept = route.once
def once(work, key, do):
    answer = kept(work, key, do)
    os.kill(os.getpid(), signal.SIGKILL)
    return answer
vars(route)["once"] = once
serve(sys.argv[1])
"""


def test_a_kill_between_effect_and_commit_loses_both(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {api.token(Role.STAFF)}"}
    command = [sys.executable, "-c", DIES, api.shop.books.conninfo]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        try:
            httpx.post(address + ALLOCATE, json={}, headers=headers, timeout=20)
            raise AssertionError("the server was to die")
        except httpx.TransportError:
            assert server.wait(10) == -signal.SIGKILL
    assert tried(api) == 0
    assert api.shop.value("SELECT count(*) FROM idempotency_keys") == 0
    again = api.client.post(ALLOCATE, json={}, headers=headers)
    assert (again.status_code, "Idempotency-Replayed" in again.headers) == (200, False)
    assert tried(api) == 1


# The server dies after the commit, with the answer still to be sent.
DIES_UNHEARD = """
import os, signal, sys
from makegood.entrypoints.api import route
from tests.entrypoints.api.serving import serve
vars(route)["_response"] = lambda *told: os.kill(os.getpid(), signal.SIGKILL)
serve(sys.argv[1])
"""


def test_an_intake_whose_answer_was_never_heard_is_in_the_books_once(api: Api) -> None:
    headers = {"Idempotency-Key": "k", "Authorization": f"Bearer {api.token(Role.STAFF)}"}
    order = {"number": "1001", "lines": [{"sku": "MUG", "quantity": 3}]}
    command = [sys.executable, "-c", DIES_UNHEARD, api.shop.books.conninfo]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        address = server.stdout.readline().strip()
        with pytest.raises(httpx.TransportError):
            httpx.post(f"{address}/orders", json=order, headers=headers, timeout=20)
        assert server.wait(10) == -signal.SIGKILL
    again = api.client.post("/orders", json=order, headers=headers)
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (201, "true")
    assert (again.json()["order"], again.json()["short"]) == ("1001", 3)
    assert api.shop.rows("SELECT number FROM orders") == [("1001",)]
    unkeyed = api.client.post("/orders", json=order, headers={"Authorization": headers["Authorization"]})
    assert (unkeyed.status_code, unkeyed.json()["code"]) == (409, "already_exists")


def test_old_answers_are_dropped_by_the_clock(api: Api) -> None:
    api.shop.order("1001", MUG=3)
    visitor = api.visitor()
    for key in ("old", "new"):
        visitor.calls("POST", ALLOCATE, json={}, headers={"Idempotency-Key": key})
    api.shop.change("UPDATE idempotency_keys SET used_at = now() - interval '8 days' WHERE key = 'old'")
    assert api.shop.do(tidy_accounts) is False
    assert api.shop.rows("SELECT key FROM idempotency_keys") == [("new",)]

"""Runs and the queue over HTTP."""

import pytest

from makegood.domain.accounts import Role
from makegood.services.note_runs import Crew, sign_on
from makegood.services.park_job import park_job
from makegood.services.set_aside import set_aside
from tests.entrypoints.api.visitors import Api
from tests.services.test_runs import put_by_hand, serve, waiting

AGREED = {"by": "Ada Okafor", "how": "phone", "at": "2026-03-01T09:00:00Z"}


def test_many_orders_are_tried_in_rank_order_and_counted_by_outcome(api: Api) -> None:
    waiting(api.shop, ("LATE", "STANDARD", 2), ("FIRST", "EXPRESS", 2), ("MID", "RUSH", 2))
    put_by_hand(api.shop, 3)
    manager = api.visitor(Role.MANAGER)
    answer = manager.calls("POST", "/orders/allocate-batch", json={"orderIds": ["LATE", "NOSUCH", "MID", "FIRST"]})
    assert (answer.status_code, answer.json()["run"]["status"]) == (202, "QUEUED")
    serve(api.shop)
    run = manager.asks(f"/runs/{answer.json()['run']['runId']}")
    assert (run["status"], run["done"], run["total"]) == ("DONE", 4, 4)
    assert run["outcomes"] == {"BACKORDERED": 1, "FAILED": 1, "FULFILLED": 1, "PARTIALLY": 1}
    tried = manager.asks(f"/runs/{run['runId']}/orders")["results"]
    assert [(one["order"], one["outcome"], one["code"]) for one in tried] == [
        ("FIRST", "FULFILLED", None),
        ("MID", "PARTIALLY", None),
        ("LATE", "BACKORDERED", None),
        ("NOSUCH", "FAILED", "order_not_found"),
    ]
    (failed,) = manager.asks(f"/runs/{run['runId']}/orders", outcome="FAILED")["results"]
    assert failed["message"] == "Order not found: NOSUCH"


def test_all_that_are_short_and_those_that_pass_a_filter(api: Api) -> None:
    waiting(api.shop, ("A", "STANDARD", 2), ("B", "EXPRESS", 2))
    manager = api.visitor(Role.MANAGER)
    assert manager.does("/orders/allocate-batch")["run"]["total"] == 2
    assert manager.does("/orders/allocate-batch", {"where": {"priority": "EXPRESS"}})["run"]["total"] == 1
    assert [one["total"] for one in manager.asks("/runs", openOnly=True)["runs"]] == [1, 2]


@pytest.mark.parametrize("what", ["warehouse", "merchant"])
def test_a_filter_that_names_nothing_is_no_empty_run(module_api: Api, what: str) -> None:
    asked = {"where": {what: "NONE"}}
    refused = module_api.visitor(Role.MANAGER).refused("POST", "/orders/allocate-batch", json=asked)
    assert refused == (404, f"{what}_not_found")


def test_a_dry_run_tells_and_writes_nothing(api: Api) -> None:
    api.shop.gets("MUG", 2)
    waiting(api.shop, ("A", "STANDARD", 3))
    manager = api.visitor(Role.MANAGER)
    for path in ("/orders/send-available", "/orders/divide"):
        answer = manager.calls("POST", path, json={"dryRun": True})
        told = answer.json()
        assert (answer.status_code, told["run"], told["wouldDo"]["total"]) == (200, None, 1)
    assert [one["outcome"] for one in told["wouldDo"]["results"]] == ["SKIPPED"]
    assert (api.shop.status("A"), manager.asks("/runs")["runs"]) == ("PARTIALLY_ALLOCATED", [])


def test_what_is_available_is_sent_of_many_orders(api: Api) -> None:
    api.shop.gets("MUG", 5)
    waiting(api.shop, ("A", "STANDARD", 6), ("B", "STANDARD", 2))
    manager = api.visitor(Role.MANAGER)
    run = manager.does("/orders/send-available", {"minShare": 0.5, "consent": AGREED})["run"]
    serve(api.shop)
    (sent, *_) = manager.asks(f"/runs/{run['runId']}/orders")["results"]
    assert (sent["order"], sent["outcome"], sent["facts"]["child"]) == ("A", "DONE", "A-BO1")


def test_a_run_rests_goes_on_and_ends(api: Api) -> None:
    waiting(api.shop, ("A", "STANDARD", 2))
    manager = api.visitor(Role.MANAGER)
    path = f"/runs/{manager.does('/orders/allocate-batch')['run']['runId']}"
    assert manager.does(f"{path}/pause")["status"] == "PAUSED"
    assert manager.does(f"{path}/resume")["status"] == "QUEUED"
    assert manager.refused("POST", f"{path}/reset") == (409, "run_not_stuck")
    assert manager.does(f"{path}/cancel")["status"] == "CANCELLED"
    assert manager.refused("POST", f"{path}/resume") == (409, "run_closed")


def test_a_run_that_is_stuck_is_freed(api: Api) -> None:
    waiting(api.shop, ("A", "STANDARD", 2))
    manager = api.visitor(Role.MANAGER)
    run = manager.does("/orders/allocate-batch")["run"]["runId"]
    api.shop.change("UPDATE runs SET beat_at = now() - interval '1 hour', status = 'RUNNING'")
    assert manager.asks(f"/runs/{run}")["stuck"]
    assert not manager.does(f"/runs/{run}/reset")["stuck"]


def test_the_queue_tells_what_rests_and_lets_it_go_on(api: Api) -> None:
    placed = api.shop.order("1001", MUG=1)
    api.shop.gets("MUG", 1)
    api.shop.do(sign_on, Crew("here", 4711, "1"))
    api.shop.do(park_job, "check_backorders", "EAST", because="it killed its worker three times")
    api.shop.do(set_aside, {placed.order.order_id: ZeroDivisionError("a defect")}, job="check_backorders")
    manager = api.visitor(Role.MANAGER)
    state = manager.asks("/queue")
    assert [(one["warehouse"], one["queues"], one["marks"]) for one in state["marks"]] == [("EAST", 1, 1)]
    assert [(one["job"], one["subject"], one["until"]) for one in state["parked"]] == [
        ("check_backorders", "EAST", None)
    ]
    assert [(one["order"], one["error"]) for one in state["aside"]] == [("1001", "ZeroDivisionError")]
    assert [(one["pid"], one["alive"]) for one in state["workers"]] == [(4711, True)]
    retry = "/queue/check_backorders/retry"
    assert [manager.does(retry, {"subject": "EAST"})["retried"] for _ in range(2)] == [True, False]
    assert [manager.does("/queue/orders/1001/retry")["retried"] for _ in range(2)] == [True, False]
    api.shop.check()
    assert api.shop.status("1001") == "ALLOCATED"

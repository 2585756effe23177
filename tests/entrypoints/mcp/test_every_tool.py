"""Every tool, called by a real client over both transports, in a day that makes sense of each."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from makegood.domain.inbound import NewInbound
from makegood.services.doctor import doctor
from makegood.services.hold_order import hold_order
from makegood.services.inbound.create_inbound import create_inbound
from makegood.store.database import Database
from tests.shop import Shop

from .agents import Agent, over_http, over_stdio

AS_OF = ("--as-of", "2026-03-02T09:00Z", "--actor", "agent")
SKILL = {"status", "backorder_id", "sku", "quantity_ordered", "quantity_fulfilled", "quantity_remaining"}


@contextmanager
def connected_over(transport: str, shop: Shop) -> Iterator[Agent]:
    way = over_stdio(shop.books.conninfo, "--apply", before=AS_OF) if transport == "stdio" else over_http(shop)
    with way as agent:
        yield agent


@pytest.mark.parametrize("transport", ["stdio", "http"])
def test_a_day_in_which_an_agent_uses_every_tool(transport: str, books: Database) -> None:
    shop = Shop(books).sells("MUG", "LID").gets("LID", 2)
    shop.order("1001", MUG=5, LID=2, customer_name="Ann")
    shop.order("1002", MUG=3)
    shop.gets("MUG", 3).check()
    with connected_over(transport, shop) as agent:
        it_looks_around(agent)
        it_ranks_and_reserves(agent, shop)
        it_reserves_what_is_due(agent, shop)
        it_lets_go(agent)
        it_settles_orders(agent, shop)
        assert agent.called == set(agent.tools())
    shop.check()
    assert doctor(shop.books, shop.clock).findings == []


def it_looks_around(agent: Agent) -> None:
    total = agent.does("get_backorder_summary")
    assert (total["total"], total["units_covered"], total["units_uncovered"]) == (2, 3, 5)
    assert agent.does("get_queue_health")["healthy"]
    report = agent.does("get_report", report="reorder-priority", until="2026-03-02")
    assert [(row["sku"], row["orders"], row["units"]) for row in report["rows"]] == [("MUG", 2, 5)]
    (mug,) = agent.does("get_sku_backorder_summary")["skus"]
    assert (mug["sku"], mug["orders"], mug["units_uncovered"]) == ("MUG", 2, 5)
    page = agent.does("list_backorders", sku="mug", sort="oldest", limit=1)
    assert (page["total"], page["backorders"][0]["order"]) == (2, "1001")
    rest = agent.does("list_backorders", sku="mug", sort="oldest", limit=1, cursor=page["next"])
    assert (rest["next"], rest["backorders"][0]["order"]) == (None, "1002")
    assert agent.does("list_orders", status=["PartiallyAllocated"])["orders"][0]["order"] == "1001"
    order = agent.does("get_order", order="1001", limit=1)
    assert (order["lines_total"], order["summary"]["customer"]) == (2, "Ann")
    assert agent.does("get_order", order="1001", cursor=order["next"])["lines"][0]["sku"] == "LID"
    (line,) = agent.does("explain_order", order="1002")["lines"]
    assert line["codes"][0] == "AHEAD_IN_QUEUE"
    (way,) = agent.does("explain_order", order="1001")["lines"][0]["ways_out"]
    assert (way["tool"], way["arguments"]) == ("split_order", {"order": "1001", "mode": "quantities"})
    schema = agent.tools()["split_order"].input_schema
    assert {*way["arguments"], *way["needs"]} >= set(schema["required"])


def it_ranks_and_reserves(agent: Agent, shop: Shop) -> None:
    new = agent.does("create_backorder", sku="LID", quantity=2, customer_name="Bo", priority="Low")
    assert (new["status"], new["priority"], new["customer"]) == ("pending", "low", "Bo")
    assert agent.does("create_backorder", order=new["order"], line=1)["backorder_id"] == new["backorder_id"]
    changed = agent.does("update_backorder", backorder_id=new["backorder_id"], priority="high",
                         promised_date="2026-03-09", notes="gift")  # fmt: skip
    assert (changed["priority"], changed["promised_date"], changed["notes"]) == ("high", "2026-03-09", "gift")
    cleared = agent.does("update_backorder", backorder_id=new["backorder_id"], clear=["notes", "promised_date"])
    assert (cleared["promised_date"], cleared["notes"]) == (None, "")
    second = number_of(agent, "1002")
    assert agent.is_refused("allocate_backorder", backorder_id=second) == "not_enough"
    shop.gets("MUG", 1)
    assert agent.is_refused("allocate_backorder", backorder_id=second) == "priority_conflict"
    forced = agent.does("allocate_backorder", backorder_id=second, quantity=1, force_because="show piece",
                        expires_at="2026-03-03T09:00:00Z")  # fmt: skip
    assert (forced["quantity_allocated"], forced["quantity_uncovered"]) == (1, 2)


def it_reserves_what_is_due(agent: Agent, shop: Shop) -> None:
    shop.do(create_inbound, [NewInbound("PURCHASE_ORDER", "PO-7", "LID", 10, due=date(2026, 3, 20))])
    (line,) = agent.does("list_inbound", sku="lid", unsourced=True)["inbound"]
    assert (line["reference"], line["due"], line["quantity_unsourced"]) == ("PO-7", "2026-03-20", 10)
    lid = agent.does("list_backorders", sku="LID")["backorders"][0]
    ways = agent.does("explain_order", order=lid["order"])["lines"][0]["ways_out"]
    way = next(one for one in ways if one["tool"] == "allocate_backorder")
    assert way["arguments"] == {"backorder_id": lid["backorder_id"], "inbound_id": "PO-7/1"}
    sourced = agent.does(way["tool"], **way["arguments"])
    assert (sourced["quantity_sourced"], sourced["quantity_uncovered"]) == (2, 0)
    assert agent.does("list_inbound")["inbound"][0]["quantity_sourced"] == 2
    assert agent.is_refused("allocate_backorder", backorder_id=number_of(agent, "1002"), inbound_id="PO-7") == (
        "inbound_unfit"
    )
    assert (
        agent.is_refused(
            "fulfill_backorder", backorder_id=lid["backorder_id"], source="purchase_order", source_id="PO-7"
        )
        == "not_received"
    )


def it_lets_go(agent: Agent) -> None:
    second = number_of(agent, "1002")
    (held,) = agent.does("get_backorder", backorder_id=second)["allocations"]
    assert (held["forced"], held["reason"]) == (True, "show piece")
    longer = agent.does("extend_allocation", allocation_id=held["allocation_id"], until="2026-03-04T09:00:00Z")
    assert longer["expires_at"] == "2026-03-04T09:00:00Z"
    released = agent.does("release_allocation", allocation_id=held["allocation_id"], because="no longer shown")
    assert released["status"] == "released"
    first = number_of(agent, "1001")
    gone = agent.does("fulfill_backorder", backorder_id=first, quantity=3)
    assert set(gone) > SKILL
    assert (gone["status"], gone["quantity_fulfilled"], gone["quantity_remaining"]) == (
        "partially_fulfilled",
        3,
        2,
    )
    left = agent.does("cancel_backorder", backorder_id=second, quantity=1, because="one less")
    assert (left["quantity_cancelled"], left["quantity_remaining"]) == (1, 2)


def it_settles_orders(agent: Agent, shop: Shop) -> None:
    shop.do(hold_order, "1002", because="call the customer")
    (held,) = agent.does("list_held_orders")["orders"]
    assert (held["order"], held["hold_kind"], held["hold_reason"]) == ("1002", "manual", "call the customer")
    assert agent.does("release_hold", order="1002", snooze_days=5)["status_before"] == "on_hold"
    tried = agent.does("retry_order", order="1001")
    assert (tried["status"], tried["quantity_short"]) == ("partially_allocated", 1)
    assert "wanted" in tried["reasons"][0]["sentence"]
    parts = agent.does("split_order", order="1001", mode="quantities", agreed_by="Ann", agreed_how="phone",
                       agreed_at="2026-03-02T08:00:00Z")  # fmt: skip
    assert (parts["backorder_order"], parts["backordered_units"]) == ("1001-BO1", 1)


def number_of(agent: Agent, order: str) -> str:
    return str(agent.does("list_backorders", order=order)["backorders"][0]["backorder_id"])

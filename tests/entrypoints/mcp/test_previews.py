"""Without --apply a write tells what it would come to, computed for real, and writes nothing at all."""

from typing import Any

import pytest

from makegood.entrypoints.mcp.tool import Kind
from makegood.entrypoints.mcp.tools import TOOLS
from tests.shop import Shop

from .agents import Agent

CONSENT = {"agreed_by": "Ann", "agreed_how": "phone", "agreed_at": "2026-03-01T08:00:00Z"}
WRITES: dict[str, dict[str, Any]] = {
    "create_backorder": {"sku": "MUG", "quantity": 2},
    "update_backorder": {"backorder_id": "BO-2026-0002", "priority": "critical"},
    "allocate_backorder": {"backorder_id": "BO-2026-0001", "expires_at": "2026-03-09T00:00:00Z"},
    "fulfill_backorder": {"backorder_id": "BO-2026-0001", "quantity": 2},
    "cancel_backorder": {"backorder_id": "BO-2026-0001"},
    "release_allocation": {"allocation_id": 1},
    "extend_allocation": {"allocation_id": 1, "until": "2026-03-09T00:00:00Z"},
    "retry_order": {"order": "1002"},
    "release_hold": {"order": "1003"},
    "split_order": {"order": "1001", "mode": "quantities", **CONSENT},
}


def everything(shop: Shop) -> dict[str, Any]:
    """Give every row of every table: a single change of a single one shows."""
    tables = [row[0] for row in shop.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    return {
        name: shop.value(
            f"SELECT md5(COALESCE(string_agg(t.xmin || t::text, ',' ORDER BY t.ctid), '')) FROM {name} t"
        )
        for name in tables
    }


def test_each_write_has_a_preview_here() -> None:
    assert set(WRITES) == {entry.name for entry in TOOLS if entry.kind is not Kind.READ}


@pytest.mark.parametrize("tool", sorted(WRITES))
def test_a_preview_writes_nothing(tool: str, looker: Agent, module_shop: Shop) -> None:
    before = everything(module_shop)
    answer = looker.asks(tool, idempotency_key="k", **WRITES[tool])
    assert everything(module_shop) == before
    if tool == "allocate_backorder":
        assert answer.error["code"] == "not_enough"
    elif tool == "release_hold":
        assert answer.error["code"] == "order_not_found"
    else:
        assert list(answer.told) == ["would_do"]
        assert "Nothing was done" in answer.talk[0]


def test_a_preview_is_computed_and_no_echo(looker: Agent) -> None:
    would = looker.would("fulfill_backorder", backorder_id="BO-2026-0001", quantity=2)
    assert (would["status"], would["quantity_remaining"], would["quantity_allocated"]) == (
        "partially_fulfilled",
        3,
        1,
    )
    freed = looker.would("cancel_backorder", backorder_id="BO-2026-0001")
    assert (freed["status"], freed["quantity_allocated"]) == ("cancelled", 0)
    made = looker.would("create_backorder", sku="lid", quantity=1)
    assert (made["status"], made["quantity_allocated"]) == ("allocated", 1)


def test_what_is_refused_is_refused_in_a_preview(looker: Agent) -> None:
    assert looker.is_refused("fulfill_backorder", backorder_id="BO-2026-0001", quantity=6) == "invalid_value"
    assert looker.is_refused("fulfill_backorder", backorder_id="BO-2026-0001", quantity=5) == "not_enough"
    assert looker.is_refused("create_backorder", sku="NO-SUCH", quantity=1) == "variant_not_found"
    assert looker.is_refused("create_backorder", sku="MUG", quantity=1, order="1001") == "invalid_value"


def test_a_server_that_previews_promises_previews(looker: Agent) -> None:
    for entry in TOOLS:
        promised = looker.tools()[entry.name].output_schema
        assert promised is not None
        assert (list(promised["properties"]) == ["would_do"]) == (entry.kind is not Kind.READ)

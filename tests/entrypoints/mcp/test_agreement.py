"""The command line and the tools tell programs the same of the same books: one shape, made in one place."""

from typing import Any

import pytest

from tests.entrypoints.cli.conftest import Terminal
from tests.shop import Shop

from .agents import Agent
from .test_previews import WRITES


def typed(shop: Shop, line: str) -> Any:
    """Type a command with --json, and give what it prints."""
    return Terminal(shop.books.conninfo).does(f"--as-of 2026-03-02T09:00Z backorders {line} --json").json


@pytest.mark.parametrize(
    ("tool", "arguments", "line"),
    [
        ("get_backorder_summary", {}, "summary"),
        ("get_sku_backorder_summary", {}, "sku-summary"),
        ("list_backorders", {"sku": "MUG"}, "list --sku MUG"),
        ("create_backorder", {"sku": "MUG", "quantity": 2}, "create MUG 2"),
        ("update_backorder", WRITES["update_backorder"], "update BO-2026-0002 --priority critical"),
        ("fulfill_backorder", WRITES["fulfill_backorder"], "fulfill BO-2026-0001 --units 2"),
        ("cancel_backorder", WRITES["cancel_backorder"], "cancel BO-2026-0001"),
    ],
)
def test_both_doors_tell_the_same(
    looker: Agent, module_shop: Shop, tool: str, arguments: dict[str, Any], line: str
) -> None:
    told, printed = looker.does(tool, **arguments), typed(module_shop, line)
    if tool == "create_backorder":
        # The books never give the same number twice, not even to a preview.
        for one in (told["would_do"], printed["would_do"]):
            del one["backorder_id"], one["order"]
    assert told == printed


def test_a_backorder_shown_is_the_same_record(looker: Agent, module_shop: Shop) -> None:
    told = looker.does("get_backorder", backorder_id="BO-2026-0001")
    printed = typed(module_shop, "show BO-2026-0001")
    assert list(printed)[:6] == ["status", "backorder_id", "sku", "quantity_ordered", "quantity_fulfilled",
                                 "quantity_remaining"]  # fmt: skip
    # An agent is told the latest first, and how many there are in all.
    totals = {"history_total": len(printed["history"]), "allocations_total": len(printed["allocations"])}
    assert told == printed | totals | {"history": printed["history"][::-1]}

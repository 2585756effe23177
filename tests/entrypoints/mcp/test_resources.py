"""What an agent may read besides the tools, and the prompt that guides it."""

import json

import pytest
from mcp.shared.exceptions import MCPError

from makegood.services.backorders.update_backorder import update_backorder
from makegood.services.business_settings import change_setting
from tests.shop import Shop

from .agents import Agent


def test_the_glossary_is_the_page_of_the_documentation(looker: Agent) -> None:
    assert "| uncovered" in looker.reads("makegood://glossary") or "uncovered" in looker.reads(
        "makegood://glossary"
    )


def test_the_policy_is_the_one_in_force(doer: Agent, shop: Shop) -> None:
    assert "- `max_backorder_days`: 30" in doer.reads("makegood://policy")
    shop.do(change_setting, "max_backorder_days", 45)
    policy = doer.reads("makegood://policy")
    assert "- `max_backorder_days`: 45" in policy
    assert "# Who is served first" in policy


def test_open_backorders_come_in_pages_the_most_urgent_first(doer: Agent, shop: Shop) -> None:
    for number in range(25):
        shop.order(f"N{number:02}", MUG=1)
    shop.do(update_backorder, "BO-2026-0020", priority="CRITICAL")
    first = json.loads(doer.reads("makegood://backorders/open"))
    assert (first["summary"]["total"], first["total"], len(first["backorders"])) == (27, 27, 20)
    assert first["backorders"][0]["backorder_id"] == "BO-2026-0020"
    rest = json.loads(doer.reads(first["next"]))
    assert (len(rest["backorders"]), rest["next"]) == (7, None)
    seen = [one["backorder_id"] for one in first["backorders"] + rest["backorders"]]
    assert len(set(seen)) == 27


def test_a_forged_page_is_refused_in_words(looker: Agent) -> None:
    with pytest.raises(MCPError, match=r"cursor: .* is not a cursor that a list has given"):
        looker.reads("makegood://backorders/open/forged")


def test_the_prompt_guides_by_what_the_server_may(looker: Agent, doer: Agent) -> None:
    assert "does nothing" in looker.is_guided("triage_backorders")
    assert 'with `warehouse: "EAST"`' in looker.is_guided("triage_backorders", warehouse="EAST")
    assert "changes the books at once" in doer.is_guided("triage_backorders")

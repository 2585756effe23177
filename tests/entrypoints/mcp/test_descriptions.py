"""What an agent reads before it calls: every tool is described, and so is every argument."""

from pathlib import Path
from typing import Any

import pytest

from makegood.domain.errors import MakegoodError, leaves
from makegood.entrypoints.mcp.reference import mcp_page
from makegood.entrypoints.mcp.refusals import NEXT, refusal
from makegood.entrypoints.mcp.tool import Kind
from makegood.entrypoints.mcp.tools import TOOLS

from .agents import Agent

ROOT = Path(__file__).resolve().parents[3]
NAMES = [entry.name for entry in TOOLS]
# The tools of the skill from which the shapes come, and those that makegood adds.
WANTED = {
    "list_backorders", "create_backorder", "update_backorder", "allocate_backorder", "fulfill_backorder",
    "cancel_backorder", "get_backorder_summary", "get_sku_backorder_summary", "get_backorder", "get_order",
    "list_orders", "retry_order", "explain_order", "release_allocation", "extend_allocation", "list_held_orders",
    "release_hold", "list_inbound", "split_order", "get_queue_health", "get_report",
}  # fmt: skip


def test_the_tools_are_all_there() -> None:
    assert set(NAMES) == WANTED
    assert len(NAMES) == len(WANTED)


@pytest.mark.parametrize("name", NAMES)
def test_each_argument_says_what_it_is(name: str, looker: Agent) -> None:
    tool = looker.tools()[name]
    assert tool.input_schema["additionalProperties"] is False
    silent = [arg for arg, one in tool.input_schema["properties"].items() if not one.get("description")]
    assert (silent, tool.description is not None) == ([], True)


@pytest.mark.parametrize("entry", TOOLS, ids=NAMES)
def test_each_tool_says_what_it_does_to_the_books(entry: Any, looker: Agent) -> None:
    hints = looker.tools()[entry.name].annotations
    assert hints is not None
    assert hints.read_only_hint is (entry.kind is Kind.READ)
    assert hints.destructive_hint is (entry.kind is Kind.DESTROY)
    assert hints.open_world_hint is False
    assert ("idempotency_key" in looker.tools()[entry.name].input_schema["properties"]) is not hints.read_only_hint


def test_what_all_tools_say_together_stays_short(looker: Agent) -> None:
    told = sum(len(tool.model_dump_json(by_alias=True, exclude_none=True)) for tool in looker.tools().values())
    assert told < 80_000


def test_the_reference_is_what_the_tools_say() -> None:
    page = (ROOT / "docs" / "reference" / "mcp.md").read_text(encoding="utf-8")
    assert page == mcp_page(), "renew it with scripts/reference"
    assert [name for name in NAMES if f"### `{name}`" not in page] == []


def test_what_comes_next_is_said_of_errors_that_exist() -> None:
    assert set(NEXT) <= {error.code for error in leaves(MakegoodError)}


@pytest.mark.parametrize("error", leaves(MakegoodError), ids=lambda error: error.code)
def test_each_error_says_what_comes_next(error: type[MakegoodError]) -> None:
    raised = error.__new__(error)
    MakegoodError.__init__(raised, "refused")
    assert refusal(raised).next


def test_words_of_the_instructions_name_tools_that_exist(looker: Agent) -> None:
    guide = looker.is_guided("triage_backorders")
    named = {word.strip("`").split("`")[0] for word in guide.split() if word.startswith("`") and "_" in word}
    arguments = {arg for tool in looker.tools().values() for arg in tool.input_schema["properties"]}
    assert named <= set(NAMES) | arguments | {"would_do"}

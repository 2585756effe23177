"""Whatever an agent sends, it is answered or refused in words: never by a defect, and the laws hold afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from makegood.entrypoints.mcp.server import make_server
from makegood.entrypoints.mcp.tools import TOOLS
from makegood.services.doctor import doctor
from makegood.services.hold_order import hold_order
from makegood.store.database import Database

from .agents import Agent, connected
from .conftest import visit, waiting_shop

# What makes sense for an argument of this name, now and then.
SENSIBLE: dict[str, list[Any]] = {
    "backorder_id": ["BO-2026-0001", "bo-2026-0002", "BO-2026-0003", "BO-2026-9999"],
    "order": ["1001", "1002", "default/1003", "1", "NO-SUCH"],
    "sku": ["MUG", "lid", " mug ", "NO-SUCH"],
    "warehouse": ["EAST", "WEST"],
    "merchant": ["default", "nobody"],
    "cursor": ["Wy0xMCwgMTBd", "WyJuZXdlc3QiLCAtMTAsIDEwXQ", "W10", "bnVsbA", "WyJ4IiwgMV0", "x"],
    "allocation_id": [1, 2, 3, 2**63 - 1],
    "quantity": [1, 2, 3, 2**31 - 1],
    "line": [1, 2, 2**31 - 1],
    "idempotency_key": ["k1", "k2", "\u202e", "%s"],
}
ODD = [
    "", " ", "\x00", "a\x00b", "%", "'; --", "\ud800", "\u202e", "x" * 5000, 0, -1, 2**31, 2**63, 10**30, 1.5,
    1e300, True, None, [], {}, ["x"], {"x": 1}, "2026-03-01", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-12:00", "0001-01-01", "9999-12-31", "2026-03-01T08:00:00", "24:00", "PurchaseOrder",
]  # fmt: skip


@pytest.fixture(scope="module")
def beset(module_books: Database) -> Iterator[tuple[Any, Agent]]:
    """An agent that may do everything, on books that the cases share."""
    shop = waiting_shop(module_books)
    shop.order("1003", MUG=2)
    shop.do(hold_order, "1003", because="ask first")
    with connected(make_server(lambda: visit(shop), apply=True)) as agent:
        yield shop, agent


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """Draw a tool with arguments that make sense each, and in every third call something odd among them."""
    tool = draw(st.sampled_from(TOOLS))
    known = SCHEMAS[tool.name]["properties"]
    names = draw(st.lists(st.sampled_from(sorted(known)), unique=True, max_size=5)) if known else []
    given = {
        name: draw(_sensible(name, known[name])) for name in {*names, *SCHEMAS[tool.name].get("required", [])}
    }
    if draw(st.integers(0, 2)) == 0:
        given[draw(st.sampled_from([*known, "no_such"]))] = draw(st.sampled_from(ODD) | st.text(max_size=8))
    return tool.name, given


def _sensible(name: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    formats = {
        "date": ["2026-03-01", "2026-04-01"],
        "date-time": ["2026-03-01T08:00:00Z", "2026-04-01T08:00:00+02:00"],
    }
    if name in SENSIBLE:
        return st.sampled_from(SENSIBLE[name])
    if "format" in schema:
        return st.sampled_from(formats[schema["format"]])
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "integer": st.integers(schema.get("minimum", 0), schema.get("maximum", 9)),
        "boolean": st.booleans(),
        "array": st.lists(st.sampled_from(schema.get("items", {}).get("enum", ["x"])), max_size=3),
        "string": st.sampled_from(schema["enum"]) if "enum" in schema else st.text(min_size=1, max_size=9),
    }
    return kinds[schema["type"]]


SCHEMAS = {
    tool.name: tool.parameters
    for tool in make_server(lambda: None, apply=True)._tool_manager.list_tools()  # type: ignore[arg-type, return-value]
}


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(call=calls())
def test_nothing_that_is_sent_is_answered_by_a_defect(
    beset: tuple[Any, Agent], call: tuple[str, dict[str, Any]]
) -> None:
    _, agent = beset
    name, arguments = call
    answer = agent.asks(name, **arguments)
    event(answer.error["code"] if answer.refused else f"{name} answered")
    if answer.refused:
        assert set(answer.error) == {"code", "message", "facts", "next"}


def test_the_laws_hold_afterwards(beset: tuple[Any, Agent]) -> None:
    shop, _ = beset
    shop.check()
    assert doctor(shop.books, shop.clock).findings == []

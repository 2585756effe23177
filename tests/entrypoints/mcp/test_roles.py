"""Over HTTP a token says who calls; its role limits what a tool may do, previews too."""

from collections.abc import Iterator

import httpx2
import pytest
from mcp.shared.exceptions import MCPError

from makegood.domain.accounts import Role
from makegood.entrypoints.mcp.tool import Kind
from makegood.entrypoints.mcp.tools import TOOLS
from makegood.services.accounts.tokens import revoke_token
from tests.shop import Shop

from .agents import Agent, over_stdio, serving, showing, token_of
from .test_previews import WRITES

RANKS = [Role.READONLY, Role.STAFF, Role.MANAGER]
PING = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}


@pytest.fixture(scope="module")
def door(module_shop: Shop) -> Iterator[str]:
    """The agents' door over HTTP, which only previews."""
    with serving(module_shop, apply=False) as address:
        yield address


@pytest.fixture(scope="module", params=RANKS)
def ranked(request: pytest.FixtureRequest, door: str, module_shop: Shop) -> Iterator[tuple[Role, Agent]]:
    """An agent with a token of each role."""
    with showing(door, token_of(module_shop, request.param)) as agent:
        yield request.param, agent


def test_each_tool_is_open_from_its_role_on(ranked: tuple[Role, Agent]) -> None:
    role, agent = ranked
    for entry in TOOLS:
        allowed = RANKS.index(role) >= RANKS.index(entry.least)
        answer = agent.asks(
            entry.name, **WRITES.get(entry.name, {"order": "1001"} if "order" in entry.name else {})
        )
        code = answer.error["code"] if answer.refused else ""
        assert (code != "not_allowed") == allowed, (entry.name, answer)


def test_who_may_only_read_can_read_and_is_told_which_role_is_missing(door: str, module_shop: Shop) -> None:
    with showing(door, token_of(module_shop, Role.READONLY)) as agent:
        assert agent.does("get_backorder_summary")["total"] == 2
        error = agent.asks("cancel_backorder", backorder_id="BO-2026-0001").error
    assert (error["code"], error["facts"]) == ("not_allowed", {"role": "READONLY", "needed": "MANAGER"})


def test_only_a_manager_forces(door: str, module_shop: Shop) -> None:
    wish = {"backorder_id": "BO-2026-0002", "force_because": "show piece"}
    with showing(door, token_of(module_shop, Role.STAFF)) as agent:
        assert agent.is_refused("allocate_backorder", **wish) == "not_allowed"
    with showing(door, token_of(module_shop, Role.MANAGER)) as agent:
        assert agent.is_refused("allocate_backorder", **wish) == "not_enough"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic x", "Bearer"])
def test_nobody_comes_in_without_a_token(door: str, header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    answer = httpx2.post(door, json=PING, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_revoked_token_is_refused_from_the_next_call_on(door: str, module_shop: Shop) -> None:
    token = token_of(module_shop, Role.READONLY)
    name = module_shop.value("SELECT name FROM tokens ORDER BY token_id DESC LIMIT 1")
    with showing(door, token) as agent:
        agent.does("get_queue_health")
        module_shop.do(revoke_token, name)
        with pytest.raises(MCPError):
            agent.asks("get_queue_health")
    assert httpx2.post(door, json=PING, headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_what_a_token_does_is_on_record_under_its_name(shop: Shop) -> None:
    with serving(shop) as door, showing(door, token_of(shop, Role.STAFF)) as agent:
        agent.does("update_backorder", backorder_id="BO-2026-0001", notes="gift")
        history = agent.does("get_backorder", backorder_id="BO-2026-0001")["history"]
    assert history[0]["actor"] == "token:t0"
    assert shop.rows("SELECT actor, act, subject FROM audit_log WHERE actor = 'token:t0'") == [
        ("token:t0", "tool update_backorder", "BO-2026-0001")
    ]


def test_whoever_starts_the_server_can_limit_it(module_shop: Shop) -> None:
    with over_stdio(module_shop.books.conninfo, "--role", "readonly") as agent:
        assert agent.is_refused("update_backorder", backorder_id="BO-2026-0001", notes="x") == "not_allowed"
        assert agent.does("get_backorder_summary")["total"] == 2


def test_each_kind_of_tool_is_tried_here() -> None:
    assert {entry.kind for entry in TOOLS} == set(Kind)

"""The table of routes is all there is, and it is kept: who may use what, for every route and every role."""

import re

import pytest
from fastapi.routing import APIRoute

from makegood.domain.accounts import HEIGHT, Role
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.table import ANYONE, EVENT_STREAM, ROUTES
from tests.entrypoints.api.visitors import Api

PUBLIC = {"/healthz", "/readyz", "/metrics", "/login", "/setup", "/consents/{token}", "/no-more-mails/{token}"}
CLOSED = [route for route in ROUTES if route.least is not ANYONE]


def name(route: Route) -> str:
    """Give a route as a person would say it."""
    return f"{route.method} {route.path}"


def address(route: Route) -> str:
    """Give an address of the route at which nothing is."""
    found = re.sub(r"\{.*?\}", "999999", route.path)
    # A stream that nothing is wrong with would go on for ever.
    return f"{found}?after=nothing" if route.media == EVENT_STREAM else found


def test_every_route_has_its_row(module_api: Api) -> None:
    found = {
        (method, one.path)
        for one in module_api.app.routes
        if isinstance(one, APIRoute)
        for method in one.methods or ()
    }
    assert found == {(route.method, route.path) for route in ROUTES}
    assert len(module_api.app.routes) == len(ROUTES)


def test_each_operation_has_an_id_of_its_own(module_api: Api) -> None:
    paths = module_api.app.openapi()["paths"]
    ids = [told["operationId"] for methods in paths.values() for told in methods.values()]
    assert (len(ids), len(set(ids))) == (len(ROUTES), len(ROUTES))


def test_only_these_are_open_to_anyone() -> None:
    assert {route.path for route in ROUTES if route.least is ANYONE} == PUBLIC


@pytest.fixture(autouse=True)
def nobody_came_before(module_api: Api) -> None:
    """Forget how often somebody unknown has come: there are more routes than one address may try in a minute."""
    vars(module_api.front).pop("limits", None)


@pytest.mark.parametrize("route", CLOSED, ids=name)
def test_nobody_is_let_in_unknown(module_api: Api, route: Route) -> None:
    answer = module_api.anonymous().calls(route.method, address(route), content=b"{ not even JSON")
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("role", Role)
def test_each_role_may_use_what_the_table_says(module_api: Api, role: Role) -> None:
    visitor = module_api.visitor(role)
    refused = {
        name(route)
        for route in CLOSED
        if visitor.calls(route.method, address(route), content=b"{").status_code == 403
    }
    assert refused == {name(route) for route in CLOSED if route.least and HEIGHT[route.least] > HEIGHT[role]}

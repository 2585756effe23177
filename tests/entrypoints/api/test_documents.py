"""What the API says of itself: a whole OpenAPI document, a page to read, and the reference in the docs."""

import re
from typing import Any

import pytest

from makegood.domain.accounts import Role
from makegood.entrypoints.api.reference import http_page
from makegood.entrypoints.api.route import Route
from makegood.entrypoints.api.table import ROUTES
from makegood.entrypoints.lobby.problems import every_code
from tests.conftest import ROOT
from tests.entrypoints.api.test_table import name
from tests.entrypoints.api.visitors import Api


@pytest.fixture(scope="module")
def document(module_api: Api) -> Any:
    return module_api.visitor(Role.READONLY).asks("/openapi.json")


@pytest.mark.parametrize("route", ROUTES, ids=name)
def test_each_operation_can_be_used_without_other_docs(document: Any, route: Route) -> None:
    told = document["paths"][re.sub(r":\w+}", "}", route.path)][route.method.lower()]
    assert len(told["summary"]) > 8
    assert [one["name"] for one in told.get("parameters", ()) if not one.get("description")] == []
    for status, response in told["responses"].items():
        if status.startswith("2") or status == "422":
            continue
        assert "application/problem+json" in response["content"], status
    if route.keyed:
        assert "Idempotency-Key" in [one["name"] for one in told["parameters"]]


def test_names_of_operations_are_their_own(document: Any) -> None:
    ids = [told["operationId"] for methods in document["paths"].values() for told in methods.values()]
    assert len(ids) == len(set(ids)) == len(ROUTES)


def test_the_documented_codes_exist(document: Any) -> None:
    named = set(re.findall(r"/docs/errors#(\w+)", str(document["paths"])))
    assert named <= set(every_code())


def test_the_page_brings_everything_itself(module_api: Api) -> None:
    for path, words in (("/docs", "/orders/{order}/allocate"), ("/docs/errors", "order_not_found")):
        page = module_api.visitor(Role.READONLY).calls("GET", path)
        assert words in page.text
        assert "&lt;code&gt;" not in page.text
        assert re.findall(r"<script|https?://|//[a-z]+\.", page.text) == []
        assert "style-src 'unsafe-inline'" in page.headers["Content-Security-Policy"]


def test_a_browser_that_nobody_knows_is_led_to_where_one_signs_in(module_api: Api) -> None:
    answer = module_api.client.get("/docs", headers={"Accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/docs")


def test_the_reference_is_what_the_program_says() -> None:
    page = (ROOT / "docs" / "reference" / "http.md").read_text(encoding="utf-8")
    assert page == http_page(), "renew it with scripts/reference"
